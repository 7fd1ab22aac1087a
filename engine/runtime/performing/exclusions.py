"""The rows of four eyes, which say who may not perform an open task.

They are written by the step and by a delegate's answer, and asked for at every door.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
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
    sa.select(tasks.c.id, tasks.c.token, tasks.c.element, tasks.c.closed_by, tasks.c.acting_for).where(
        tasks.c.case_id == bindparam("key"), tasks.c.state == "done"
    )
)
_TELLING = ("task.answered", "task.taken_back", "message.received")
_told = Prepared(  # who answered as a delegate or sent a message, and which finished work was taken back
    sa.select(
        history.events.c.kind, history.events.c.element, history.events.c.actor, history.events.c.data
    ).where(
        history.events.c.chain == bindparam("key"),
        sa.or_(*(history.events.c.kind == kind for kind in _TELLING)),
    )
)
_open = Prepared(sa.select(tasks.c.id, tasks.c.element).where(tasks.c.case_id == bindparam("key"), IS_OPEN))
_insert = Prepared(
    sa.text("INSERT INTO task_exclusions (task_id, account) VALUES (:task, :account) ON CONFLICT DO NOTHING")
)
_delete = Prepared(
    sa.delete(task_exclusions).where(
        task_exclusions.c.task_id == bindparam("task"), task_exclusions.c.account == bindparam("account")
    )
)
_clear = Prepared(sa.delete(task_exclusions).where(task_exclusions.c.task_id == bindparam("task")))
_read = Prepared(sa.select(task_exclusions.c.account).where(task_exclusions.c.task_id == bindparam("task")))


def performers(connection: Connection, case_id: str, element_ids: Collection[str]) -> set[str]:
    """The accounts that performed one of these nodes in the case: who completed a task there, in whose
    name that was, who signed it, who answered for its owner as a delegate or had it answered, and who sent
    it its message. What was taken back (撤回) is not performed, nor what was signed there."""
    found, undone = _work(connection, case_id)
    return {who for element, token, who in found if element in element_ids and token not in undone}


def _work(connection: Connection, case_id: str) -> tuple[list[tuple[str, int | None, str]], set[int | None]]:
    """What was done in the case: node, token (None: not finished yet) and who; and the tokens taken back."""
    rows = _done(connection, key=case_id)
    found = [(element, token, who) for _, token, element, *people in rows for who in people if who]
    token_of = {task: token for task, token, *_ in rows}
    undone = set()
    for kind, element, actor, stored in _told(connection, key=case_id):
        data = orjson.loads(stored)
        token = token_of.get(data.get("task"))
        if kind == "task.taken_back":
            undone.add(token)
        else:
            found += [(element, token, who) for who in (actor, data.get("from"), data.get("for")) if who]
    return found, undone


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
    watched = {e: kept for e, kept in _watching(diagram) if e in new or not kept.isdisjoint(old)}
    waiting = _open(connection, key=case_id) if watched else []
    watched = {element: watched[element] for _, element in waiting if element in watched}
    if not watched:  # what was done is looked through only for a task that is open: it grows with the rounds
        return
    known = {
        element: performers(connection, case_id, kept) | ({sender} if event in kept else set())
        for element, kept in watched.items()
    }
    rows = [
        {"task": task, "account": account}
        for task, element in waiting
        for account in sorted(known.get(element, ()))
    ]
    _insert.many(connection, rows)


def _watching(diagram: Diagram) -> Iterator[tuple[str, frozenset[str]]]:
    """The nodes that somebody is kept from, each with the nodes whose performers those are."""
    return ((element.id, desk.kept_from(diagram, element)) for element in desk.guarded(diagram))


def let_in(connection: Connection, task: Mapping[str, Any], diagram: Diagram) -> None:
    """Forget who was kept from open tasks only because of this finished one, which has been taken back."""
    here = {e: kept for e, kept in _watching(diagram) if task["element"] in kept}
    if not here:
        return
    own = {who for _, token, who in _work(connection, task["case_id"])[0] if token == task["token"]}
    for one, element in _open(connection, key=task["case_id"]):
        if element in here:
            freed = own - performers(connection, task["case_id"], here[element])
            _delete.many(connection, [{"task": one, "account": who} for who in sorted(freed)])


def bar(connection: Connection, tasks_: Iterable[str], accounts: Collection[str]) -> None:
    """Keep these accounts from the tasks too, which belong to one that they are kept from."""
    _insert.many(connection, [{"task": task, "account": who} for task in tasks_ for who in sorted(accounts)])


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
