"""退回 and 驳回: whoever has a task leads the case elsewhere instead of completing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn import desk, stepping
from engine.bpmn.model import Diagram, Element
from engine.bpmn.stepping import Run
from engine.database import Prepared
from engine.errors import Conflict, NotAllowed
from engine.identity import Actor
from engine.runtime.casework.loading import look
from engine.runtime.engine import Engine
from engine.runtime.guards import read_task
from engine.runtime.moves.acting import InHand, in_hand, move_on
from engine.runtime.steps import Done
from engine.runtime.tables import tasks

REJECTED = "已驳回"
END = "end"
_done_at = Prepared(
    sa.select(tasks.c.element).where(tasks.c.case_id == bindparam("key"), tasks.c.state == "done").distinct()
)


@dataclass(frozen=True)
class Target:
    """A node that a task can be sent back to: its id, and what people call it."""

    element: str
    name: str


def send_back_targets(engine: Engine, connection: Connection, task_id: str) -> list[Target]:
    """The nodes that the open task can be sent back to, in the order of the flow: those done before.

    Empty for an added signer's task and for one that is closed. NotFound if there is none.
    """
    task = read_task(connection, task_id)
    if task["state"] != "open" or task["parent"] is not None:
        return []
    case = look(engine, connection, task["case_id"])
    return _targets(connection, case.id, case.run, task)


def _targets(connection: Connection, case_id: str, run: Run, task: Mapping[str, Any]) -> list[Target]:
    diagram = run.program.diagram
    kept = desk.back_to(diagram, diagram.elements[task["element"]])
    done = {key for (element,) in _done_at(connection, key=case_id) for key in _around(diagram, element)}
    return [
        Target(e.id, e.label)
        for e in stepping.targets(run, task["token"])
        if e.id in done and (kept is None or e.id in kept)
    ]


def _around(diagram: Diagram, key: str) -> list[str]:
    """An element and the sub-processes around it: what was done in them was done there, too."""
    found = []
    while key in diagram.elements:
        found.append(key)
        key = diagram.elements[key].scope
    return found


def _beyond(diagram: Diagram, element: Element, to: str) -> Element | None:
    """The call or event sub-process around a task that the node called `to` lies outside of, if one does."""
    meant = [e for e in diagram.elements.values() if to in (e.id, e.label)]
    for key in _around(diagram, element.scope):
        holder = diagram.elements[key]
        if holder.by_event or holder.kind == "callActivity":
            return holder if meant and not any(key in _around(diagram, e.scope) for e in meant) else None
    return None


def send_back(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    to: str,
    opinion: str,
    version: int | None = None,
) -> Done:
    """Send one's task back to a node done before (退回), by its id or name; what followed is cancelled.

    Its due dates begin anew, and who did it last has it again, if that person still may.
    NotFound, NotAllowed, Conflict (as for completing; no such node before it), Invalid (no opinion).
    """
    hand = in_hand(engine, connection, actor, task_id, "send back", opinion, version)
    found = _targets(connection, hand.case.id, hand.case.run, hand.task)
    chosen = next((one.element for one in found if to in (one.element, one.name)), None)
    if chosen is None:
        facts = {"task": hand.task["name"], "to": to, "places": "、".join(one.name for one in found) or "—"}
        within = _beyond(hand.host.definition.diagram, hand.element, to)
        if within is not None:
            raise Conflict("runtime.not_out_of", within=within.label, **facts)
        raise Conflict("runtime.nothing_to_send_back_to", **facts)
    step = stepping.send_back(hand.case.run, hand.task["token"], chosen, hand.host)
    return move_on(engine, connection, actor, hand, step, "task.sent_back", chosen)


def reject(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    opinion: str,
    version: int | None = None,
) -> Done:
    """Reject at one's task (驳回): the case goes where the node declares, or ends with the status 已驳回.

    NotFound, NotAllowed, Conflict (as for completing), Invalid (no opinion).
    """
    hand = in_hand(engine, connection, actor, task_id, "reject", opinion, version)
    to = rejection(hand.host.definition.diagram, hand.element)
    if not to:
        raise NotAllowed("runtime.no_rejection", task=hand.task["name"])
    if to != END:
        step = stepping.reject(hand.case.run, hand.task["token"], to, hand.host)
    else:
        step = stepping.terminate(hand.case.run, hand.host)
        step.statuses.append(REJECTED)
    return move_on(engine, connection, actor, hand, step, "task.rejected", to)


def rejection(diagram: Diagram, element: Element) -> str:
    """Where a node leads when it is rejected: an element's id, END, or nothing."""
    said = element.properties.get("reject", "").strip()
    if not said or said.lower() == END:
        return said.lower()
    return next(iter(desk.called_so(diagram, element, said)), "")


__all__ = ["END", "InHand", "Target", "reject", "rejection", "send_back", "send_back_targets"]
