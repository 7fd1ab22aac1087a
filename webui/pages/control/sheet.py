"""The rules as the page's table holds them: rows of texts, read from a document or from a form, and moved.

Every button sends the whole form, so that rows can be added, removed and moved without a script.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.worktime.rules import NONE, STANDARD, Rules, write

Row = dict[str, Any]

LIMIT = ("name", "process", "type", "complexity", "urgent", "count", "unit", "extendable")
STEP = ("name", "when", "days", "at", "template")
URGENT = {"yes": True, "no": False, "": None}
BUTTONS = ("_add", "_remove", "_up", "_down", "_add_policy", "_remove_policy", "_preview")
LONGEST = 60  # characters of one cell that are taken


@dataclass
class Sheet:
    """`limits` are the rows of limits, `policies` the steps of each policy, all as they are typed."""

    limits: list[Row] = field(default_factory=list)
    policies: dict[str, list[Row]] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """The document as JSON, for the engine to judge."""
        return {
            "limits": [_limit(row) for row in self.limits],
            "reminders": {name: [_step(step) for step in steps] for name, steps in self.policies.items()},
        }


def of_rules(rules: Rules) -> Sheet:
    """What the page shows of a document."""
    document = write(rules)
    limits = [{**row, "urgent": _asked(row["urgent"]), "extendable": _asked(row["extendable"])}
              for row in document["limits"]]  # fmt: skip
    policies = {name: [dict(step) for step in steps] for name, steps in document["reminders"].items()}
    return Sheet(limits, policies)


def received(form: "MultiDict[str, str]") -> Sheet:
    """What was typed."""
    sheet = Sheet()
    while f"limits[{len(sheet.limits)}].count" in form:
        sheet.limits.append(_typed(form, f"limits[{len(sheet.limits)}]", LIMIT))
    for name in form.getlist("policy"):
        where, steps = f"reminders.{name[:LONGEST]}", list[Row]()
        while f"{where}[{len(steps)}].when" in form:
            row = f"{where}[{len(steps)}]"
            steps.append({**_typed(form, row, STEP), "to": form.getlist(f"{row}.to")})
        sheet.policies[name[:LONGEST]] = steps
    sheet.policies.setdefault(STANDARD, [])
    sheet.policies[NONE] = []
    return sheet


def wants_redraw(form: Mapping[str, str]) -> bool:
    """Whether the form was sent only to be drawn anew."""
    return any(name in form for name in BUTTONS)


def pressed(sheet: Sheet, form: Mapping[str, str]) -> None:
    """Do what the pressed button says: add, remove or move a row, add or remove a policy."""
    if "_add_policy" in form:
        name = "".join(form.get("new_policy", "").split())[:LONGEST]
        if name:
            sheet.policies.setdefault(name, [])
    sheet.policies.pop(_other(form.get("_remove_policy", "")), None)
    if "_add" in form:
        _add(sheet, form["_add"])
    for button, step in (("_up", -1), ("_down", 1)):
        if button in form:
            _move(sheet, form[button], step)
    if "_remove" in form:
        rows, index = _place(sheet, form["_remove"])
        if rows is not None and index < len(rows):
            del rows[index]


def _add(sheet: Sheet, where: str) -> None:
    """A new row: of limits before the fallback that stands last, of a policy at its end."""
    if where == "limits":
        last = sheet.limits[-1] if sheet.limits else None
        row = {"name": "handling", "unit": "workdays", "extendable": "yes", "count": ""}
        at = len(sheet.limits) - (1 if last and not any(last.get(c) for c in LIMIT[1:5]) else 0)
        sheet.limits.insert(at, {**dict.fromkeys(LIMIT, ""), **row})
    elif where in sheet.policies and where != NONE:
        steps = sheet.policies[where]
        taken = {step["name"] for step in steps}
        name = next(f"step{n}" for n in range(1, len(steps) + 2) if f"step{n}" not in taken)
        steps.append(
            {"name": name, "when": "before", "days": "1", "at": "09:00", "template": "soon", "to": []}
        )


def _move(sheet: Sheet, where: str, step: int) -> None:
    rows, index = _place(sheet, where)
    if rows is not None and index < len(rows) and 0 <= index + step < len(rows):
        rows[index], rows[index + step] = rows[index + step], rows[index]


def _place(sheet: Sheet, where: str) -> tuple[list[Row] | None, int]:
    """The list and the place in it of `limits[3]` or `standard[1]`."""
    name, _, index = where.removesuffix("]").rpartition("[")
    rows = sheet.limits if name == "limits" else sheet.policies.get(name)
    return (rows, int(index)) if index.isascii() and index.isdigit() else (None, 0)


def _other(name: str) -> str:
    """A policy that may be removed: not the two that every document has."""
    return "" if name in (STANDARD, NONE) else name


def _typed(form: Mapping[str, str], where: str, columns: tuple[str, ...]) -> Row:
    return {column: form.get(f"{where}.{column}", "").strip()[:LONGEST] for column in columns}


def _asked(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]


def _limit(row: Row) -> Row:
    urgent = URGENT.get(row["urgent"], "?")
    return {**row, "urgent": urgent, "extendable": row["extendable"] == "yes", "count": _number(row["count"])}


def _step(step: Row) -> Row:
    return {**step, "days": _number(step.get("days"))}


def _number(text: Any) -> Any:
    """A whole number where it is one; else what was typed, which the engine refuses."""
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
