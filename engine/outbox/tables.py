"""The outbox's rows: one message for one recipient on one channel, and who has read which.

A table of its own: it is queried by recipient and by the next attempt at volume, and its dedupe
key must be unique under concurrency.
"""

from typing import Any

import sqlalchemy as sa

from engine.database import Moment, metadata

GROUP = 80  # characters of a group's id
DEDUPE = 200
IN_APP = "in-app"  # the channel of the platform itself: the bell and its list

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
    sa.Column("dedupe", sa.String(DEDUPE), nullable=False, unique=True),
    sa.Column("state", sa.String(12), nullable=False),  # queued | delivered | failed
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", Moment),  # the next attempt; only while queued
    sa.Column("lease", sa.String(32)),  # who sends it at this moment, and until when
    sa.Column("lease_until", Moment),
    sa.Column("delivered_at", Moment),
    sa.Column("problem", sa.String(300), nullable=False, server_default=""),  # of the last attempt
)
notice_marks = sa.Table(  # up to where somebody has read everything
    "notice_marks",
    metadata,
    sa.Column("account_id", sa.String(32), primary_key=True),
    sa.Column("read_until", Moment, nullable=False),
)
notice_reads = sa.Table(  # what somebody has read behind the mark
    "notice_reads",
    metadata,
    sa.Column("account_id", sa.String(32), primary_key=True),
    sa.Column("message_id", sa.String(32), primary_key=True),
    sa.Column("created_at", Moment, nullable=False),  # the message's
)
# Said as literals, so that the planner knows that a partial index answers the query.
IS_IN_APP = messages.c.channel == sa.literal_column("'in-app'")
IS_QUEUED = messages.c.state == sa.literal_column("'queued'")


def _where(condition: sa.ColumnElement[bool]) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


sa.Index("ix_messages_in_app", messages.c.recipient, messages.c.created_at, **_where(IS_IN_APP))
sa.Index("ix_messages_next_at", messages.c.next_at, **_where(IS_QUEUED))
