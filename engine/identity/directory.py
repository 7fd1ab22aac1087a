"""Departments and enterprises, and who belongs to which group: what choosers and notices ask.

Every function takes a connection and leaves the commit to its caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import errors, uscc
from engine.database import Prepared
from engine.errors import Problem
from engine.identity.actors import DEPARTMENT_ROLES, ROLES, SEE_NO_CASES, SYSTEM
from engine.identity.tables import account_roles, accounts, departments, enterprises

LEVELS = ("city", "county", "town")
_CODE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_departments = Prepared(sa.select(*departments.c).order_by(departments.c.code))
_name = Prepared(sa.select(accounts.c.name).where(accounts.c.id == sa.bindparam("account_id")))


@dataclass(frozen=True)
class Department:
    code: str
    name: str
    parent: str | None
    level: str  # city, county or town
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Enterprise:
    uscc: str
    name: str
    type: str
    legal_person: str
    address: str
    industry: str
    scale: str
    contact: str
    phone: str


@dataclass(frozen=True)
class Member:
    """An active account, as a chooser of assignees or a notice needs it."""

    id: str
    username: str
    name: str
    department: str | None
    enterprise: str | None


def create_department(
    connection: Connection,
    *,
    code: str,
    name: str,
    parent: str | None = None,
    level: str = "county",
    duties: Sequence[str] = (),
) -> Department:
    """Add a department. Raises Invalid naming the fields, Conflict when the code exists."""
    problems = []
    if not 0 < len(code) <= 40 or not _CODE.issuperset(code):
        problems.append(Problem("identity.department_code", "code"))
    if not name.strip():
        problems.append(Problem("identity.name", "name"))
    if level not in LEVELS:
        problems.append(Problem("identity.department_level", "level"))
    if parent is not None and not _exists(connection, departments.c.code, parent):
        problems.append(Problem("identity.no_department", "parent", {"code": parent}))
    if problems:
        raise errors.Invalid("identity.department", problems=problems)
    if _exists(connection, departments.c.code, code):
        raise errors.Conflict("identity.department_exists", code=code)
    made = Department(code, name.strip(), parent, level, tuple(duties))
    connection.execute(departments.insert().values({**made.__dict__, "duties": list(duties)}))
    return made


def create_enterprise(
    connection: Connection,
    *,
    uscc: str,
    name: str,
    type: str = "",
    legal_person: str = "",
    address: str = "",
    industry: str = "",
    scale: str = "",
    contact: str = "",
    phone: str = "",
) -> Enterprise:
    """Register an enterprise under its credit code, whose check characters must agree (GB 32100).

    Raises Invalid naming the fields, Conflict when the code is registered.
    """
    code = _checked(uscc, name)
    if _exists(connection, enterprises.c.uscc, code):
        raise errors.Conflict("identity.enterprise_exists", uscc=code)
    made = Enterprise(
        code, name.strip(), type, legal_person, address, industry, scale, contact=contact, phone=phone
    )
    connection.execute(enterprises.insert().values(made.__dict__))
    return made


def rename_enterprise(connection: Connection, code: str, name: str) -> Enterprise:
    """Register the enterprise under another name. Raises NotFound; Invalid where the name is blank.

    Its cases are found by it through `runtime.search.rename_enterprise`.
    """
    if not name.strip():
        raise errors.Invalid("identity.enterprise", problems=[Problem("identity.name", "name")])
    known = enterprise(connection, code)
    its = enterprises.c.uscc == known.uscc
    connection.execute(sa.update(enterprises).where(its).values(name=name.strip()))
    return replace(known, name=name.strip())


def _checked(code: str, name: str) -> str:
    wrong = uscc.problem(code)
    problems = [] if wrong is None else [Problem(wrong.code, "uscc", wrong.facts)]
    if not name.strip():
        problems.append(Problem("identity.name", "name"))
    if problems:
        raise errors.Invalid("identity.enterprise", problems=problems)
    return uscc.normalise(code)


def department(connection: Connection, code: str) -> Department:
    """The department with this code. Raises NotFound."""
    row = connection.execute(sa.select(departments).where(departments.c.code == code)).mappings().first()
    if row is None:
        raise errors.NotFound("identity.no_department", code=code)
    return _department(row)


def all_departments(connection: Connection) -> list[Department]:
    """Every department, by code."""
    names = [column.name for column in departments.c]
    return [_department(dict(zip(names, row, strict=True))) for row in _departments(connection)]


def _department(row: Any) -> Department:
    return Department(**{**row, "duties": tuple(row["duties"])})


def enterprise(connection: Connection, code: str) -> Enterprise:
    """The enterprise with this credit code, loosely written or not. Raises NotFound."""
    code = uscc.normalise(code)
    row = connection.execute(sa.select(enterprises).where(enterprises.c.uscc == code)).mappings().first()
    if row is None:
        raise errors.NotFound("identity.no_enterprise", uscc=code)
    return Enterprise(**row)


def members_of(connection: Connection, group: str) -> list[Member]:
    """The active accounts in a group, by name. A group nobody is in, or that is unknown, is empty."""
    role, _, place = group.partition("@")
    query = sa.select(accounts).where(accounts.c.active)
    if role == "enterprise":
        query = query.where(accounts.c.kind == "enterprise")
        query = query.where(accounts.c.enterprise == place) if place else query
    else:
        query = query.join(account_roles).where(account_roles.c.role == role)
        query = query.where(accounts.c.department == place) if place else query
    rows = connection.execute(query.order_by(accounts.c.name, accounts.c.username))
    return [Member(row.id, row.username, row.name, row.department, row.enterprise) for row in rows]


def signer(connection: Connection, name: str) -> str | None:
    """What somebody is who is to sign: `account` for an active officer's id, `group` for a group of the house
    that has a member, None for anybody else. Who may see no case cannot sign in one.
    """
    query = sa.select(accounts.c.kind, account_roles.c.role).join(account_roles)
    rows = connection.execute(query.where(accounts.c.id == name, accounts.c.active)).all()
    if any(row.kind == "person" and row.role not in SEE_NO_CASES for row in rows):
        return "account"
    role = name.partition("@")[0]
    staff = role in ROLES and role not in SEE_NO_CASES and role != "enterprise"
    return "group" if staff and members_of(connection, name) else None


def handlers_of(connection: Connection, department: str) -> list[Member]:
    """The active handlers (承办人) of a department, by name."""
    return members_of(connection, f"handler@{department}")


def name_of(connection: Connection, account_id: str) -> str:
    """An account's name; the id itself when there is no such account any more."""
    if account_id == SYSTEM.id:
        return SYSTEM.name
    rows = _name(connection, account_id=account_id)
    return str(rows[0][0]) if rows else account_id


def group_name(connection: Connection, group: str, language: str = "zh") -> str:
    """A group in words, such as 市场监督管理局 部门管理员; the id itself when it is unknown."""
    role, _, place = group.partition("@")
    if role not in ROLES:
        return group
    words = ROLES[role][1 if language.startswith("en") else 0]
    if not place:
        return words
    table = departments.c.code if role in DEPARTMENT_ROLES else enterprises.c.uscc
    names = sa.select(table.table.c.name).where(table == place)
    name = connection.execute(names).scalar() or place
    return str(name) if role == "enterprise" else f"{name} {words}"


def _exists(connection: Connection, column: sa.Column[str], value: str) -> bool:
    return connection.execute(sa.select(column).where(column == value)).first() is not None
