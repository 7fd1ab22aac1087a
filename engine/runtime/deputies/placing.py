"""Where a task goes that is meant for a person, as absence and four eyes have it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.identity import absence
from engine.runtime.tables import task_candidates

PLATFORM_KEEPERS = "control-centre"
_candidates = Prepared(
    sa.select(task_candidates.c.name).where(task_candidates.c.task_id == bindparam("task"))
)
_wait_for = Prepared(
    sa.text("INSERT INTO task_candidates (name, task_id) VALUES (:name, :task) ON CONFLICT DO NOTHING")
)


@dataclass(frozen=True)
class Placed:
    """Who holds a task that was meant for somebody.

    `assignee` None: nobody may, so it waits for its candidates, or else for `keepers`. `acting_for` is
    the person it was meant for, where a deputy has it. `deserted`: the person is away and nobody is left
    who could take it, so it stays, and `keepers` are told. `sharer` may do it besides.
    """

    assignee: str | None
    acting_for: str | None = None
    keepers: str = PLATFORM_KEEPERS
    deserted: bool = False
    sharer: str | None = None
    rule: absence.Absence | None = None
    name: str = ""  # of who holds or shares it for the person


def keepers_of(department: str | None) -> str:
    """The group that has charge of a department's people, or of those who belong to none."""
    return f"admin@{department}" if department else PLATFORM_KEEPERS


def wait_for(connection: Connection, task: str, keepers: str) -> None:
    """Let a task that nobody holds wait for `keepers`, if it has no candidates of its own to wait for."""
    if not _candidates(connection, task=task):
        _wait_for(connection, name=keepers, task=task)


def place(
    connection: Connection, account: str, now: datetime, process: str, excluded: Collection[str] = ()
) -> Placed:
    """Where a task meant for `account` goes now, in a case of `process`.

    `excluded` may not perform it (four eyes), neither themselves nor through a deputy. What the diagram
    calls an assignee but is no account stays as it is.
    """
    found = absence.standing(connection, account, now, process)
    if found is None:
        return Placed(account)
    keepers = keepers_of(found.department)
    if account in excluded:
        return Placed(None, None, keepers)
    to = found.holder if found.holder not in excluded else account
    if to == account and not found.active:
        return Placed(None, None, keepers)
    deserted = found.deserted or to != found.holder
    sharer = found.sharer if found.sharer not in excluded else None
    return Placed(
        to, account if to != account else None, keepers, deserted, sharer, found.rule, found.deputy_name
    )
