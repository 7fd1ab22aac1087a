"""Handing over in bulk: what somebody has open goes to others, a transaction and a result for each task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import Invalid, NotAllowed, Problem, ZhibanError
from engine.identity import Actor, absence
from engine.identity.absence import Person
from engine.repository.tables import definitions
from engine.runtime.deputies import keepers_of
from engine.runtime.desk.tables import drafts
from engine.runtime.engine import Engine
from engine.runtime.handover.passing import give, let_go, locked
from engine.runtime.tables import IS_OPEN, cases, tasks

MOST = 2000  # tasks that are handed over at once
REASON = 500  # characters
BACK = "-"  # instead of a receiver: to the groups that the task waits for


@dataclass(frozen=True)
class Hanging:
    """An open task of somebody's, by what says nothing of the enterprise. `acting_for` is a person's id."""

    id: str
    case_id: str
    number: str
    process: str
    process_name: str
    name: str
    due_at: datetime | None
    acting_for: str | None
    held: str
    drafted: bool  # the person has typed something and not submitted it


@dataclass(frozen=True)
class Handed:
    """What became of one task: who has it now (None: its groups), or why it stayed."""

    task: Hanging
    to: str | None
    error: ZhibanError | None = None


def may_hand_over(actor: Actor, who: Person) -> bool:
    """Whether `actor` may hand over what `who` has: who keeps their absences, or the control centre."""
    return absence.may_keep(actor, who) or (who.kind == "person" and "control-centre" in actor.roles)


def hanging(connection: Connection, account: str, process: str = "") -> list[Hanging]:
    """The open tasks that this person has, by deadline; of all processes, or one."""
    query = (
        sa.select(
            tasks.c.id,
            tasks.c.case_id,
            cases.c.number,
            cases.c.process,
            definitions.c.name.label("process_name"),
            tasks.c.name,
            tasks.c.due_at,
            tasks.c.acting_for,
            tasks.c.held,
            sa.exists().where(drafts.c.task_id == tasks.c.id, drafts.c.account == account).label("drafted"),
        )
        .select_from(tasks.join(cases).join(definitions, definitions.c.id == cases.c.definition_id))
        .where(IS_OPEN, tasks.c.assignee == account)
        .order_by(tasks.c.due_at.is_(None), tasks.c.due_at, tasks.c.id)
        .limit(MOST)
    )
    if process:
        query = query.where(cases.c.process == process)
    return [Hanging(**row) for row in connection.execute(query).mappings()]


def receivers(connection: Connection, who: Person) -> list[Person]:
    """Who may get what `who` has: everybody who could deputise."""
    return absence.deputies_for(connection, who)


def split(found: Sequence[Hanging], to: Sequence[str]) -> dict[str, str]:
    """Task -> receiver, dealt out in the order of the deadlines, so that each gets as many and as urgent."""
    return {task.id: to[place % len(to)] for place, task in enumerate(found)} if to else {}


def hand_over(
    engine: Engine, *, actor: Actor, account: str, choices: dict[str, str], reason: str = ""
) -> list[Handed]:
    """Hand the chosen open tasks of `account` over: task id -> receiver's id, or BACK to its groups.

    Each goes in a transaction of its own: one that is refused stays, and its result says why. A receiver who
    is away has them go to the deputy. Nothing may be open on the caller's side that writes.
    NotAllowed: not in the actor's charge. Invalid: a receiver who may not, a reason too long.
    """
    with engine.reading() as connection:
        who = guard_hand_over(connection, actor, account, choices, reason)
        found = [task for task in hanging(connection, account) if task.id in choices]
    return [_hand_one(engine, actor, who, task, choices[task.id], reason.strip()) for task in found]


def hand_over_within(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    account: str,
    choices: dict[str, str],
    reason: str = "",
) -> list[Handed]:
    """Like `hand_over`, in the caller's one transaction: what is refused is undone by itself."""
    who = guard_hand_over(connection, actor, account, choices, reason)
    found = [task for task in hanging(connection, account) if task.id in choices]
    done = []
    for task in sorted(found, key=lambda one: one.case_id):  # cases are locked in one order by all
        try:
            with connection.begin_nested():
                to = hand_task(engine, connection, actor, who, task.id, choices[task.id], reason.strip())
                done.append(Handed(task, to))
        except ZhibanError as error:
            done.append(Handed(task, who.id, error))
    return done


def guard_hand_over(
    connection: Connection, actor: Actor, account: str, choices: Mapping[str, str], reason: str
) -> Person:
    """The person whose tasks are to be handed over so, or what `hand_over` raises."""
    who = absence.person(connection, account)
    if not may_hand_over(actor, who):
        raise NotAllowed("runtime.handover.not_yours", name=who.name)
    strangers = set(choices.values()) - {person.id for person in receivers(connection, who)} - {BACK}
    problems = [Problem("runtime.handover.receiver", "to", {"name": who.name})] if strangers else []
    if len(reason.strip()) > REASON:
        problems.append(Problem("runtime.handover.reason", "reason", {"limit": REASON}))
    if problems:
        raise Invalid("runtime.handover.wrong", problems=problems)
    return who


def hand_task(
    engine: Engine, connection: Connection, actor: Actor, who: Person, task_id: str, to: str, reason: str
) -> str | None:
    """Hand one task of `who` over, once `guard_hand_over` has passed; returns who has it now.

    Conflict: closed, or no longer with that person. NotAllowed: four eyes.
    """
    held = locked(connection, task_id, who.id)
    if to == BACK:
        let_go(engine, connection, held, actor, keepers_of(who.department), reason)
        return None
    return give(engine, connection, held, actor, to, reason)


def _hand_one(engine: Engine, actor: Actor, who: Person, task: Hanging, to: str, reason: str) -> Handed:
    try:
        with engine.writing() as connection:
            return Handed(task, hand_task(engine, connection, actor, who, task.id, to, reason))
    except ZhibanError as error:
        return Handed(task, who.id, error)
