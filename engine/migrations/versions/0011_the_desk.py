"""What people do with tasks, and what they keep at their desks: columns and tables of the officer's desk."""

import sqlalchemy as sa
from alembic import op

from engine.database import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = "state = 'open'"
_OWN = "state = 'open' AND parent IS NULL"


def upgrade() -> None:
    op.drop_index("uq_tasks_open_token", table_name="tasks")
    for name, kind in (
        ("owner", sa.String(32)),
        ("delegated_by", sa.String(32)),
        ("acting_for", sa.String(32)),
        ("parent", sa.String(32)),
        ("answer", sa.Text()),
        ("urged_at", Moment()),
    ):
        op.add_column("tasks", sa.Column(name, kind, nullable=True))
    for name, length in (("signing", 6), ("held", 6), ("outcome", 10)):
        op.add_column("tasks", sa.Column(name, sa.String(length), server_default="", nullable=False))
    op.add_column("tasks", sa.Column("opinion", sa.Text(), server_default="", nullable=False))
    op.add_column("tasks", sa.Column("urged", sa.Integer(), server_default="0", nullable=False))
    _index("uq_tasks_open_token", "tasks", ["case_id", "token"], _OWN, unique=True)
    _index("ix_tasks_parent", "tasks", ["parent"], "parent IS NOT NULL")
    _desk()
    _people()


def _index(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _of(table: str) -> list[sa.schema.SchemaItem]:
    """A task and an account, which together are the key of `table`."""
    return [
        sa.Column("task_id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "account", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f(f"fk_{table}_task_id_tasks")),
    ]


def _desk() -> None:
    op.create_table("task_exclusions", *_of("task_exclusions"), sqlite_with_rowid=False)
    op.create_table(
        "copies",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("task_id", sa.String(32), nullable=True),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copies")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_copies_case_id_cases")),
    )
    op.create_index("ix_copies_case_id", "copies", ["case_id"])
    op.create_index("ix_copies_account", "copies", ["account", "at"])
    op.create_table(
        "follows",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account", "case_id", name=op.f("pk_follows")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follows_case_id_cases")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_follows_case_id", "follows", ["case_id"])
    op.create_table(
        "drafts",
        *_of("drafts"),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
    )
    op.create_table(
        "presences",
        *_of("presences"),
        sa.Column("seen_at", Moment(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared_with", sa.String(80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("account", "name", name=op.f("uq_saved_filters_account_name")),
    )
    op.create_index("ix_saved_filters_account", "saved_filters", ["account"])
    op.create_index("ix_saved_filters_shared_with", "saved_filters", ["shared_with"])
    op.create_table(
        "preferences",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_preferences")),
        sqlite_with_rowid=False,
    )


def _people() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("deputy", sa.String(32), nullable=False),
        sa.Column("how", sa.String(5), nullable=False),
        sa.Column("process", sa.String(80), nullable=False),
        sa.Column("since_at", Moment(), nullable=False),
        sa.Column("until_at", Moment(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_absences_account_accounts")),
        sa.ForeignKeyConstraint(["deputy"], ["accounts.id"], name=op.f("fk_absences_deputy_accounts")),
    )
    op.create_index("ix_absences_account", "absences", ["account", "until_at"])
    op.create_index("ix_absences_deputy", "absences", ["deputy", "until_at"])
    op.create_table(
        "backups",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("backup", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_backups")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_backups_account_accounts")),
        sa.ForeignKeyConstraint(["backup"], ["accounts.id"], name=op.f("fk_backups_backup_accounts")),
    )
    op.create_index("ix_backups_backup", "backups", ["backup"])


def downgrade() -> None:
    for table in (
        "backups",
        "absences",
        "preferences",
        "saved_filters",
        "presences",
        "drafts",
        "follows",
        "copies",
        "task_exclusions",
    ):
        op.drop_table(table)
    op.drop_index("ix_tasks_parent", table_name="tasks")
    op.drop_index("uq_tasks_open_token", table_name="tasks")
    with op.batch_alter_table("tasks") as batch:
        for name in (
            "owner",
            "delegated_by",
            "acting_for",
            "parent",
            "answer",
            "urged_at",
            "signing",
            "held",
            "outcome",
            "opinion",
            "urged",
        ):
            batch.drop_column(name)
    _index("uq_tasks_open_token", "tasks", ["case_id", "token"], _OPEN, unique=True)
