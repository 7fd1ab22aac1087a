"""Looks whether what a scenario expects is so, and says the first difference readably.

Notices and history count from the last `expect` on; everything else is the present state.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import outbox, runtime
from engine.errors import NotAllowed
from engine.runtime import queries
from engine.runtime.tables import case_states, timers
from engine.scenarios.alike import same, text, within
from engine.scenarios.stage import Stage
from engine.scenarios.words import NOTICE_WORDS, TIMER_WORDS, Wanted


@dataclass(frozen=True)
class Unlike:
    """Two texts that should be alike, and what they say something about."""

    what: str
    expected: str
    actual: str


def first_difference(stage: Stage, wanted: tuple[Wanted, ...]) -> tuple[Wanted, Unlike] | None:
    """The first thing that is not as wanted; None if all is. Moves the mark of what was looked at."""
    with stage.engine.reading() as connection:
        look = _Look(stage, connection)
        for one in wanted:
            found = _CHECKS[one.word](look, stage.resolved(one.value))
            if found is not None:
                return one, found
        stage.seen_history = look.history[-1].seq if look.history else stage.seen_history
        stage.seen_notices += len(look.notices)
    return None


class _Look:
    """The case as one transaction sees it."""

    def __init__(self, stage: Stage, connection: Connection) -> None:
        self.stage, self.connection = stage, connection
        self.case = queries.case(connection, stage.case())
        definition = runtime.definition(stage.engine, connection, self.case.definition_id)
        self.labels = {key: element.label for key, element in definition.diagram.elements.items()}
        rows = queries.history(connection, self.case.id, self.labels)
        self.history = [row for row in rows if row.seq > stage.seen_history]
        self.notices = outbox.of_case(connection, self.case.id)[stage.seen_notices :]

    def who(self, account_id: str | None) -> str:
        return self.stage.usernames.get(account_id or "", account_id or "none")


def _column(name: str) -> Callable[[_Look, Any], Unlike | None]:
    def check(look: _Look, expected: Any) -> Unlike | None:
        actual = getattr(look.case, name)
        return None if same(expected, actual) else Unlike(name, text(expected), text(actual))

    return check


def _case(look: _Look, expected: Mapping[str, Any]) -> Unlike | None:
    for name, value in expected.items():
        found = _column(name)(look, value)
        if found is not None:
            return found
    return None


def _variables(look: _Look, expected: Mapping[str, Any]) -> Unlike | None:
    actual = runtime.variables(look.connection, look.case.id)
    for name, value in expected.items():
        if not same(value, actual.get(name)):
            return Unlike(f"variables.{name}", text(value), text(actual.get(name)))
    return None


def _tasks(look: _Look, expected: list[dict[str, Any]]) -> Unlike | None:
    actual = [_task(look, row) for row in queries.open_tasks(look.connection, look.case.id)]
    return _alike("tasks", expected, actual)


def _task(look: _Look, row: queries.TaskRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "element": row.element,
        "candidates": sorted(look.who(name) for name in row.candidates),
        "assignee": look.who(row.assignee),
        "due": row.due_at or "none",
        "provisional": row.provisional,
        "urgent": row.urgent,
        "priority": row.priority,
    }


def _timers(look: _Look, expected: list[dict[str, Any]]) -> Unlike | None:
    query = (
        sa.select(timers).where(timers.c.case_id == look.case.id).order_by(timers.c.due_at, timers.c.element)
    )
    actual = [
        {"name": look.labels.get(row.element, row.element), "element": row.element, "due": row.due_at}
        for row in look.connection.execute(query)
    ]
    return _alike("timers", expected, actual)


def _notices(look: _Look, expected: list[dict[str, Any]]) -> Unlike | None:
    actual = [{"to": row.recipient, "template": row.template} for row in look.notices]
    return _alike("notices", expected, actual)


def _alike(what: str, expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> Unlike | None:
    """Whether both lists hold the same things in any order, as far as `expected` says something.

    Of several with one name, each expected one takes the first that fits it.
    """
    key, usual = ("to", NOTICE_WORDS) if what == "notices" else ("name", TIMER_WORDS)
    words = list(dict.fromkeys(word for one in expected for word in one)) or usual
    left = list(actual)
    missing = []
    for one in expected:
        fit = next((other for other in left if _fits(one, other)), None)
        if fit is None:
            missing.append(one)
        else:
            left.remove(fit)
    if not missing and not left:
        return None
    if missing and (near := next((o for o in left if _named(missing[0], o, key)), None)) is not None:
        word = next(w for w in missing[0] if not _fits({w: missing[0][w]}, near))
        whose = f"{what}「{missing[0][key]}」{word}"
        return Unlike(whose, text(missing[0][word]), text(near[word]))
    return Unlike(what, _listed(expected, words), _listed(actual, words))


def _named(one: Mapping[str, Any], other: Mapping[str, Any], key: str) -> bool:
    return one[key] in (other[key], other.get("element"))


def _fits(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    for word, value in one.items():
        if word == "name":
            if not _named(one, other, word):
                return False
        elif word == "candidates":
            if set(value) != set(other[word]):
                return False
        elif not same(value, other[word]):
            return False
    return True


def _listed(entries: list[dict[str, Any]], words: Sequence[str]) -> str:
    shown_ = [" ".join(text(one[word]) for word in words if word in one) for one in entries]
    return "；".join(shown_) or "—"


def _history(look: _Look, expected: list[dict[str, Any]]) -> Unlike | None:
    rest = iter(look.history)
    for one in expected:
        if not any(_happened(one, row) for row in rest):
            return Unlike("history", _event(one), _log(look, one))
    return None


def _not_history(look: _Look, expected: list[dict[str, Any]]) -> Unlike | None:
    for one in expected:
        for row in look.history:
            if _happened(one, row):
                return Unlike("not history", f"no {_event(one)}", _event(_as_entry(row)))
    return None


def _happened(one: Mapping[str, Any], row: queries.HistoryRow) -> bool:
    return (
        one["kind"] == row.kind
        and one.get("element", row.element) in (row.element, row.element_name)
        and within(one.get("data", {}), row.data)
    )


def _as_entry(row: queries.HistoryRow) -> dict[str, Any]:
    return {"kind": row.kind, "element": row.element_name, "data": row.data}


def _event(one: Mapping[str, Any]) -> str:
    data = one.get("data") or {}
    return " ".join(filter(None, [one["kind"], one.get("element", ""), text(data) if data else ""]))


def _log(look: _Look, one: Mapping[str, Any]) -> str:
    """What did happen: events of that kind with their data, or else the kinds and elements alone."""
    alike = [_event(_as_entry(row)) for row in look.history if row.kind == one["kind"]]
    others = [f"{row.kind} {row.element_name}".strip() for row in look.history if row.kind != "path"]
    return "；".join(alike or others) or "—"


def _may_see(expected_answer: bool) -> Callable[[_Look, Any], Unlike | None]:
    def check(look: _Look, usernames: list[str]) -> Unlike | None:
        for username in usernames:
            actor = look.stage.account(str(username))
            try:
                queries.guard_case(look.connection, actor, look.case)
                seen = True
            except NotAllowed:
                seen = False
            if seen is not expected_answer:
                return Unlike(f"may see {username}", text(expected_answer), text(seen))
        return None

    return check


def _stored(look: _Look, limit: int) -> Unlike | None:
    """How large the case's stored run is: it must not grow with the rounds it went through."""
    query = sa.select(case_states.c.tokens).where(case_states.c.case_id == look.case.id)
    size = len(bytes(look.connection.execute(query).scalar_one()))
    return None if size < limit else Unlike("stored bytes", f"< {limit}", str(size))


_CHECKS: Mapping[str, Callable[[_Look, Any], Unlike | None]] = {
    "number": _column("number"),
    "status": _column("status"),
    "state": _column("state"),
    "case": _case,
    "tasks": _tasks,
    "timers": _timers,
    "notices": _notices,
    "history": _history,
    "not history": _not_history,
    "variables": _variables,
    "may see": _may_see(True),
    "may not see": _may_see(False),
    "stored bytes below": _stored,
}
