"""Notices waiting to reach somebody: written in the step's transaction, delivered after it.

A notice is one row for one recipient on one channel. Its dedupe key makes a repeated step harmless.
What it says is rendered from a template when it is shown or sent, in the reader's language. On the
platform itself it is delivered with the step; what leaves the platform is sent after the commit.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.outbox import words as words
from engine.outbox.delivery import chosen, deliver_due, send_again
from engine.outbox.queueing import Notice, queue
from engine.outbox.reading import MOST, Told, mark_all, mark_read, told, unread
from engine.outbox.tables import GROUP, IN_APP, messages
from engine.outbox.templates import TEMPLATES, render

__all__ = [
    "GROUP",
    "IN_APP",
    "MOST",
    "TEMPLATES",
    "Notice",
    "Told",
    "chosen",
    "deliver_due",
    "mark_all",
    "mark_read",
    "messages",
    "messages_of_case",
    "count_of_case",
    "of_case",
    "queue",
    "render",
    "send_again",
    "told",
    "unread",
]


def of_case(connection: Connection, case_id: str) -> list[sa.Row[Any]]:
    """The notices of a case, in the order in which they were queued; each once, whatever its channels."""
    return [row for row in messages_of_case(connection, case_id) if row.channel == IN_APP]


def messages_of_case(connection: Connection, case_id: str, most: int | None = None) -> list[sa.Row[Any]]:
    """The notices of a case on every channel, in the order in which they were queued; `most`: the last."""
    query = sa.select(messages).where(messages.c.case_id == case_id)
    newest = query.order_by(messages.c.created_at.desc(), messages.c.id.desc()).limit(most)
    return list(connection.execute(newest))[::-1]


def count_of_case(connection: Connection, case_id: str) -> int:
    """How many notices a case has, each counted once, whatever its channels."""
    once = (messages.c.created_at, messages.c.recipient, messages.c.template, messages.c.data)
    every = sa.select(*once).where(messages.c.case_id == case_id).distinct().subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(every)).scalar_one())
