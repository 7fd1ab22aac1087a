"""Timers that are due: claimed by a lease, fired one a transaction, each exactly once.

The claim is at-least-once: a worker that dies leaves its lease to run out. The effect is
exactly-once: firing deletes the timer's row in the step's own transaction, and only while the
lease is still its own. What is not covered: nothing fires while no process runs; what was missed
fires once, late, and the record holds both moments.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared, new_id
from engine.errors import NotFound
from engine.history import Event
from engine.identity import Actor
from engine.runtime.casework.mishaps import raise_incident
from engine.runtime.casework.stops import open_stop
from engine.runtime.engine import Engine
from engine.runtime.guards import lock_case, record
from engine.runtime.steps import fire
from engine.runtime.tables import cases, incidents, timers

LEASE = timedelta(seconds=60)  # wall clock
RETRIES = (30, 120, 600, 3600)  # seconds to the next attempt, by the number of failures
BATCH = 50

_due = (
    sa.select(timers.c.id)
    .where(
        timers.c.state == "waiting",
        timers.c.retry_at <= bindparam("now", type_=Moment),
        sa.or_(timers.c.lease.is_(None), timers.c.lease_until < bindparam("now", type_=Moment)),
    )
    .order_by(timers.c.retry_at, timers.c.id)
    .limit(bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_any_due = Prepared(
    sa.select(timers.c.id)
    .where(timers.c.state == "waiting", timers.c.retry_at <= bindparam("now", type_=Moment))
    .limit(1)
)
_claim = Prepared(
    sa.update(timers)
    .where(timers.c.id.in_(_due.scalar_subquery()))
    .values(lease=bindparam("owner"), lease_until=bindparam("until", type_=Moment))
    .returning(
        timers.c.id, timers.c.case_id, timers.c.token, timers.c.element, timers.c.due_at, timers.c.attempts
    )
)
_take = Prepared(
    sa.delete(timers).where(
        timers.c.id == bindparam("key"), timers.c.lease == bindparam("owner"), timers.c.state == "waiting"
    )
)
_give_back = Prepared(
    sa.update(timers)
    .where(timers.c.id == bindparam("key"), timers.c.lease == bindparam("owner"))
    .values(
        lease=None,
        lease_until=None,
        attempts=bindparam("failures", type_=sa.Integer),
        state=bindparam("how"),
        retry_at=bindparam("at", type_=Moment),
    )
)


def fire_due(engine: Engine, most: int = 10_000) -> int:
    """Fire every timer that is due at this moment, oldest first; returns how many fired."""
    fired, seen = 0, 0
    with engine.reading() as connection:
        if not _any_due(connection, now=engine.clock.now()):
            return 0  # looking costs one read of an index: no lock, no write
    while seen < most:
        owner, now = new_id(), engine.clock.now()
        with engine.writing() as connection:
            claimed = _claim(connection, now=now, most=BATCH, owner=owner, until=now + LEASE)
        if not claimed:
            return fired
        seen += len(claimed)
        for row in sorted(claimed, key=lambda r: (r[4], r[0])):
            fired += _fire_one(engine, owner, row)
    return fired


def _fire_one(engine: Engine, owner: str, row: tuple[Any, ...]) -> int:
    key, case_id, token, element, due, attempts = row
    try:
        with engine.writing() as connection:
            done = fire(
                engine,
                connection,
                case_id=case_id,
                token=token,
                element=element,
                due=due,
                take=lambda: _take.count(connection, key=key, owner=owner) == 1,
            )
            return 0 if done is None else 1
    except Exception as error:  # one case that fails must not stop the others
        _failed(engine, owner, key, case_id, element, attempts, error)
        return 0


def _failed(
    engine: Engine, owner: str, key: str, case_id: str, element: str, attempts: int, error: Exception
) -> None:
    """Try again later; after the last attempt an incident holds the timer until a person decides."""
    now, stuck = engine.clock.now(), attempts >= len(RETRIES)
    later = now if stuck else now + timedelta(seconds=RETRIES[attempts])
    with engine.writing() as connection:
        lock_case(connection, case_id)
        how = "stuck" if stuck else "waiting"
        held = _give_back.count(connection, key=key, owner=owner, failures=attempts + 1, how=how, at=later)
        if stuck and held:
            raise_incident(engine, connection, case_id, element, error, key)


def retry(engine: Engine, connection: Connection, *, actor: Actor, incident_id: str) -> None:
    """Let what the incident holds, a timer or the case's clock, try again at once.

    NotFound if it is resolved already.
    """
    now = engine.clock.now()
    found = connection.execute(sa.select(incidents).where(incidents.c.id == incident_id)).first()
    if found is None:
        raise NotFound("runtime.no_incident")
    lock_case(connection, found.case_id)  # before the incident's own row, as every step does
    mine = sa.and_(incidents.c.id == incident_id, incidents.c.resolved_at.is_(None))
    resolving = sa.update(incidents).where(mine).values(resolved_at=now, resolved_by=actor.id)
    if connection.execute(resolving).rowcount == 0:
        raise NotFound("runtime.no_incident")
    held = connection.execute(sa.select(cases.c.stops).where(cases.c.id == found.case_id)).scalar_one()
    state = "stopped" if open_stop(held) else "waiting"  # while the clock stands still it waits on
    again = sa.update(timers).where(timers.c.id == found.timer_id)
    connection.execute(again.values(state=state, attempts=0, retry_at=now))
    event = Event("incident.retried", found.element, {"incident": incident_id})
    record(engine, connection, found.case_id, [event], actor.id)
