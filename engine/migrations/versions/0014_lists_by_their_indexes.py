"""Every list of cases walks an index in its own order, however many cases there are."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CLOSED = "closed_by IS NOT NULL"
_PARTIAL = (
    ("ix_cases_open", "cases", ["id"], "state = 'open'"),
    ("ix_cases_ended_status", "cases", ["status", "id"], "state = 'ended'"),
    ("ix_cases_ended_department", "cases", ["department", "id"], "state = 'ended'"),
    ("ix_cases_ended_type", "cases", ["type", "id"], "state = 'ended'"),
    ("ix_tasks_holder", "tasks", ["assignee", "case_id"], "assignee IS NOT NULL"),
    ("ix_tasks_due", "tasks", ["due_at", "id"], "state = 'open' AND due_at IS NOT NULL"),
)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    for given in _PARTIAL:
        _index(*given)
    op.create_index("ix_case_departments_department", "case_departments", ["department", "case_id"])
    op.drop_index("ix_tasks_closed_by", table_name="tasks")
    _index("ix_tasks_closed_by", "tasks", ["closed_by", "closed_at", "case_id"], _CLOSED)


def downgrade() -> None:
    op.drop_index("ix_tasks_closed_by", table_name="tasks")
    _index("ix_tasks_closed_by", "tasks", ["closed_by", "closed_at"], _CLOSED)
    op.drop_index("ix_case_departments_department", table_name="case_departments")
    for name, table, _columns, _where in reversed(_PARTIAL):
        op.drop_index(name, table_name=table)
