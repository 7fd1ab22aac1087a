"""The assessments' rows. A table of its own: it is append-only evidence, and is counted by department."""

import sqlalchemy as sa

from engine.database import Moment, metadata

ANSWERABLE = 40
KIND = 40
assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),  # a hash of what makes it the same fault
    sa.Column("case_id", sa.String(32), nullable=False, index=True),
    sa.Column("number", sa.String(40), nullable=False),
    sa.Column("round", sa.Integer),
    sa.Column("kind", sa.String(KIND), nullable=False),
    sa.Column("answerable", sa.String(ANSWERABLE), nullable=False),  # platform, or a department's code
    sa.Column("person", sa.String(32)),  # an account
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("task_id", sa.String(32)),  # what was late, where a task was
    sa.Column("due_at", Moment),
    sa.Column("at", Moment, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # standing | objected | upheld | revoked
    sa.Column("objection", sa.Text),
    sa.Column("objected_by", sa.String(32)),
    sa.Column("objected_at", Moment),
    sa.Column("decision", sa.Text),
    sa.Column("decided_by", sa.String(32)),
    sa.Column("decided_at", Moment),
    sa.Index("ix_assessments_at", "at"),
    sa.Index("ix_assessments_answerable", "answerable", "at"),
)
