"""Messages on their way: attempts, leases and failures of those that leave the platform."""

import sqlalchemy as sa
from alembic import op

from engine.database import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IN_APP = sa.text("channel = 'in-app'")
QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("next_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("lease", sa.String(32), nullable=True))
        batch_op.add_column(sa.Column("lease_until", Moment(), nullable=True))
        batch_op.add_column(sa.Column("delivered_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("problem", sa.String(300), server_default="", nullable=False))
        batch_op.drop_index("ix_messages_recipient")
        batch_op.create_index(
            "ix_messages_in_app",
            ["recipient", "created_at"],
            unique=False,
            sqlite_where=IN_APP,
            postgresql_where=IN_APP,
        )
        batch_op.create_index(
            "ix_messages_next_at", ["next_at"], unique=False, sqlite_where=QUEUED, postgresql_where=QUEUED
        )
    # those of the platform itself are where they belong from the moment they were written
    op.execute("UPDATE messages SET state = 'delivered', delivered_at = created_at WHERE channel = 'in-app'")


def downgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("ix_messages_next_at")
        batch_op.drop_index("ix_messages_in_app")
        batch_op.create_index("ix_messages_recipient", ["recipient", "created_at"], unique=False)
        for name in ("problem", "delivered_at", "lease_until", "lease", "next_at", "attempts"):
            batch_op.drop_column(name)
