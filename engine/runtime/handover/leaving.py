"""Accounts that are stopped: an account that still has open tasks is not stopped before they have gone."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import Conflict, NotAllowed
from engine.identity import Actor, absence
from engine.identity.tables import accounts, departments
from engine.runtime.engine import Engine
from engine.runtime.tables import IS_OPEN, tasks


@dataclass(frozen=True)
class Keeping:
    """A person's account as its keeper sees it, with the number of tasks that hang on it."""

    id: str
    username: str
    name: str
    department: str | None
    department_name: str
    active: bool
    open: int


def accounts_with_tasks(connection: Connection, *, limit: int = 500, offset: int = 0) -> list[Keeping]:
    """The people's accounts by department and name, with their open tasks; enterprises' are left out."""
    count = (
        sa.select(sa.func.count())
        .select_from(tasks)
        .where(IS_OPEN, tasks.c.assignee == accounts.c.id)
        .scalar_subquery()
    )
    names = ("id", "username", "name", "department", "active")
    place = sa.func.coalesce(departments.c.name, "").label("department_name")
    query = sa.select(*(accounts.c[name] for name in names), place, count.label("open"))
    query = query.select_from(accounts.outerjoin(departments, departments.c.code == accounts.c.department))
    query = query.where(accounts.c.kind == "person").order_by(place, accounts.c.name, accounts.c.username)
    return [Keeping(**row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def stop_account(engine: Engine, connection: Connection, *, actor: Actor, account: str) -> None:
    """Stop a person's account: its sessions end, and nothing comes to it any more.

    A task that came in the same moment is counted in `accounts_with_tasks`, and may still be handed over.
    NotAllowed: for administrators, and not one's own. Conflict: tasks hang on it (how many).
    """
    who = _kept(connection, actor, account)
    own = sa.select(sa.func.count()).select_from(tasks).where(IS_OPEN, tasks.c.assignee == account)
    count = connection.execute(own).scalar_one()
    if count:
        raise Conflict("runtime.handover.hanging", name=who.name, count=count)
    identity.set_active(connection, account, False)


def start_account(connection: Connection, *, actor: Actor, account: str) -> None:
    """Let a stopped account in again. NotAllowed: for administrators."""
    _kept(connection, actor, account)
    identity.set_active(connection, account, True)


def _kept(connection: Connection, actor: Actor, account: str) -> absence.Person:
    who = absence.person(connection, account)
    if "administrator" not in actor.roles or actor.id == account or who.kind != "person":
        raise NotAllowed("runtime.handover.not_administrator", name=who.name)
    return who
