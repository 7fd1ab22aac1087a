"""Cases are found by their words: the text of each, its index, and the indexes that lists are read by.

The cases that are there already get their words; on a large database this takes a minute for each
hundred thousand.
"""

import sqlalchemy as sa
from alembic import op

from engine.database.words import create_statements
from engine.runtime.search.backfill import keep_all

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_words",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_case_words")),
        sa.UniqueConstraint("case_id", name=op.f("uq_case_words_case_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_words_case_id_cases")),
    )
    connection = op.get_bind()
    for statement in create_statements(connection.dialect.name, "case_index", "case_words", "n"):
        op.execute(statement)
    keep_all(connection)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER case_index_gone")
    op.execute("DROP TABLE case_index")
    op.drop_table("case_words")
