"""Sending what is queued: claimed by a lease, sent after the claim's commit, then marked.

At least once: a process that dies between sending and marking leaves the lease to run out, and the
message is sent again with the same dedupe key. A failure is tried again later and later; after the last
attempt, or where the channel says that it is no use, the message has failed and says why. What is not
covered: messages of a channel that is not configured (any more) wait until it is.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from connectors.base import Channel, Outgoing, Refused
from engine.clock import Clock
from engine.database import Moment, Prepared, new_id
from engine.errors import Conflict, Invalid
from engine.outbox.tables import IS_QUEUED, messages
from engine.outbox.templates import render

LEASE = timedelta(seconds=120)  # wall clock, for a whole batch
RETRIES = (30, 120, 600, 3600, 21_600)  # seconds to the next attempt, by the number of failures
BATCH = 20


class Platform(Protocol):
    """What delivering needs of the engine: its clock and its transactions."""

    clock: Clock

    def reading(self) -> AbstractContextManager[Connection]: ...

    def writing(self) -> AbstractContextManager[Connection]: ...


_waiting = sa.and_(IS_QUEUED, messages.c.next_at <= bindparam("now", type_=Moment))
_free = sa.or_(messages.c.lease.is_(None), messages.c.lease_until < bindparam("now", type_=Moment))
_mine = sa.and_(messages.c.id == bindparam("key"), messages.c.lease == bindparam("owner"))
_any_due = Prepared(sa.select(messages.c.id).where(_waiting).limit(1))
_delivered = Prepared(
    sa.update(messages)
    .where(_mine)
    .values(
        state="delivered",
        attempts=messages.c.attempts + 1,
        delivered_at=bindparam("at", type_=Moment),
        next_at=None,
        lease=None,
        lease_until=None,
        problem="",
    )
)
_put_off = Prepared(
    sa.update(messages)
    .where(_mine)
    .values(
        state=bindparam("how"),
        attempts=messages.c.attempts + 1,
        next_at=bindparam("at", type_=Moment),
        lease=None,
        lease_until=None,
        problem=bindparam("why"),
    )
)


def chosen(names: str, known: Mapping[str, Callable[[], Channel]]) -> dict[str, Channel]:
    """The channels that `names` (separated by commas) asks for. Invalid where one is not known."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise Invalid("outbox.unknown_channel", channel=name, known=", ".join(known))
    return {name: known[name]() for name in wanted}


def deliver_due(platform: Platform, channels: Mapping[str, Channel], most: int = 10_000) -> int:
    """Send every message that is due now, oldest first; returns how many were delivered."""
    if not channels:
        return 0
    with platform.reading() as connection:
        if not _any_due(connection, now=platform.clock.now()):
            return 0  # looking costs one read of an index: no lock, no write
    delivered, seen = 0, 0
    while seen < most:
        owner, until = new_id(), platform.clock.now() + LEASE
        claimed = _claim(platform, channels, owner, until, min(BATCH, most - seen))
        if not claimed:
            break
        seen += len(claimed)
        for row in claimed:
            if platform.clock.now() >= until:
                break  # the lease has run out: whoever claims them next sends them
            delivered += _send(platform, channels[row.channel], owner, row)
    return delivered


def _claim(
    platform: Platform, channels: Mapping[str, Channel], owner: str, until: datetime, most: int
) -> list[sa.Row[Any]]:
    now = platform.clock.now()
    due = (
        sa.select(messages.c.id)
        .where(_waiting, _free, messages.c.channel.in_(list(channels)))
        .order_by(messages.c.next_at, messages.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claim = (
        sa.update(messages)
        .where(messages.c.id.in_(due.scalar_subquery()))
        .values(lease=owner, lease_until=until)
        .returning(*messages.c)
    )
    with platform.writing() as connection:
        rows = connection.execute(claim, {"now": now}).all()
    return sorted(rows, key=lambda row: (row.created_at, row.id))


def _send(platform: Platform, channel: Channel, owner: str, row: sa.Row[Any]) -> int:
    """Send one message and mark it; 1 if it was delivered. The lease is looked at again in the marking."""
    try:
        channel.send(_outgoing(row))
    except Exception as error:  # a channel that fails, however it does, must not stop the others
        _failed(platform, owner, row, error)
        return 0
    with platform.writing() as connection:
        return _delivered.count(connection, key=row.id, owner=owner, at=platform.clock.now())


def _outgoing(row: sa.Row[Any]) -> Outgoing:
    data = orjson.loads(row.data)
    return Outgoing(row.dedupe, row.recipient, str(data.get("number", "")), render(row.template, data))


def _failed(platform: Platform, owner: str, row: sa.Row[Any], error: Exception) -> None:
    now = platform.clock.now()
    over = isinstance(error, Refused) or row.attempts >= len(RETRIES)
    later = None if over else now + timedelta(seconds=RETRIES[row.attempts])
    why = f"{type(error).__name__}: {error}".replace("\0", "")[:300]
    with platform.writing() as connection:
        how = "failed" if over else "queued"
        _put_off.count(connection, key=row.id, owner=owner, how=how, at=later, why=why)


def send_again(connection: Connection, message_id: str, now: datetime) -> None:
    """Let a failed message try again at once. Conflict if it has not failed, or is not there."""
    failed = sa.and_(messages.c.id == message_id, messages.c.state == "failed")
    again = sa.update(messages).where(failed).values(state="queued", attempts=0, next_at=now)
    if connection.execute(again).rowcount != 1:
        raise Conflict("outbox.not_failed")
