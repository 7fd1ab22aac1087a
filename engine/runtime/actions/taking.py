"""A task at hand: its row and its case's under the lock, its node, and the questions every action asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import outbox
from engine.bpmn.model import Diagram, Element
from engine.clock import local
from engine.database import Moment, Prepared
from engine.errors import NotAllowed
from engine.history import Event
from engine.identity import Actor
from engine.identity.tables import accounts
from engine.outbox import Notice
from engine.runtime.casework.attending import is_nobodys
from engine.runtime.desk import leaving
from engine.runtime.engine import Engine
from engine.runtime.guards import (
    candidates,
    changed_conflict,
    closed_conflict,
    guard_free,
    guard_version,
    hands_of,
    is_candidate,
    locked,
    not_holder,
    read_task,
    record,
)
from engine.runtime.performing import excluded, guard_eyes, guard_offered
from engine.runtime.tables import cases, tasks

_CASE = ("id", "number", "title", "process", "enterprise", "state", "stops", "definition_id", "version")
_case = Prepared(sa.select(*(cases.c[name] for name in _CASE)).where(cases.c.id == bindparam("key")))
_place = Prepared(
    sa.select(accounts.c.kind, accounts.c.department).where(accounts.c.id == bindparam("account"))
)
_hand_on = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"), tasks.c.state == "open", tasks.c.version == bindparam("seen"))
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
class Hold:
    """A task and its case as they are while the case is locked; `now` is the action's moment (UTC)."""

    task: dict[str, Any]
    case: dict[str, Any]
    diagram: Diagram
    now: datetime

    @property
    def element(self) -> Element:
        return self.diagram.elements[self.task["element"]]


def take(engine: Engine, connection: Connection, task_id: str) -> Hold:
    """The task in hand, its case locked until the transaction ends. NotFound if there is none."""
    return _held(engine, connection, locked(connection, task_id))


def look(engine: Engine, connection: Connection, task_id: str) -> Hold:
    """The task as it stands, without a lock: to say what is offered. NotFound if there is none."""
    return _held(engine, connection, read_task(connection, task_id))


def _held(engine: Engine, connection: Connection, task: dict[str, Any]) -> Hold:
    case = dict(zip(_CASE, _case(connection, key=task["case_id"])[0], strict=True))
    definition = engine.definitions.get(connection, case["definition_id"])
    return Hold(task, case, definition.diagram, engine.clock.now())


def holds(connection: Connection, hold: Hold, actor: Actor) -> bool:
    """Whether the task is this person's to act on: held, free and waiting for this person, or with somebody
    whose desk the person shares, and no four eyes keep the person from it."""
    holder = hold.task["assignee"]
    if holder is None:
        return is_candidate(connection, hold.task["id"], actor)
    if holder == actor.id:
        return True
    shares = holder in hands_of(connection, actor, hold.now, hold.case["id"])
    return shares and actor.id not in excluded(connection, hold.task["id"])


def administers(connection: Connection, hold: Hold, actor: Actor) -> bool:
    """Whether this person administers the department of whoever has the task, or for which it waits.

    What waits for nobody at all is the control centre's to assign.
    """
    if hold.task["assignee"] is None and "control-centre" in actor.roles:
        return is_nobodys(connection, hold.task["id"])
    if "admin" not in actor.roles or actor.department is None:
        return False
    if hold.task["assignee"] is None:
        return any(name.endswith(f"@{actor.department}") for name in candidates(connection, hold.task["id"]))
    found = _place(connection, account=hold.task["assignee"])
    return bool(found) and found[0][1] == actor.department


def stands_for(connection: Connection, hold: Hold, actor: Actor) -> str | None:
    """On whose behalf this person acts on the task, if on another's: who shares it, or whose it would be."""
    holder: str | None = hold.task["assignee"]
    if holder == actor.id:
        person: str | None = hold.task["acting_for"]
        return person
    others = hands_of(connection, actor, hold.now, hold.case["id"])
    return holder if holder is not None and holder in others else None


def guard_action(
    connection: Connection, hold: Hold, actor: Actor, action: str, version: int | None, also: bool = False
) -> None:
    """Raise unless the task is open, the node offers the action and the task is free to be handed on.

    `also` lets in whoever administers the holder's department, or the one for which the task waits.
    """
    task = hold.task
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if not (holds(connection, hold, actor) or (also and administers(connection, hold, actor))):
        if task["assignee"] is None:
            raise NotAllowed("runtime.not_candidate", task=task["name"])
        if task["assignee"] in hands_of(connection, actor, hold.now, hold.case["id"]):
            guard_eyes(connection, task, (actor.id,))
        raise not_holder(connection, task)
    guard_version(connection, task, version)
    guard_offered(connection, task, hold.element, action)
    guard_free(connection, task)


def hand_on(
    connection: Connection, hold: Hold, to: str | None, back: str | None = None, person: str | None = None
) -> int:
    """Give the task to an account, for good or until it answers `back`; returns the task's new version.

    Who had it first stays its owner. `person` is the one for whom a deputy gets it.
    """
    task = hold.task
    facts = {"first": task["owner"], "back": back, "at": hold.now, "to": to, "person": person}
    if _hand_on.count(connection, key=task["id"], seen=task["version"], **facts) != 1:
        raise changed_conflict(connection, read_task(connection, task["id"]))
    return int(task["version"]) + 1


def tell(
    engine: Engine,
    connection: Connection,
    hold: Hold,
    event: Event,
    actor: Actor,
    notices: list[Notice],
) -> None:
    """Record what was done with the task, and queue who hears of it."""
    record(engine, connection, hold.case["id"], [event], actor.id)
    said = {"number": hold.case["number"], "title": hold.case["title"]}
    outbox.queue(connection, hold.case["id"], notices, said, hold.now, channels=tuple(engine.channels))


def dropped(connection: Connection, hold: Hold, to: str | None, by: Actor, mark: object) -> list[Notice]:
    """Forget the draft of whoever had the task, which is `to`'s now; a notice if another did it."""
    who = leaving.lost(connection, hold.task, to, by.id)
    return [notice(hold, "draft-dropped", who, mark)] if who else []


def notice(hold: Hold, template: str, to: str, mark: object) -> Notice:
    """A notice about the task; `mark` tells this occasion from the others of its kind."""
    task = hold.task
    data: dict[str, Any] = {"step": task["name"]}
    if task["due_at"] is not None:
        data["due"] = local(task["due_at"])
    return Notice(to, template, f"{hold.case['id']}:{template}:{task['id']}:{mark}:{to}", data)
