"""Who has read which notice: a mark up to which all is read, and what was read behind it."""

import sqlalchemy as sa
from alembic import op

from engine.database import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice_marks",
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("read_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notice_marks")),
    )
    op.create_table(
        "notice_reads",
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(32), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "message_id", name=op.f("pk_notice_reads")),
    )


def downgrade() -> None:
    op.drop_table("notice_reads")
    op.drop_table("notice_marks")
