"""Enterprises whose cases are still to be found by a new name.

The words of confidential cases are written anew, without numbers however they are divided; so are those of
processes that name their own words, which were left out when a search came.
"""

import sqlalchemy as sa
from alembic import op

from engine.runtime.search.backfill import keep_again

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_words_behind",
        sa.Column("enterprise", sa.String(18), nullable=False),
        sa.Column("below", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", name=op.f("pk_case_words_behind")),
    )
    keep_again(op.get_bind())


def downgrade() -> None:
    op.drop_table("case_words_behind")
