"""Letting a case's clocks stand still, and run again: its row's stops, and its waiting timers and deadlines.

What waits when a stop begins is held with it; what begins during the stop runs by itself. A stop that a
person began ends with the last of what it holds; one that a diagram began lasts until that says so, for
between the two it often holds nothing but dates that are still to be used.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn.stepping import Step
from engine.database import Moment, Prepared
from engine.runtime.casework import stops
from engine.runtime.tables import IS_OPEN, deadlines, tasks, timers

MOMENT = timedelta(microseconds=1)  # by which a stop that a diagram begins lies before what the step opens
_hold_timers = Prepared(
    sa.update(timers)
    .where(timers.c.case_id == bindparam("key"), timers.c.state == "waiting")
    .values(state="stopped", lease=None, lease_until=None)
)
_let_timers = Prepared(
    sa.update(timers)
    .where(timers.c.case_id == bindparam("key"), timers.c.state == "stopped")
    .values(state="waiting")
)
_hold_deadlines = Prepared(
    sa.update(deadlines)
    .where(deadlines.c.case_id == bindparam("key"), deadlines.c.state == "running")
    .values(state="stopped")
)
_let_deadlines = Prepared(
    sa.update(deadlines)
    .where(deadlines.c.case_id == bindparam("key"), deadlines.c.state == "stopped")
    .values(state="running")
)

_held_tasks = Prepared(
    sa.select(tasks.c.token).where(
        tasks.c.case_id == bindparam("key"),
        IS_OPEN,
        tasks.c.parent.is_(None),
        tasks.c.opened_at <= bindparam("since", type_=Moment),
    )
)
_held_deadlines = Prepared(
    sa.select(deadlines.c.token, deadlines.c.kind).where(
        deadlines.c.case_id == bindparam("key"), deadlines.c.state == "stopped"
    )
)
_held_timers = Prepared(
    sa.select(timers.c.token, timers.c.element).where(
        timers.c.case_id == bindparam("key"), timers.c.state == "stopped"
    )
)


def hold(
    connection: Connection,
    row: dict[str, Any],
    since: datetime,
    kind: str,
    reason: str,
    by: str,
    needs: str = "",
) -> None:
    """Let the clocks stand still from `since` on (UTC). The row is written by the step that asked."""
    row["stops"] = stops.begun(row["stops"], since, kind, reason, by, needs)
    _hold_timers(connection, key=row["id"])
    _hold_deadlines(connection, key=row["id"])


def let_go(connection: Connection, row: dict[str, Any], until: datetime) -> None:
    """Let the clocks run again from `until` on (UTC); whoever writes the row counts the dates anew."""
    row["stops"] = stops.ended(row["stops"], until)
    _let_timers(connection, key=row["id"])
    _let_deadlines(connection, key=row["id"])


def outlived(connection: Connection, row: dict[str, Any], step: Step) -> bool:
    """Whether a stop that a person began has lost, with this step, the last task, phase and timer it held.

    Asked before the step's rows are written, but for the task that was done.
    """
    stop = stops.open_stop(row["stops"]) if row["state"] == "open" and not step.ended else None
    taken = bool(step.closed or step.phases_closed or step.timers_cleared)
    if stop is None or not taken or not stops.by_person(row["stops"]):
        return False
    closed = {one.token for one in step.closed}
    phases = {(one.token, "phase") for one in step.phases_closed} | {(token, "task") for token in closed}
    cleared = {(one.token, one.element.id) for one in step.timers_cleared}
    return (
        closed.issuperset(token for (token,) in _held_tasks(connection, key=row["id"], since=stop.since))
        and phases.issuperset(tuple(found) for found in _held_deadlines(connection, key=row["id"]))
        and cleared.issuperset(tuple(found) for found in _held_timers(connection, key=row["id"]))
    )
