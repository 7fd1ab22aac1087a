"""Accounts: making one, changing it, and the Actor it stands for.

Guarantees that a username is unique however it is written, that a role fits the account, and that
a change of password, roles or state ends every open session. Nothing here commits.
"""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import errors, uscc
from engine.database import Prepared, is_duplicate, new_id
from engine.errors import Problem
from engine.identity import directory, passwords
from engine.identity.absence import following
from engine.identity.actors import DEPARTMENT_ROLES, ROLES, Actor
from engine.identity.tables import account_roles, accounts

_actor = Prepared(
    sa.select(
        accounts.c.name,
        accounts.c.kind,
        accounts.c.department,
        accounts.c.enterprise,
        accounts.c.active,
        accounts.c.session_version,
        account_roles.c.role,
    )
    .select_from(accounts.outerjoin(account_roles))
    .where(accounts.c.id == sa.bindparam("account_id"))
)


@dataclass(frozen=True)
class Account:
    """An account as its keeper sees it. Moments in UTC."""

    id: str
    username: str
    name: str
    kind: str
    roles: frozenset[str]
    department: str | None
    enterprise: str | None
    active: bool
    locked_until: datetime | None
    session_version: int
    created_at: datetime


def create_account(
    connection: Connection,
    *,
    username: str,
    name: str,
    now: datetime,
    password: str | None = None,
    password_hash: str = "",
    roles: Collection[str] = (),
    department: str | None = None,
    enterprise: str | None = None,
) -> str:
    """Add an account and return its id. One with an `enterprise` (credit code) is that enterprise's.

    Give a `password`, or an argon2 `password_hash` moved from elsewhere; with neither the account
    cannot sign in by password. Raises Invalid naming the fields.
    """
    username, name = plain_username(username), name.strip()
    problems = _problems(connection, username, name, roles, department, enterprise)
    if password is not None:
        problems += filter(None, [passwords.weakness(password, username, name)])
    if problems:
        raise errors.Invalid("identity.account", problems=problems)
    account_id = new_id()
    _insert(
        connection,
        id=account_id,
        username=username,
        name=name,
        password_hash=password_hash if password is None else passwords.hashed(password),
        kind="person" if enterprise is None else "enterprise",
        department=department,
        enterprise=enterprise if enterprise is None else uscc.normalise(enterprise),
        created_at=now,
    )
    _put_roles(connection, account_id, roles)
    return account_id


def _insert(connection: Connection, **values: object) -> None:
    new = {"active": True, "failed_attempts": 0, "session_version": 1}
    try:
        connection.execute(accounts.insert().values({**new, **values}))
    except sa.exc.IntegrityError as error:
        if not is_duplicate(error):
            raise
        raise errors.Invalid("identity.account", problems=[_taken(str(values["username"]))]) from error


def _taken(username: str) -> Problem:
    return Problem("identity.username_taken", "username", {"username": username})


def plain_username(text: str) -> str:
    """The one writing of a username: half-width, lower case, without surrounding blanks."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _problems(
    connection: Connection,
    username: str,
    name: str,
    roles: Collection[str],
    department: str | None,
    enterprise: str | None,
) -> list[Problem]:
    problems = []
    if not 2 <= len(username) <= 64 or any(character.isspace() for character in username):
        problems.append(Problem("identity.username", "username"))
    elif connection.execute(sa.select(accounts.c.id).where(accounts.c.username == username)).first():
        problems.append(_taken(username))
    if not name:
        problems.append(Problem("identity.name", "name"))
    try:
        if department is not None:
            directory.department(connection, department)
        if enterprise is not None:
            directory.enterprise(connection, enterprise)
    except errors.NotFound as missing:
        where = "department" if missing.code == "identity.no_department" else "enterprise"
        problems.append(Problem(missing.code, where, missing.facts))
    return problems + _role_problems(roles, department, enterprise)


def _role_problems(roles: Collection[str], department: str | None, enterprise: str | None) -> list[Problem]:
    if enterprise is not None:
        fits = set(roles) <= {"enterprise"} and department is None
        return [] if fits else [Problem("identity.enterprise_only", "roles")]
    unknown = [role for role in roles if role not in ROLES or role == "enterprise"]
    problems = [Problem("identity.role", "roles", {"role": role}) for role in unknown]
    if not roles:
        problems.append(Problem("identity.no_role", "roles"))
    if department is None and not DEPARTMENT_ROLES.isdisjoint(roles):
        problems.append(Problem("identity.role_needs_department", "department"))
    return problems


def _put_roles(connection: Connection, account_id: str, roles: Collection[str]) -> None:
    connection.execute(account_roles.delete().where(account_roles.c.account_id == account_id))
    rows = [{"account_id": account_id, "role": role} for role in sorted(set(roles) - {"enterprise"})]
    if rows:
        connection.execute(account_roles.insert(), rows)


def load_actor(
    connection: Connection, account_id: str, session_version: int | None = None, now: datetime | None = None
) -> Actor:
    """The Actor an account stands for; with the desks that others share with the person at the moment `now`.

    Raises NotFound without such an account, NotAllowed when it is not active, or when the session
    was opened under another `session_version` than the account's.
    """
    rows = _actor(connection, account_id=account_id)
    if not rows:
        raise errors.NotFound("identity.no_account")
    name, kind, department, enterprise, active, version, _ = rows[0]
    if not active:
        raise errors.NotAllowed("identity.inactive")
    if session_version is not None and session_version != version:
        raise errors.NotAllowed("identity.session_ended")
    roles = frozenset(row[-1] for row in rows if row[-1] is not None)
    if kind == "enterprise":
        roles |= {"enterprise"}
    found = following.desks(connection, account_id, now) if now is not None and kind == "person" else ()
    shares = frozenset((desk.account, desk.process) for desk in found)
    return Actor(account_id, name, kind, roles, department, enterprise, shares=shares)


def list_accounts(connection: Connection, account_ids: Sequence[str] | None = None) -> list[Account]:
    """Accounts by username: all, or those with the given ids."""
    held: dict[str, set[str]] = {}
    for account_id, role in connection.execute(sa.select(account_roles)):
        held.setdefault(account_id, set()).add(role)
    query = sa.select(accounts).order_by(accounts.c.username)
    if account_ids is not None:
        query = query.where(accounts.c.id.in_(account_ids))
    rows = connection.execute(query).mappings()
    kept = [name for name in Account.__dataclass_fields__ if name != "roles"]
    return [
        Account(roles=frozenset(held.get(row["id"], ())), **{name: row[name] for name in kept})
        for row in rows
    ]


def change_password(connection: Connection, account_id: str, password: str) -> None:
    """Set a new password, lift a lock and end every session. Raises Invalid when it is too weak."""
    account = _one(connection, account_id)
    weakness = passwords.weakness(password, account.username, account.name)
    if weakness is not None:
        raise errors.Invalid("identity.account", problems=[weakness])
    _change(connection, account_id, password_hash=passwords.hashed(password))
    unlock(connection, account_id)


def change_roles(
    connection: Connection, account_id: str, roles: Collection[str], department: str | None
) -> None:
    """Give a person's account other roles and another department, and end its sessions."""
    account = _one(connection, account_id)
    problems = _role_problems(roles, department, account.enterprise)
    if problems:
        raise errors.Invalid("identity.account", problems=problems)
    if department is not None:
        directory.department(connection, department)
    _put_roles(connection, account_id, roles)
    _change(connection, account_id, department=department)


def set_active(connection: Connection, account_id: str, active: bool) -> None:
    """Stop an account (it keeps its history) or let it in again. Ends its sessions."""
    _one(connection, account_id)
    _change(connection, account_id, active=active)


def unlock(connection: Connection, account_id: str) -> None:
    """Lift the lock that wrong passwords brought."""
    values = {"failed_attempts": 0, "locked_until": None}
    connection.execute(accounts.update().where(accounts.c.id == account_id).values(values))


def _one(connection: Connection, account_id: str) -> Account:
    found = list_accounts(connection, [account_id])
    if not found:
        raise errors.NotFound("identity.no_account")
    return found[0]


def _change(connection: Connection, account_id: str, **values: object) -> None:
    ended = {"session_version": accounts.c.session_version + 1}
    connection.execute(accounts.update().where(accounts.c.id == account_id).values({**values, **ended}))
