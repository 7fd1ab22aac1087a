"""Task rows as lists and pages read them: columns, joins, and what is read for a page of rows at once.

Rows only; a stored run is never read.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.identity import Actor
from engine.identity.tables import accounts, enterprises
from engine.runtime.desk.tables import drafts
from engine.runtime.queries.rows import TaskRow
from engine.runtime.tables import cases, task_candidates, tasks

_holder = accounts.alias("holder")
_closer = accounts.alias("closer")
_principal = accounts.alias("principal")
_delegator = accounts.alias("delegator")
_OF_TASK = (
    "id",
    "case_id",
    "element",
    "name",
    "form_key",
    "internal",
    "assignee",
    "state",
    "opened_at",
    "due_at",
    "provisional",
    "urgent",
    "priority",
    "version",
    "claimed_at",
    "closed_at",
    "closed_by",
    "owner",
    "delegated_by",
    "acting_for",
    "parent",
    "signing",
    "held",
    "outcome",
    "opinion",
    "urged_at",
    "urged",
    "brought",
)
_OF_CASE = (
    "number",
    "title",
    "enterprise",
    "process",
    "definition_id",
    "department",
    "confidential",
    "status",
    "stops",
)


def select_tasks() -> sa.Select[Any]:
    """Tasks joined with their case, the enterprise's name and the people's names."""
    joined = (
        tasks.join(cases, cases.c.id == tasks.c.case_id)
        .outerjoin(enterprises, enterprises.c.uscc == cases.c.enterprise)
        .outerjoin(_holder, _holder.c.id == tasks.c.assignee)
        .outerjoin(_closer, _closer.c.id == tasks.c.closed_by)
        .outerjoin(_principal, _principal.c.id == tasks.c.acting_for)
        .outerjoin(_delegator, _delegator.c.id == tasks.c.delegated_by)
    )
    return sa.select(
        *(tasks.c[name] for name in _OF_TASK),
        *(cases.c[name] for name in _OF_CASE),
        cases.c.state.label("case_state"),
        sa.func.coalesce(enterprises.c.name, cases.c.enterprise).label("enterprise_name"),
        _holder.c.name.label("assignee_name"),
        _closer.c.name.label("closed_by_name"),
        _principal.c.name.label("acting_for_name"),
        _delegator.c.name.label("delegated_by_name"),
    ).select_from(joined)


def with_candidates(connection: Connection, found: list[TaskRow]) -> list[TaskRow]:
    """The same rows with their candidates, read in one query."""
    ids = [task.id for task in found if task.state == "open"]
    if not ids:
        return found
    query = (
        sa.select(task_candidates).where(task_candidates.c.task_id.in_(ids)).order_by(task_candidates.c.name)
    )
    names: dict[str, list[str]] = {}
    for row in connection.execute(query):
        names.setdefault(row.task_id, []).append(row.name)
    return [replace(task, candidates=tuple(names.get(task.id, ()))) for task in found]


def with_marks(connection: Connection, actor: Actor, found: list[TaskRow]) -> list[TaskRow]:
    """The same rows with the reader's drafts, read in one query."""
    ids = [task.id for task in found if task.state == "open"]
    if not ids:
        return found
    kept = sa.select(drafts.c.task_id, drafts.c.saved_at)
    own = connection.execute(kept.where(drafts.c.task_id.in_(ids), drafts.c.account == actor.id))
    saved = {row.task_id: row.saved_at for row in own}
    return [replace(task, draft_at=saved.get(task.id)) for task in found]


def is_returned() -> sa.ColumnElement[bool]:
    """Whether the task was opened by a move that led back to it."""
    return tasks.c.brought != ""


def in_order(rows: Iterable[TaskRow], ids: list[str]) -> list[TaskRow]:
    """The rows in the order of their ids."""
    place = {task_id: index for index, task_id in enumerate(ids)}
    return sorted(rows, key=lambda row: place[row.id])
