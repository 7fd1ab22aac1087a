"""What another limit would have meant: the clocks of a month, counted anew with one row of the rules changed.

Each clock keeps its own calendar, stops and rules; only the count of the chosen row is another one. A
deadline that was moved otherwise, such as by an extension, stays where it is. The enterprise's and
people's own dates are not touched: when something was done is what it is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import worktime
from engine.clock import SHANGHAI, as_utc
from engine.errors import Invalid
from engine.runtime.casework import stops
from engine.runtime.tables import cases, deadlines
from engine.worktime import Counting, rules
from engine.worktime.rules import Limit

MOST = 20_000  # clocks that are counted at one time
LONGEST_SPAN = 366  # days
CONDITIONS = ("name", "process", "type", "complexity", "urgent")


@dataclass(frozen=True)
class Verdict:
    """One clock, as it was and as it would have been. Moments in UTC; `done` is None while it runs."""

    case_id: str
    number: str
    type: str
    department: str
    name: str
    since: datetime
    due: datetime
    would_be: datetime
    done: datetime | None
    was_late: bool
    would_be_late: bool

    @property
    def changes(self) -> bool:
        return self.was_late != self.would_be_late


@dataclass(frozen=True)
class Share:
    """The clocks of one department and type."""

    department: str
    type: str
    total: int
    late: int
    would_be_late: int


@dataclass(frozen=True)
class Effect:
    """What the changed limit would have meant for the clocks that began in a span of days.

    `kept` of the clocks had been moved otherwise and stay; `stopped` of them stand still, are judged as
    they stood when they were stopped, and will move on; `cut` says that there were more than MOST.
    """

    limit: Limit
    count: int
    total: int
    late: int
    would_be_late: int
    kept: int
    shares: tuple[Share, ...]
    changed: tuple[Verdict, ...]
    cut: bool
    stopped: int = 0


def month_of(text: str) -> tuple[date, date] | None:
    """The first and the last day of a month written as 2026-03; None for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def effect(
    connection: Connection, limit: Limit, count: int, first: date, last: date, now: datetime
) -> Effect:
    """Count the clocks that began from `first` to `last` (days in Asia/Shanghai) with `count` for `limit`.

    `limit` is a row of the rules; it concerns the clocks for which a row of the same conditions decided.
    Invalid for a count or a span that cannot be.
    """
    if not 0 <= count <= worktime.LONGEST:
        raise Invalid("outlook.count", most=worktime.LONGEST)
    if not 0 <= (last - first).days <= LONGEST_SPAN:
        raise Invalid("outlook.span", most=LONGEST_SPAN)
    rows = _rows(connection, first, last)
    judge = _Judge(connection, limit, count, now)
    found = [verdict for row in _each_once(rows[:MOST]) if (verdict := judge.verdict(row)) is not None]
    return Effect(
        limit,
        count,
        len(found),
        sum(v.was_late for v in found),
        sum(v.would_be_late for v in found),
        judge.kept,
        _shares(found),
        tuple(v for v in found if v.changes),
        len(rows) > MOST,
        judge.stopped,
    )


def _rows(connection: Connection, first: date, last: date) -> list[Any]:
    """The clocks that a rule gave, oldest first. What was taken away was neither kept nor missed."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    own = [c for c in deadlines.c if c.name not in ("department",)]
    query = (
        sa.select(
            *own,
            deadlines.c.department,
            cases.c.number,
            cases.c.type,
            cases.c.rules_id,
            cases.c.calendar,
            cases.c.stops,
        )
        .join(cases, cases.c.id == deadlines.c.case_id)
        .where(deadlines.c.since_at >= begin, deadlines.c.since_at < end)
        .where(deadlines.c.basis.is_not(None), deadlines.c.state != "cancelled")
        .order_by(deadlines.c.since_at, deadlines.c.id)
        .limit(MOST + 1)
    )
    return list(connection.execute(query))


def _midnight(day: date) -> datetime:
    return as_utc(datetime.combine(day, time(), SHANGHAI))


def _each_once(rows: Iterable[Any]) -> list[Any]:
    """A phase and the task in it may hang on the same clock: the phase speaks for both."""
    found: dict[tuple[str, str], Any] = {}
    for row in rows:
        basis = orjson.loads(row.basis)
        key = row.case_id, f"{basis['name']} {basis['from']}"
        if key not in found or row.kind == "phase":
            found[key] = row
    return list(found.values())


class _Judge:
    """Counts clocks as they were and as they would have been."""

    def __init__(self, connection: Connection, limit: Limit, count: int, now: datetime) -> None:
        self._connection, self._limit, self._count, self._now = connection, limit, count, now
        self._calendar = cache(self._load)
        self.kept = self.stopped = 0

    def verdict(self, row: Any) -> Verdict | None:
        """What became of one clock; None if the changed row is not what decided it."""
        basis = orjson.loads(row.basis)
        decided = rules.by_id(self._connection, row.rules_id).limit(basis["name"], basis["criteria"])
        if decided is None or any(getattr(decided, c) != getattr(self._limit, c) for c in CONDITIONS):
            return None
        counting = Counting(self._calendar(row.calendar), stops.read(row.stops))
        was = _due(counting, replace(decided, count=basis["count"], unit=basis["unit"]), basis)
        would_be = _due(counting, replace(decided, count=self._count), basis)
        if was != row.due_at or would_be is None:
            self.kept += 1
            would_be = row.due_at
        end = row.closed_at or self._present(row)
        return Verdict(
            row.case_id,
            row.number,
            row.type,
            row.department,
            row.name,
            row.since_at,
            row.due_at,
            would_be,
            row.closed_at,
            end > row.due_at,
            end > would_be,
        )

    def _present(self, row: Any) -> datetime:
        """The moment by which an open clock is judged: now, or when it was stopped."""
        stop = stops.open_stop(row.stops) if row.state == "stopped" else None
        if stop is None:
            return self._now
        self.stopped += 1
        return stop.since

    def _load(self, revision: int) -> worktime.Calendar:
        """The calendar the case's dates stand on; that of today for cases from before it was kept."""
        if revision == 0:
            return worktime.load(self._connection)
        return worktime.load_revision(self._connection, revision)


def _due(counting: Counting, limit: Limit, basis: Mapping[str, Any]) -> datetime | None:
    """The moment (UTC) that the limit gives, counted as the rule counts it; None outside the calendar."""
    since, where = datetime.fromisoformat(basis["from"]), basis["criteria"].get("department")
    try:
        if limit.unit == "workdays":
            return as_utc(counting.workdays(since, limit.count, where))
        if limit.unit == "working hours":
            return as_utc(counting.working_hours(since, limit.count, where))
        return as_utc(counting.wall(since, timedelta(**{limit.unit: limit.count})))
    except (Invalid, OverflowError):
        return None


def _shares(found: Iterable[Verdict]) -> tuple[Share, ...]:
    """By department and type, those first for which most changes."""
    total: Counter[tuple[str, str]] = Counter()
    late, would_be = Counter(total), Counter(total)
    for verdict in found:
        key = verdict.department, verdict.type
        total[key] += 1
        late[key] += verdict.was_late
        would_be[key] += verdict.would_be_late
    shares = [Share(*key, total[key], late[key], would_be[key]) for key in total]
    return tuple(sorted(shares, key=lambda s: (-abs(s.would_be_late - s.late), s.department, s.type)))
