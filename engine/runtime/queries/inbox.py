"""The inbox: what waits for a person, what the person may claim, and what the person has done.

Rows only; a stored run is never read. A task without candidates and assignee shows to nobody.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.identity import Actor
from engine.identity.tables import accounts, enterprises
from engine.runtime.queries.rows import TaskRow
from engine.runtime.tables import IS_OPEN, cases, task_candidates, tasks

TABS = ("todo", "claimable", "done", "closed")
_owner = accounts.alias("owner")
_closer = accounts.alias("closer")


def select_tasks() -> sa.Select[Any]:
    """Tasks joined with their case, the enterprise's name and the people's names."""
    names = (
        tasks.c.id,
        tasks.c.case_id,
        cases.c.number,
        cases.c.title,
        cases.c.enterprise,
        sa.func.coalesce(enterprises.c.name, cases.c.enterprise).label("enterprise_name"),
        cases.c.process,
        cases.c.definition_id,
        cases.c.department,
        cases.c.confidential,
        cases.c.status,
        cases.c.state.label("case_state"),
        tasks.c.element,
        tasks.c.name,
        tasks.c.form_key,
        tasks.c.internal,
        tasks.c.assignee,
        _owner.c.name.label("assignee_name"),
        tasks.c.state,
        tasks.c.opened_at,
        tasks.c.due_at,
        tasks.c.provisional,
        tasks.c.urgent,
        tasks.c.priority,
        tasks.c.version,
        tasks.c.claimed_at,
        tasks.c.closed_at,
        tasks.c.closed_by,
        _closer.c.name.label("closed_by_name"),
    )
    joined = (
        tasks.join(cases, cases.c.id == tasks.c.case_id)
        .outerjoin(enterprises, enterprises.c.uscc == cases.c.enterprise)
        .outerjoin(_owner, _owner.c.id == tasks.c.assignee)
        .outerjoin(_closer, _closer.c.id == tasks.c.closed_by)
    )
    return sa.select(*names).select_from(joined)


def inbox(
    connection: Connection, actor: Actor, tab: str = "todo", *, limit: int = 50, offset: int = 0
) -> list[TaskRow]:
    """The tasks of one tab: open ones by urgency, then deadline; finished ones newest first."""
    query = select_tasks().where(_belongs(actor, tab))
    order: tuple[sa.ColumnElement[Any], ...]
    if tab in ("todo", "claimable"):
        order = (
            tasks.c.urgent.desc(),
            tasks.c.due_at.is_(None),
            tasks.c.due_at,
            tasks.c.priority.desc(),
            tasks.c.id,
        )
    else:
        order = (tasks.c.closed_at.desc(), tasks.c.id.desc())
    rows = connection.execute(query.order_by(*order).limit(limit).offset(offset)).mappings()
    return with_candidates(connection, [TaskRow(**row) for row in rows])


def counts(connection: Connection, actor: Actor) -> dict[str, int]:
    """How many tasks each tab holds."""
    found = {}
    for tab in TABS:
        query = sa.select(sa.func.count()).select_from(tasks.join(cases, cases.c.id == tasks.c.case_id))
        found[tab] = int(connection.execute(query.where(_belongs(actor, tab))).scalar_one())
    return found


def _belongs(actor: Actor, tab: str) -> sa.ColumnElement[bool]:
    if tab == "todo":
        return sa.and_(IS_OPEN, tasks.c.assignee == actor.id)
    if tab == "claimable":
        mine = sa.select(task_candidates.c.task_id).where(
            task_candidates.c.name.in_([*actor.groups, actor.id])
        )
        return sa.and_(IS_OPEN, tasks.c.assignee.is_(None), tasks.c.id.in_(mine))
    done = sa.and_(tasks.c.closed_by == actor.id, tasks.c.state == "done")
    if tab == "done":
        return done
    return sa.and_(done, cases.c.state == "ended", ~sa.exists().where(*_later(actor)))


def _later(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """A later step of the same person in the same case: a closed case is listed once, by the last."""
    later = tasks.alias("later")
    after = sa.tuple_(later.c.closed_at, later.c.id) > sa.tuple_(tasks.c.closed_at, tasks.c.id)
    return later.c.case_id == tasks.c.case_id, later.c.closed_by == actor.id, later.c.state == "done", after


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
    return [TaskRow(**{**vars(task), "candidates": tuple(names.get(task.id, ()))}) for task in found]
