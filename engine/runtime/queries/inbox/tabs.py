"""Which tasks belong to a tab of the inbox, and in what order they stand there.

A task without candidates and assignee belongs to nobody's.
"""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from engine.identity import Actor
from engine.identity.absence import Desk
from engine.identity.tables import enterprises
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.tables import IS_OPEN, cases, task_candidates, tasks

TABS = ("todo", "claimable", "done", "closed")
OPEN_TABS = ("todo", "claimable")
SORTS = ("due", "opened", "closed", "number", "title", "step", "enterprise", "department", "status")

_SORTED: dict[str, Any] = {
    "due": tasks.c.due_at,
    "opened": tasks.c.opened_at,
    "closed": tasks.c.closed_at,
    "number": cases.c.number,
    "title": cases.c.title,
    "step": tasks.c.name,
    "enterprise": sa.func.coalesce(enterprises.c.name, cases.c.enterprise),
    "department": cases.c.department,
    "status": cases.c.status,
}
_SORTED_OF_CASE = frozenset({"number", "title", "enterprise", "department", "status"})


def belongs(actor: Actor, tab: str, also: Collection[Desk]) -> sa.ColumnElement[bool]:
    """The condition of a tab. `also` are the desks whose tasks this person may do as well."""
    if tab == "todo":
        whole = sorted({actor.id, *(desk.account for desk in also if not desk.process)})
        mine = sa.or_(tasks.c.assignee.in_(whole), *(_partly(desk) for desk in also if desk.process))
        own = [sa.or_(tasks.c.assignee == actor.id, ~_barred(actor))] if also else []
        return sa.and_(IS_OPEN, mine, *own)
    if tab == "claimable":
        offered = sa.select(task_candidates.c.task_id).where(
            task_candidates.c.name.in_(sorted({*actor.groups, actor.id}))
        )
        free = sa.and_(IS_OPEN, tasks.c.assignee.is_(None), tasks.c.id.in_(offered))
        return sa.and_(free, ~_barred(actor), ~_spoken(actor))
    done = sa.and_(tasks.c.closed_by == actor.id, tasks.c.state == "done")
    if tab == "done":
        return done
    return sa.and_(done, cases.c.state == "ended", ~sa.exists().where(*_later(actor)))


def _barred(actor: Actor) -> sa.ColumnElement[bool]:
    """Four eyes keep the person from it."""
    return sa.exists().where(task_exclusions.c.task_id == tasks.c.id, task_exclusions.c.account == actor.id)


def _spoken(actor: Actor) -> sa.ColumnElement[bool]:
    """The person has signed at its node."""
    other = tasks.alias("other")
    mine = (other.c[name] == actor.id for name in ("assignee", "acting_for", "closed_by"))
    at_node = (other.c.case_id == tasks.c.case_id, other.c.token == tasks.c.token, other.c.id != tasks.c.id)
    return sa.exists().where(
        *at_node, other.c.parent.is_not(None), other.c.state != "cancelled", sa.or_(*mine)
    )


def _partly(desk: Desk) -> sa.ColumnElement[bool]:
    """What waits on a desk that is shared for one process only."""
    of_process = sa.exists().where(cases.c.id == tasks.c.case_id, cases.c.process == desk.process)
    return sa.and_(tasks.c.assignee == desk.account, of_process)


def _later(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """A later step of the same person in the same case: a closed case is listed once, by the last."""
    later = tasks.alias("later")
    after = sa.tuple_(later.c.closed_at, later.c.id) > sa.tuple_(tasks.c.closed_at, tasks.c.id)
    return later.c.case_id == tasks.c.case_id, later.c.closed_by == actor.id, later.c.state == "done", after


def needs_case(tab: str, sort: str) -> bool:
    """Whether the tab or the order reads rows of cases."""
    return tab == "closed" or sort.removeprefix("-") in _SORTED_OF_CASE


def order(tab: str, sort: str) -> tuple[sa.ColumnElement[Any], ...]:
    """The order of a tab: by `sort` (one of SORTS, with `-` backwards), else what is most urgent first."""
    if sort:
        column = _SORTED[sort.removeprefix("-")]
        if sort.startswith("-"):
            return column.is_(None), column.desc(), tasks.c.id.desc()
        return column.is_(None), column, tasks.c.id
    if tab in OPEN_TABS:
        due = tasks.c.due_at
        return tasks.c.urgent.desc(), due.is_(None), due, tasks.c.priority.desc(), tasks.c.id
    return tasks.c.closed_at.desc(), tasks.c.id.desc()
