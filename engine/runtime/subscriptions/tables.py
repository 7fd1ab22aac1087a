"""What cases wait to be told, as rows: who may send what to which case is asked without loading any run."""

import sqlalchemy as sa

from engine.database import metadata

subscriptions = sa.Table(  # only those that wait: what was received is in the history
    "subscriptions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("message", sa.String(120), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),  # what the button says
    sa.Column("form_key", sa.String(120), nullable=False),
    sa.Column("internal", sa.Boolean, nullable=False),
    sa.UniqueConstraint("case_id", "token", "element"),
)
subscription_candidates = sa.Table(  # none: nobody but the platform itself may send it
    "subscription_candidates",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),  # a group, or an account's id
    sa.Column(
        "subscription_id", sa.String(32), sa.ForeignKey("subscriptions.id"), primary_key=True, index=True
    ),
    sqlite_with_rowid=False,
)
