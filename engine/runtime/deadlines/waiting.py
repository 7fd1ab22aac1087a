"""Timers as rows, and what is told of dates that moved: written with the step that sets or moves them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn import stepping
from engine.bpmn.stepping import Moved, Run, Step
from engine.database import Moment, Prepared, new_id
from engine.history import Event
from engine.runtime.operations import StepHost
from engine.runtime.tables import incidents, tasks, timers

_insert = Prepared(sa.insert(timers).values({c.name: bindparam(c.name, type_=c.type) for c in timers.c}))
_this_one = sa.and_(
    timers.c.case_id == bindparam("key"),
    timers.c.token == bindparam("at"),
    timers.c.element == bindparam("node"),
)
_drop = Prepared(sa.delete(timers).where(_this_one).returning(timers.c.id, timers.c.state))
_move = Prepared(  # who was about to fire it lets go of it: the moment is another one
    sa.update(timers)
    .where(_this_one)
    .values(
        due_at=bindparam("due", type_=Moment),
        retry_at=bindparam("due", type_=Moment),
        lease=None,
        lease_until=None,
    )
)
_resolve = Prepared(
    sa.update(incidents)
    .where(incidents.c.timer_id == bindparam("timer"), incidents.c.resolved_at.is_(None))
    .values(resolved_at=bindparam("at", type_=Moment), resolved_by=bindparam("by"))
    .returning(incidents.c.id)
)


def write_timers(connection: Connection, case_id: str, step: Step, now: datetime, actor: str) -> list[Event]:
    """Write the timers that the step set, cleared and moved.

    An incident that held a timer which is cleared has nothing to hold any more: it is closed, with
    an event of its own, which is returned.
    """
    closed = []
    for cleared in step.timers_cleared:
        gone = _drop(connection, key=case_id, at=cleared.token, node=cleared.element.id)
        for key, state in gone:
            if state == "stuck":
                for (incident,) in _resolve(connection, timer=key, at=now, by=actor):
                    closed.append(Event("incident.closed", cleared.element.id, {"incident": incident}))
    _insert.many(connection, [_row(case_id, t.token, t.element.id, t.due) for t in step.timers_set])
    moved = [
        {"key": case_id, "at": m.token, "node": m.element, "due": m.after}
        for m in step.moved
        if m.kind == "timer"
    ]
    _move.many(connection, moved)
    return closed


def _row(case_id: str, token: int, element: str, due: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case_id,
        "token": token,
        "element": element,
        "due_at": due,
        "retry_at": due,
        "attempts": 0,
        "state": "waiting",
        "lease": None,
        "lease_until": None,
    }


def timer_events(step: Step) -> Iterator[Event]:
    """What the record says of timers set and cleared; one that fired began the step and says so there."""
    for cleared in step.timers_cleared:
        if not cleared.fired:
            yield Event("timer.cleared", cleared.element.id)
    for timer in step.timers_set:
        yield Event("timer.set", timer.element.id, {"due": timer.due.isoformat()})


def moved_events(run: Run, connection: Connection, case_id: str, step: Step, why: str) -> Iterator[Event]:
    """One event for each date that moved; the variables' own new values stand in `variables.set`."""
    for moved in step.moved:
        if moved.kind == "variable":
            continue
        element = run.program.diagram.elements[moved.element]
        data: dict[str, Any] = {"kind": moved.kind, "name": element.label, **_span(moved), "why": why}
        if moved.kind == "task":
            data["task"] = _task_at(connection, case_id, moved.token)
        yield Event("deadline.moved", moved.element, data)


def _task_at(connection: Connection, case_id: str, token: int) -> str | None:
    here = sa.and_(tasks.c.case_id == case_id, tasks.c.token == token, tasks.c.parent.is_(None))
    return connection.execute(sa.select(tasks.c.id).where(here, tasks.c.state == "open")).scalar()


def _span(moved: Moved) -> dict[str, str]:
    return {"from": moved.before.isoformat(), "to": moved.after.isoformat()}


def settle(run: Run, step: Step, host: StepHost) -> None:
    """Count anew what was counted otherwise before this step, and add what moved to the step."""
    if host.before is None:
        return
    was = replace(host, counting=host.before, before=None, events=[], notices=[])
    found = stepping.recount(run, was, host)
    run.step = step
    step.changed.update(found.changed)
    step.moved.extend(found.moved)
    step.unsure.extend(found.unsure)
