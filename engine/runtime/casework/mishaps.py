"""Incidents: what failed and waits for a person, so that it neither is lost nor tried for ever in silence.

An incident with a timer holds that timer. One with a task says that nobody can do it. One with neither holds
the clock of its case: the case is not counted anew, or not reminded of (then `element` names the deadline's),
until somebody retries it.
"""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared, new_id
from engine.history import Event
from engine.runtime.engine import Engine
from engine.runtime.guards import lock_case, record
from engine.runtime.tables import incidents

OF_CLOCK = sa.and_(
    incidents.c.timer_id.is_(None), incidents.c.task_id.is_(None), incidents.c.resolved_at.is_(None)
)
OF_TASK = sa.and_(incidents.c.task_id.is_not(None), incidents.c.resolved_at.is_(None))
_held = Prepared(
    sa.select(incidents.c.id).where(
        incidents.c.case_id == bindparam("key"), incidents.c.element == bindparam("node"), OF_CLOCK
    )
)
_close = Prepared(
    sa.update(incidents)
    .where(incidents.c.case_id == bindparam("key"), OF_CLOCK)
    .values(resolved_at=bindparam("at", type_=Moment), resolved_by=bindparam("by"))
    .returning(incidents.c.id, incidents.c.element)
)


def raise_incident(
    engine: Engine, connection: Connection, case_id: str, element: str, error: Exception, timer: str | None
) -> None:
    """Write an incident for what failed, and its event; the case is locked by the caller."""
    write_incident(engine, connection, case_id, element, _said(error), timer=timer)


def write_incident(
    engine: Engine,
    connection: Connection,
    case_id: str,
    element: str,
    message: str,
    timer: str | None = None,
    task: str | None = None,
) -> None:
    """Write an incident and its event, in a case that the caller has locked."""
    incident = new_id()
    connection.execute(
        sa.insert(incidents).values(
            id=incident,
            case_id=case_id,
            timer_id=timer,
            task_id=task,
            element=element,
            message=message,
            raised_at=engine.clock.now(),
        )
    )
    event = Event(
        "incident.raised",
        element,
        {"incident": incident, "message": message, **({"task": task} if task else {})},
    )
    record(engine, connection, case_id, [event], "system")


def _said(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
    return f"{type(cause).__name__}: {cause}"[:2000]


def hold_clock(engine: Engine, case_id: str, element: str, error: Exception) -> None:
    """Hold what failed in the case's clock by an incident, one at a time however often it is tried."""
    with engine.writing() as connection:
        lock_case(connection, case_id)
        if not _held(connection, key=case_id, node=element):
            raise_incident(engine, connection, case_id, element, error, None)


def mended(connection: Connection, case_id: str, now: datetime) -> list[Event]:
    """Close the incidents of the case's clock, since it goes right again; returns what to record of it."""
    closed = _close(connection, key=case_id, at=now, by="system")
    return [Event("incident.closed", element, {"incident": incident}) for incident, element in closed]


def attempt(engine: Engine, case_id: str, element: str, act: Callable[[], int]) -> int:
    """What `act` gives; 0 if it fails for the case's own sake, which an incident holds from then on.

    What the database says (busy, gone) passes: the next look tries again.
    """
    try:
        return act()
    except sa.exc.SQLAlchemyError:
        raise
    except Exception as error:  # whatever a diagram's expression may raise
        hold_clock(engine, case_id, element, error)
        return 0
