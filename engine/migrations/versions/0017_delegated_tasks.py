"""An index over the open tasks that are with delegates, so that who delegated them finds their cases."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    condition = sa.text("state = 'open' AND delegated_by IS NOT NULL")
    op.create_index(
        "ix_tasks_delegated",
        "tasks",
        ["delegated_by", "case_id"],
        sqlite_where=condition,
        postgresql_where=condition,
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_delegated", table_name="tasks")
