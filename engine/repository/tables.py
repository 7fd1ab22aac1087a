"""Definitions: one row for each version of a process ever deployed. Rows are never changed."""

import sqlalchemy as sa

from engine.database import Moment, metadata

definitions = sa.Table(
    "definitions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("starters", sa.String(400), nullable=False),  # the groups that may start it, by commas
    sa.Column("bundle", sa.LargeBinary, nullable=False),
    sa.Column("deployed_at", Moment, nullable=False),
    sa.Column("deployed_by", sa.String(64), nullable=False),
    sa.UniqueConstraint("key", "version"),
)
