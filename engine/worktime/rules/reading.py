"""A document of rules as JSON, which the page edits and the table keeps, and what is wrong with one.

{"limits": [{"name": "handling", "process": "", "type": "", "complexity": "较复杂",
             "urgent": null, "count": 7, "unit": "workdays", "extendable": true}, …],
 "reminders": {"standard": [{"name": "pre1", "when": "before", "days": 1, "at": "09:00",
                             "to": ["handler"], "template": "soon"}, …], "none": []}}
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import time
from typing import Any

from engine.errors import Invalid, Problem
from engine.worktime.calendar import LONGEST
from engine.worktime.rules.document import (
    DEFAULT,
    NONE,
    RECIPIENTS,
    STANDARD,
    UNITS,
    WHENS,
    Limit,
    ReminderStep,
    Rules,
)

MOST_ROWS = 200  # of limits, and of steps in one policy; a page could not show more
_NAME = 40  # characters of a name, a template, a condition
_LONGEST = {"minutes": 60 * LONGEST}
_WITH_DAYS = ("before", "after")


def read(content: Any, *, id: str = "", templates: Collection[str] | None = None) -> Rules:
    """The rules in `content`. `templates` are the notices there are; None leaves them unchecked.

    Raises Invalid("worktime.rules.invalid") with a problem for each row; its `where` is such as
    `limits[2].count` or `reminders.standard[0].at`, counted from 0.
    """
    problems = list(_problems(content, templates))
    if problems:
        raise Invalid("worktime.rules.invalid", problems=problems, count=len(problems))
    limits = tuple(_limit(row) for row in content["limits"])
    reminders = {name: tuple(map(_step, steps)) for name, steps in content["reminders"].items()}
    return Rules(limits, reminders, id)


def write(rules: Rules) -> dict[str, Any]:
    """The JSON that `read` reads."""
    return {
        "limits": [_row(limit) for limit in rules.limits],
        "reminders": {name: [_written(step) for step in steps] for name, steps in rules.reminders.items()},
    }


def _row(limit: Limit) -> dict[str, Any]:
    names = ("name", "process", "type", "complexity", "urgent", "count", "unit", "extendable")
    return {name: getattr(limit, name) for name in names}


def _written(step: ReminderStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "when": step.when,
        "days": step.days,
        "at": f"{step.at:%H:%M}",
        "to": list(step.to),
        "template": step.template,
    }


def _limit(row: Mapping[str, Any]) -> Limit:
    conditions = {key: (row.get(key) or "").strip() for key in ("process", "type", "complexity")}
    return Limit(
        row["name"].strip(),
        row["count"],
        row["unit"],
        **conditions,
        urgent=row.get("urgent"),
        extendable=row.get("extendable", True),
    )


def _step(row: Mapping[str, Any]) -> ReminderStep:
    when = row["when"]
    days = row.get("days", 0) if when in _WITH_DAYS else 0
    at = time(9) if when == "due" else time.fromisoformat(row["at"])
    return ReminderStep(row["name"].strip(), when, tuple(row["to"]), row["template"], days, at)


def _problems(content: Any, templates: Collection[str] | None) -> Iterator[Problem]:
    if not isinstance(content, Mapping):
        yield Problem("worktime.rules.shape", "")
        return
    limits, reminders = content.get("limits"), content.get("reminders")
    if not isinstance(limits, list) or not isinstance(reminders, Mapping):
        yield Problem("worktime.rules.shape", "limits" if not isinstance(limits, list) else "reminders")
        return
    if len(limits) > MOST_ROWS:
        yield Problem("worktime.rules.too_many", "limits", {"most": MOST_ROWS})
        return
    for index, row in enumerate(limits):
        yield from _about_limit(f"limits[{index}]", row)
    yield from _about_fallbacks(limits)
    yield from _about_policies(reminders, templates)


def _about_limit(where: str, row: Any) -> Iterator[Problem]:
    if not isinstance(row, Mapping):
        yield Problem("worktime.rules.shape", where)
        return
    if not _is_name(row.get("name")):
        yield Problem("worktime.rules.name", f"{where}.name", {"most": _NAME})
    for key in ("process", "type", "complexity"):
        if row.get(key) and not _is_name(row[key]):
            yield Problem("worktime.rules.condition", f"{where}.{key}", {"most": _NAME})
    unit, count = row.get("unit"), row.get("count")
    if unit not in UNITS:
        yield Problem("worktime.rules.unit", f"{where}.unit", {"units": ", ".join(UNITS)})
    longest = _LONGEST.get(str(unit), LONGEST)
    if not _is_count(count, longest):
        yield Problem("worktime.rules.count", f"{where}.count", {"longest": longest})
    if row.get("urgent") not in (None, True, False) or not isinstance(row.get("extendable", True), bool):
        yield Problem("worktime.rules.flag", where)


def _about_fallbacks(limits: list[Any]) -> Iterator[Problem]:
    """Each name ends with a row for every case, so that no case is without; none stands behind one."""
    rows = [
        (n, row) for n, row in enumerate(limits) if isinstance(row, Mapping) and _is_name(row.get("name"))
    ]
    caught: set[str] = set()
    for index, row in rows:
        name = row["name"].strip()
        if name in caught:
            yield Problem("worktime.rules.unreachable", f"limits[{index}]", {"name": name})
        elif not any(row.get(key) for key in ("process", "type", "complexity")) and row.get("urgent") is None:
            caught.add(name)
    wanted = {row["name"].strip() for _, row in rows} | {limit.name for limit in DEFAULT.limits}
    for name in sorted(wanted - caught):
        yield Problem("worktime.rules.no_fallback", "limits", {"name": name})


def _about_policies(reminders: Mapping[str, Any], templates: Collection[str] | None) -> Iterator[Problem]:
    for name in (STANDARD, NONE):
        if name not in reminders:
            yield Problem("worktime.rules.no_policy", f"reminders.{name}", {"name": name})
    if reminders.get(NONE):
        yield Problem("worktime.rules.none_is_empty", f"reminders.{NONE}")
    for name, steps in reminders.items():
        where = f"reminders.{name}"
        if not _is_name(name):
            yield Problem("worktime.rules.name", where, {"most": _NAME})
        if not isinstance(steps, list):
            yield Problem("worktime.rules.shape", where)
            continue
        if len(steps) > MOST_ROWS:
            yield Problem("worktime.rules.too_many", where, {"most": MOST_ROWS})
            continue
        names: set[str] = set()
        for index, step in enumerate(steps):
            yield from _about_step(f"{where}[{index}]", step, names, templates)


def _about_step(
    where: str, step: Any, names: set[str], templates: Collection[str] | None
) -> Iterator[Problem]:
    if not isinstance(step, Mapping):
        yield Problem("worktime.rules.shape", where)
        return
    name, when = step.get("name"), step.get("when")
    if not _is_name(name):
        yield Problem("worktime.rules.name", f"{where}.name", {"most": _NAME})
    elif str(name).strip() in names:
        yield Problem("worktime.rules.twice", f"{where}.name", {"name": name})
    names.add(str(name).strip())
    if when not in WHENS:
        yield Problem("worktime.rules.when", f"{where}.when", {"whens": ", ".join(WHENS)})
    if when in _WITH_DAYS and not _is_count(step.get("days"), LONGEST):
        yield Problem("worktime.rules.count", f"{where}.days", {"longest": LONGEST})
    if when != "due" and not _is_hour(step.get("at")):
        yield Problem("worktime.rules.hour", f"{where}.at")
    to = step.get("to")
    if not isinstance(to, list) or not to or any(word not in RECIPIENTS for word in to):
        yield Problem("worktime.rules.to", f"{where}.to", {"recipients": ", ".join(RECIPIENTS)})
    template = step.get("template")
    if not _is_name(template) or (templates is not None and template not in templates):
        yield Problem("worktime.rules.template", f"{where}.template", {"given": str(template)[:_NAME]})


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _NAME and value.isprintable()


def _is_count(value: Any, longest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= longest


def _is_hour(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 5 and time.fromisoformat(value) is not None
    except ValueError:
        return False
