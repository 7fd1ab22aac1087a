"""A task and all the added signers at its node, as rows: who was asked by whom, and who is awaited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.identity.tables import accounts
from engine.runtime.performing import speaking
from engine.runtime.tables import tasks

Row = dict[str, Any]
_NAMES = [c.name for c in tasks.c]
_of_node = Prepared(
    sa.select(*tasks.c)
    .where(tasks.c.case_id == bindparam("key"), tasks.c.token == bindparam("node"))
    .order_by(tasks.c.opened_at, tasks.c.id)
)


@dataclass(frozen=True)
class Signer:
    """An added signer, as pages show it; one of `depth` 1 was asked by the task's owner. Moments in UTC."""

    task_id: str
    parent: str
    depth: int
    account: str
    name: str
    how: str  # before | after
    state: str  # open | done
    waits: bool  # for signers whom this one has added
    outcome: str  # agree | disagree, once it is done
    opinion: str
    asked_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class Family:
    """The task of the process, and its added signers' as they were asked, those removed left out."""

    root: Row
    added: tuple[Row, ...]

    def people(self) -> set[str]:
        """Whoever speaks at this node, or for whom somebody does: nobody can be added there twice."""
        return {who for row in (self.root, *self.added) for who in speaking(row)}

    def row(self, task_id: str) -> Row:
        return next(row for row in (self.root, *self.added) if row["id"] == task_id)

    def open_children(self, task_id: str) -> list[Row]:
        """The signers whom this task itself waits for."""
        return [row for row in self.added if row["parent"] == task_id and row["state"] == "open"]

    def open_below(self, task_id: str) -> list[Row]:
        """All open tasks that hang below this one."""
        found = self.open_children(task_id)
        return found + [row for child in found for row in self.open_below(child["id"])]


def family(connection: Connection, task: Mapping[str, Any]) -> Family:
    """The family of a task, which may be the root or an added signer's own, as it is now."""
    found = _of_node(connection, key=task["case_id"], node=task["token"])
    rows = {row["id"]: row for row in (dict(zip(_NAMES, one, strict=True)) for one in found)}
    root = _root(rows, rows[task["id"]])
    added = (row for row in rows.values() if row["parent"] is not None and row["state"] != "cancelled")
    return Family(root, tuple(row for row in added if _root(rows, row) is root))


def _root(rows: Mapping[str, Row], row: Row) -> Row:
    while row["parent"] is not None:
        row = rows[row["parent"]]
    return row


def signers_of(connection: Connection, task: Mapping[str, Any]) -> list[Signer]:
    """The added signers at the task's node, each below who asked for them."""
    found = family(connection, task)
    people = sorted(found.people())
    query = sa.select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(people))
    names = {row.id: row.name for row in connection.execute(query)}
    return list(_told(found, found.root["id"], 1, names))


def _told(found: Family, parent: str, depth: int, names: Mapping[str, str]) -> Iterator[Signer]:
    for row in found.added:
        if row["parent"] == parent:
            yield Signer(
                row["id"],
                parent,
                depth,
                row["assignee"],
                names.get(row["assignee"], row["assignee"]),
                row["signing"],
                row["state"],
                bool(row["held"]),
                row["outcome"],
                row["opinion"],
                row["opened_at"],
                row["closed_at"],
            )
            yield from _told(found, row["id"], depth + 1, names)
