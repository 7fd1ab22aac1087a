"""What a scenario expects of the regime of deadlines: deadlines, faults, stopped clocks, messages."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine import outbox, runtime
from engine.runtime import queries, waiting
from engine.runtime.casework.stops import open_stop
from engine.runtime.ledger.recording import TOLD
from engine.runtime.tables import cases
from engine.scenarios.alike import text
from engine.scenarios.expect.lists import alike, fits
from engine.scenarios.expect.look import Look, Unlike
from engine.scenarios.stage.ledger import of_case

OVER = frozenset({"met", "late", "cancelled"})  # states of deadlines that have ended


def sendable(look: Look, expected: Mapping[str, list[str]]) -> Unlike | None:
    """Each account may send these messages at this moment, by name or label, and no others."""
    for username, names in expected.items():
        actor = look.stage.account(username)
        offered = waiting.sendable(look.stage.engine, look.connection, actor, look.case.id)
        allowed = [one for one in offered if one.allowed]
        known = all(any(name in (one.message, one.label) for one in allowed) for name in names)
        if not known or len(allowed) != len(names):
            found = [one.message for one in allowed]
            return Unlike(f"sendable {username}", text(names), text(found))
    return None


def deadlines(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    """All that are open; of those that are over only the ones the scenario names with such a state."""
    diagram = runtime.definition(look.stage.engine, look.connection, look.case.definition_id).diagram
    rows = [_deadline(row) for row in queries.deadlines_of(look.connection, look.case.id, diagram)]
    over = [one for one in expected if one.get("state") in OVER]
    named = [row for row in rows if row["state"] in OVER and any(fits(one, row) for one in over)]
    open_ = [row for row in rows if row["state"] not in OVER]
    return alike("deadlines", expected, [*open_, *named[: len(over)]])


def assessments(look: Look, expected: list[dict[str, Any]]) -> Unlike | None:
    """All of the case that stand in the ledger, and which group was `told` of each."""
    found = of_case(look.connection, look.case.number, look.stage.clock.now())
    sent = {row.dedupe: row.recipient for row in outbox.of_case(look.connection, look.case.id)}
    rows = [{**vars(one), "told": sent.get(TOLD + one.id)} for one in found]
    return alike("assessments", expected, rows)


def _deadline(row: queries.DeadlineRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "element": row.element,
        "due": row.due_at,
        "first due": row.first_due_at,
        "state": row.state,
        "provisional": row.provisional,
        "kind": row.kind,
    }


def clock(look: Look, expected: str) -> Unlike | None:
    """Whether the case's clock is `stopped` or `running`."""
    stops = look.connection.execute(sa.select(cases.c.stops).where(cases.c.id == look.case.id)).scalar_one()
    actual = "running" if open_stop(stops) is None else "stopped"
    return None if actual == expected else Unlike("clock", expected, actual)
