"""撤回 by who approved: one's own finished task is open again, while nobody has gone on from it."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel, history
from engine.bpmn import stepping
from engine.bpmn.model import Diagram
from engine.bpmn.stepping import Finished
from engine.database import Prepared
from engine.errors import Conflict, NotAllowed, ZhibanError
from engine.history import Event
from engine.identity import Actor, name_of
from engine.runtime.casework.loading import load_of_task, look
from engine.runtime.casework.recount import ready
from engine.runtime.casework.stops import guard_running
from engine.runtime.engine import Engine
from engine.runtime.guards import read_task
from engine.runtime.moves.acting import cancelled, guard_open, places, written
from engine.runtime.performing import guard_offered, guard_opinion, let_in, told
from engine.runtime.steps import Done
from engine.runtime.tables import tasks
from engine.runtime.write import Loaded

_MOVED = ("task.sent_back", "task.rejected", "task.taken_back")
_BY_PEOPLE = ("task.completed", "signer.decided")
_BEGIN = frozenset({"message.received", "timer.fired", *_BY_PEOPLE, *_MOVED})  # what may move a case
_rows = Prepared(
    sa.select(tasks.c.id, tasks.c.element, tasks.c.name, tasks.c.local, tasks.c.answer).where(
        tasks.c.case_id == bindparam("key")
    )
)


def take_back(
    engine: Engine, connection: Connection, *, actor: Actor, task_id: str, opinion: str = ""
) -> Done:
    """Open one's own finished task again (撤回), and cancel what it had led to.

    NotFound. NotAllowed: another's work, or not offered. Conflict: the case has ended, its clock stands
    still, or somebody has gone on since: who. Invalid: no opinion where the node asks for one.
    """
    case = load_of_task(engine, connection, task_id)
    host = ready(engine, connection, case)
    task = read_task(connection, task_id)
    _guard(connection, case, task, actor)
    guard_running(case.row, task, actor)
    text = guard_opinion(case.run.program.diagram.elements[task["element"]], "take back", opinion)
    step = stepping.reopen(case.run, _finished(task), host)
    represented = task["acting_for"] if task["acting_for"] != actor.id else None
    data = {
        "task": task_id,
        "name": task["name"],
        "from": cancelled(step),
        **places(case, task["element"]),
        "cancelled": cancelled(step),
        **told(opinion=text, represented=represented),
    }
    trigger = Event("task.taken_back", task["element"], data)
    done = written(engine, connection, case, host, step, trigger, actor, {})
    let_in(connection, task, case.run.program.diagram)
    return done


def may_take_back(engine: Engine, connection: Connection, actor: Actor, task_row: Mapping[str, Any]) -> bool:
    """Whether this person may take the finished task back now. Looks at rows first: mostly that is enough."""
    if task_row["state"] != "done" or not _own(task_row, actor) or task_row["parent"] is not None:
        return False
    return why_not_taken_back(engine, connection, actor, task_row) is None


def why_not_taken_back(
    engine: Engine, connection: Connection, actor: Actor, task_row: Mapping[str, Any]
) -> ZhibanError | None:
    """What is said to this person who wants to take the task back now; None if nothing stands against it."""
    try:
        case = look(engine, connection, task_row["case_id"])
        _guard(connection, case, task_row, actor)
        guard_running(case.row, task_row, actor)
    except ZhibanError as error:
        return error
    return None


def _own(task: Mapping[str, Any], actor: Actor) -> bool:
    return actor.id in (task["closed_by"], task["acting_for"])


def _finished(task: Mapping[str, Any]) -> Finished:
    return Finished(task["element"], task["token"], feel.load(*orjson.loads(task["local"])))


def _guard(connection: Connection, case: Loaded, task: Mapping[str, Any], actor: Actor) -> None:
    name = task["name"]
    guard_open(case)
    held = task["state"] == "open" and task["assignee"] == actor.id
    if not held and not _own(task, actor):
        raise NotAllowed("runtime.not_own_work", task=name)
    if task["state"] != "done" or task["parent"] is not None:
        raise Conflict("runtime.not_done", task=name)
    diagram = case.run.program.diagram
    guard_offered(connection, task, diagram.elements[task["element"]], "take back")
    undone = stepping.following(case.run, _finished(task))
    later = next(_later(connection, diagram, task, undone), None)
    if later is not None:
        raise Conflict("runtime.taken_on", task=name, later=later)


def _later(
    connection: Connection, diagram: Diagram, task: Mapping[str, Any], undone: frozenset[str]
) -> Iterator[str]:
    """What has been done since in the part of the flow that would be undone: by people, or by itself."""
    own = orjson.loads(task["local"])
    rows = {}
    for key, element, name, local, answer in _rows(connection, key=task["case_id"]):
        if element in undone | {task["element"]} and not _elsewhere(own, orjson.loads(local)):
            rows[key] = name
            if answer is not None:
                yield name  # its owner has approved it, and waits for added signers
    for kind, element, actor, data in _since(connection, task):
        if kind in _BY_PEOPLE and data["task"] in rows:
            yield f"{rows[data['task']]} {name_of(connection, actor)}"
        reached = data["elements"] if kind == "path" else (element, data["to"]) if kind in _MOVED else ()
        for key in reached:
            if key in undone | {task["element"]} and not _instanced(diagram, key):
                yield diagram.elements[key].label


def _elsewhere(own: list[Any], other: list[Any]) -> bool:
    """Whether two tasks belong to different instances of a sub-process."""
    mine, theirs = own[0].get("loopCounter"), other[0].get("loopCounter")
    return mine is not None and theirs is not None and mine != theirs


def _instanced(diagram: Diagram, key: str) -> bool:
    """Whether the history does not tell which instance of the element it speaks of; rows do."""
    while key in diagram.elements:
        if diagram.elements[key].loop is not None:
            return True
        key = diagram.elements[key].scope
    return False


def _since(connection: Connection, task: Mapping[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """What happened after the step that completed the task: kind, element, actor and data, in order."""
    table = history.events
    query = sa.select(table.c.kind, table.c.element, table.c.actor, table.c.data).where(
        table.c.chain == task["case_id"], table.c.kind.in_([*sorted(_BEGIN), "path"])
    )
    begun = own = False
    for kind, element, actor, stored in connection.execute(query.order_by(table.c.seq)):
        data = orjson.loads(stored)
        if kind in _BEGIN:
            begun = begun or own
            own = kind == "task.completed" and data.get("task") == task["id"]
        if begun and not own:
            yield kind, element, actor, data
