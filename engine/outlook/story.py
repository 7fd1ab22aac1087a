"""The whole course of a scenario, day by day, for somebody who thinks about the process.

The scenario is played by the scenario runner's own stage on a database of its own, with its clock;
what it expects is not asked. Then the history of its cases is read: what was done, what fell due.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import runtime, worktime
from engine.bpmn.model import Diagram
from engine.clock import ControlledClock, as_utc
from engine.errors import ZhibanError
from engine.runtime import queries
from engine.runtime.queries import HistoryRow
from engine.runtime.tables import cases
from engine.scenarios import Databases, Scenario
from engine.scenarios.databases import BEGINNING
from engine.scenarios.stage import Stage
from engine.scenarios.stage.mistakes import broken

SECONDS = 15.0  # wall clock; a scenario of an ordinary size takes less than one
ENDINGS = {
    "task.completed": "done",
    "task.cancelled": "cancelled",
    "task.sent_back": "cancelled",
    "task.rejected": "cancelled",
}
BY_PEOPLE = frozenset({"case.started", "task.completed", "message.received"})
KINDS = {  # kinds of history that are told, and what they are on the calendar
    "case.started": "event",
    "task.completed": "event",
    "message.received": "event",
    "case.ended": "event",
    "clock.stopped": "event",
    "clock.resumed": "event",
    "timer.fired": "timer",
    "reminder.sent": "reminder",
    "assessment.recorded": "fault",
    "incident.raised": "fault",
}


@dataclass(frozen=True)
class Entry:
    """One thing on one day. `what` is event, timer, reminder, fault or deadline.

    `kind` is the history's word; of a deadline it says how it was kept: met, late, cancelled or open.
    `name` is the node's name as the diagram has it. A deadline that moved stands where it ended up.
    """

    at: datetime
    what: str
    kind: str
    name: str
    who: str = ""
    number: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """The entries in order. `why` says why it broke off before the scenario's end; empty if it did not."""

    entries: tuple[Entry, ...]
    calendar: worktime.Calendar
    why: str = ""


def story(scenario: Scenario, databases: Databases, seconds: float = SECONDS) -> Story:
    """Play the scenario and read what happened. Invalid if the process of its folder is refused."""
    clock = ControlledClock(BEGINNING)
    process = scenario.place.file.resolve().parent.parent
    with databases.fresh(process, clock) as engine:
        why = _played(Stage(engine, clock, scenario.departments), scenario, seconds)
        with engine.reading() as connection:
            entries = [entry for case in _cases(connection) for entry in _of_case(engine, connection, case)]
            calendar = worktime.load(connection)
    return Story(tuple(sorted(entries, key=lambda entry: entry.at)), calendar, why)


def _played(stage: Stage, scenario: Scenario, seconds: float) -> str:
    """Play what can be played; why not all of it."""
    until = time.perf_counter() + seconds
    for step in scenario.steps:
        if time.perf_counter() > until:
            return "time"
        try:
            stage.play(step)
        except ZhibanError as error:
            if step.refused is None:
                return f"{step.place}: {broken(error)}"
    return ""


def _cases(connection: Connection) -> Iterable[sa.Row[Any]]:
    return connection.execute(sa.select(cases).order_by(cases.c.started_at, cases.c.number)).all()


def _of_case(engine: runtime.Engine, connection: Connection, case: sa.Row[Any]) -> list[Entry]:
    diagram = runtime.definition(engine, connection, case.definition_id).diagram
    rows = queries.history(connection, case.id)
    found = [_entry(row, diagram, case.number) for row in rows if row.kind in KINDS]
    return [*found, *_deadlines(rows, diagram, case.number)]


def _entry(row: HistoryRow, diagram: Diagram, number: str) -> Entry:
    who = row.actor_name if row.kind in BY_PEOPLE else ""
    at = _moment(row.data.get("at")) or row.at if row.kind == "timer.fired" else row.at
    return Entry(at, KINDS[row.kind], row.kind, _name(diagram, row), who, number, row.data)


def _name(diagram: Diagram, row: HistoryRow) -> str:
    element = diagram.elements.get(row.element)
    return str(row.data.get("name") or (element.label if element is not None else row.element))


def _deadlines(rows: Iterable[HistoryRow], diagram: Diagram, number: str) -> list[Entry]:
    """The last moment of each task that had one, where it stood in the end, and how it was kept."""
    found: dict[str, tuple[datetime, str]] = {}
    ended: dict[str, tuple[datetime, str]] = {}
    for row in rows:
        task = str(row.data.get("task") or "")
        due = _moment(row.data.get("due" if row.kind == "task.opened" else "to"))
        if row.kind == "task.opened" and due is not None:
            found[task] = due, _name(diagram, row)
        elif row.kind == "deadline.moved" and due is not None and task in found:
            found[task] = due, found[task][1]
        elif row.kind in ENDINGS:
            ended[task] = row.at, ENDINGS[row.kind]
    return [
        Entry(due, "deadline", _kept(due, ended.get(task)), name, number=number)
        for task, (due, name) in found.items()
    ]


def _kept(due: datetime, end: tuple[datetime, str] | None) -> str:
    """open, cancelled, met or late."""
    if end is None or end[1] == "cancelled":
        return "open" if end is None else "cancelled"
    return "met" if end[0] <= due else "late"


def _moment(text: Any) -> datetime | None:
    try:
        return as_utc(datetime.fromisoformat(text)) if isinstance(text, str) else None
    except ValueError:
        return None
