"""The lists of the inbox: one page of a tab, how many there are, and what one may narrow them by.

Numbers are counted up to MOST, so that they cost the same on a desk of ten years as on a new one. A page
is found by ids first; what its rows show is read for those rows only.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.identity import Actor
from engine.identity.absence import Desk
from engine.identity.tables import enterprises
from engine.runtime.queries.inbox.filters import Filters
from engine.runtime.queries.inbox.selecting import in_order, select_tasks, with_candidates, with_marks
from engine.runtime.queries.inbox.tabs import TABS, belongs, needs_case, order
from engine.runtime.queries.rows import TaskRow
from engine.runtime.tables import cases, tasks

MOST = 1000  # that many, or more
ALL = Filters()


@dataclass(frozen=True)
class Occurring:
    """What the tasks of a tab may be narrowed by: the words that occur among them, sorted."""

    processes: tuple[str, ...]
    steps: tuple[str, ...]
    departments: tuple[str, ...]
    statuses: tuple[str, ...]


def inbox(
    connection: Connection,
    actor: Actor,
    tab: str = "todo",
    *,
    filters: Filters = ALL,
    sort: str = "",
    also: Collection[Desk] = (),
    limit: int = 50,
    offset: int = 0,
) -> list[TaskRow]:
    """The tasks of one tab: open ones by urgency, then deadline; finished ones newest first.

    `sort` is one of SORTS, with `-` backwards; `also` are the desks that this person may do too.
    """
    ids = listed(connection, actor, tab, filters=filters, sort=sort, also=also, limit=limit, offset=offset)
    return rows_of(connection, actor, ids)


def listed(
    connection: Connection,
    actor: Actor,
    tab: str,
    *,
    filters: Filters = ALL,
    sort: str = "",
    also: Collection[Desk] = (),
    limit: int = MOST,
    offset: int = 0,
) -> list[str]:
    """The ids of the tasks that `inbox` lists."""
    wide = filters.of_case or needs_case(tab, sort)
    query = _from(sa.select(tasks.c.id), wide).where(*_conditions(connection, actor, tab, filters, also))
    return list(connection.execute(query.order_by(*order(tab, sort)).limit(limit).offset(offset)).scalars())


def rows_of(connection: Connection, actor: Actor, ids: list[str]) -> list[TaskRow]:
    """These tasks in this order, with their candidates and the reader's marks."""
    if not ids:
        return []
    found = connection.execute(select_tasks().where(tasks.c.id.in_(ids))).mappings()
    rows = in_order((TaskRow(**row) for row in found), ids)
    return with_marks(connection, actor, with_candidates(connection, rows))


def counts(connection: Connection, actor: Actor, also: Collection[Desk] = ()) -> dict[str, int]:
    """How many tasks each tab holds; MOST means that many or more."""
    return {tab: count(connection, actor, tab, also=also) for tab in TABS}


def count(
    connection: Connection,
    actor: Actor,
    tab: str,
    *,
    filters: Filters = ALL,
    also: Collection[Desk] = (),
) -> int:
    """How many tasks `inbox` lists without its limit; MOST means that many or more."""
    wide = filters.of_case or needs_case(tab, "")
    some = (
        _from(sa.select(sa.literal(1)), wide)
        .where(*_conditions(connection, actor, tab, filters, also))
        .limit(MOST)
        .subquery()
    )
    return int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def occurring(connection: Connection, actor: Actor, tab: str, also: Collection[Desk] = ()) -> Occurring:
    """What occurs among the first MOST tasks of the tab."""
    columns = (cases.c.process, tasks.c.name, cases.c.department, cases.c.status)
    some = _from(sa.select(*columns), True).where(belongs(actor, tab, also)).limit(MOST).subquery()
    rows = connection.execute(sa.select(*some.c).distinct()).all()
    return Occurring(*(_words(row[index] for row in rows) for index in range(len(columns))))


def _words(found: Collection[str] | Any) -> tuple[str, ...]:
    return tuple(sorted({word for word in found if word}))


def _conditions(
    connection: Connection, actor: Actor, tab: str, filters: Filters, also: Collection[Desk]
) -> list[sa.ColumnElement[bool]]:
    mine = belongs(actor, tab, also)
    among = _from(sa.select(tasks.c.case_id), needs_case(tab, "")).where(mine)
    return [mine, *filters.conditions(connection, actor, also, among)]


def _from(query: sa.Select[Any], wide: bool) -> sa.Select[Any]:
    """Over tasks; `wide`: with the case and the enterprise."""
    if not wide:
        return query.select_from(tasks)
    return query.select_from(
        tasks.join(cases, cases.c.id == tasks.c.case_id).outerjoin(
            enterprises, enterprises.c.uscc == cases.c.enterprise
        )
    )
