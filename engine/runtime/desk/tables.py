"""The rows of the desk: none of them moves a case, all of them belong to a person."""

import sqlalchemy as sa

from engine.database import Moment, metadata


def _of_task() -> sa.Column[str]:
    return sa.Column("task_id", sa.String(32), sa.ForeignKey("tasks.id"), primary_key=True)


def _of_account() -> sa.Column[str]:
    return sa.Column("account", sa.String(32), primary_key=True)


task_exclusions = sa.Table(  # four eyes: who may not perform a task, as known when it opened
    "task_exclusions",
    metadata,
    _of_task(),
    _of_account(),
    sqlite_with_rowid=False,
)
copies = sa.Table(  # 抄送: a case shown to somebody who has nothing to do in it
    "copies",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("task_id", sa.String(32)),
    sa.Column("account", sa.String(32), nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("read_at", Moment),
    sa.Index("ix_copies_account", "account", "at"),
)
follows = sa.Table(  # 关注: a case that somebody keeps an eye on
    "follows",
    metadata,
    _of_account(),
    sa.Column("case_id", sa.String(32), sa.ForeignKey("cases.id"), primary_key=True, index=True),
    sa.Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
drafts = sa.Table(  # what somebody has typed into a task's form and not submitted
    "drafts",
    metadata,
    _of_task(),
    _of_account(),
    sa.Column("given", sa.Text, nullable=False),  # JSON, as it was typed
    sa.Column("saved_at", Moment, nullable=False),
)
presences = sa.Table(  # who has a task's page open; a row of more than a minute ago says nothing
    "presences",
    metadata,
    _of_task(),
    _of_account(),
    sa.Column("seen_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)
saved_filters = sa.Table(
    "saved_filters",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("account", sa.String(32), nullable=False, index=True),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("query", sa.Text, nullable=False),  # of the URL
    sa.Column("shared_with", sa.String(80), nullable=False, index=True),  # a group, or ''
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("account", "name"),
)
preferences = sa.Table(
    "preferences",
    metadata,
    _of_account(),
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),  # JSON
    sqlite_with_rowid=False,
)
