"""What the cases that are found may be narrowed by, with how many there are of each.

Counted are the first MOST cases of the list; where there are more, each number is a least. So counting
costs the same among millions as among thousands, and is exact as soon as a search is narrow.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import worktime
from engine.clock import as_utc
from engine.identity import Actor
from engine.runtime.casework.stops import open_stop
from engine.runtime.queries.inbox.filters import edges
from engine.runtime.search.asked import DUE, FACETS, Asked, nearest
from engine.runtime.search.finding import ids
from engine.runtime.tables import cases

MOST = 1000
_COUNTED = tuple(cases.c[name] for name in ("id", "status", "department", "type", "urgent", "state", "stops"))


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with how many cases have it; `chosen` is what the search asks for now."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class Overview:
    """How many cases are found; `more`: that many and more. `facets` are what to narrow the list by.

    `ids` are those that were counted, in the list's order, so that nobody need look for them again.
    A facet whose name stands in `least` was counted among the first MOST cases of more.
    """

    total: int
    more: bool
    facets: Mapping[str, Sequence[Choice]]
    least: frozenset[str] = frozenset()
    ids: Sequence[str] = ()


def overview(connection: Connection, actor: Actor, asked: Asked, moment: datetime) -> Overview:
    """Count what is found. A facet that is chosen from is counted as if it were not, to choose another."""
    asked = asked.read(connection)
    hits = _hits(connection, actor, asked)
    now = as_utc(moment)
    judge = _Judge(now, *(as_utc(edge) for edge in edges(worktime.load(connection), now)))
    facets: dict[str, Sequence[Choice]] = {}
    least = set()
    for name in FACETS:
        chosen = getattr(asked, name)
        rows = _hits(connection, actor, asked.without(name)) if chosen else hits
        facets[name] = judge.choices(name, rows[:MOST], "urgent" if chosen is True else chosen)
        if len(rows) > MOST:
            least.add(name)
    found = [row.id for row in hits[:MOST]]
    return Overview(len(found), len(hits) > MOST, facets, frozenset(least), found)


def count(connection: Connection, actor: Actor, asked: Asked) -> tuple[int, bool]:
    """How many cases are found, up to MOST; and whether there are more."""
    query = ids(connection, actor, asked, MOST + 1)
    if query is None:
        return 0, False
    some = query.limit(MOST + 1).subquery()
    found = int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
    return min(found, MOST), found > MOST


def _hits(connection: Connection, actor: Actor, asked: Asked) -> list[Any]:
    """Of the first cases that are found, in order, what they are counted by."""
    query = ids(connection, actor, asked, MOST + 1)
    if query is None:
        return []
    some = query.limit(MOST + 1).subquery()
    due = sa.case((cases.c.state == "open", nearest(actor)), else_=None)
    told = sa.select(*_COUNTED, sa.type_coerce(due, nearest(actor).type).label("due_at"))
    rows = list(connection.execute(told.select_from(some.join(cases, cases.c.id == some.c[0]))))
    if asked.sort == "due":
        return sorted(rows, key=lambda row: (row.due_at, row.id))
    return sorted(rows, key=lambda row: str(row.id), reverse=True)


@dataclass(frozen=True)
class _Judge:
    """What the rows are by each facet. The moments say how a deadline stands, as `asked.of_deadline` asks."""

    now: datetime
    tonight: datetime
    soon: datetime

    def choices(self, name: str, rows: Sequence[Any], chosen: str) -> list[Choice]:
        counted = Counter(value for value in (self._value(name, row) for row in rows) if value)
        if chosen:
            counted.setdefault(chosen, 0)
        if name == "due":
            order = [state for state in DUE if state in counted]
        else:
            order = sorted(counted, key=lambda value: (-counted[value], value))
        return [Choice(value, counted[value], value == chosen) for value in order]

    def _value(self, name: str, row: Any) -> str:
        if name == "urgent":
            return "urgent" if row.urgent else ""
        if name != "due":
            return str(getattr(row, name))
        return self._standing(row) if row.state == "open" else ""

    def _standing(self, row: Any) -> str:
        if row.due_at is None:
            return "none"
        if open_stop(row.stops) is not None:
            return "stopped"
        if row.due_at < self.now:
            return "late"
        return "today" if row.due_at < self.tonight else "soon" if row.due_at < self.soon else "normal"
