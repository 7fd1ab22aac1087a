"""The same request twice gets the same answer once: the memory behind `Idempotency-Key`.

The answer is written in the transaction of what it answers, so it is kept exactly if that is.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import Conflict
from engine.runtime.tables import answers

KEPT = timedelta(days=30)  # wall clock; a key may be used anew after that


def once(connection: Connection, *, key: str, actor_id: str, digest: str, now: datetime) -> Any:
    """The answer given to this key before, or None. Conflict if the key came with another request."""
    mine = sa.and_(answers.c.key == key, answers.c.actor == actor_id)
    found = connection.execute(sa.select(answers).where(mine)).first()
    if found is None:
        return None
    if found.created_at < now - KEPT:
        connection.execute(sa.delete(answers).where(mine))
        return None
    if found.digest != digest:
        raise Conflict("runtime.key_reused")
    return orjson.loads(found.answer)


def remember(
    connection: Connection, *, key: str, actor_id: str, digest: str, answer: Any, now: datetime
) -> None:
    """Keep a JSON-able answer. Of two equal requests at once, the second fails here as a duplicate."""
    stored = orjson.dumps(answer).decode()
    row = {"key": key, "actor": actor_id, "digest": digest, "answer": stored, "created_at": now}
    connection.execute(sa.insert(answers).values(row))


def forget_answers(connection: Connection, now: datetime) -> int:
    """Forget the answers whose keys may be used anew; returns how many."""
    return connection.execute(sa.delete(answers).where(answers.c.created_at < now - KEPT)).rowcount
