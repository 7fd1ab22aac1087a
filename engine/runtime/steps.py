"""The steps of a case: start, complete, fire — each within one transaction of the caller's.

The order is always the same: read and lock, guard, validate, run until everything waits, write.
An exception means that nothing happened: the caller rolls back, and the run in memory, which was
taken out of the warm store, is dropped with the stack.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import feel, forms, worktime
from engine.bpmn import stepping
from engine.clock import local
from engine.database import Moment, Prepared, new_id
from engine.errors import NotAllowed
from engine.history import Event
from engine.identity import Actor, may_start
from engine.repository import Definition, latest
from engine.runtime.casework.loading import keep, load, load_of_task, new_host
from engine.runtime.casework.recount import ready
from engine.runtime.casework.stops import guard_running
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, guard_completion, read_task
from engine.runtime.operations import StepHost, next_number
from engine.runtime.performing import guard_opinion, told
from engine.runtime.queries.choices import RowChoices, file_ids
from engine.runtime.tables import tasks
from engine.runtime.write import Loaded, persist

_finish_task = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"), tasks.c.state == "open", tasks.c.version == bindparam("seen"))
    .values(
        state="done",
        version=tasks.c.version + 1,
        closed_at=bindparam("at", type_=Moment),
        closed_by=bindparam("by"),
        assignee=bindparam("by"),
        held="",
        answer=None,
        acting_for=bindparam("represented"),
        opinion=bindparam("opinion"),
    )
)


@dataclass(frozen=True)
class Started:
    case_id: str
    number: str
    opened: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What a step led to: the case, and the tasks that opened."""

    case_id: str
    opened: tuple[str, ...]


def start_case(engine: Engine, connection: Connection, *, actor: Actor, process: str, values: Any) -> Started:
    """Start a case of the newest version of `process` with the values of its start form.

    NotFound: no such process. NotAllowed: not this person's to start, or for another enterprise.
    Invalid: the form's problems.
    """
    definition = engine.definitions.get(connection, latest(connection, process))
    if not may_start(actor, definition.starters):
        raise NotAllowed("runtime.not_starter", process=definition.name)
    key, now = new_id(), engine.clock.now()
    row = _new_row(connection, definition, key, actor, now)
    host = new_host(engine, connection, definition, row, now)
    given, files = _start_values(host, values)
    run, step = stepping.start(definition.program, {"case": host.case}, given, host)
    case = Loaded(row, run, new=True)
    trigger = Event(
        "case.started", definition.key, {"version": definition.version, "values": feel.dump(given)[0]}
    )
    opened = persist(connection, case, step, host, trigger, actor.id, {})
    if actor.kind == "enterprise" and row["enterprise"] != actor.enterprise:
        raise NotAllowed("runtime.not_own_enterprise")
    forms.files.attach(connection, files, key, actor.id)
    engine.warm.keep(key, row["history_hash"], run)
    return Started(key, row["number"], tuple(opened))


def _start_values(host: StepHost, values: Any) -> tuple[dict[str, Any], list[str]]:
    begin = host.definition.diagram.start()
    form = host.definition.forms.get(begin.attributes.get("formKey", "")) if begin else None
    if form is None:
        return {}, []
    choices = RowChoices(host.connection)
    given = form.validate(values, variables={}, choices=choices, functions=host.functions, now=host.now)
    return given, file_ids(form.components, given)


def _new_row(
    connection: Connection, definition: Definition, key: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    pattern = definition.diagram.properties.get("number", "{date}-{seq:04}")
    return {
        "id": key,
        "number": next_number(connection, pattern, now),
        "process": definition.key,
        "definition_id": definition.id,
        "enterprise": "",
        "title": "",
        "type": "",
        "department": "",
        "urgent": False,
        "confidential": False,
        "status": "",
        "state": "open",
        "started_at": now,
        "started_by": actor.id,
        "ended_at": None,
        "version": 0,
        "history_seq": 0,
        "history_hash": "",
        "rules_id": worktime.rules.in_force(connection, now).id,
        "calendar": worktime.load(connection).revision,
        "stops": "[]",
    }


def complete(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    values: Any,
    version: int | None = None,
    opinion: str = "",
) -> Done:
    """Complete an open task with its form's values, and an opinion where the node asks for one.

    `version` is the one the person saw; a task that changed since then is refused.
    NotFound, NotAllowed (another's task), Conflict (finished or changed: who did what, when),
    Invalid (the form's problems, no opinion).
    """
    case = load_of_task(engine, connection, task_id)
    host = ready(engine, connection, case)
    task = read_task(connection, task_id)  # under the case's lock: it may have changed while we waited
    represented = guard_completion(connection, task, actor, version, host.now)
    guard_running(case.row, task, actor)
    element = host.definition.diagram.elements[task["element"]]
    text = guard_opinion(element, "complete", opinion)
    given, files = task_values(host, case, task, values)
    forms.files.attach(connection, files, case.id, actor.id)
    return finish(engine, connection, case, host, task, given, actor, text, represented)


def finish(
    engine: Engine,
    connection: Connection,
    case: Loaded,
    host: StepHost,
    task: Mapping[str, Any],
    given: Mapping[str, Any],
    actor: Actor,
    opinion: str = "",
    represented: str | None = None,
    **facts: Any,
) -> Done:
    """Close the task, which the caller has guarded, and step on with its validated values.

    `represented` is on whose behalf it is done, if on another's. `facts` go into the record beside the
    values. Conflict if its row is no longer what `task` says.
    """
    task_id = task["id"]
    closing = {"at": host.now, "by": actor.id, "represented": represented, "opinion": opinion}
    if _finish_task.count(connection, key=task_id, seen=task["version"], **closing) != 1:
        raise closed_conflict(connection, read_task(connection, task_id))
    seen = _task_context(task, host.now, opinion)
    step = stepping.complete(case.run, task["token"], given, host, task=seen, actor=actor_context(actor))
    said = {**told(opinion=opinion, represented=represented), **facts}
    data = {"task": task_id, "name": task["name"], "values": feel.dump(dict(given))[0], **said}
    trigger = Event("task.completed", task["element"], data)
    opened = persist(connection, case, step, host, trigger, actor.id, {task["token"]: task_id})
    keep(engine, case)
    return Done(case.id, tuple(opened))


def task_values(
    host: StepHost, case: Loaded, task: Mapping[str, Any], values: Any
) -> tuple[dict[str, Any], list[str]]:
    """The values of the task's form as validated, and the ids of the files among them. Invalid."""
    form = host.definition.forms.get(task["form_key"])
    if form is None:
        return {}, []
    local = feel.load(*orjson.loads(task["local"]))
    variables = {**case.run.variables_at(task["token"]), **local, **case.run.context}
    choices = RowChoices(host.connection)
    given = form.validate(
        values, variables=variables, choices=choices, functions=host.functions, now=host.now
    )
    return given, file_ids(form.components, given)


def fire(
    engine: Engine,
    connection: Connection,
    *,
    case_id: str,
    token: int,
    element: str,
    due: datetime,
    take: Callable[[], bool] = lambda: True,
) -> Done | None:
    """Fire one timer. The record holds both moments.

    `take` removes the timer's row, once the case is locked and its dates are counted on the calendar in
    force; if that says False, somebody else has it or it is due later now, and nothing fires.
    """
    case = load(engine, connection, case_id)
    host = ready(engine, connection, case)
    if not take():
        keep(engine, case)
        return None
    step = stepping.fire(case.run, token, element, host)
    trigger = Event("timer.fired", element, {"due": due.isoformat(), "at": host.now.isoformat()})
    opened = persist(connection, case, step, host, trigger, "system", {})
    keep(engine, case)
    return Done(case.id, tuple(opened))


def _task_context(task: Mapping[str, Any], now: datetime, opinion: str) -> dict[str, Any]:
    due = local(task["due_at"]) if task["due_at"] else None
    return {
        "id": task["id"],
        "name": task["name"],
        "opened": local(task["opened_at"]),
        "due": due,
        "completed": local(now),
        "late": bool(task["due_at"] and now > task["due_at"]),
        "opinion": opinion,
    }


def actor_context(actor: Actor) -> dict[str, Any]:
    """What expressions see as `actor`: who completed the task or sent the message."""
    return {
        "id": actor.id,
        "name": actor.name,
        "department": actor.department,
        "enterprise": actor.enterprise,
    }
