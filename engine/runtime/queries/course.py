"""What happened to a case, whole or its last part: a case of several hundred rounds has thousands of events.

What a page needs of all of it is asked of the database as such: the ways taken, how often each step was
done, how long it stayed where.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import history as chain
from engine.identity import SYSTEM
from engine.identity.tables import accounts
from engine.runtime.queries.rows import HistoryRow
from engine.runtime.tables import tasks


@dataclass(frozen=True)
class Stay:
    """One task's time at its node. `due_at` is None without a deadline, `closed_at` while it is open."""

    element: str
    opened_at: datetime
    closed_at: datetime | None
    state: str
    due_at: datetime | None


def history(connection: Connection, case_id: str, elements: dict[str, str] | None = None) -> list[HistoryRow]:
    """What happened to the case, in order. `elements` gives the diagram's names by id."""
    return _told(connection, chain.of(connection, case_id), elements)


def lately(
    connection: Connection, case_id: str, elements: dict[str, str] | None = None, *, most: int
) -> tuple[list[HistoryRow], int]:
    """How the case began and its last `most` events, in order; and how many lie between."""
    rows = chain.last(connection, case_id, most)
    skipped = max(rows[0].seq - 2, 0) if rows else 0
    if rows and rows[0].seq > 1:
        rows = [*chain.first(connection, case_id), *rows]
    return _told(connection, rows, elements), skipped


def passed(connection: Connection, case_id: str) -> tuple[set[str], set[str]]:
    """Ids of the nodes and of the flows that the case ever passed."""
    elements: set[str] = set()
    flows: set[str] = set()
    for text in chain.contents(connection, case_id, "path"):
        way = orjson.loads(text)
        elements.update(way.get("elements", ()))
        flows.update(way.get("flows", ()))
    return elements, flows


def statuses(connection: Connection, case_id: str) -> list[str]:
    """Every status the case had, in order."""
    rows = chain.of(connection, case_id, "status.changed")
    return [str(orjson.loads(row.data)["to"]) for row in rows]


def finished(connection: Connection, case_id: str) -> dict[str, int]:
    """How often each step was done, by its node; what added signers did is no step."""
    done = (tasks.c.case_id == case_id, tasks.c.state == "done", tasks.c.parent.is_(None))
    query = sa.select(tasks.c.element, sa.func.count()).where(*done).group_by(tasks.c.element)
    return {element: int(number) for element, number in connection.execute(query)}


def stays(connection: Connection, case_id: str) -> list[Stay]:
    """Every task's time, oldest first."""
    columns = (tasks.c.element, tasks.c.opened_at, tasks.c.closed_at, tasks.c.state, tasks.c.due_at)
    query = sa.select(*columns).where(tasks.c.case_id == case_id).order_by(tasks.c.opened_at, tasks.c.id)
    return [Stay(*row) for row in connection.execute(query)]


HANDED = (
    "task.transferred",
    "task.delegated",
    "task.answered",
    "task.recalled",
    "task.urged",
    "task.copied",
    "task.moved",
)
BETWEEN = ("from", "to", "for", "stead")  # what an event says of people, by their ids


def _told(
    connection: Connection, rows: Iterable[sa.Row[Any]], elements: dict[str, str] | None
) -> list[HistoryRow]:
    found, known = [(row, orjson.loads(row.data)) for row in rows], elements or {}
    people = {one for row, data in found for name in _personal(row.kind) for one in _ids(data.get(name))}
    names = _names(connection, people | {row.actor for row, _data in found})
    return [
        HistoryRow(
            row.seq,
            row.at,
            row.actor,
            names.get(row.actor, row.actor),
            row.kind,
            row.element,
            known.get(row.element, row.element),
            _named(row.kind, data, names),
        )
        for row, data in found
    ]


def _personal(kind: str) -> tuple[str, ...]:
    """Which parts of such an event name people."""
    return BETWEEN if kind in HANDED or kind.startswith("signer.") else ("for",)


def _ids(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) and value else []


def _named(kind: str, data: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """What an event says, with the names of the people it is about."""
    said = {name: _ids(data.get(name)) for name in _personal(kind)}
    told = {
        f"{name}_name": "、".join(names.get(one, one) for one in ids) for name, ids in said.items() if ids
    }
    return {**data, **told}


def _names(connection: Connection, ids: set[str]) -> dict[str, str]:
    query = sa.select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(ids))
    return {SYSTEM.id: SYSTEM.name, **{r.id: r.name for r in connection.execute(query)}}
