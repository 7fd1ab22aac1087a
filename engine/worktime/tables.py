"""The tables of working time: the calendar's editions and the rules. Both only grow.

A row of `calendar_editions` is the whole calendar as it stood; the highest revision is in force. A
row of `rules` is a whole document, in force from its moment until a later one is.
"""

import sqlalchemy as sa

from engine.database import Moment, metadata

calendar_editions = sa.Table(
    "calendar_editions",
    metadata,
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("edition", sa.String(32), nullable=False),  # unique in the world, unlike the number
    sa.Column("kind", sa.String(10), nullable=False),  # seed, import, day, hours
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(500), nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # JSON, see arrangements.content
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False, unique=True),
    sa.Column("effective_from", Moment, nullable=False, index=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", sa.String(64), nullable=False),
    sa.Column("note", sa.String(500), nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # JSON, see rules.reading
)
