"""The deadlines of a case, as its page, the task's page and the API show them."""

from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.bpmn.model import Diagram
from engine.runtime.casework.stops import open_stop
from engine.runtime.queries.rows import DeadlineRow
from engine.runtime.tables import cases, deadlines

_HIDDEN = ("case_id", "token")
_OPEN = deadlines.c.closed_at.is_(None)


def deadlines_of(connection: Connection, case_id: str, diagram: Diagram) -> list[DeadlineRow]:
    """Every deadline the case ever had, oldest first. Its `diagram` says what is internal."""
    return _found(connection, diagram, deadlines.c.case_id == case_id)


def open_deadlines_of(connection: Connection, case_id: str, diagram: Diagram) -> list[DeadlineRow]:
    """The deadlines of the case that still run or are stopped, oldest first."""
    return _found(connection, diagram, deadlines.c.case_id == case_id, _OPEN)


def last_over(
    connection: Connection, case_id: str, diagram: Diagram, most: int
) -> tuple[list[DeadlineRow], int]:
    """The last `most` deadlines of the case that are over, oldest first; and how many are over in all."""
    over = (deadlines.c.case_id == case_id, ~_OPEN)
    newest = sa.select(deadlines.c.id).where(*over)
    newest = newest.order_by(deadlines.c.since_at.desc(), deadlines.c.id.desc()).limit(most)
    ids = list(connection.execute(newest).scalars())
    every = sa.select(sa.func.count()).select_from(deadlines).where(*over)
    count = len(ids) if len(ids) < most else int(connection.execute(every).scalar_one())
    return _found(connection, diagram, deadlines.c.id.in_(ids)), count


def deadlines_of_task(
    connection: Connection, case_id: str, element: str, diagram: Diagram
) -> list[DeadlineRow]:
    """The open deadlines that bind whoever works at `element`: its own, and of the phases around it."""
    around, key = {element}, element
    while key in diagram.elements:
        key = diagram.elements[key].scope
        around.add(key)
    return _found(connection, diagram, deadlines.c.case_id == case_id, deadlines.c.element.in_(around), _OPEN)


def _found(
    connection: Connection, diagram: Diagram, *conditions: sa.ColumnElement[bool]
) -> list[DeadlineRow]:
    own = [c for c in deadlines.c if c.name not in _HIDDEN]
    query = sa.select(*own, cases.c.stops).join(cases, cases.c.id == deadlines.c.case_id).where(*conditions)
    rows = connection.execute(query.order_by(deadlines.c.since_at, deadlines.c.id)).mappings()
    return [_row(dict(row), diagram) for row in rows]


def _row(found: dict[str, Any], diagram: Diagram) -> DeadlineRow:
    stop = open_stop(found.pop("stops")) if found["state"] == "stopped" else None
    basis: Mapping[str, Any] | None = orjson.loads(found["basis"]) if found["basis"] else None
    element = diagram.elements.get(found["element"])
    internal = element is not None and element.properties.get("internal") == "true"
    found.pop("stops", None)
    return DeadlineRow(**{**found, "basis": basis}, internal=internal, stop=stop)
