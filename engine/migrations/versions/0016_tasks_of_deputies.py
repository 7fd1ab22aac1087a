"""An index over the open tasks that deputies have, so that a person finds them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    condition = sa.text("state = 'open' AND acting_for IS NOT NULL")
    op.create_index(
        "ix_tasks_acting_for", "tasks", ["acting_for"], sqlite_where=condition, postgresql_where=condition
    )


def downgrade() -> None:
    op.drop_index("ix_tasks_acting_for", table_name="tasks")
