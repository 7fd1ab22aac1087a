"""Who closed a task is found by the case; what has been with a department is found by its word.

The words of every case are written anew, with those of its departments.
"""

import sqlalchemy as sa
from alembic import op

from engine.runtime.search.backfill import keep_all

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CLOSED = "closed_by IS NOT NULL"


def _index(name: str, columns: list[str]) -> None:
    condition = sa.text(_CLOSED)
    op.create_index(name, "tasks", columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.drop_index("ix_cases_state", table_name="cases")
    op.drop_index("ix_tasks_closed_by", table_name="tasks")
    _index("ix_tasks_closed_by", ["closed_by", "closed_at"])
    _index("ix_tasks_closer", ["closed_by", "case_id"])
    op.execute("DELETE FROM case_words")
    keep_all(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_tasks_closer", table_name="tasks")
    op.drop_index("ix_tasks_closed_by", table_name="tasks")
    _index("ix_tasks_closed_by", ["closed_by", "closed_at", "case_id"])
    op.create_index("ix_cases_state", "cases", ["state", "started_at"])
