"""The append-only record of everything that happened, chained by hash.

Each event's hash covers its own content and the hash before it, so a changed or missing event
breaks the chain at a place that `verify` names. A chain's head (its length and last hash) is kept
by whoever owns the chain, in the same transaction, so a cut-off tail is noticed too.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import as_utc
from engine.database import Moment, Prepared, metadata

events = sa.Table(
    "history",
    metadata,
    sa.Column("chain", sa.String(40), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
heads = sa.Table(
    "history_heads",
    metadata,
    sa.Column("chain", sa.String(40), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
_FIRST_HEAD = sa.text(  # so that of two first notes at once the second waits, and neither fails
    "INSERT INTO history_heads (chain, seq, hash) VALUES (:chain, 0, '') ON CONFLICT DO NOTHING"
)
_insert = Prepared(sa.insert(events).values({c.name: sa.bindparam(c.name, type_=c.type) for c in events.c}))


@dataclass(frozen=True)
class Event:
    """One thing that happened. `data` is JSON-able; its moments are ISO 8601 texts."""

    kind: str
    element: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """The end of a chain: how many events it has, and the last one's hash."""

    seq: int = 0
    hash: str = ""


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: `seq` is the first event that is wrong or missing."""

    chain: str
    seq: int
    reason: str  # changed | missing | cut | added


def append(
    connection: Connection, chain: str, head: Head, happened: Iterable[Event], *, at: datetime, actor: str
) -> Head:
    """Write the events behind `head` and return the new head, which the caller must keep."""
    rows, moment = [], as_utc(at).isoformat()
    for event in happened:
        data = orjson.dumps(event.data, option=orjson.OPT_SORT_KEYS, default=str).decode()
        seq = head.seq + 1
        digest = _digest(head.hash, chain, seq, moment, actor, event.kind, event.element, data)
        rows.append(
            {
                "chain": chain,
                "seq": seq,
                "at": at,
                "actor": actor,
                "kind": event.kind,
                "element": event.element,
                "data": data,
                "hash": digest,
            }
        )
        head = Head(seq, digest)
    _insert.many(connection, rows)
    return head


def _digest(
    before: str, chain: str, seq: int, at: str, actor: str, kind: str, element: str, data: str
) -> str:
    content = orjson.dumps([before, chain, seq, at, actor, kind, element, data])
    return hashlib.sha256(content).hexdigest()


def note(connection: Connection, chain: str, event: Event, *, at: datetime, actor: str) -> None:
    """Append one event to a chain that no case owns, such as `definitions` or `accounts`."""
    connection.execute(_FIRST_HEAD, {"chain": chain})
    row = connection.execute(sa.select(heads).where(heads.c.chain == chain).with_for_update()).one()
    head = append(connection, chain, Head(row.seq, row.hash), [event], at=at, actor=actor)
    connection.execute(sa.update(heads).where(heads.c.chain == chain).values(seq=head.seq, hash=head.hash))


def of(connection: Connection, chain: str, kind: str = "") -> list[sa.Row[Any]]:
    """The chain's events in order, of one kind if one is named."""
    only = (events.c.kind == kind,) if kind else ()
    query = sa.select(events).where(events.c.chain == chain, *only).order_by(events.c.seq)
    return list(connection.execute(query))


def first(connection: Connection, chain: str) -> list[sa.Row[Any]]:
    """The chain's first event, as a list of one; empty if there is none."""
    return list(connection.execute(sa.select(events).where(events.c.chain == chain, events.c.seq == 1)))


def last(connection: Connection, chain: str, most: int) -> list[sa.Row[Any]]:
    """The chain's last events in order, `most` at most."""
    query = sa.select(events).where(events.c.chain == chain).order_by(events.c.seq.desc()).limit(most)
    return list(connection.execute(query))[::-1]


def contents(connection: Connection, chain: str, kind: str) -> list[str]:
    """The data of all events of a kind, as JSON; what is the same, once."""
    query = sa.select(events.c.data).where(events.c.chain == chain, events.c.kind == kind).distinct()
    return list(connection.execute(query).scalars())


def verify(connection: Connection, known: Iterable[tuple[str, Head]] = ()) -> Iterator[Break]:
    """Check every chain; `known` are the heads that owners keep besides those of `note`."""
    expected = dict(known)
    for row in connection.execute(sa.select(heads)):
        expected[row.chain] = Head(row.seq, row.hash)
    chain, head, broken = "", Head(), False
    query = sa.select(events).order_by(events.c.chain, events.c.seq).execution_options(yield_per=1000)
    seen: dict[str, Head] = {}
    for row in connection.execute(query):
        if row.chain != chain:
            chain, head, broken = row.chain, Head(), False
        if not broken:
            reason = _wrong(row, head)
            broken = reason is not None
            if reason is not None:
                yield Break(chain, head.seq + 1, reason)
        head = Head(row.seq, row.hash)
        seen[chain] = head
    for name in sorted(expected.keys() | seen.keys()):
        wanted, found = expected.get(name, Head()), seen.get(name, Head())
        if found.seq < wanted.seq:
            yield Break(name, found.seq + 1, "cut")
        elif found.seq > wanted.seq:  # a chain that nobody keeps is all added
            yield Break(name, wanted.seq + 1, "added")
        elif found != wanted:
            yield Break(name, wanted.seq, "changed")


def _wrong(row: sa.Row[Any], head: Head) -> str | None:
    if row.seq != head.seq + 1:
        return "missing"
    digest = _digest(
        head.hash, row.chain, row.seq, row.at.isoformat(), row.actor, row.kind, row.element, row.data
    )
    return None if digest == row.hash else "changed"
