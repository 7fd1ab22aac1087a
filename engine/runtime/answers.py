"""The same request twice gets the same answer once: the memory behind `Idempotency-Key`.

The answer is written in the transaction of what it answers, so it is kept exactly if that is.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import Conflict
from engine.runtime.tables import answers


def once(connection: Connection, *, key: str, actor_id: str, digest: str) -> str | None:
    """The answer given to this key before, or None. Conflict if the key came with another request."""
    query = sa.select(answers.c.digest, answers.c.answer).where(
        answers.c.key == key, answers.c.actor == actor_id
    )
    found = connection.execute(query).first()
    if found is None:
        return None
    if found.digest != digest:
        raise Conflict("runtime.key_reused")
    return str(found.answer)


def remember(
    connection: Connection, *, key: str, actor_id: str, digest: str, answer: str, now: datetime
) -> None:
    """Keep the answer (text, JSON or a place to go). Of two equal requests at once, the second fails here."""
    row = {"key": key, "actor": actor_id, "digest": digest, "answer": answer, "created_at": now}
    connection.execute(sa.insert(answers).values(row))
