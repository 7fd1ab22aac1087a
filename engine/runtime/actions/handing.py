"""转办 and 委派: a task goes to somebody else, for good or until that person has answered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import Conflict, Invalid, Problem
from engine.history import Event
from engine.identity import Actor
from engine.runtime.actions.people import eligible
from engine.runtime.actions.taking import Hold, guard_action, hand_on, holds, notice, take, tell
from engine.runtime.deputies import Placed, place
from engine.runtime.desk.tables import drafts
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, guard_version, not_holder
from engine.runtime.performing import excluded, guard_eyes, guard_opinion, keep_out, told


def transfer(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    to: str,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Give the task to the account `to` for good (转办); the first owner stays recorded. Its new version.

    For who has it, for a candidate while nobody has, and for the administrator of the holder's department.
    NotFound, NotAllowed, Conflict (closed, changed, waiting for others), Invalid (opinion, not eligible).
    """
    hold = take(engine, connection, task_id)
    guard_action(connection, hold, actor, "transfer", version, also=True)
    return _give(engine, connection, hold, actor, "transfer", to, opinion)


def delegate(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    to: str,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Let the account `to` prepare the task (委派); its answer returns the task. The task's new version.

    Raises as `transfer` does; it is for who has the task, or may take it.
    """
    hold = take(engine, connection, task_id)
    guard_action(connection, hold, actor, "delegate", version)
    return _give(engine, connection, hold, actor, "delegate", to, opinion)


_DONE = {"transfer": ("task.transferred", "handed-on"), "delegate": ("task.delegated", "delegated")}


def _give(
    engine: Engine, connection: Connection, hold: Hold, actor: Actor, action: str, to: str, opinion: str
) -> int:
    text = guard_opinion(hold.element, action, opinion)
    guard_eyes(connection, hold.task, (to,))
    if to not in {person.id for person in eligible(connection, engine, hold.task, actor)}:
        raise Invalid("runtime.not_eligible", problems=[Problem("runtime.choose_person", "to")])
    placed = _placed(connection, hold, to)
    to, holder = str(placed.assignee), hold.task["assignee"] or actor.id
    first = replace(hold, task={**hold.task, "owner": hold.task["owner"] or holder})
    back = holder if action == "delegate" else None
    version = hand_on(connection, first, to, back=back, person=placed.acting_for)
    kind, template = _DONE[action]
    data = {"task": hold.task["id"], "name": hold.task["name"], "from": hold.task["assignee"], "to": to}
    event = Event(kind, hold.task["element"], {**data, **told(opinion=text, represented=placed.acting_for)})
    tell(engine, connection, hold, event, actor, [notice(hold, template, to, version)])
    return version


def _placed(connection: Connection, hold: Hold, to: str) -> Placed:
    """Who is to have what goes to `to`: the deputy, while that person is away.

    Conflict if that is who has the task already.
    """
    placed = place(connection, to, hold.now, hold.case["process"], excluded(connection, hold.task["id"]))
    if placed.assignee in (None, hold.task["assignee"]):
        facts = {"task": hold.task["name"], "who": placed.rule.account_name if placed.rule else to}
        raise Conflict("runtime.deputy_has_it", **facts)
    return placed


def answer_delegate(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    values: Mapping[str, Any],
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Return a delegated task to its owner, with the values as the owner's draft. The task's new version.

    Nothing completes: the values are kept as they were typed, and the owner decides.
    NotFound, NotAllowed (another's task), Conflict (closed, changed, not delegated), Invalid (no opinion).
    """
    hold = take(engine, connection, task_id)
    task = hold.task
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if not holds(connection, hold, actor):
        raise not_holder(connection, task)
    guard_version(connection, task, version)
    if not task["delegated_by"]:
        raise Conflict("runtime.not_delegated", task=task["name"])
    text = guard_opinion(hold.element, "complete", opinion)
    after = hand_on(connection, hold, task["delegated_by"])
    _keep_values(connection, hold, values)
    data = {"task": task["id"], "name": task["name"], "from": task["assignee"], "to": task["delegated_by"]}
    event = Event("task.answered", task["element"], {**data, **told(opinion=text)})
    notices = [notice(hold, "delegate-answered", task["delegated_by"], after)]
    tell(engine, connection, hold, event, actor, notices)
    keep_out(connection, task["case_id"], hold.diagram, (), (task["element"],))
    return after


def _keep_values(connection: Connection, hold: Hold, values: Mapping[str, Any]) -> None:
    """The delegate's values become the owner's draft; what either had typed before gives way."""
    task = hold.task
    both = drafts.c.account.in_([task["assignee"], task["delegated_by"]])
    connection.execute(sa.delete(drafts).where(drafts.c.task_id == task["id"], both))
    given = orjson.dumps(dict(values), default=str).decode()
    row = {"task_id": task["id"], "account": task["delegated_by"], "given": given, "saved_at": hold.now}
    connection.execute(sa.insert(drafts).values(row))
