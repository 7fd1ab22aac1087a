"""The rows of four eyes, which say who may not perform an open task.

They are written by the step and by a delegate's answer, and asked for at every door.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import history
from engine.bpmn import desk
from engine.bpmn.model import Diagram
from engine.bpmn.stepping import Step
from engine.database import Prepared
from engine.errors import NotAllowed
from engine.runtime.casework.voting import has_a_vote
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.tables import IS_OPEN, tasks

_done = Prepared(
    sa.select(tasks.c.element, tasks.c.closed_by, tasks.c.acting_for).where(
        tasks.c.case_id == bindparam("key"), tasks.c.state == "done"
    )
)
_answered = Prepared(
    sa.select(history.events.c.element, history.events.c.actor, history.events.c.data).where(
        history.events.c.chain == bindparam("key"),
        sa.or_(history.events.c.kind == "task.answered", history.events.c.kind == "message.received"),
    )
)
_open = Prepared(sa.select(tasks.c.id, tasks.c.element).where(tasks.c.case_id == bindparam("key"), IS_OPEN))
_insert = Prepared(
    sa.text("INSERT INTO task_exclusions (task_id, account) VALUES (:task, :account) ON CONFLICT DO NOTHING")
)
_clear = Prepared(sa.delete(task_exclusions).where(task_exclusions.c.task_id == bindparam("task")))
_read = Prepared(sa.select(task_exclusions.c.account).where(task_exclusions.c.task_id == bindparam("task")))


def performers(connection: Connection, case_id: str, element_ids: Collection[str]) -> set[str]:
    """The accounts that performed one of these nodes in the case: who completed a task there, in whose
    name that was, who signed it, who answered for its owner as a delegate, and who sent it its message."""
    found: set[str] = set()
    for element, closed_by, acting_for in _done(connection, key=case_id):
        if element in element_ids:
            found |= {closed_by, acting_for}
    for element, actor, data in _answered(connection, key=case_id):
        if element in element_ids:
            found |= {actor, orjson.loads(data).get("from")}
    return {account for account in found if account}


def keep_out(
    connection: Connection,
    case_id: str,
    diagram: Diagram,
    opened: Iterable[str],
    performed: Iterable[str],
    sent: tuple[str, str] | None = None,
) -> None:
    """Write who may not perform the tasks of nodes that opened, and those that look at a node just performed.

    Both are ids of nodes; `sent` is an event whose message has just come, and its sender. Nothing is asked
    of the database where no node is guarded.
    """
    event, sender = sent or ("", "")
    new, old = frozenset(opened), frozenset(performed) | {event}
    watched = {
        element.id: kept
        for element in desk.guarded(diagram)
        for kept in (desk.kept_from(diagram, element),)
        if element.id in new or not kept.isdisjoint(old)
    }
    if not watched:
        return
    known = {
        element: performers(connection, case_id, kept) | ({sender} if event in kept else set())
        for element, kept in watched.items()
    }
    rows = [
        {"task": task, "account": account}
        for task, element in _open(connection, key=case_id)
        for account in sorted(known.get(element, ()))
    ]
    _insert.many(connection, rows)


def stepped(
    connection: Connection, case_id: str, diagram: Diagram, step: Step, trigger: history.Event, actor: str
) -> None:
    """Write what a step means for four eyes, once its tasks are opened and closed."""
    performed = [closed.element.id for closed in step.closed if closed.completed]
    opened = [opened.element.id for opened in step.opened]
    sent = (trigger.element, actor) if trigger.kind == "message.received" else None
    keep_out(connection, case_id, diagram, opened, performed, sent)


def clear(connection: Connection, task_id: str) -> None:
    """Forget who was kept from the task, which is closed."""
    _clear(connection, task=task_id)


def excluded(connection: Connection, task_id: str) -> frozenset[str]:
    """The accounts that may not perform the task."""
    return frozenset(account for (account,) in _read(connection, task=task_id))


def guard_eyes(connection: Connection, task: Mapping[str, Any], accounts: Iterable[str | None]) -> None:
    """Raise NotAllowed if one of these accounts performed what the task's performer must not have, or has
    another vote where the task is one of several."""
    barred = excluded(connection, task["id"]) & {account for account in accounts if account}
    if barred:
        voted = has_a_vote(connection, task, barred)
        raise NotAllowed("runtime.one_vote" if voted else "runtime.four_eyes", task=task["name"])
