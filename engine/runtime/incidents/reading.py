"""The open incidents, read from their rows, the oldest first: what has waited longest comes first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.runtime.tables import cases, incidents, timers

MOST = 200  # incidents that are listed and counted
_OPEN = incidents.c.resolved_at.is_(None)


@dataclass(frozen=True)
class IncidentRow:
    """An open incident. `message` is the error as the program says it. Moments in UTC.

    `kind` is what it holds: timer (`element` and `due_at` are the timer's), calendar (the case's dates
    stand on an older calendar), reminder (of the deadline at `element`), task (nobody can do it: closed by
    itself once somebody can).
    """

    id: str
    kind: str
    case_id: str
    number: str
    title: str
    confidential: bool
    definition_id: str
    element: str
    due_at: datetime | None
    message: str
    raised_at: datetime


def listed(connection: Connection, limit: int = MOST) -> list[IncidentRow]:
    """The open incidents, oldest first."""
    of_case = (cases.c.number, cases.c.title, cases.c.confidential, cases.c.definition_id)
    query = (
        sa.select(incidents, *of_case, timers.c.due_at)
        .select_from(incidents.join(cases, cases.c.id == incidents.c.case_id))
        .outerjoin(timers, timers.c.id == incidents.c.timer_id)
        .where(_OPEN)
        .order_by(incidents.c.raised_at, incidents.c.id)
        .limit(limit)
    )
    return [_row(row) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    """How many incidents are open; MOST means that many or more."""
    some = sa.select(incidents.c.id).where(_OPEN).limit(MOST).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _row(row: sa.Row[Any]) -> IncidentRow:
    found = row._mapping
    names = set(IncidentRow.__dataclass_fields__) - {"kind"}
    return IncidentRow(kind=_kind(row), **{name: found[name] for name in names})


def _kind(row: sa.Row[Any]) -> str:
    if row.timer_id is not None:
        return "timer"
    if row.task_id is not None:
        return "task"
    return "reminder" if row.element else "calendar"
