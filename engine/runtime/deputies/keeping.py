"""Making and ending absences, as people do it: the process is one of ours, and the deputy is told."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import Invalid, Problem
from engine.identity import Actor, absence
from engine.identity.absence import Absence
from engine.repository.tables import definitions
from engine.runtime.deputies.telling import ended, queue
from engine.runtime.engine import Engine


def begin_absence(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    account: str,
    since: datetime,
    until: datetime,
    how: str,
    deputy: str = "",
    process: str = "",
    reason: str = "",
) -> Absence:
    """Make a rule, see identity.absence.make; a `process` must be the key of a deployed one."""
    if process and process not in processes(connection):
        problem = Problem("runtime.absence.process", "process", {"process": process})
        raise Invalid("identity.absence", problems=[problem])
    return absence.make(
        connection,
        actor=actor,
        account=account,
        since=since,
        until=until,
        how=how,
        now=engine.clock.now(),
        deputy=deputy,
        process=process,
        reason=reason,
    )


def end_absence(engine: Engine, connection: Connection, *, actor: Actor, absence_id: str) -> Absence:
    """End a rule now, see identity.absence.end. What it has moved stays where it is: it may be given back."""
    now = engine.clock.now()
    begun = absence.read(connection, absence_id).state(now) == "present"
    rule = absence.end(connection, actor=actor, absence_id=absence_id, now=now)
    if begun:
        queue(connection, engine, ended(rule), now)
    return rule


def processes(connection: Connection) -> dict[str, str]:
    """The name of every deployed process, by key; the newest version's."""
    rows = connection.execute(
        sa.select(definitions.c.key, definitions.c.name).order_by(definitions.c.version)
    )
    return {row.key: row.name for row in rows}
