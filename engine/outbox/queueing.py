"""Queueing notices: rows in the step's own transaction, kept or lost with it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Prepared, new_id
from engine.outbox.tables import DEDUPE, IN_APP, messages

_NAMES = [c.name for c in messages.c]
_insert = Prepared(  # by hand: Core says ON CONFLICT in each database's own dialect only
    sa.text(
        f"INSERT INTO messages ({', '.join(_NAMES)}) VALUES ({', '.join(f':{n}' for n in _NAMES)}) "
        "ON CONFLICT (dedupe) DO NOTHING"
    ).bindparams(*(sa.bindparam(c.name, type_=c.type) for c in messages.c))
)


@dataclass(frozen=True)
class Notice:
    """What is to be said to one group, or to one account by its id.

    `data` fills the template's places beside the case's number: `due` and `was` are moments (aware),
    `days` working days, `step` what the diagram calls the place. Nothing that a person wrote, but
    for `needs`, which no sentence quotes: what the enterprise is to supply, told on the platform alone.
    """

    recipient: str
    template: str
    dedupe: str
    data: Mapping[str, Any] = field(default_factory=dict)


def queue(
    connection: Connection,
    case_id: str,
    notices: Iterable[Notice],
    data: Mapping[str, Any],
    now: datetime,
    *,
    channels: Sequence[str],
) -> None:
    """Queue the notices: on the platform itself, where they are delivered at once, and for each channel.

    `data` (the case's number and title) goes with every notice. `channels` are the outgoing channels
    of this engine, `engine.channels`. A notice whose dedupe key is known already is left out.
    """
    rows = [
        _row(case_id, notice, {**data, **notice.data}, now, channel)
        for notice in notices
        for channel in (IN_APP, *channels)
    ]
    _insert.many(connection, rows)


def _row(case_id: str, notice: Notice, data: dict[str, Any], now: datetime, channel: str) -> dict[str, Any]:
    here = channel == IN_APP
    return {
        "id": new_id(),
        "case_id": case_id,
        "created_at": now,
        "recipient": notice.recipient,
        "channel": channel,
        "template": notice.template,
        "data": orjson.dumps(data).decode(),
        "dedupe": _key(notice.dedupe if here else f"{channel}|{notice.dedupe}"),
        "state": "delivered" if here else "queued",
        "attempts": 0,
        "next_at": None if here else now,
        "lease": None,
        "lease_until": None,
        "delivered_at": now if here else None,
        "problem": "",
    }


def _key(dedupe: str) -> str:
    """The key as it is, or its hash where long ids make it longer than the column."""
    return dedupe if len(dedupe) <= DEDUPE else hashlib.sha256(dedupe.encode()).hexdigest()
