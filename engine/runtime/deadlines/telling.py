"""Telling that a case's clocks stopped or run again, whether a person or the diagram made them.

It is told when the step's rows are written: so whoever has a task of this very step hears it too, and
what runs again is named with the date that counts from now on.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn.model import Diagram
from engine.clock import local
from engine.database import Prepared
from engine.outbox import Notice
from engine.runtime.deadlines.policies import ENTERPRISE
from engine.runtime.deadlines.recipients import enterprise_of, everybody_of, handlers_of
from engine.runtime.operations import StepHost
from engine.runtime.tables import deadlines

RESUMED = "clock-resumed"
NEEDED = "clock-stopped-needs"
_running = Prepared(
    sa.select(deadlines.c.element, deadlines.c.due_at)
    .where(deadlines.c.case_id == bindparam("key"), deadlines.c.state == sa.literal_column("'running'"))
    .order_by(deadlines.c.due_at)
)


def clock_notices(connection: Connection, host: StepHost) -> list[Notice]:
    """The notices of the stops and resumptions of this step, once its rows are written."""
    if not host.clock:
        return []
    row, diagram = host.row, host.definition.diagram
    groups = everybody_of(connection, row, host.now)
    if all(name.startswith(ENTERPRISE) for name in groups) and row["department"]:
        groups.insert(0, f"handler@{row['department']}")  # nobody of the house has a task at this moment
    found = []
    for number, (template, data) in enumerate(host.clock):
        dates = _dates(connection, row, diagram, host.now) if template == RESUMED else {}
        for group in groups:
            due = dates.get(group, dates.get("") if not group.startswith(ENTERPRISE) else None)
            said = {**data, "due": local(due)} if due is not None else data
            dedupe = f"{row['id']}:{template}:{host.step}:{number}:{group}"
            found.append(_notice(group, template, dedupe, said))
    return found


def _notice(group: str, template: str, dedupe: str, data: Mapping[str, Any]) -> Notice:
    """What the enterprise is to supply is told to the enterprise alone."""
    if data.get("needs") and group.startswith(ENTERPRISE):
        return Notice(group, NEEDED, dedupe, data)
    return Notice(group, template, dedupe, {name: value for name, value in data.items() if name != "needs"})


def _dates(
    connection: Connection, row: dict[str, str], diagram: Diagram, now: datetime
) -> dict[str, datetime]:
    """The nearest date (UTC) for each who hears of it: of one's own tasks and phases; '' is the case's.

    The enterprise's is the nearest that is not internal.
    """
    found: dict[str, datetime] = {}
    for key, due in _running(connection, key=row["id"]):
        element = diagram.elements[key]
        concerned = ["", *handlers_of(connection, row, diagram, element, now)]
        if element.properties.get("internal") != "true":
            concerned += enterprise_of(row)
        for group in concerned:
            found.setdefault(group, due)
    return found
