"""Back from an absence: what moved stays with the deputy, who may give it back, or the person takes it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import local
from engine.errors import Conflict, NotAllowed
from engine.identity import Actor, absence, name_of
from engine.identity.tables import accounts
from engine.runtime.engine import Engine
from engine.runtime.guards import read_task
from engine.runtime.handover.passing import Held, give, locked
from engine.runtime.tables import IS_OPEN, cases, tasks

_holder, _person = accounts.alias("holder"), accounts.alias("represented")


@dataclass(frozen=True)
class Away:
    """An open task that a deputy has for somebody. `holder` and `person` are accounts' ids."""

    id: str
    case_id: str
    number: str
    name: str
    due_at: datetime | None
    version: int
    holder: str
    holder_name: str
    person: str
    person_name: str


def deputised(connection: Connection, *, holder: str | None = None, person: str | None = None) -> list[Away]:
    """The open tasks that `holder` has for others, or that others have for `person`, by deadline."""
    query = (
        sa.select(
            tasks.c.id,
            tasks.c.case_id,
            cases.c.number,
            tasks.c.name,
            tasks.c.due_at,
            tasks.c.version,
            tasks.c.assignee.label("holder"),
            _holder.c.name.label("holder_name"),
            tasks.c.acting_for.label("person"),
            _person.c.name.label("person_name"),
        )
        .select_from(
            tasks.join(cases)
            .join(_holder, _holder.c.id == tasks.c.assignee)
            .join(_person, _person.c.id == tasks.c.acting_for)
        )
        .where(IS_OPEN, tasks.c.acting_for.is_not(None), tasks.c.acting_for != tasks.c.assignee)
        .order_by(tasks.c.due_at.is_(None), tasks.c.due_at, tasks.c.id)
    )
    if holder is not None:
        query = query.where(tasks.c.assignee == holder)
    if person is not None:
        query = query.where(tasks.c.acting_for == person)
    return [Away(**row) for row in connection.execute(query).mappings()]


def give_back(engine: Engine, connection: Connection, *, actor: Actor, task_id: str) -> None:
    """Give a task back to the person for whom one has it (交还).

    NotAllowed: not a deputy's task of the actor's. Conflict: closed or changed; the person is still away.
    """
    task = read_task(connection, task_id)
    if task["assignee"] != actor.id:  # who has it instead is not for everybody to know
        raise NotAllowed("runtime.handover.not_deputy_give", task=task["name"])
    held = _represented(connection, task_id, actor.id, "give")
    person = held.task["acting_for"]
    found = absence.standing(connection, person, engine.clock.now(), held.process)
    if found is not None and found.rule is not None and found.rule.how == "move":
        facts = {"name": found.name, "until": f"{local(found.rule.until_at):%Y-%m-%d %H:%M}"}
        raise Conflict("runtime.handover.still_away", **facts)
    give(engine, connection, held, actor, person, "")


def take_home(engine: Engine, connection: Connection, *, actor: Actor, task_id: str) -> None:
    """Take back what a deputy has for oneself (收回).

    NotAllowed: nobody has it for the actor. Conflict: closed meanwhile, or one is still away by a rule.
    """
    task = read_task(connection, task_id)
    if task["acting_for"] != actor.id:
        raise NotAllowed("runtime.handover.not_for_you", task=task["name"])
    held = _represented(connection, task_id, task["assignee"], "take")
    found = absence.standing(connection, actor.id, engine.clock.now(), held.process)
    if found is not None and found.holder != actor.id:
        raise Conflict("runtime.handover.end_first")
    give(engine, connection, held, actor, actor.id, "")


def _represented(connection: Connection, task_id: str, holder: str, doing: str) -> Held:
    held = locked(connection, task_id, holder)
    if held.task["acting_for"] in (None, holder):
        who = name_of(connection, holder)
        raise NotAllowed(f"runtime.handover.not_deputy_{doing}", task=held.task["name"], who=who)
    return held
