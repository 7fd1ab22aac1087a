"""Keeps the documents of rules: which is in force, which a case started under, publishing, history.

Nothing here commits. A published document never changes, so each is read once by a process.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared, is_duplicate, new_id
from engine.errors import Conflict, Invalid, NotFound
from engine.worktime.rules import reading
from engine.worktime.rules.document import DEFAULT, Rules
from engine.worktime.tables import rules

_NOTE = 500  # characters

_in_force = Prepared(
    sa.select(rules.c.id)
    .where(rules.c.effective_from <= sa.bindparam("at", type_=Moment))
    .order_by(rules.c.effective_from.desc(), rules.c.revision.desc())
    .limit(1)
)
_content = Prepared(sa.select(rules.c.content).where(rules.c.id == sa.bindparam("key")))
_read: dict[str, Rules] = {}  # by id


@dataclass(frozen=True)
class Published:
    """One document in the history: who made it when (UTC), why, from when it holds, and what it says."""

    revision: int
    effective_from: datetime
    made_at: datetime
    made_by: str
    note: str
    rules: Rules


def in_force(connection: Connection, at: datetime) -> Rules:
    """The rules that hold at the moment `at` (UTC), DEFAULT if none were published by then.

    The newest effective date counts; of two with the same, the one published later.
    """
    rows = _in_force(connection, at=at)
    return by_id(connection, rows[0][0] if rows else "")


def by_id(connection: Connection, id: str) -> Rules:
    """The document with this id; "" is DEFAULT. NotFound for one that was never published."""
    found = _read.get(id) if id else DEFAULT
    if found is None:
        rows = _content(connection, key=id)
        if not rows:
            raise NotFound("worktime.rules.unknown")
        if len(_read) >= 64:
            _read.clear()
        found = _read[id] = reading.read(json.loads(rows[0][0]), id=id)
    return found


def publish(
    connection: Connection,
    content: Any,
    *,
    effective_from: datetime | None = None,
    by: str,
    note: str,
    now: datetime,
    templates: Collection[str] | None = None,
) -> Published:
    """Put `content` (JSON, see `reading`) in force from `effective_from`, by default from `now` (UTC).

    Cases that are open keep the rules they started under. `templates` are the notices there are.
    Raises Invalid with a problem for each row that is wrong, for a note that is missing, or for an
    effective date in the past; Conflict when somebody else published at this moment.
    """
    effective = now if effective_from is None else effective_from
    if effective < now:
        raise Invalid("worktime.rules.past")
    note = note.strip()
    if not 0 < len(note) <= _NOTE:
        raise Invalid("worktime.rules.note", most=_NOTE)
    read = reading.read(content, id=new_id(), templates=templates)
    latest = connection.execute(sa.select(sa.func.max(rules.c.revision))).scalar_one() or 0
    values = {
        "id": read.id,
        "revision": latest + 1,
        "effective_from": effective,
        "made_at": now,
        "made_by": by,
        "note": note,
        "content": json.dumps(reading.write(read), ensure_ascii=False),
    }
    try:
        connection.execute(rules.insert().values(values))
    except sa.exc.IntegrityError as error:
        if is_duplicate(error):
            raise Conflict("worktime.changed") from error
        raise
    return Published(latest + 1, effective, now, by, note, read)


def history(connection: Connection, most: int = 100) -> list[Published]:
    """What was published, the newest first."""
    rows = connection.execute(sa.select(rules).order_by(rules.c.revision.desc()).limit(most))
    return [
        Published(
            row.revision,
            row.effective_from,
            row.made_at,
            row.made_by,
            row.note,
            reading.read(json.loads(row.content), id=row.id),
        )
        for row in rows
    ]
