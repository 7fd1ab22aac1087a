"""Who has a word at a node: nobody has two there, neither in the own name nor in another's.

A task and the added signers below it stand at one token. Whoever has one of them, has or had it done by
somebody else, or has approved at it speaks there, and takes no other of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.errors import NotAllowed
from engine.runtime.tables import tasks

_NAMES = ("id", "assignee", "acting_for", "delegated_by", "closed_by", "answer")
_at_node = Prepared(
    sa.select(*(tasks.c[name] for name in _NAMES)).where(
        tasks.c.case_id == bindparam("key"),
        tasks.c.token == bindparam("node"),
        tasks.c.state != "cancelled",
    )
)
_own, _other = tasks.alias("own"), tasks.alias("other")
_spoken = Prepared(
    sa.select(_other.c.id)
    .select_from(
        _own.join(_other, sa.and_(_other.c.case_id == _own.c.case_id, _other.c.token == _own.c.token))
    )
    .where(
        _own.c.id == bindparam("key"),
        _other.c.id != _own.c.id,
        _other.c.state != "cancelled",
        sa.or_(*(_other.c[name] == bindparam("who") for name in ("assignee", "acting_for", "closed_by"))),
    )
    .limit(1)
)


def speaks(connection: Connection, task_id: str, account: str) -> bool:
    """Whether this account has signed, or is asked to sign, at the node of a task that nobody has."""
    return bool(_spoken(connection, key=task_id, who=account))


def speaking(row: Mapping[str, Any]) -> set[str]:
    """Who speaks through this task: who has it, approved or closed it, and in whose stead."""
    approved = orjson.loads(row["answer"]) if row["answer"] else {}
    people = (row["assignee"], row["acting_for"], row["delegated_by"], row["closed_by"])
    return {who for who in (*people, approved.get("by"), approved.get("for")) if who}


def beside(connection: Connection, task: Mapping[str, Any]) -> frozenset[str]:
    """Who speaks at the task's node through another task than this one."""
    found = _at_node(connection, key=task["case_id"], node=task["token"])
    rows = (dict(zip(_NAMES, one, strict=True)) for one in found)
    return frozenset(who for row in rows if row["id"] != task["id"] for who in speaking(row))


def guard_voice(connection: Connection, task: Mapping[str, Any], accounts: Iterable[str | None]) -> None:
    """Raise NotAllowed if one of these accounts speaks at the node already, through another task."""
    if not beside(connection, task).isdisjoint({account for account in accounts if account}):
        raise NotAllowed("runtime.spoken_already", task=task["name"])
