"""What cases wait to be told, and who may send it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("message", sa.String(120), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("form_key", sa.String(120), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_subscriptions_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "case_id", "token", "element", name=op.f("uq_subscriptions_case_id_token_element")
        ),
    )
    op.create_table(
        "subscription_candidates",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("subscription_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("fk_subscription_candidates_subscription_id_subscriptions"),
        ),
        sa.PrimaryKeyConstraint("name", "subscription_id", name=op.f("pk_subscription_candidates")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_subscription_candidates_subscription_id"), "subscription_candidates", ["subscription_id"]
    )


def downgrade() -> None:
    op.drop_table("subscription_candidates")
    op.drop_table("subscriptions")
