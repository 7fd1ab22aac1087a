"""The assessment ledger: faults on record, objections and decisions."""

import sqlalchemy as sa
from alembic import op

from engine.database import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("answerable", sa.String(40), nullable=False),
        sa.Column("person", sa.String(32), nullable=True),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("task_id", sa.String(32), nullable=True),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("objected_by", sa.String(32), nullable=True),
        sa.Column("objected_at", Moment(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index("ix_assessments_answerable", ["answerable", "at"], unique=False)
        batch_op.create_index("ix_assessments_at", ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessments_case_id"), ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessments_case_id"))
        batch_op.drop_index("ix_assessments_at")
        batch_op.drop_index("ix_assessments_answerable")

    op.drop_table("assessments")
