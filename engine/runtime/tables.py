"""The runtime's own rows: cases and their stored runs, tasks, timers, incidents, counters, answers.

Each has its table because it must be unique under concurrency, is queried by deadline at volume,
or both. Only `engine.runtime` writes them.
"""

from typing import Any

import sqlalchemy as sa

from engine.database import Moment, metadata

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("number", sa.String(40), nullable=False, unique=True),
    sa.Column("process", sa.String(80), nullable=False),
    sa.Column("definition_id", sa.String(32), sa.ForeignKey("definitions.id"), nullable=False),
    sa.Column("enterprise", sa.String(18), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("type", sa.String(80), nullable=False),
    sa.Column("department", sa.String(40), nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("confidential", sa.Boolean, nullable=False),
    sa.Column("status", sa.String(40), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # open | ended
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("started_by", sa.String(64), nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("history_seq", sa.Integer, nullable=False),
    sa.Column("history_hash", sa.String(64), nullable=False),
    sa.Index("ix_cases_enterprise", "enterprise", "started_at"),
    sa.Index("ix_cases_state", "state", "started_at"),
)
case_states = sa.Table(
    "case_states",
    metadata,
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("tokens", sa.LargeBinary, nullable=False),
    sa.Column("variables", sa.LargeBinary, nullable=False),
)
case_departments = sa.Table(  # every department the case was ever with: they may read it
    "case_departments",
    metadata,
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("department", sa.String(40), primary_key=True),
    sqlite_with_rowid=False,
)
tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("form_key", sa.String(120), nullable=False),
    sa.Column("local", sa.Text, nullable=False),  # what is local to a multi-instance item, as JSON
    sa.Column("internal", sa.Boolean, nullable=False),
    sa.Column("assignee", sa.String(32)),
    sa.Column("state", sa.String(10), nullable=False),  # open | done | cancelled
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("claimed_at", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", sa.String(64)),
    sa.Index("ix_tasks_case", "case_id", "opened_at"),
)
# Said as a literal, so that the planner knows that an index over open tasks answers the query.
IS_OPEN = tasks.c.state == sa.literal_column("'open'")
_closed = tasks.c.closed_by.is_not(None)
_of_open: dict[str, Any] = {"sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
sa.Index("uq_tasks_open_token", tasks.c.case_id, tasks.c.token, unique=True, **_of_open)
sa.Index("ix_tasks_assignee", tasks.c.assignee, tasks.c.due_at, **_of_open)
sa.Index(
    "ix_tasks_closed_by",
    tasks.c.closed_by,
    tasks.c.closed_at,
    sqlite_where=_closed,
    postgresql_where=_closed,
)
task_candidates = sa.Table(  # only of open tasks: who could have done a finished one is in its history
    "task_candidates",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),  # a group, or an account's id
    sa.Column("task_id", sa.String(32), sa.ForeignKey("tasks.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
timers = sa.Table(  # only those that wait: a fired or cleared one is in the history
    "timers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("retry_at", Moment, nullable=False, index=True),  # due_at, or later after a failure
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("state", sa.String(8), nullable=False),  # waiting | stuck (an incident holds it)
    sa.Column("lease", sa.String(32)),  # who fires it at this moment, and until when
    sa.Column("lease_until", Moment),
    sa.UniqueConstraint("case_id", "token", "element"),
    sqlite_with_rowid=False,
)
incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("timer_id", sa.String(32)),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("raised_at", Moment, nullable=False),
    sa.Column("resolved_at", Moment),
    sa.Column("resolved_by", sa.String(64)),
)
counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
answers = sa.Table(  # what a request with an Idempotency-Key was answered, so that a retry gets the same
    "answers",
    metadata,
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("actor", sa.String(64), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False, index=True),
)
