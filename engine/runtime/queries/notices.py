"""The notices of a case: whom they went to, what they say, and how far they have come on each channel."""

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import outbox
from engine.runtime.queries.rows import NoticeRow, Sending


def notices(connection: Connection, case_id: str) -> list[NoticeRow]:
    """The notices of a case, in the order in which they were queued."""
    found: dict[tuple[Any, ...], list[sa.Row[Any]]] = {}
    for row in outbox.messages_of_case(connection, case_id):
        found.setdefault((row.created_at, row.recipient, row.template, row.data), []).append(row)
    return [_notice(rows) for rows in found.values()]


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
