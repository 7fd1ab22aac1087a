"""Notices waiting to reach somebody: written in the step's transaction, delivered after it.

A notice is one row for one recipient group on one channel. Its dedupe key makes a repeated step
harmless. What it says is rendered from a template when it is shown or sent, in the reader's language.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared, metadata, new_id
from engine.outbox.templates import TEMPLATES, render

__all__ = ["GROUP", "Notice", "TEMPLATES", "messages", "of_case", "queue", "render"]

GROUP = 80  # characters of a group's id
_DEDUPE = 200

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), nullable=False, index=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("recipient", sa.String(GROUP), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("template", sa.String(40), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("dedupe", sa.String(_DEDUPE), nullable=False, unique=True),
    sa.Column("state", sa.String(12), nullable=False),
)
sa.Index("ix_messages_recipient", messages.c.recipient, messages.c.created_at)
_insert = Prepared(
    sa.insert(messages).values({c.name: sa.bindparam(c.name, type_=c.type) for c in messages.c})
)


@dataclass(frozen=True)
class Notice:
    """What is to be said to one group."""

    recipient: str
    template: str
    dedupe: str


def queue(
    connection: Connection, case_id: str, notices: Iterable[Notice], data: Mapping[str, Any], now: datetime
) -> None:
    """Queue the notices for the platform's own inbox; `data` (number, title) fills their templates."""
    rows = [
        {
            "id": new_id(),
            "case_id": case_id,
            "created_at": now,
            "recipient": notice.recipient,
            "channel": "in-app",
            "template": notice.template,
            "dedupe": _key(notice.dedupe),
            "state": "queued",
            "data": orjson.dumps(dict(data)).decode(),
        }
        for notice in notices
    ]
    _insert.many(connection, rows)


def _key(dedupe: str) -> str:
    """The key as it is, or its hash where long ids make it longer than the column."""
    return dedupe if len(dedupe) <= _DEDUPE else hashlib.sha256(dedupe.encode()).hexdigest()


def of_case(connection: Connection, case_id: str) -> list[sa.Row[Any]]:
    """The notices of a case, in the order in which they were queued."""
    query = sa.select(messages).where(messages.c.case_id == case_id)
    return list(connection.execute(query.order_by(messages.c.created_at, messages.c.id)))
