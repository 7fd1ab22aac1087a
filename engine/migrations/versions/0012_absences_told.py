"""When the people concerned were told that an absence holds; those that are there hold untold."""

import sqlalchemy as sa
from alembic import op

from engine.database import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("absences", sa.Column("told_at", Moment(), nullable=True))
    untold = sa.text("told_at IS NULL")
    op.create_index(
        "ix_absences_untold", "absences", ["since_at"], sqlite_where=untold, postgresql_where=untold
    )


def downgrade() -> None:
    op.drop_index("ix_absences_untold", table_name="absences")
    with op.batch_alter_table("absences") as batch:
        batch.drop_column("told_at")
