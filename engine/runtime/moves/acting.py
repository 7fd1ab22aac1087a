"""What the moves share: a task in hand, its row closed, the reopened work given back, the move recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel
from engine.bpmn import desk
from engine.bpmn.model import Element
from engine.bpmn.stepping import Opened, Step
from engine.database import Moment, Prepared
from engine.errors import Conflict, ZhibanError
from engine.history import Event
from engine.identity import Actor, load_actor
from engine.outbox import Notice
from engine.runtime.casework.loading import keep, load_of_task
from engine.runtime.casework.recount import ready
from engine.runtime.casework.stops import guard_running
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, guard_completion, read_task
from engine.runtime.moves.standing import status_at
from engine.runtime.operations import StepHost
from engine.runtime.performing import guard_offered, guard_opinion, performers, told
from engine.runtime.steps import Done
from engine.runtime.tables import IS_OPEN, tasks
from engine.runtime.write import Loaded, persist

_close = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"), tasks.c.state == "open", tasks.c.version == bindparam("seen"))
    .values(
        state="cancelled",
        version=tasks.c.version + 1,
        assignee=bindparam("by"),
        closed_at=bindparam("at", type_=Moment),
        closed_by=bindparam("by"),
        acting_for=bindparam("represented"),
        opinion=bindparam("opinion"),
    )
)
_last_done = Prepared(
    sa.select(tasks.c.local, tasks.c.closed_by, tasks.c.acting_for)
    .where(
        tasks.c.case_id == bindparam("key"),
        tasks.c.element == bindparam("node"),
        tasks.c.state == "done",
        tasks.c.parent.is_(None),
    )
    .order_by(tasks.c.closed_at.desc(), tasks.c.id.desc())
)


@dataclass
class InHand:
    """An open task that its holder is about to move away from, with its case under the lock."""

    case: Loaded
    host: StepHost
    task: dict[str, Any]
    element: Element
    opinion: str
    represented: str | None


def in_hand(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    task_id: str,
    action: str,
    opinion: str,
    version: int | None,
) -> InHand:
    """The task, if `actor` may do this with it now: the guards of completing it, and what its node offers.

    NotFound, NotAllowed, Conflict as for completing; NotAllowed: not offered there; Invalid: no opinion.
    """
    case = load_of_task(engine, connection, task_id)
    host = ready(engine, connection, case)
    task = read_task(connection, task_id)  # under the case's lock: it may have changed while we waited
    element = host.definition.diagram.elements[task["element"]]
    represented = guard_completion(connection, task, actor, version, host.now)
    guard_running(case.row, task, actor)
    guard_offered(connection, task, element, action)
    return InHand(case, host, task, element, guard_opinion(element, action, opinion), represented)


def move_on(
    engine: Engine, connection: Connection, actor: Actor, hand: InHand, step: Step, kind: str, to: str
) -> Done:
    """Close the task by the move that `step` was, and write it all. `to` is where it led, an element's id."""
    case, task = hand.case, hand.task
    facts = {"at": hand.host.now, "by": actor.id, "represented": hand.represented, "opinion": hand.opinion}
    if _close.count(connection, key=task["id"], seen=task["version"], **facts) != 1:
        raise closed_conflict(connection, read_task(connection, task["id"]))
    said = {
        "task": task["id"],
        "name": task["name"],
        "from": task["element"],
        **places(case, to),
        "cancelled": cancelled(step, task["token"]),
        **told(opinion=hand.opinion, represented=hand.represented),
    }
    trigger = Event(kind, task["element"], said)
    return written(engine, connection, case, hand.host, step, trigger, actor, {task["token"]: task["id"]})


def places(case: Loaded, to: str) -> dict[str, str]:
    """Where a move leads, as the record says it; nothing for the end of the case."""
    element = case.run.program.diagram.elements.get(to)
    return {"to": to, "to_name": element.label} if element is not None else {"to": to}


def cancelled(step: Step, but: int = 0) -> list[str]:
    """The names of the tasks that the move cancelled, besides the one at token `but`."""
    return [one.element.label for one in step.closed if not one.completed and one.token != but]


def written(
    engine: Engine,
    connection: Connection,
    case: Loaded,
    host: StepHost,
    step: Step,
    trigger: Event,
    actor: Actor,
    done: Mapping[int, str],
    to: str = "",
) -> Done:
    """Give what opened again back to who did it last, tell them, and make the step durable."""
    reached = to or str(trigger.data.get("to", ""))
    step.opened = [given_back(connection, case, host, one) for one in step.opened]
    if not step.statuses:
        status = status_at(connection, case.id, {one.element.id for one in step.opened})
        step.statuses.extend([status] if status else [])
    host.notices.extend(_notices(case, step, trigger, reached))
    host.notices.extend(_bereft(connection, case, step, trigger, actor))
    opened = persist(connection, case, step, host, trigger, actor.id, done, "move")
    keep(engine, case)
    return Done(case.id, tuple(opened))


def given_back(connection: Connection, case: Loaded, host: StepHost, opened: Opened) -> Opened:
    """The task as its last performer's own, if that person may still do it; else as the diagram says."""
    if opened.assignee is not None:
        return opened
    local = feel.dump(dict(opened.local))[0]
    for stored, closed_by, acting_for in _last_done(connection, key=case.id, node=opened.element.id):
        kept = orjson.loads(stored)[0]
        if all(local.get(name) == value for name, value in kept.items()):  # the same instance
            who = acting_for or closed_by
            return replace(opened, assignee=who) if _may(connection, case, host, opened, who) else opened
    return opened


def _may(connection: Connection, case: Loaded, host: StepHost, opened: Opened, who: str) -> bool:
    try:
        actor = load_actor(connection, who)
    except ZhibanError:  # gone, or active no more
        return False
    kept = desk.kept_from(host.definition.diagram, opened.element)
    out = performers(connection, case.id, kept) if kept else frozenset()
    return who not in out and not (actor.groups | {who}).isdisjoint({*opened.groups, *opened.users})


def _notices(case: Loaded, step: Step, trigger: Event, to: str) -> list[Notice]:
    """Whoever has work again hears of it."""
    if trigger.kind not in ("task.sent_back", "task.rejected"):
        return []
    mark = f"{case.id}:{trigger.kind}:{trigger.data['task']}"
    found = {}
    for one in step.opened:
        for name in [one.assignee] if one.assignee else (*one.groups, *one.users):
            found[name] = Notice(name, "sent-back", f"{mark}:{name}", {"step": one.element.label})
    return list(found.values())


def _bereft(connection: Connection, case: Loaded, step: Step, trigger: Event, actor: Actor) -> list[Notice]:
    """Whoever had in hand what the move takes away hears of it, added signers too. A withdrawal tells all."""
    if "task" not in trigger.data:
        return []
    tokens = [one.token for one in step.closed if not one.completed]
    mark = f"{case.id}:work-cancelled:{trigger.data['task']}"
    return [
        Notice(who, "work-cancelled", f"{mark}:{task}", {"step": name})
        for task, who, name in _had(connection, case.id, tokens)
        if who != actor.id
    ]


def _had(connection: Connection, case_id: str, tokens: list[int]) -> list[Any]:
    """The open tasks at these tokens that somebody has, with the added signers'."""
    query = sa.select(tasks.c.id, tasks.c.assignee, tasks.c.name).where(
        tasks.c.case_id == case_id, tasks.c.token.in_(tokens), IS_OPEN, tasks.c.assignee.is_not(None)
    )
    return list(connection.execute(query.order_by(tasks.c.id))) if tokens else []


def guard_open(case: Loaded) -> None:
    """Conflict if the case has ended."""
    if case.row["state"] != "open":
        raise Conflict("runtime.case_ended")
