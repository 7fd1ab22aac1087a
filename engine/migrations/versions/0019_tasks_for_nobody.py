"""Incidents of tasks that nobody can do."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incidents", sa.Column("task_id", sa.String(32)))


def downgrade() -> None:
    op.drop_column("incidents", "task_id")
