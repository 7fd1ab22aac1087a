"""The steps of a case: start, complete, deliver, fire — each within one transaction of the caller's.

The order is always the same: read and lock, guard, validate, run until everything waits, write.
An exception means that nothing happened: the caller rolls back, and the run in memory, which was
taken out of the warm store, is dropped with the stack.
"""

from collections.abc import Mapping
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
from engine.errors import Conflict, NotAllowed, NotFound
from engine.history import Event
from engine.identity import Actor, may_start
from engine.repository import Definition, latest
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict, guard_completion, read_task
from engine.runtime.operations import StepHost, next_number
from engine.runtime.queries.choices import RowChoices, file_ids
from engine.runtime.tables import case_states, cases, tasks
from engine.runtime.write import Loaded, persist

_CASE = [c for c in cases.c]
_lock_case = Prepared(sa.select(*_CASE).where(cases.c.id == bindparam("key")).with_for_update())
_state = Prepared(
    sa.select(case_states.c.tokens, case_states.c.variables).where(case_states.c.case_id == bindparam("key"))
)
_lock_case_of = Prepared(
    sa.select(*_CASE)
    .where(cases.c.id == sa.select(tasks.c.case_id).where(tasks.c.id == bindparam("key")).scalar_subquery())
    .with_for_update()
)
_finish_task = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"), tasks.c.state == "open", tasks.c.version == bindparam("seen"))
    .values(
        state="done",
        version=tasks.c.version + 1,
        closed_at=bindparam("at", type_=Moment),
        closed_by=bindparam("by"),
        assignee=bindparam("by"),
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
    host = _host(engine, connection, definition, row, now)
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
    }


def complete(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    values: Any,
    version: int | None = None,
) -> Done:
    """Complete an open task with its form's values.

    `version` is the one the person saw; a task that changed since then is refused.
    NotFound, NotAllowed (another's task), Conflict (finished or changed: who did what, when),
    Invalid (the form's problems).
    """
    case = _load_case_of(engine, connection, task_id)
    task = read_task(connection, task_id)  # under the case's lock: it may have changed while we waited
    guard_completion(connection, task, actor, version)
    host = host_of(engine, connection, case)
    given, files = _task_values(host, case, task, values)
    if _finish_task.count(connection, key=task_id, seen=task["version"], at=host.now, by=actor.id) != 1:
        raise closed_conflict(connection, read_task(connection, task_id))
    step = stepping.complete(
        case.run, task["token"], given, host, task=_task_context(task, host.now), actor=_actor_context(actor)
    )
    forms.files.attach(connection, files, case.id, actor.id)
    data = {"task": task_id, "name": task["name"], "values": feel.dump(given)[0]}
    trigger = Event("task.completed", task["element"], data)
    opened = persist(connection, case, step, host, trigger, actor.id, {task["token"]: task_id})
    engine.warm.keep(case.id, case.row["history_hash"], case.run)
    return Done(case.id, tuple(opened))


def _task_values(
    host: StepHost, case: Loaded, task: Mapping[str, Any], values: Any
) -> tuple[dict[str, Any], list[str]]:
    form = host.definition.forms.get(task["form_key"])
    if form is None:
        return {}, []
    local = feel.load(*orjson.loads(task["local"]))
    variables = {**case.run.variables, **local, **case.run.context}
    choices = RowChoices(host.connection)
    given = form.validate(
        values, variables=variables, choices=choices, functions=host.functions, now=host.now
    )
    return given, file_ids(form.components, given)


def deliver(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    case_id: str,
    message: str,
    values: Mapping[str, Any],
) -> Done:
    """Give a message to a running case. Conflict if the case has ended or does not wait for it."""
    case = load(engine, connection, case_id)
    if case.row["state"] != "open":
        raise Conflict("runtime.case_ended")
    host = host_of(engine, connection, case)
    step = stepping.deliver(case.run, "message", message, values, host)
    trigger = Event("message.received", data={"message": message, "values": feel.dump(dict(values))[0]})
    opened = persist(connection, case, step, host, trigger, actor.id, {})
    engine.warm.keep(case.id, case.row["history_hash"], case.run)
    return Done(case.id, tuple(opened))


def fire(
    engine: Engine, connection: Connection, *, case_id: str, token: int, element: str, due: datetime
) -> Done:
    """Fire one timer; its row is already gone in this transaction. The record holds both moments."""
    case = load(engine, connection, case_id)
    host = host_of(engine, connection, case)
    step = stepping.fire(case.run, token, element, host)
    trigger = Event("timer.fired", element, {"due": due.isoformat(), "at": host.now.isoformat()})
    opened = persist(connection, case, step, host, trigger, "system", {})
    engine.warm.keep(case.id, case.row["history_hash"], case.run)
    return Done(case.id, tuple(opened))


def load(engine: Engine, connection: Connection, case_id: str) -> Loaded:
    """The case's row, locked until the transaction ends, and its run. NotFound if there is none."""
    found = _lock_case(connection, key=case_id)
    if not found:
        raise NotFound("runtime.no_case")
    return _loaded(engine, connection, found[0])


def _load_case_of(engine: Engine, connection: Connection, task_id: str) -> Loaded:
    """The case of a task, as `load` gives it."""
    found = _lock_case_of(connection, key=task_id)
    if not found:
        raise NotFound("runtime.no_task")
    return _loaded(engine, connection, found[0])


def _loaded(engine: Engine, connection: Connection, found: tuple[Any, ...]) -> Loaded:
    row = dict(zip((c.name for c in _CASE), found, strict=True))
    run = engine.warm.take(row["id"], row["history_hash"])
    if run is None:
        definition = engine.definitions.get(connection, row["definition_id"])
        tokens, variables = _state(connection, key=row["id"])[0]
        run = stepping.load(definition.program, {}, bytes(tokens), bytes(variables))
    run.context["case"] = _case_context(row)
    return Loaded(row, run)


def host_of(engine: Engine, connection: Connection, case: Loaded) -> StepHost:
    """The host of a step at this moment."""
    definition = engine.definitions.get(connection, case.row["definition_id"])
    return _host(engine, connection, definition, case.row, engine.clock.now())


def _host(
    engine: Engine, connection: Connection, definition: Definition, row: Mapping[str, Any], now: datetime
) -> StepHost:
    calendar = worktime.load(connection)
    return StepHost(
        connection,
        definition,
        now,
        calendar,
        engine.operations,
        _case_context(row),
        worktime.functions(calendar, now),
        row["version"],
    )


def _case_context(row: Mapping[str, Any]) -> dict[str, Any]:
    """What expressions see as `case`."""
    names = ("id", "number", "enterprise", "status", "title")
    return {**{name: row[name] for name in names}, "started": local(row["started_at"])}


def _task_context(task: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    due = local(task["due_at"]) if task["due_at"] else None
    return {
        "id": task["id"],
        "name": task["name"],
        "opened": local(task["opened_at"]),
        "due": due,
        "completed": local(now),
        "late": bool(task["due_at"] and now > task["due_at"]),
    }


def _actor_context(actor: Actor) -> dict[str, Any]:
    return {
        "id": actor.id,
        "name": actor.name,
        "department": actor.department,
        "enterprise": actor.enterprise,
    }
