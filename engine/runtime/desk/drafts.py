"""What somebody has typed into a task's form and not submitted: kept as it was typed, unchecked.

A draft belongs to the person who typed it; nobody else reads it. It goes when the task is closed or leaves
the person's hands. Its uploads are attached to no case, and stay as long as the draft does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared
from engine.errors import Invalid, NotAllowed
from engine.identity import Actor
from engine.runtime.desk.tables import drafts
from engine.runtime.guards import closed_conflict, guard_version, is_candidate, read_task

LARGEST = 500_000  # characters of JSON

_write = Prepared(
    sa.text(
        "INSERT INTO drafts (task_id, account, given, saved_at) VALUES (:task, :who, :given, :at) "
        "ON CONFLICT (task_id, account) DO UPDATE SET given = excluded.given, saved_at = excluded.saved_at"
    ).bindparams(sa.bindparam("at", type_=Moment))
)
_read = Prepared(
    sa.select(drafts.c.given, drafts.c.saved_at).where(
        drafts.c.task_id == sa.bindparam("task"), drafts.c.account == sa.bindparam("who")
    )
)


@dataclass(frozen=True)
class Draft:
    """The values by field key, raw as a form sends them, and when they were saved."""

    given: Mapping[str, Any]
    saved_at: datetime


def draft(connection: Connection, actor: Actor, task_id: str) -> Draft | None:
    """This person's draft of the task, if there is one."""
    return _of(connection, actor.id, task_id)


def _of(connection: Connection, account: str, task_id: str) -> Draft | None:
    found = _read(connection, task=task_id, who=account)
    return Draft(orjson.loads(found[0][0]), found[0][1]) if found else None


def saved(connection: Connection, account: str, task_id: str) -> datetime | None:
    """When this account's draft of the task was saved (UTC); None where there is none."""
    found = _of(connection, account, task_id)
    return found.saved_at if found else None


def kept(connection: Connection, account: str, task_id: str) -> Mapping[str, Any]:
    """The values of this account's draft of the task; nothing where there is none."""
    found = _of(connection, account, task_id)
    return dict(found.given) if found else {}


def save(
    connection: Connection,
    actor: Actor,
    task_id: str,
    given: Mapping[str, Any],
    now: datetime,
    also: frozenset[str] = frozenset(),
    version: int | None = None,
) -> None:
    """Keep what this person has typed so far. `also` are the people whose tasks this person may do too.

    Conflict: the task is finished, or has passed into another's hands since it was at `version` (who, when).
    NotAllowed: not in this person's hands. Invalid: too long.
    """
    task = read_task(connection, task_id)
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    holder = task["assignee"]
    mine = is_candidate(connection, task_id, actor) if holder is None else holder in {actor.id, *also}
    if not mine:
        guard_version(connection, task, version)
        raise NotAllowed("desk.not_in_hand", task=task["name"])
    keep(connection, actor.id, task_id, given, now)


def keep(connection: Connection, account: str, task_id: str, given: Mapping[str, Any], now: datetime) -> None:
    """Lay values before somebody as the draft of a task: as a delegate's answer comes back to its owner.

    Invalid: too long.
    """
    stored = orjson.dumps(given, default=str).decode()
    if len(stored) > LARGEST:
        raise Invalid("desk.draft_long")
    _write.count(connection, task=task_id, who=account, given=stored, at=now)


def kept_files(connection: Connection) -> set[str]:
    """The ids of the uploads that drafts hold: all texts in them that an upload's id could be."""
    found: set[str] = set()
    for (given,) in connection.execute(sa.select(drafts.c.given)):
        found.update(_ids(orjson.loads(given)))
    return found


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield from (value,) if len(value) == 32 else ()
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _ids(inner)
