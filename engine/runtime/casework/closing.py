"""Tasks as rows that end: those whose token is gone, and the added signers' below them.

Added signers carry the token of the task they serve: whatever takes that away takes theirs with it.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn import desk
from engine.bpmn.stepping import Step
from engine.database import Moment, Prepared
from engine.history import Event
from engine.identity.tables import accounts
from engine.runtime.desk import leaving
from engine.runtime.performing import clear
from engine.runtime.tables import IS_OPEN, tasks

_GONE = {
    "state": "cancelled",
    "version": tasks.c.version + 1,
    "held": "",
    "answer": None,
    "closed_at": bindparam("at", type_=Moment),
    "closed_by": bindparam("by"),
}
_task_of_token = Prepared(
    sa.select(tasks.c.id, tasks.c.held).where(
        tasks.c.case_id == bindparam("key"),
        tasks.c.token == bindparam("at"),
        IS_OPEN,
        tasks.c.parent.is_(None),
    )
)
_cancel = Prepared(sa.update(tasks).where(tasks.c.id == bindparam("key")).values(_GONE))
_cancel_all_added = Prepared(
    sa.update(tasks)
    .where(
        tasks.c.case_id == bindparam("key"),
        tasks.c.token == bindparam("node"),
        IS_OPEN,
        tasks.c.parent.is_not(None),
    )
    .values(_GONE)
    .returning(tasks.c.id, tasks.c.name, tasks.c.element, tasks.c.assignee)
)
_awaited = Prepared(
    sa.select(tasks.c.assignee, accounts.c.name)
    .select_from(tasks.outerjoin(accounts, accounts.c.id == tasks.c.assignee))
    .where(tasks.c.parent == bindparam("key"), IS_OPEN)
    .order_by(tasks.c.id)
)


def close_tasks(
    connection: Connection, case_id: str, step: Step, now: datetime, done: Mapping[int, str], actor: str
) -> list[Event]:
    """Close the tasks whose tokens are gone, but for those the caller has closed; returns what to record."""
    events = []
    for closed in step.closed:
        task = done.get(closed.token)
        if task is None:
            task, held = _task_of_token(connection, key=case_id, at=closed.token)[0]
            _cancel(connection, key=task, at=now, by=actor)
            data = {"task": task, "name": closed.element.label}
            events.append(Event("task.cancelled", closed.element.id, data))
            if held:  # else nobody has been added, or all of them have decided
                gone = _cancel_all_added(connection, key=case_id, node=closed.token, at=now, by=actor)
                events += [_cancelled(connection, *one) for one in sorted(gone)]
        leaving.closed(connection, task)
        if desk.NOT_PERFORMED in closed.element.properties:
            clear(connection, task)
    return events


def cancel_added(connection: Connection, task_id: str, now: datetime, actor: str) -> None:
    """Cancel one added signer's open task; it has no candidates."""
    _cancel(connection, key=task_id, at=now, by=actor)
    leaving.closed(connection, task_id)
    clear(connection, task_id)


def awaited(connection: Connection, task_id: str) -> list[str]:
    """The names of the added signers whom a held task waits for itself, as they were added."""
    return [name or account for account, name in _awaited(connection, key=task_id)]


def _cancelled(connection: Connection, task: str, name: str, element: str, assignee: str) -> Event:
    leaving.closed(connection, task)
    clear(connection, task)
    return Event("signer.removed", element, {"task": task, "name": name, "from": assignee, "to": ""})
