"""Filters kept under a name: the query of an inbox's address, one's own or shared with a group.

A filter narrows what its reader may see anyway; sharing one shares no task.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import new_id
from engine.errors import Conflict, Invalid, NotFound
from engine.identity import Actor
from engine.identity.tables import accounts
from engine.runtime.desk.tables import saved_filters

NAME, QUERY, MOST = 60, 2000, 30  # characters, characters, filters of one person


@dataclass(frozen=True)
class Saved:
    """A kept filter. `query` is the part of an address behind the `?`; `shared_with` a group or ''."""

    id: str
    name: str
    query: str
    shared_with: str
    mine: bool
    owner: str  # the name of whoever keeps it


def shareable(actor: Actor) -> list[str]:
    """The groups that this person may share with: the whole department (`@code`), then one's groups."""
    whole = [f"@{actor.department}"] if actor.department else []
    return [*whole, *sorted(actor.groups)]


def saved(connection: Connection, actor: Actor) -> list[Saved]:
    """This person's filters by age, then those that others share with a group of this person's, by name."""
    mine = saved_filters.c.account == actor.id
    shared = saved_filters.c.shared_with.in_(shareable(actor))
    query = (
        sa.select(saved_filters, accounts.c.name.label("owner"))
        .join(accounts, accounts.c.id == saved_filters.c.account)
        .where(sa.or_(mine, shared))
        .order_by(saved_filters.c.at, saved_filters.c.id)
    )
    found = [
        Saved(row.id, row.name, row.query, row.shared_with, row.account == actor.id, row.owner)
        for row in connection.execute(query)
    ]
    return [one for one in found if one.mine] + sorted(
        (one for one in found if not one.mine), key=lambda one: (one.name, one.id)
    )


def save(
    connection: Connection, actor: Actor, *, name: str, query: str, now: datetime, shared_with: str = ""
) -> str:
    """Keep `query` under `name`, in place of what this person kept under it; the filter's id.

    Invalid: no name, too long, too many filters, a group that is not this person's.
    """
    name = _name(name)
    _group(actor, shared_with)
    if len(query) > QUERY:
        raise Invalid("desk.filter_long")
    known = _named(connection, actor, name)
    if known is not None:
        own = saved_filters.c.id == known
        connection.execute(sa.update(saved_filters).where(own).values(query=query, shared_with=shared_with))
        return known
    number = sa.select(sa.func.count()).where(saved_filters.c.account == actor.id)
    if connection.execute(number).scalar_one() >= MOST:
        raise Invalid("desk.filters_full", most=MOST)
    made = {"id": new_id(), "account": actor.id, "name": name, "query": query}
    connection.execute(saved_filters.insert().values(**made, shared_with=shared_with, at=now))
    return made["id"]


def rename(connection: Connection, actor: Actor, filter_id: str, name: str) -> None:
    """Give one's filter another name. NotFound; Invalid: no name; Conflict: another one is called so."""
    name = _name(name)
    known = _named(connection, actor, name)
    if known not in (None, filter_id):
        raise Conflict("desk.filter_exists", name=name)
    _change(connection, actor, filter_id, name=name)


def share(connection: Connection, actor: Actor, filter_id: str, shared_with: str) -> None:
    """Share one's filter with a group, or with nobody (''). NotFound; Invalid: not this person's group."""
    _group(actor, shared_with)
    _change(connection, actor, filter_id, shared_with=shared_with)


def delete(connection: Connection, actor: Actor, filter_id: str) -> None:
    """Delete one's filter, for those it was shared with too. Deleting it again changes nothing."""
    connection.execute(sa.delete(saved_filters).where(*_own(actor, filter_id)))


def _own(actor: Actor, filter_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return saved_filters.c.id == filter_id, saved_filters.c.account == actor.id


def _change(connection: Connection, actor: Actor, filter_id: str, **values: str) -> None:
    changed = connection.execute(sa.update(saved_filters).where(*_own(actor, filter_id)).values(**values))
    if changed.rowcount != 1:
        raise NotFound("desk.no_filter")


def _named(connection: Connection, actor: Actor, name: str) -> str | None:
    query = sa.select(saved_filters.c.id)
    return connection.execute(
        query.where(saved_filters.c.account == actor.id, saved_filters.c.name == name)
    ).scalar()


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME:
        raise Invalid("desk.filter_name", most=NAME)
    return name


def _group(actor: Actor, group: str) -> None:
    if group and group not in shareable(actor):
        raise Invalid("desk.not_your_group")
