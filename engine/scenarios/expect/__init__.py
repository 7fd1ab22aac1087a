"""Looks whether what a scenario expects is so, and says the first difference readably.

Notices and history count from the last `expect` on; everything else is the present state.
"""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from engine import runtime
from engine.errors import NotAllowed
from engine.runtime import queries
from engine.runtime.tables import case_states, timers
from engine.scenarios.alike import same, text, within
from engine.scenarios.expect import offering, regime
from engine.scenarios.expect.lists import alike
from engine.scenarios.expect.look import Look, Unlike
from engine.scenarios.stage import Stage
from engine.scenarios.words import Wanted


def first_difference(stage: Stage, wanted: tuple[Wanted, ...]) -> tuple[Wanted, Unlike] | None:
    """The first thing that is not as wanted; None if all is. Moves the mark of what was looked at."""
    with stage.engine.reading() as connection:
        look = Look(stage, connection)
        for one in wanted:
            found = _CHECKS[one.word](look, stage.resolved(one.value))
            if found is not None:
                return one, found
        stage.seen_history = look.history[-1].seq if look.history else stage.seen_history
        stage.seen_notices += look.told
    return None


def _column(name: str) -> Callable[[Look, Any], Unlike | None]:
    def check(look: Look, expected: Any) -> Unlike | None:
        actual = getattr(look.case, name)
        return None if same(expected, actual) else Unlike(name, text(expected), text(actual))

    return check


def _case(look: Look, expected: Mapping[str, Any]) -> Unlike | None:
    for name, value in expected.items():
        found = _column(name)(look, value)
        if found is not None:
            return found
    return None


def _variables(look: Look, expected: Mapping[str, Any]) -> Unlike | None:
    actual = runtime.variables(look.connection, look.case.id)
    for name, value in expected.items():
        if not same(value, actual.get(name)):
            return Unlike(f"variables.{name}", text(value), text(actual.get(name)))
    return None


def _tasks(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    actual = [_task(look, row) for row in queries.open_tasks(look.connection, look.case.id)]
    return alike("tasks", expected, actual)


def _task(look: Look, row: queries.TaskRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "element": row.element,
        "candidates": sorted(look.who(name) for name in row.candidates),
        "assignee": look.who(row.assignee),
        "for": look.who(row.acting_for),
        "due": row.due_at or "none",
        "provisional": row.provisional,
        "urgent": row.urgent,
        "priority": row.priority,
    }


def _timers(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    query = (
        sa.select(timers).where(timers.c.case_id == look.case.id).order_by(timers.c.due_at, timers.c.element)
    )
    actual = [
        {"name": look.labels.get(row.element, row.element), "element": row.element, "due": row.due_at}
        for row in look.connection.execute(query)
    ]
    return alike("timers", expected, actual)


def _notices(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    return alike("notices", expected, [_notice(look, row) for row in look.notices])


def _reminders(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    return alike("reminders", expected, [_notice(look, row) for row in look.reminders])


def _notice(look: Look, row: sa.Row[Any]) -> dict[str, Any]:
    return {"to": look.who(row.recipient), "template": row.template, "at": row.created_at}


def _history(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    rest = iter(look.history)
    for one in expected:
        if not any(_happened(one, row) for row in rest):
            return Unlike("history", _event(one), _log(look, one))
    return None


def _not_history(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
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


def _log(look: Look, one: Mapping[str, Any]) -> str:
    """What did happen: events of that kind with their data, or else the kinds and elements alone."""
    alike = [_event(_as_entry(row)) for row in look.history if row.kind == one["kind"]]
    others = [f"{row.kind} {row.element_name}".strip() for row in look.history if row.kind != "path"]
    return "；".join(alike or others) or "—"


def _may_see(expected_answer: bool) -> Callable[[Look, Any], Unlike | None]:
    def check(look: Look, usernames: list[str]) -> Unlike | None:
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


def _stored(look: Look, limit: int) -> Unlike | None:
    """How large the case's stored run is: it must not grow with the rounds it went through."""
    query = sa.select(case_states.c.tokens).where(case_states.c.case_id == look.case.id)
    size = len(bytes(look.connection.execute(query).scalar_one()))
    return None if size < limit else Unlike("stored bytes", f"< {limit}", str(size))


_CHECKS: Mapping[str, Callable[[Look, Any], Unlike | None]] = {
    "number": _column("number"),
    "status": _column("status"),
    "state": _column("state"),
    "case": _case,
    "tasks": _tasks,
    "timers": _timers,
    "notices": _notices,
    "reminders": _reminders,
    "history": _history,
    "not history": _not_history,
    "variables": _variables,
    "assessments": regime.assessments,
    "deadlines": regime.deadlines,
    "clock": regime.clock,
    "sendable": regime.sendable,
    "offers": offering.offers,
    "drafts": offering.drafts,
    "may see": _may_see(True),
    "may not see": _may_see(False),
    "stored bytes below": _stored,
}
