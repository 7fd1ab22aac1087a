"""The runtime's own rows: cases and their runs, tasks, timers, deadlines, incidents, counters, answers.

Each has its table because it must be unique under concurrency, is queried by deadline at volume,
or both. Only `engine.runtime` writes them.
"""

from typing import Any

import sqlalchemy as sa

from engine.database import Moment, metadata
from engine.errors import Invalid

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
    sa.Column("rules_id", sa.String(32), nullable=False, server_default=""),  # the rules it started under
    sa.Column("calendar", sa.Integer, nullable=False, server_default="0"),  # revision its dates stand on
    sa.Column("stops", sa.Text, nullable=False, server_default="[]"),  # JSON, see runtime.casework.stops
    sa.Index("ix_cases_enterprise", "enterprise", "started_at"),
)
_running = cases.c.state == sa.literal_column("'open'")
sa.Index(
    "ix_cases_calendar",
    cases.c.calendar,
    cases.c.id,
    sqlite_where=_running,
    postgresql_where=_running,
)
sa.Index("ix_cases_open", cases.c.id, sqlite_where=_running, postgresql_where=_running)
_over = cases.c.state == sa.literal_column("'ended'")
for _name in ("status", "department", "type"):  # written once, as the case ends
    sa.Index(
        f"ix_cases_ended_{_name}", cases.c[_name], cases.c.id, sqlite_where=_over, postgresql_where=_over
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
    sa.Index("ix_case_departments_department", "department", "case_id"),
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
    # the token of the call activity whose variables its form sees; 0: the case's
    sa.Column("scope", sa.Integer, nullable=False, server_default="0"),
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
    # what people have done with it besides, see engine.runtime.actions and engine.runtime.signers
    # by which move that led back it opened: sent_back | rejected | taken_back; '' by the flow's own way
    sa.Column("brought", sa.String(10), nullable=False, server_default=""),
    sa.Column("owner", sa.String(32)),  # who held it before it was first handed on
    sa.Column("delegated_by", sa.String(32)),  # to whom a delegate's answer returns it
    sa.Column("acting_for", sa.String(32)),  # whose task it was, where a deputy has or had it
    sa.Column("parent", sa.String(32)),  # the task that an added signer serves; null: the process's own
    sa.Column("signing", sa.String(6), nullable=False, server_default=""),  # added before | after
    sa.Column("held", sa.String(6), nullable=False, server_default=""),  # waits for signers: before | after
    sa.Column("answer", sa.Text),  # JSON: the values approved already, while signers after are awaited
    sa.Column("outcome", sa.String(10), nullable=False, server_default=""),  # a signer's: agree | disagree
    sa.Column("opinion", sa.Text, nullable=False, server_default=""),
    sa.Column("urged_at", Moment),
    sa.Column("urged", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_tasks_case", "case_id", "opened_at"),
)
UNTOUCHED: dict[str, Any] = {  # what a task's row says before anybody has done anything with it
    "brought": "",
    "owner": None,
    "delegated_by": None,
    "acting_for": None,
    "parent": None,
    "signing": "",
    "held": "",
    "answer": None,
    "outcome": "",
    "opinion": "",
    "urged_at": None,
    "urged": 0,
}
# Said as a literal, so that the planner knows that an index over open tasks answers the query.
IS_OPEN = tasks.c.state == sa.literal_column("'open'")
_closed = tasks.c.closed_by.is_not(None)
_of_open: dict[str, Any] = {"sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
_own = sa.and_(IS_OPEN, tasks.c.parent.is_(None))  # added signers share the token of the task they serve
sa.Index(
    "uq_tasks_open_token",
    tasks.c.case_id,
    tasks.c.token,
    unique=True,
    sqlite_where=_own,
    postgresql_where=_own,
)
_added = tasks.c.parent.is_not(None)
_represents = sa.and_(IS_OPEN, tasks.c.acting_for.is_not(None))
sa.Index("ix_tasks_acting_for", tasks.c.acting_for, sqlite_where=_represents, postgresql_where=_represents)
_delegated = sa.and_(IS_OPEN, tasks.c.delegated_by.is_not(None))
sa.Index(
    "ix_tasks_delegated",
    tasks.c.delegated_by,
    tasks.c.case_id,
    sqlite_where=_delegated,
    postgresql_where=_delegated,
)
sa.Index("ix_tasks_parent", tasks.c.parent, sqlite_where=_added, postgresql_where=_added)
sa.Index("ix_tasks_assignee", tasks.c.assignee, tasks.c.due_at, **_of_open)
sa.Index(
    "ix_tasks_closed_by",
    tasks.c.closed_by,
    tasks.c.closed_at,
    sqlite_where=_closed,
    postgresql_where=_closed,
)
sa.Index(
    "ix_tasks_closer", tasks.c.closed_by, tasks.c.case_id, sqlite_where=_closed, postgresql_where=_closed
)
_held = tasks.c.assignee.is_not(None)  # now or in the end: whoever held a task may read its case
sa.Index("ix_tasks_holder", tasks.c.assignee, tasks.c.case_id, sqlite_where=_held, postgresql_where=_held)
_due = sa.and_(IS_OPEN, tasks.c.due_at.is_not(None))
sa.Index("ix_tasks_due", tasks.c.due_at, tasks.c.id, sqlite_where=_due, postgresql_where=_due)
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
    sa.Column("state", sa.String(8), nullable=False),  # waiting | stopped | stuck (an incident holds it)
    sa.Column("lease", sa.String(32)),  # who fires it at this moment, and until when
    sa.Column("lease_until", Moment),
    sa.UniqueConstraint("case_id", "token", "element"),
    sqlite_with_rowid=False,
)
deadlines = sa.Table(  # of tasks and phases; kept when they end, since what was late is counted from them
    "deadlines",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("token", sa.Integer, nullable=False),
    sa.Column("element", sa.String(120), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("task_id", sa.String(32)),  # of kind task
    sa.Column("kind", sa.String(8), nullable=False),  # task | phase
    sa.Column("since_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("first_due_at", Moment, nullable=False),  # before anything moved it
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("unit", sa.String(16), nullable=False),  # workdays, working hours, hours, minutes, or ''
    sa.Column("basis", sa.Text),  # JSON: the rule that gave the date, if one did
    sa.Column("policy", sa.String(40), nullable=False),
    sa.Column("next_at", Moment),  # when the next reminder is due; null if none is to come
    sa.Column("next_step", sa.String(40)),
    sa.Column("department", sa.String(40), nullable=False),  # who is answerable; '' is the platform
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # running | stopped | met | late | cancelled
    sa.Column("closed_at", Moment),
    sa.Index("ix_deadlines_case", "case_id", "token"),
    sa.Index("ix_deadlines_since", "since_at"),
    sqlite_with_rowid=False,
)
_awaited = sa.and_(deadlines.c.state == sa.literal_column("'running'"), deadlines.c.next_at.is_not(None))
sa.Index(
    "ix_deadlines_next", deadlines.c.next_at, deadlines.c.id, sqlite_where=_awaited, postgresql_where=_awaited
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
    sa.Column("task_id", sa.String(32)),  # the task that nobody can do
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


def fitting(text: str, column: sa.Column[str], place: str) -> str:
    """The text, which an expression of the diagram gave, if the column holds it: SQLite would not mind."""
    limit = column.type.length  # type: ignore[attr-defined]
    if len(text) > limit:
        raise Invalid("runtime.too_long", name=place, value=text[:20], limit=limit)
    return text
