"""The job behind a new calendar: every open case whose dates stand on an older one is counted anew.

One case a transaction, and the case's own row says where it stands: who is killed half-way leaves some
cases behind, and the next run goes on with them. Ended cases are left as they were. A case whose dates
cannot be counted is held by an incident, and left alone until somebody retries that.
"""

from functools import partial

import sqlalchemy as sa
from sqlalchemy import bindparam

from engine import worktime
from engine.database import Mostly, Prepared
from engine.runtime.casework.loading import keep, load
from engine.runtime.casework.mishaps import OF_CLOCK, attempt
from engine.runtime.casework.recount import ready
from engine.runtime.engine import Engine
from engine.runtime.tables import cases, incidents

BATCH = 50
_behind = Prepared(
    sa.select(cases.c.calendar, cases.c.id)
    .where(
        Mostly(cases.c.state == sa.literal_column("'open'")),
        cases.c.calendar < bindparam("revision", type_=sa.Integer),
        sa.tuple_(cases.c.calendar, cases.c.id)
        > sa.tuple_(bindparam("last", type_=sa.Integer), bindparam("at", type_=sa.String)),
        ~sa.exists().where(incidents.c.case_id == cases.c.id, OF_CLOCK, incidents.c.element == ""),
    )
    .order_by(cases.c.calendar, cases.c.id)
    .limit(BATCH)
)


def recount_cases(engine: Engine, most: int = 10_000) -> int:
    """Count the cases that are behind, oldest first; returns how many.

    A case that fails doesn't stop the others. What the database says is raised when they are done.
    """
    counted, last = 0, (-1, "")
    failed: sa.exc.SQLAlchemyError | None = None
    while counted < most:
        with engine.reading() as connection:
            revision = worktime.load(connection).revision
            found = _behind(connection, revision=revision, last=last[0], at=last[1])
        if not found:
            break
        for calendar, case_id in found:
            last = (calendar, case_id)
            try:
                counted += attempt(engine, case_id, "", partial(_recount, engine, case_id))
            except sa.exc.SQLAlchemyError as error:  # kept, and raised behind the others
                failed = failed or error
    if failed is not None:
        raise failed
    return counted


def _recount(engine: Engine, case_id: str) -> int:
    with engine.writing() as connection:
        case = load(engine, connection, case_id)
        ready(engine, connection, case)
        keep(engine, case)
    return 1
