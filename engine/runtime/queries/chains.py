"""The history of all cases as one thing: does every chain hold, and what are they all together."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import history
from engine.runtime.tables import cases


def verify_history(connection: Connection) -> list[history.Break]:
    """Check the hash chains of all cases and of the platform's own records."""
    query = sa.select(cases.c.id, cases.c.history_seq, cases.c.history_hash)
    known = ((r.id, history.Head(r.history_seq, r.history_hash)) for r in connection.execute(query))
    return list(history.verify(connection, known))


def heads_digest(connection: Connection) -> str:
    """One hash over the heads of all chains: kept elsewhere, it shows later that nothing was rewritten."""
    found = hashlib.sha256()
    query = sa.select(cases.c.id, cases.c.history_seq, cases.c.history_hash).order_by(cases.c.id)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        found.update(f"{row.id} {row.history_seq} {row.history_hash}\n".encode())
    for row in connection.execute(sa.select(history.heads).order_by(history.heads.c.chain)):
        found.update(f"{row.chain} {row.seq} {row.hash}\n".encode())
    return found.hexdigest()
