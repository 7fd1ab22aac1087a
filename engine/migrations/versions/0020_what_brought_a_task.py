"""What brought a task: its row says by which move that led back it opened."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
MOVES = ("sent_back", "rejected", "taken_back")
# as it was told until now: both have the step's moment
KNOWN = (
    "UPDATE tasks SET brought = :move WHERE state = 'open' AND parent IS NULL AND EXISTS "
    "(SELECT 1 FROM history WHERE chain = tasks.case_id AND kind = :kind AND at = tasks.opened_at)"
)


def upgrade() -> None:
    op.add_column("tasks", sa.Column("brought", sa.String(10), nullable=False, server_default=""))
    for move in MOVES:
        op.execute(sa.text(KNOWN).bindparams(move=move, kind=f"task.{move}"))


def downgrade() -> None:
    op.drop_column("tasks", "brought")
