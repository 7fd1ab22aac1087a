"""Who may keep somebody's absences and stand-in, and who may be a deputy for whom."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import NotFound
from engine.identity.actors import SEE_NO_CASES, Actor
from engine.identity.tables import account_roles, accounts


@dataclass(frozen=True)
class Person:
    """An account as absences look at it, active or not."""

    id: str
    username: str
    name: str
    kind: str
    department: str | None
    active: bool
    roles: frozenset[str]


def person(connection: Connection, account_id: str) -> Person:
    """The person with that account. Raises NotFound."""
    found = _people(connection, [accounts.c.id == account_id])
    if not found:
        raise NotFound("identity.no_account")
    return found[0]


def _people(connection: Connection, conditions: Iterable[sa.ColumnElement[bool]]) -> list[Person]:
    names = ("id", "username", "name", "kind", "department", "active")
    columns = [accounts.c[name] for name in names]
    query = sa.select(*columns, account_roles.c.role).select_from(accounts.outerjoin(account_roles))
    found: dict[str, tuple[dict[str, object], set[str]]] = {}
    for row in connection.execute(query.where(*conditions).order_by(accounts.c.name, accounts.c.username)):
        known = found.setdefault(row.id, ({name: getattr(row, name) for name in names}, set()))
        known[1].update([row.role] if row.role else [])
    return [Person(**facts, roles=frozenset(roles)) for facts, roles in found.values()]  # type: ignore[arg-type]


def may_keep(actor: Actor, who: Person) -> bool:
    """Whether `actor` may make and end absences of `who`, and hand over what `who` holds.

    The person; the administrator of the person's department; the control centre for whoever belongs to
    none (the platform's own roles); and the system's administrator, who keeps the accounts.
    """
    if who.kind != "person":
        return False
    if actor.kind == "system" or actor.id == who.id:
        return True
    return keeps(actor, who)


def keeps(actor: Actor, who: Person) -> bool:
    """Whether `who` is in `actor`'s charge: what `may_keep` says, but for the person."""
    if "administrator" in actor.roles:
        return True
    if who.department is None:
        return "control-centre" in actor.roles
    return "admin" in actor.roles and actor.department == who.department


def may_deputise(who: Person, deputy: Person) -> bool:
    """Whether `deputy` could take over from `who`: active, somebody else, and of the same work.

    The same department; or, for the platform's own roles, one that both hold. Who sees no cases cannot.
    """
    if not deputy.active or deputy.kind != "person" or deputy.id == who.id:
        return False
    if deputy.department != who.department or deputy.roles <= SEE_NO_CASES:
        return False
    return who.department is not None or not who.roles.isdisjoint(deputy.roles - SEE_NO_CASES)


def people_of(connection: Connection, department: str | None) -> list[Person]:
    """The active people of a department, or (None) those who belong to none, by name."""
    place = accounts.c.department == department
    near = accounts.c.department.is_(None) if department is None else place
    return _people(connection, [accounts.c.active, accounts.c.kind == "person", near])


def deputies_for(connection: Connection, who: Person) -> list[Person]:
    """Everybody who may deputise for `who`, by name."""
    return [one for one in people_of(connection, who.department) if may_deputise(who, one)]
