"""The notices of a case: whom they went to, what they say, and how far they have come on each channel."""

from collections.abc import Iterable
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import outbox
from engine.runtime.queries.rows import NoticeRow, Sending

CHANNELS = 6  # that one notice goes by at most


def notices(connection: Connection, case_id: str) -> list[NoticeRow]:
    """The notices of a case, in the order in which they were queued."""
    return _notices(outbox.messages_of_case(connection, case_id))


def last_notices(connection: Connection, case_id: str, most: int) -> tuple[list[NoticeRow], int]:
    """The last `most` notices of a case, in that order, and how many came before them."""
    rows = outbox.messages_of_case(connection, case_id, most * CHANNELS)
    found = _notices(rows)
    every = len(found) if len(rows) < most * CHANNELS else outbox.count_of_case(connection, case_id)
    return found[-most:], max(every - most, 0)


def _notices(rows: Iterable[sa.Row[Any]]) -> list[NoticeRow]:
    found: dict[tuple[Any, ...], list[sa.Row[Any]]] = {}
    for row in rows:
        found.setdefault((row.created_at, row.recipient, row.template, row.data), []).append(row)
    return [_notice(same) for same in found.values()]


def _notice(rows: list[sa.Row[Any]]) -> NoticeRow:
    first = rows[0]
    data = orjson.loads(first.data)
    return NoticeRow(
        first.created_at,
        first.recipient,
        first.template,
        outbox.render(first.template, data),
        outbox.render(first.template, data, "en"),
        tuple(
            Sending(row.id, row.channel, row.state, row.attempts, row.delivered_at, row.problem)
            for row in rows
        ),
    )
