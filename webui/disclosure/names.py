"""Who somebody is to an enterprise: its own people by name, officers by their department or office."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import identity
from engine.identity import ROLES, SYSTEM, Actor
from engine.identity.tables import account_roles, accounts, departments

OFFICER = ("工作人员", "Officer")
SYSTEM_NAME = (SYSTEM.name, "System")


class Names:
    """Who somebody is to one enterprise: its own people by name, officers by their department or office."""

    def __init__(self, connection: Connection, reader: Actor, language: str = "zh") -> None:
        self._connection, self._reader = connection, reader
        self._word = 1 if language.startswith("en") else 0
        self._known: dict[str, tuple[bool, str]] = {SYSTEM.id: (False, SYSTEM_NAME[self._word])}

    def own(self, account: str | None) -> bool:
        """Whether the account belongs to the reader's own enterprise."""
        return bool(account) and self._look(str(account))[0]

    def id(self, account: str | None) -> str | None:
        """The account's id where it is the enterprise's own."""
        return account if self.own(account) else None

    def of(self, account: str | None) -> str:
        return self._look(account)[1] if account else ""

    def group(self, group: str) -> str:
        """A group, or an account, a task waits for."""
        role, _, place = group.partition("@")
        if role not in ROLES:
            return self.of(group)
        if place and role != "enterprise":
            return self._department(place)
        return identity.group_name(self._connection, group, "en" if self._word else "zh")

    def _look(self, account: str) -> tuple[bool, str]:
        if account not in self._known:
            self._known[account] = self._read(account)
        return self._known[account]

    def _read(self, account: str) -> tuple[bool, str]:
        row = self._connection.execute(sa.select(accounts).where(accounts.c.id == account)).first()
        if row is None:
            return False, OFFICER[self._word]
        if row.enterprise is not None and row.enterprise == self._reader.enterprise:
            return True, row.name
        if row.department is not None:
            return False, self._department(row.department)
        query = sa.select(account_roles.c.role).where(account_roles.c.account_id == account)
        roles = set(self._connection.execute(query).scalars())
        words = next((names for role, names in ROLES.items() if role in roles), OFFICER)
        return False, words[self._word]

    def _department(self, code: str) -> str:
        query = sa.select(departments.c.name).where(departments.c.code == code)
        return str(self._connection.execute(query).scalar() or OFFICER[self._word])
