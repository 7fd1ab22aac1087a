"""Deadlines as rows of their own, and what a case counts by: its rules, its calendar, its stops.

Tasks with a due date get their rows, with the policy `none`: the diagrams they run on remind by timers.
"""

import sqlalchemy as sa
from alembic import op

from engine.database import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AWAITED = "state = 'running' AND next_at IS NOT NULL"
_OF_TASKS = """
INSERT INTO deadlines (id, case_id, token, element, name, task_id, kind, since_at, due_at, first_due_at,
    provisional, unit, basis, policy, next_at, next_step, department, round, state, closed_at)
SELECT id, case_id, token, element, name, id, 'task', opened_at, due_at, due_at,
    provisional, '', NULL, 'none', NULL, NULL, '', 0,
    CASE state WHEN 'open' THEN 'running' WHEN 'cancelled' THEN 'cancelled'
        ELSE CASE WHEN closed_at <= due_at THEN 'met' ELSE 'late' END END,
    closed_at
FROM tasks WHERE due_at IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules_id", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("calendar", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("stops", sa.Text(), server_default="[]", nullable=False))
    op.execute("UPDATE cases SET calendar = COALESCE((SELECT MAX(revision) FROM calendar_editions), 0)")
    op.create_index(
        "ix_cases_calendar",
        "cases",
        ["calendar", "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("since_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("first_due_at", Moment(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("policy", sa.String(length=40), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("next_step", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deadlines_case", "deadlines", ["case_id", "token"])
    op.create_index(
        "ix_deadlines_next",
        "deadlines",
        ["next_at", "id"],
        sqlite_where=sa.text(_AWAITED),
        postgresql_where=sa.text(_AWAITED),
    )
    op.execute(_OF_TASKS)


def downgrade() -> None:
    op.drop_table("deadlines")
    op.drop_index("ix_cases_calendar", table_name="cases")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("stops")
        batch_op.drop_column("calendar")
        batch_op.drop_column("rules_id")
