"""One task from one hand into another, under its case's lock: recorded, and told to whoever gets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import outbox
from engine.clock import local
from engine.database import Moment, Prepared
from engine.errors import Conflict, NotAllowed
from engine.history import Event
from engine.identity import Actor, name_of
from engine.outbox import Notice
from engine.runtime.casework.closing import awaited
from engine.runtime.deputies import Placed, place, wait_for
from engine.runtime.desk import leaving
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, lock_case, read_task, record
from engine.runtime.performing import beside, excluded
from engine.runtime.tables import cases, tasks

_case = Prepared(
    sa.select(cases.c.number, cases.c.title, cases.c.process).where(cases.c.id == bindparam("key"))
)
_pass = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(
        assignee=bindparam("to"),
        owner=bindparam("first"),
        delegated_by=bindparam("back"),
        acting_for=bindparam("person"),
        version=tasks.c.version + 1,
        claimed_at=bindparam("at", type_=Moment),
    )
)


@dataclass(frozen=True)
class Held:
    """An open task under its case's lock, with what is to be known of the case."""

    task: dict[str, Any]
    number: str
    title: str
    process: str
    excluded: frozenset[str]
    beside: frozenset[str]  # who speaks at its node through another task


def locked(connection: Connection, task_id: str, holder: str) -> Held:
    """The task, if `holder` still has it. NotFound; Conflict if it was closed or changed hands meanwhile."""
    case_id = read_task(connection, task_id)["case_id"]
    lock_case(connection, case_id)
    task = read_task(connection, task_id)  # as it is behind the lock
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if task["assignee"] != holder:
        now_with = name_of(connection, task["assignee"]) if task["assignee"] else "—"
        facts = {"task": task["name"], "name": name_of(connection, holder), "who": now_with}
        raise Conflict("runtime.handover.not_with", **facts)
    number, title, process = _case(connection, key=case_id)[0]
    return Held(task, number, title, process, excluded(connection, task_id), beside(connection, task))


def give(engine: Engine, connection: Connection, held: Held, actor: Actor, to: str, opinion: str) -> str:
    """Give the task to the account `to`, or to the deputy of who is away; returns who has it now.

    NotAllowed: four eyes keep that person from it, who speaks at its node already, or is active no more.
    """
    now = engine.clock.now()
    placed = place(connection, to, now, held.process, held.excluded | held.beside)
    if placed.assignee is None:
        why = "excluded" if to in held.excluded else "beside" if to in held.beside else "stopped"
        facts = {"task": held.task["name"], "who": name_of(connection, to)}
        raise NotAllowed(f"runtime.handover.{why}", **facts)
    _put(engine, connection, held, actor, placed, opinion)
    if placed.assignee != actor.id:
        facts = {"step": held.task["name"], "person": name_of(connection, held.task["assignee"])}
        if held.task["due_at"] is not None:
            facts["due"] = local(held.task["due_at"]).isoformat()
        mark = f"{held.task['id']}:handed:{held.task['version']}:{placed.assignee}"
        _tell(engine, connection, held, Notice(placed.assignee, "handed-here", mark, facts))
    return placed.assignee


def _tell(engine: Engine, connection: Connection, held: Held, notice: Notice) -> None:
    said, channels = {"number": held.number, "title": held.title}, tuple(engine.channels)
    outbox.queue(connection, held.task["case_id"], [notice], said, engine.clock.now(), channels=channels)


def let_go(
    engine: Engine, connection: Connection, held: Held, actor: Actor, keepers: str, opinion: str
) -> None:
    """Take the task from who has it: it waits for its candidates, or else for `keepers`.

    Conflict: it is an added signer's own, who was asked by name; or it waits for added signers, whose word
    returns to somebody.
    """
    if held.task["parent"] is not None:
        raise Conflict("runtime.handover.signature", task=held.task["name"])
    if held.task["held"]:
        who = "、".join(awaited(connection, held.task["id"]))
        raise Conflict("runtime.handover.waits", task=held.task["name"], who=who)
    wait_for(connection, held.task["id"], keepers)
    _put(engine, connection, held, actor, Placed(None), opinion)


def _put(
    engine: Engine, connection: Connection, held: Held, actor: Actor, placed: Placed, opinion: str
) -> None:
    task = held.task
    person = _person(task, placed)
    first = task["owner"] or task["assignee"]
    facts = {"to": placed.assignee, "first": first, "back": _back(task, placed), "person": person}
    _pass(connection, key=task["id"], at=engine.clock.now(), **facts)
    who = leaving.lost(connection, task, placed.assignee, actor.id)
    if who is not None:
        mark = f"{task['id']}:draft-dropped:{task['version']}:{who}"
        _tell(engine, connection, held, Notice(who, "draft-dropped", mark, {"step": task["name"]}))
    kind = "task.transferred" if placed.assignee else "task.released"
    data = {"task": task["id"], "name": task["name"], "from": task["assignee"], "to": placed.assignee}
    if opinion:
        data["opinion"] = opinion
    if person is not None:
        data["for"] = person
    record(engine, connection, task["case_id"], [Event(kind, task["element"], data)], actor.id)


def _back(task: Mapping[str, Any], placed: Placed) -> str | None:
    """To whom its answer returns it; what comes to that person, or waits for groups, is delegated no more."""
    back: str | None = task["delegated_by"]
    return None if placed.assignee is None or back in (placed.assignee, placed.acting_for) else back


def _person(task: Mapping[str, Any], placed: Placed) -> str | None:
    """For whom the new holder acts: the receiver who is away, or whom the last holder acted for already."""
    person = placed.acting_for or (task["acting_for"] if placed.assignee else None)
    return None if placed.assignee in (person, task["delegated_by"]) else person
