"""Whom a task may be given to, and whom a case may be shown to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import ZhibanError
from engine.identity import ROLES, Actor, load_actor, members_of
from engine.identity.actors import DEPARTMENT_ROLES, SEE_NO_CASES
from engine.identity.tables import account_roles, accounts, departments
from engine.runtime.casework.attending import is_nobodys
from engine.runtime.deadlines.policies import ENTERPRISE
from engine.runtime.engine import Engine
from engine.runtime.guards import candidates, is_candidate
from engine.runtime.performing import beside, excluded

OFFICE = 500  # people among whom the control centre chooses for a task that nobody else can do
FOUND = 50  # people that a search gives at most


@dataclass(frozen=True)
class Person:
    """Somebody to choose. `place` is the department's name, or the roles of who has none (zh, en)."""

    id: str
    name: str
    place: str
    place_en: str


def eligible(
    connection: Connection, engine: Engine, task_row: Mapping[str, Any], actor: Actor
) -> list[Person]:
    """Whom the task may be given to, by name: active people of the groups it waits for, or of the groups and
    the department of who has it. Not who has it, not the enterprises', nobody whom four eyes keep out or
    who speaks there already. Where none of those is there to do it: every officer.
    """
    ids: set[str] = set()
    for name in _groups(connection, task_row, actor):
        ids |= {member.id for member in members_of(connection, name) if member.enterprise is None} or {name}
    out = excluded(connection, task_row["id"]) | {task_row["assignee"], task_row["delegated_by"]}
    if task_row["assignee"] is None and is_candidate(connection, task_row["id"], actor):
        out |= {actor.id}  # who may claim it does so; an administrator may assign it to themselves
    out |= beside(connection, task_row)
    if task_row["assignee"] is None and is_nobodys(connection, task_row["id"]):
        kept_out = accounts.c.id.not_in(sorted(one for one in out if one))
        return _people(connection, _reads(), kept_out, limit=OFFICE)
    return _people(connection, accounts.c.id.in_(sorted(ids - out)))


def _groups(connection: Connection, task: Mapping[str, Any], actor: Actor) -> set[str]:
    """The groups and accounts that a task belongs to, with everybody of the departments among them."""
    found = {name for name in candidates(connection, task["id"]) if not name.startswith(ENTERPRISE)}
    holder = actor
    if task["assignee"] not in (None, actor.id):
        try:
            holder = load_actor(connection, task["assignee"])
        except ZhibanError:  # no longer active: the candidates say where the task belongs
            holder = Actor(task["assignee"], "", "person", groups=frozenset({task["assignee"]}))
    if task["assignee"] is not None:
        found |= holder.groups
        if holder.department:
            found.add(f"handler@{holder.department}")
    places = {name.partition("@")[2] for name in found if name.partition("@")[0] in DEPARTMENT_ROLES}
    return found | {f"{role}@{place}" for role in DEPARTMENT_ROLES for place in places if place}


def colleagues(connection: Connection, text: str = "", ids: Iterable[str] | None = None) -> list[Person]:
    """Officers to whom a case may be shown, by name: those whose name, user name or department holds `text`.

    At most FOUND; `ids` narrows them to these accounts.
    """
    wanted = text.strip()
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted:
        columns = (accounts.c.name, accounts.c.username, departments.c.name)
        conditions.append(sa.or_(*(c.contains(wanted, autoescape=True) for c in columns)))
    if ids is not None:
        conditions.append(accounts.c.id.in_(sorted(ids)))
    return _people(connection, _reads(), *conditions, limit=None if ids is not None else FOUND)


def _reads() -> sa.ColumnElement[bool]:
    """Whether an account has a role that reads cases."""
    return sa.exists().where(
        account_roles.c.account_id == accounts.c.id, account_roles.c.role.not_in(sorted(SEE_NO_CASES))
    )


def _people(
    connection: Connection, *conditions: sa.ColumnElement[bool], limit: int | None = None
) -> list[Person]:
    query = (
        sa.select(accounts.c.id, accounts.c.name, departments.c.name.label("place"))
        .select_from(accounts.outerjoin(departments, departments.c.code == accounts.c.department))
        .where(accounts.c.active, accounts.c.kind == "person", *conditions)
        .order_by(departments.c.name, accounts.c.name, accounts.c.id)
        .limit(limit)
    )
    rows = list(connection.execute(query))
    placeless = [row.id for row in rows if row.place is None]
    roles: dict[str, list[str]] = {}
    if placeless:
        held = sa.select(account_roles).where(account_roles.c.account_id.in_(placeless))
        for account, role in connection.execute(held):
            roles.setdefault(account, []).append(role)
    return [_person(row.id, row.name, row.place, sorted(roles.get(row.id, ()))) for row in rows]


def _person(key: str, name: str, place: str | None, roles: list[str]) -> Person:
    if place is not None:
        return Person(key, name, place, place)
    known = [ROLES[role] for role in roles if role in ROLES]
    return Person(key, name, "、".join(zh for zh, _ in known), ", ".join(en for _, en in known))
