"""The tables of the working calendar.

`calendar_days` holds only arranged days (off or made up); `calendar_years` says which years are
published. `calendar_revision` is one row: its edition changes with every change, so a process
knows by one small read whether the calendar it holds is still the one in force.
"""

import sqlalchemy as sa

from engine.database import metadata

calendar_days = sa.Table(
    "calendar_days",
    metadata,
    sa.Column("date", sa.Date, primary_key=True),
    sa.Column("workday", sa.Boolean, nullable=False),
    sa.Column("note", sa.String(100), nullable=False, default=""),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)

calendar_years = sa.Table(
    "calendar_years",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
)

calendar_revision = sa.Table(
    "calendar_revision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("edition", sa.String(32), nullable=False),  # unique in the world, unlike the number
    sa.Column("opening", sa.String(200), nullable=False),  # "09:00-12:00 13:30-17:30"
    sa.Column("closing", sa.String(5), nullable=False),
)
