"""Deadlines are found by when they began: a month of them is looked at without reading all."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deadlines_since", "deadlines", ["since_at"])


def downgrade() -> None:
    op.drop_index("ix_deadlines_since", table_name="deadlines")
