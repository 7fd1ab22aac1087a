"""Deadlines as rows: written with the step that opens, closes or moves them.

Every task with a due date has one, also where nobody is reminded: so what was in time and what late,
by whom, in which round and by which rule, is read from one table.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import worktime
from engine.bpmn.model import Element
from engine.bpmn.stepping import Moved, Run, Step
from engine.bpmn.stepping.expressions import Value
from engine.database import Moment, Prepared, new_id
from engine.runtime.deadlines import policies
from engine.runtime.operations import StepHost
from engine.runtime.tables import IS_OPEN, deadlines, tasks

_OPEN = deadlines.c.closed_at.is_(None)  # running or stopped
_insert = Prepared(
    sa.insert(deadlines).values({c.name: bindparam(c.name, type_=c.type) for c in deadlines.c})
)
_in_time = deadlines.c.due_at >= bindparam("at", type_=Moment)
_close = Prepared(
    sa.update(deadlines)
    .where(
        deadlines.c.case_id == bindparam("key"),
        deadlines.c.token == bindparam("node"),
        deadlines.c.kind == bindparam("sort"),
        _OPEN,
    )
    .values(
        state=sa.case(
            (_in_time, sa.case((bindparam("done", type_=sa.Boolean), "met"), else_="cancelled")),
            (bindparam("own", type_=sa.Boolean), "late"),
            else_="cancelled",
        ),
        closed_at=bindparam("at", type_=Moment),
        next_at=None,
        next_step=None,
    )
)
_NAMES = ("id", "token", "kind", "policy", "since_at", "due_at", "provisional", "next_at")
_of_case = Prepared(
    sa.select(*(deadlines.c[name] for name in _NAMES)).where(deadlines.c.case_id == bindparam("key"), _OPEN)
)
_move = Prepared(
    sa.update(deadlines)
    .where(deadlines.c.id == bindparam("key"))
    .values(
        due_at=bindparam("due", type_=Moment),
        provisional=bindparam("unsure", type_=sa.Boolean),
        next_at=bindparam("following", type_=Moment),
        next_step=bindparam("step"),
    )
)

_move_task = Prepared(
    sa.update(tasks)
    .where(tasks.c.case_id == bindparam("case"), tasks.c.token == bindparam("node"), IS_OPEN)
    .values(due_at=bindparam("due", type_=Moment), provisional=bindparam("unsure", type_=sa.Boolean))
)


def open_deadlines(
    connection: Connection, row: Mapping[str, Any], run: Run, step: Step, host: StepHost, ids: Iterable[str]
) -> None:
    """Write a row for each task that opened with a due date (`ids` are the tasks'), and for each phase."""
    rows = []
    for opened, task in zip(step.opened, ids, strict=True):
        due = run.program.texts[opened.element.id].due
        if opened.due is not None and due is not None:
            names = (*opened.groups, *opened.users)
            rows.append(_row(row, run, host, opened, opened.due, due, "task", names, task))
    for phase in step.phases_opened:
        value = run.program.phases[phase.element.id]
        rows.append(_row(row, run, host, phase, phase.due, value, "phase", (), None))
    _insert.many(connection, rows)


def _row(
    case: Mapping[str, Any],
    run: Run,
    host: StepHost,
    opened: Any,
    due: datetime,
    value: Value,
    kind: str,
    groups: tuple[str, ...],
    task: str | None,
) -> dict[str, Any]:
    element: Element = opened.element
    policy = policies.policy_of(run.program.diagram, element, kind, groups)
    unit, basis = policies.origin_of(run, opened.token, value, due, host.basis(due))
    next_at, next_step = following(host.counting, policy, due, _not_after(due, host.now))
    return {
        "id": new_id(),
        "case_id": case["id"],
        "token": opened.token,
        "element": element.id,
        "name": element.label[:200],
        "task_id": task,
        "kind": kind,
        "since_at": host.now,
        "due_at": due,
        "first_due_at": due,
        "provisional": host.calendar.provisional(due),
        "unit": unit,
        "basis": orjson.dumps(basis).decode() if basis else None,
        "policy": policy[:40],
        "next_at": next_at,
        "next_step": next_step,
        "department": policies.department_of(kind, groups, case["department"]),
        "round": policies.round_of(ChainMap(run.variables_at(opened.token), run.variables)),
        "state": "running",
        "closed_at": None,
    }


def _not_after(due: datetime, moment: datetime) -> datetime:
    """The moment to look for reminders from: a clock that is late as it begins is reported at once."""
    return min(moment, due - timedelta(microseconds=1))


def following(
    counting: worktime.Counting, policy: str, due: datetime, after: datetime
) -> tuple[datetime | None, str | None]:
    """The next reminder after a moment: when (UTC), and its step's name; (None, None) if none is to come."""
    found = worktime.next_reminder(counting.rules.policy(policy), due, after, counting.calendar)
    return (found[0], found[1].name) if found else (None, None)


def close_deadlines(
    connection: Connection, case_id: str, run: Run, step: Step, now: datetime, own: Collection[int] = ()
) -> None:
    """Close the rows of what has ended: met or late when it was done, cancelled when it was taken away.

    Who moves the own task on, at one of the tokens `own`, past its date is late as well: sending back is no
    way round the date.
    """
    ended = [
        {
            **{"key": case_id, "node": c.token, "sort": "task", "at": now},
            **{"done": c.completed, "own": c.completed or c.token in own},
        }
        for c in step.closed
        if run.program.texts[c.element.id].due is not None
    ]
    ended += [
        {
            **{"key": case_id, "node": c.token, "sort": "phase", "at": now},
            **{"done": c.completed, "own": c.completed},
        }
        for c in step.phases_closed
    ]
    _close.many(connection, ended)


def move_deadlines(
    connection: Connection, case_id: str, moved: Iterable[Moved], host: StepHost, anew: bool
) -> None:
    """Give the rows their new dates and next reminders.

    `anew`: the calendar is another one, so that every row of the case is looked at: the day before may
    be another day, and what was provisional may be so no longer.
    """
    dates = {(m.token, m.kind): m.after for m in moved if m.kind in ("task", "phase")}
    if not dates and not anew:
        return
    changes = []
    for found in _of_case(connection, key=case_id):
        old = dict(zip(_NAMES, found, strict=True))
        due = dates.get((old["token"], old["kind"]), old["due_at"])
        after = max(host.now, old["since_at"])
        if due == old["due_at"] and old["next_at"] is not None and old["next_at"] <= host.now:
            continue  # a reminder is due at this moment: it is sent first
        if due != old["due_at"]:
            after = _not_after(due, after)
        next_at, step = following(host.counting, old["policy"], due, after)
        unsure = host.calendar.provisional(due)
        if (due, unsure, next_at) != (old["due_at"], old["provisional"], old["next_at"]):
            kept = {"key": old["id"], "due": due, "unsure": unsure, "following": next_at, "step": step}
            changes.append({**kept, "case": case_id, "node": old["token"], "kind": old["kind"]})
    _move.many(connection, changes)
    _move_task.many(connection, [change for change in changes if change["kind"] == "task"])
