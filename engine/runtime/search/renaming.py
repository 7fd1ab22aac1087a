"""Enterprises that take another name: their cases are found by it at once, however many they are.

The newest cases get their words in the transaction of the renaming, the others a batch a transaction.
Each is locked meanwhile as in a step, so that neither loses what the other writes.
"""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import identity
from engine.runtime.engine import Engine
from engine.runtime.search.backfill import write_anew
from engine.runtime.tables import cases
from engine.runtime.words.tables import renamed

BATCH = 100  # cases of one transaction
_ABOVE = "z"  # every id


def rename_enterprise(engine: Engine, connection: Connection, code: str, name: str) -> None:
    """Register an enterprise under another name, by which its newest cases are found from then on.

    NotFound; Invalid: no name. `follow_names` sees to the cases that are left.
    """
    firm = identity.rename_enterprise(connection, code, name)  # its row is locked: two take their turns
    connection.execute(sa.delete(renamed).where(renamed.c.enterprise == firm.uscc))
    connection.execute(sa.insert(renamed).values(enterprise=firm.uscc, below=_ABOVE))
    _follow(engine, connection, firm.uscc)


def follow_names(engine: Engine, most: int = 10_000) -> int:
    """Write the words of cases that are behind their enterprise's name; returns of how many."""
    followed = 0
    while followed < most:
        with engine.reading() as connection:
            code = connection.execute(sa.select(renamed.c.enterprise).limit(1)).scalar()
        if code is None:
            break
        with engine.writing() as connection:
            followed += _follow(engine, connection, code)
    return followed


def _follow(engine: Engine, connection: Connection, code: str) -> int:
    """One batch, newest first."""
    behind = sa.select(renamed.c.below).where(renamed.c.enterprise == code).with_for_update()
    below = connection.execute(behind).scalar()
    if below is None:
        return 0  # somebody else has done it
    query = sa.select(cases.c.id).where(cases.c.enterprise == code, cases.c.id < below)
    found = list(connection.execute(query.order_by(cases.c.id.desc()).limit(BATCH)).scalars())
    for case_id in found:
        write_anew(engine.definitions, connection, case_id, engine.clock.now())
    its = renamed.c.enterprise == code
    if len(found) < BATCH:
        connection.execute(sa.delete(renamed).where(its))
    else:
        connection.execute(sa.update(renamed).where(its).values(below=found[-1]))
    return len(found)
