"""A/B 岗: who stands in for somebody whose absence names no deputy. Two may stand in for each other."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import Invalid, NotAllowed, Problem
from engine.identity.absence.keepers import keeps, may_deputise, person
from engine.identity.actors import Actor
from engine.identity.tables import accounts
from engine.identity.tables import backups as table


def backup_of(connection: Connection, account_id: str) -> str | None:
    """The id of the person's stand-in (B 岗), if one was set and may still deputise; else None."""
    found = connection.execute(sa.select(table.c.backup).where(table.c.account == account_id)).scalar()
    if found is None or not may_deputise(person(connection, account_id), person(connection, found)):
        return None
    return str(found)


def set_backup(connection: Connection, *, actor: Actor, account: str, backup: str | None) -> None:
    """Make `backup` the stand-in of `account`, or none. It names the default of rules to come.

    NotAllowed: the person is not in the actor's charge. Invalid: who may not deputise.
    """
    who = person(connection, account)
    if not (actor.kind == "system" or keeps(actor, who)):
        raise NotAllowed("identity.absence.not_keeper", name=who.name)
    connection.execute(table.delete().where(table.c.account == account))
    if not backup:
        return
    deputy = person(connection, backup)
    if not may_deputise(who, deputy):
        facts = {"deputy": deputy.name, "name": who.name}
        raise Invalid("identity.absence", problems=[Problem("identity.absence.deputy", "backup", facts)])
    connection.execute(table.insert().values(account=account, backup=backup))


def backups(connection: Connection, department: str | None) -> dict[str, str]:
    """Who stands in for whom (ids) in a department; None: among those who belong to none."""
    place = accounts.c.department == department
    query = sa.select(table.c.account, table.c.backup).select_from(
        table.join(accounts, accounts.c.id == table.c.account)
    )
    near = accounts.c.department.is_(None) if department is None else place
    return {row.account: row.backup for row in connection.execute(query.where(near))}
