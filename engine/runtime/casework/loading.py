"""Taking a case in hand: its row locked until the transaction ends, its run, and the host of a step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import worktime
from engine.bpmn import stepping
from engine.clock import local
from engine.database import Prepared
from engine.errors import NotFound
from engine.repository import Definition
from engine.runtime.casework import stops
from engine.runtime.engine import Engine
from engine.runtime.operations import StepHost
from engine.runtime.tables import case_states, cases, tasks
from engine.runtime.write import Loaded

_CASE = [c for c in cases.c]
_NAMES = [c.name for c in _CASE]
_lock_case = Prepared(sa.select(*_CASE).where(cases.c.id == bindparam("key")).with_for_update())
_read_case = Prepared(sa.select(*_CASE).where(cases.c.id == bindparam("key")))
_lock_case_of = Prepared(
    sa.select(*_CASE)
    .where(cases.c.id == sa.select(tasks.c.case_id).where(tasks.c.id == bindparam("key")).scalar_subquery())
    .with_for_update()
)
_state = Prepared(
    sa.select(case_states.c.tokens, case_states.c.variables).where(case_states.c.case_id == bindparam("key"))
)


def load(engine: Engine, connection: Connection, case_id: str) -> Loaded:
    """The case's row, locked until the transaction ends, and its run. NotFound if there is none."""
    found = _lock_case(connection, key=case_id)
    if not found:
        raise NotFound("runtime.no_case")
    return _loaded(engine, connection, found[0])


def look(engine: Engine, connection: Connection, case_id: str) -> Loaded:
    """The case as it is stored, neither locked nor kept warm: to look at. NotFound if there is none."""
    found = _read_case(connection, key=case_id)
    if not found:
        raise NotFound("runtime.no_case")
    return _stored(engine, connection, dict(zip(_NAMES, found[0], strict=True)))


def load_of_task(engine: Engine, connection: Connection, task_id: str) -> Loaded:
    """The case of a task, as `load` gives it."""
    found = _lock_case_of(connection, key=task_id)
    if not found:
        raise NotFound("runtime.no_task")
    return _loaded(engine, connection, found[0])


def _loaded(engine: Engine, connection: Connection, found: tuple[Any, ...]) -> Loaded:
    row = dict(zip(_NAMES, found, strict=True))
    run = engine.warm.take(row["id"], row["history_hash"])
    if run is None:
        return _stored(engine, connection, row)
    run.context["case"] = case_context(row)
    return Loaded(row, run)


def _stored(engine: Engine, connection: Connection, row: dict[str, Any]) -> Loaded:
    definition = engine.definitions.get(connection, row["definition_id"])
    tokens, variables = _state(connection, key=row["id"])[0]
    run = stepping.load(definition.program, {"case": case_context(row)}, bytes(tokens), bytes(variables))
    return Loaded(row, run)


def keep(engine: Engine, case: Loaded) -> None:
    """Keep the run in memory for the case's next step; a rolled-back one is never found again."""
    engine.warm.keep(case.id, case.row["history_hash"], case.run)


def host_of(engine: Engine, connection: Connection, case: Loaded) -> StepHost:
    """The host of a step at this moment, counting on the calendar in force."""
    definition = engine.definitions.get(connection, case.row["definition_id"])
    return new_host(engine, connection, definition, case.row, engine.clock.now())


def new_host(
    engine: Engine, connection: Connection, definition: Definition, row: dict[str, Any], now: datetime
) -> StepHost:
    """The host of a step of the case that `row` is."""
    return StepHost(
        connection,
        definition,
        now,
        counting_of(connection, row, worktime.load(connection)),
        engine.operations,
        case_context(row),
        row,
        row["version"],
        tuple(engine.channels),
    )


def counting_of(
    connection: Connection, row: Mapping[str, Any], calendar: worktime.Calendar
) -> worktime.Counting:
    """How this case counts on `calendar`: past its own stops, by the rules it started under."""
    held = stops.read(row["stops"]) if row["stops"] != "[]" else ()
    rules_id = row["rules_id"]
    rules = worktime.rules.by_id(connection, rules_id) if rules_id else worktime.rules.DEFAULT
    return worktime.Counting(calendar, held, rules)


def case_context(row: Mapping[str, Any]) -> dict[str, Any]:
    """What expressions see as `case`."""
    names = ("id", "number", "enterprise", "status", "title")
    return {**{name: row[name] for name in names}, "started": local(row["started_at"])}
