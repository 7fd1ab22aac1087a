"""What a person has been told: the list behind the bell, how much of it is unread, and marking it read.

A person reads what was sent to the groups they are in now, and to themselves, from the moment their
account was made. What several of their groups were told in one step is one notice. Read is what lies up
to the person's mark, and behind it what they have read one by one; the mark never passes the last minute,
in which a step that began earlier may still commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared
from engine.errors import NotFound
from engine.identity import Actor
from engine.identity.tables import accounts
from engine.outbox.tables import IS_IN_APP, messages, notice_marks, notice_reads

MOST = 100  # unread notices are counted up to here
SETTLED = timedelta(seconds=60)
_TWINS = (messages.c.case_id, messages.c.template, messages.c.created_at, messages.c.data)

_since = Prepared(
    sa.select(accounts.c.created_at, notice_marks.c.read_until)
    .select_from(accounts.outerjoin(notice_marks, notice_marks.c.account_id == accounts.c.id))
    .where(accounts.c.id == sa.bindparam("who"))
)
_move_mark = Prepared(
    sa.text(
        "INSERT INTO notice_marks (account_id, read_until) VALUES (:who, :until) "
        "ON CONFLICT (account_id) DO UPDATE SET read_until = excluded.read_until "
        "WHERE notice_marks.read_until < excluded.read_until"
    ).bindparams(sa.bindparam("until", type_=Moment))
)
_note = Prepared(
    sa.text(
        "INSERT INTO notice_reads (account_id, message_id, created_at) VALUES (:who, :id, :at) "
        "ON CONFLICT DO NOTHING"
    ).bindparams(sa.bindparam("at", type_=Moment))
)
_forget = Prepared(
    sa.delete(notice_reads).where(
        notice_reads.c.account_id == sa.bindparam("who"),
        notice_reads.c.created_at <= sa.bindparam("until", type_=Moment),
    )
)


@dataclass(frozen=True)
class Told:
    """One notice as its reader finds it. `data` fills the template; it holds the case's number and title."""

    id: str
    case_id: str
    at: datetime
    template: str
    data: dict[str, Any]
    unread: bool


def unread(connection: Connection, actor: Actor) -> int:
    """How many notices the person has not read; `MOST` means that many or more."""
    since = _unread_since(connection, actor)
    if since is None:
        return 0
    mine = _recipients(actor)
    behind = sa.select(*_TWINS).where(*_sent_to(mine, actor, since), _not_read(actor))
    some = behind.limit(MOST * len(mine)).subquery()  # each notice reaches a person once a group at most
    once = sa.select(*some.c).distinct().limit(MOST).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(once)).scalar_one())


def told(
    connection: Connection, actor: Actor, *, limit: int, offset: int = 0, unread_only: bool = False
) -> list[Told]:
    """The person's notices, newest first."""
    found = _since(connection, who=actor.id)
    if not found:
        return []
    born, mark = found[0]
    mark = mark or born - timedelta(microseconds=1)
    since = mark if unread_only else born - timedelta(microseconds=1)
    more = [_not_read(actor)] if unread_only else []
    newest = _newest(actor, since, limit + offset, more)
    here = sa.and_(notice_reads.c.account_id == actor.id, notice_reads.c.message_id == newest.c.id)
    is_new = sa.and_(newest.c.created_at > mark, notice_reads.c.message_id.is_(None))
    twins = [newest.c[column.name] for column in _TWINS]
    query = (
        sa.select(sa.func.min(newest.c.id).label("id"), *twins, sa.func.max(sa.case((is_new, 1), else_=0)))
        .select_from(newest.outerjoin(notice_reads, here))
        .group_by(*twins)
        .order_by(newest.c.created_at.desc(), sa.desc("id"))
        .limit(limit)
        .offset(offset)
    )
    return [
        Told(row[0], row[1], row[3], row[2], orjson.loads(row[4]), bool(row[5]))
        for row in connection.execute(query)
    ]


def mark_read(connection: Connection, actor: Actor, ids: Sequence[str], now: datetime) -> None:
    """Mark these notices as read, with those that say the same to another group of the person's.

    NotFound if one of them is not the person's.
    """
    mine = _recipients(actor)
    given = sa.select(messages).where(messages.c.id.in_(ids), messages.c.recipient.in_(mine), IS_IN_APP)
    rows = list(connection.execute(given))
    if len(rows) != len(set(ids)):
        raise NotFound("outbox.no_notice")
    since = _unread_since(connection, actor)
    if since is None:
        return
    for row in rows:
        alike = (messages.c.case_id == row.case_id, *(c == row._mapping[c.name] for c in _TWINS[1:]))
        keys = sa.select(messages.c.id).where(*alike, messages.c.recipient.in_(mine), IS_IN_APP)
        _note_all(connection, actor, [(key, row.created_at) for key in connection.execute(keys).scalars()])
    _advance(connection, actor, since, now)


def mark_all(connection: Connection, actor: Actor, newest: str, now: datetime) -> None:
    """Mark everything as read up to the notice `newest`, which is the last that the person has seen.

    NotFound if it is not theirs.
    """
    mine = _recipients(actor)
    query = sa.select(messages.c.created_at).where(messages.c.id == newest, messages.c.recipient.in_(mine))
    until = connection.execute(query.where(IS_IN_APP)).scalar()
    if until is None:
        raise NotFound("outbox.no_notice")
    since = _unread_since(connection, actor)
    if since is None or until <= since:
        return
    mark = min(until, now - SETTLED)
    recent = sa.select(messages.c.id, messages.c.created_at).where(
        *_sent_to(mine, actor, max(mark, since)), messages.c.created_at <= until
    )
    _note_all(connection, actor, [(row.id, row.created_at) for row in connection.execute(recent)])
    _set_mark(connection, actor, since, mark)


def _advance(connection: Connection, actor: Actor, since: datetime, now: datetime) -> None:
    """Move the mark up to the oldest notice that is still unread, so that what is read is forgotten."""
    first = _each(actor, since, 1, [_not_read(actor)], newest=False)
    oldest = connection.execute(sa.select(sa.type_coerce(sa.func.min(first.c.created_at), Moment))).scalar()
    until = now - SETTLED
    if oldest is not None:
        until = min(until, oldest - timedelta(microseconds=1))
    _set_mark(connection, actor, since, until)


def _set_mark(connection: Connection, actor: Actor, since: datetime, until: datetime) -> None:
    if until > since:
        _move_mark(connection, who=actor.id, until=until)
        _forget(connection, who=actor.id, until=until)


def _note_all(connection: Connection, actor: Actor, read: Sequence[tuple[str, datetime]]) -> None:
    _note.many(connection, [{"who": actor.id, "id": key, "at": at} for key, at in read])


def _recipients(actor: Actor) -> list[str]:
    """The groups the person is in now, and the person. An enterprise's account reads only its own's."""
    if actor.kind == "enterprise":
        return [f"enterprise@{actor.enterprise}", actor.id]
    return [*sorted(actor.groups), actor.id]


def _unread_since(connection: Connection, actor: Actor) -> datetime | None:
    """The moment behind which something may be unread; None for who has no account."""
    found = _since(connection, who=actor.id)
    if not found:
        return None
    born, mark = found[0]
    until: datetime = mark or born - timedelta(microseconds=1)
    return until


def _sent_to(recipients: list[str], actor: Actor, since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return IS_IN_APP, messages.c.recipient.in_(recipients), messages.c.created_at > since


def _not_read(actor: Actor) -> sa.ColumnElement[bool]:
    read = sa.select(notice_reads.c.message_id).where(
        notice_reads.c.account_id == actor.id, notice_reads.c.message_id == messages.c.id
    )
    return ~sa.exists(read)


def _newest(actor: Actor, since: datetime, most: int, more: list[sa.ColumnElement[bool]]) -> sa.Subquery:
    return _each(actor, since, most, more, newest=True)


def _each(
    actor: Actor, since: datetime, most: int, more: list[sa.ColumnElement[bool]], *, newest: bool
) -> sa.Subquery:
    """The first or last `most` of each recipient's: an index gives them in order, however many there are."""
    parts = []
    for recipient in _recipients(actor):
        order = (messages.c.created_at, messages.c.id)
        part = sa.select(messages.c.id, *_TWINS).where(*_sent_to([recipient], actor, since), *more)
        parts.append(
            sa.select(part.order_by(*(c.desc() if newest else c for c in order)).limit(most).subquery())
        )
    return sa.union_all(*parts).subquery()
