"""Cases that a person only looks at: copies received (抄送) and cases followed (关注), newest first.

A copy opens its case to whoever got it; following opens nothing, so of the cases followed those are listed
that the person may read now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.identity import Actor
from engine.identity.tables import accounts, enterprises
from engine.runtime.casework.stops import open_stop
from engine.runtime.desk.tables import copies, follows
from engine.runtime.queries.inbox.filters import Filters
from engine.runtime.queries.inbox.lists import ALL, MOST
from engine.runtime.queries.visibility import visible
from engine.runtime.tables import IS_OPEN, cases, tasks
from engine.worktime import Stop

_sender = accounts.alias("sender")


@dataclass(frozen=True)
class KeptCase:
    """A case on somebody's desk. `due_at` is the nearest deadline of its open tasks.

    `at` is when it was copied or followed; `copy_id`, `sender`, `note` and `read_at` are a copy's.
    """

    case_id: str
    number: str
    title: str
    enterprise_name: str
    process: str
    department: str
    status: str
    case_state: str
    urgent: bool
    stops: str
    due_at: datetime | None
    at: datetime
    copy_id: str = ""
    sender: str = ""
    note: str = ""
    read_at: datetime | None = None

    @property
    def state(self) -> str:
        """The case's: open or ended."""
        return self.case_state

    @property
    def stop(self) -> Stop | None:
        """The stop that lasts, if the case's clocks stand still."""
        return open_stop(self.stops) if self.case_state == "open" else None


def copied(
    connection: Connection,
    actor: Actor,
    *,
    filters: Filters = ALL,
    unread: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> list[KeptCase]:
    """The copies this person has received, of cases that `filters` let through; `unread` ones only."""
    own = [
        copies.c.id.label("copy_id"),
        copies.c.at,
        sa.func.coalesce(_sender.c.name, copies.c.by).label("sender"),
        copies.c.note,
        copies.c.read_at,
    ]
    query = _select(own, _of_copies().outerjoin(_sender, _sender.c.id == copies.c.by))
    query = query.where(*_received(actor, unread), *_let_through(connection, filters, copies, actor))
    return _page(connection, query.order_by(copies.c.at.desc(), copies.c.id.desc()), limit, offset)


def followed(
    connection: Connection, actor: Actor, *, filters: Filters = ALL, limit: int = 50, offset: int = 0
) -> list[KeptCase]:
    """The cases this person follows, of those that `filters` let through."""
    query = _select([follows.c.at], _of_follows())
    query = query.where(*_kept(actor), *_let_through(connection, filters, follows, actor))
    return _page(connection, query.order_by(follows.c.at.desc(), follows.c.case_id), limit, offset)


def count_copied(
    connection: Connection, actor: Actor, *, filters: Filters = ALL, unread: bool = False
) -> int:
    """How many copies `copied` lists without its limit; MOST means that many or more."""
    through = _let_through(connection, filters, copies, actor)
    return _count(connection, _of_copies(), [*_received(actor, unread), *through])


def count_followed(connection: Connection, actor: Actor, *, filters: Filters = ALL) -> int:
    """How many cases `followed` lists without its limit; MOST means that many or more."""
    through = _let_through(connection, filters, follows, actor)
    return _count(connection, _of_follows(), [*_kept(actor), *through])


def _received(actor: Actor, unread: bool) -> list[sa.ColumnElement[bool]]:
    mine = [copies.c.account == actor.id]
    return [*mine, copies.c.read_at.is_(None)] if unread else mine


def _kept(actor: Actor) -> list[sa.ColumnElement[bool]]:
    return [follows.c.account == actor.id, visible(actor)]


def _of_copies() -> sa.FromClause:
    return _with_firm(copies.join(cases, cases.c.id == copies.c.case_id))


def _of_follows() -> sa.FromClause:
    return _with_firm(follows.join(cases, cases.c.id == follows.c.case_id))


def _with_firm(joined: sa.Join) -> sa.Join:
    return joined.outerjoin(enterprises, enterprises.c.uscc == cases.c.enterprise)


def _select(own: Sequence[sa.ColumnElement[Any]], source: sa.FromClause) -> sa.Select[Any]:
    due = sa.select(sa.func.min(tasks.c.due_at)).where(tasks.c.case_id == cases.c.id, IS_OPEN)
    return sa.select(
        cases.c.id.label("case_id"),
        cases.c.number,
        cases.c.title,
        sa.func.coalesce(enterprises.c.name, cases.c.enterprise).label("enterprise_name"),
        cases.c.process,
        cases.c.department,
        cases.c.status,
        cases.c.state.label("case_state"),
        cases.c.urgent,
        cases.c.stops,
        sa.type_coerce(due.scalar_subquery(), tasks.c.due_at.type).label("due_at"),
        *own,
    ).select_from(source)


def _let_through(
    connection: Connection, filters: Filters, kept: sa.Table, actor: Actor
) -> list[sa.ColumnElement[bool]]:
    """What can be asked of a case: words, process, department, status, urgency. `kept`: the list's table."""
    among = sa.select(kept.c.case_id).where(kept.c.account == actor.id)
    urgent = [cases.c.urgent.is_(True)] if filters.urgent else []
    return [*filters.of_cases(connection, among), *urgent]


def _page(connection: Connection, query: sa.Select[Any], limit: int, offset: int) -> list[KeptCase]:
    rows = connection.execute(query.limit(limit).offset(offset)).mappings()
    return [KeptCase(**row) for row in rows]


def _count(connection: Connection, source: sa.FromClause, conditions: list[sa.ColumnElement[bool]]) -> int:
    some = sa.select(sa.literal(1)).select_from(source).where(*conditions).limit(MOST).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
