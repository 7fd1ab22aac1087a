"""Working time in FEEL: the functions that a diagram, a form or a table computes its deadlines with.

| function | gives |
|---|---|
| `workdays(n, from?, where?)` | the close of the n-th working day after `from` |
| `workdays before(d, n, where?)` | the close of the n-th working day before `d` |
| `next workday(d, where?)`, `fixed date(d, where?)` | the close of `d`, or of the next working day |
| `cutoff(hour, at?, where?)` | `hour` today if it came in time, else the next working day |
| `working hours(n, from?, where?)` | n working hours after `from` |
| `hours(n, from?)`, `minutes(n, from?)` | the same by the clock on the wall |
| `rule limit(name, criteria)` | `{count, unit, extendable}` by the case's rules |
| `rule due(name, criteria, from?)` | the moment by that limit, with the hours of `criteria.department` |
| `late workdays(due, at?)` | how many working days late; 0 if in time |

Moments are in Asia/Shanghai. As everywhere in FEEL a wrong argument gives null: a number that is
not whole or is negative, a day that is missing. `from` or `at` left out is the present moment; one
that is there but null gives null, so a missing variable cannot pass for now. `where` is a
department's code; without, with null or for a department without hours of its own the house's hours count.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine import clock, errors, feel
from engine.worktime.calendar import LONGEST, Calendar, day_of
from engine.worktime.counting import Counting
from engine.worktime.rules.document import Limit


class _Absent:
    """Marks an argument that was left out, which is not the same as null."""


_NOW = _Absent()


@dataclass(frozen=True)
class Basis:
    """A `rule due` that was evaluated: which limit, for what, from when (UTC), and what it gave."""

    name: str
    criteria: Mapping[str, Any]
    since: datetime
    limit: Limit
    due: datetime


def functions(
    on: Counting | Calendar, now: datetime, seen: list[Basis] | None = None
) -> Mapping[str, feel.Function]:
    """The host functions by name, counting on `on` and from `now` (UTC) where no start is given.

    Each successful `rule due` is added to `seen`, for who must know where a moment came from.
    """
    counting = on if isinstance(on, Counting) else Counting(on)
    return _Functions(_Count(counting, now, [] if seen is None else seen))


@dataclass(frozen=True)
class _Count:
    counting: Counting
    now: datetime
    seen: list[Basis]

    def workdays(self, n: Any, since: Any = _NOW, where: Any = None) -> datetime | None:
        days, start = _whole(n), self._start(since)
        if days is None or start is None:
            return None
        return self.counting.workdays(start, days, _place(where))

    def workdays_before(self, d: Any, n: Any, where: Any = None) -> datetime | None:
        """0 is `d` or the last working day before it. A fixed date: stops don't move it."""
        days, end = _whole(n), self._start(d)
        if days is None or end is None:
            return None
        calendar = self.counting.calendar.of(_place(where))
        found = calendar.add_workdays(day_of(end), -days) if days else calendar.previous_workday(day_of(end))
        return calendar.closes(found)

    def next_workday(self, d: Any, where: Any = None) -> datetime | None:
        """民法典 第二百零三条. A fixed date: stops don't move it."""
        day = self._start(d)
        calendar = self.counting.calendar.of(_place(where))
        return None if day is None else calendar.closes(calendar.next_workday(day_of(day)))

    def cutoff(self, hour: Any, received: Any = _NOW, where: Any = None) -> datetime | None:
        """荣成办法 第十六条：于当日 17 时前派发. The hour is given, so `where` changes nothing yet."""
        closes, moment, _ = _hour(hour), self._moment(received), _place(where)
        return None if closes is None or moment is None else self.counting.cutoff(moment, closes)

    def working_hours(self, n: Any, since: Any = _NOW, where: Any = None) -> datetime | None:
        hours, moment = _whole(n), self._moment(since)
        if hours is None or moment is None:
            return None
        return self.counting.working_hours(moment, hours, _place(where))

    def hours(self, n: Any, since: Any = _NOW) -> datetime | None:
        return self._wall(timedelta(hours=1), n, since)

    def minutes(self, n: Any, since: Any = _NOW) -> datetime | None:
        return self._wall(timedelta(minutes=1), n, since)

    def rule_limit(self, name: Any, criteria: Any) -> dict[str, Any] | None:
        limit = self._limit(name, criteria)
        if limit is None:
            return None
        return {"count": Decimal(limit.count), "unit": limit.unit, "extendable": limit.extendable}

    def rule_due(self, name: Any, criteria: Any, since: Any = _NOW) -> datetime | None:
        """Counted like the function of the limit's unit. A date as start does for working days only."""
        limit, start = self._limit(name, criteria), self._start(since)
        if limit is None or start is None or (limit.unit != "workdays" and not isinstance(start, datetime)):
            return None
        where = _place(criteria.get("department"))
        if limit.unit == "workdays":
            due = self.counting.workdays(start, limit.count, where)
        elif limit.unit == "working hours":
            due = self.counting.working_hours(self._at(start), limit.count, where)
        else:
            due = self.counting.wall(self._at(start), timedelta(**{limit.unit: limit.count}))
        self.seen.append(Basis(name, criteria, clock.as_utc(self._at(start)), limit, due))
        return due

    def late_workdays(self, due: Any, at: Any = _NOW) -> int | None:
        """Working days after the due day up to the day of `at`; late within the due day itself is 0."""
        end, moment = self._moment(due), self._moment(at)
        if end is None or moment is None or moment - end > timedelta(days=LONGEST):
            return None
        return self.counting.calendar.workdays_between(end, moment) if moment > end else 0

    def _wall(self, unit: timedelta, n: Any, since: Any) -> datetime | None:
        count, moment = _whole(n, most=60 * LONGEST), self._moment(since)
        return None if count is None or moment is None else self.counting.wall(moment, count * unit)

    def _limit(self, name: Any, criteria: Any) -> Limit | None:
        if not isinstance(name, str) or not isinstance(criteria, Mapping):
            return None
        return self.counting.rules.limit(name, criteria)

    def _start(self, value: Any) -> date | datetime | None:
        """A moment (UTC) or a day that a clock may start from."""
        value = self.now if value is _NOW else value
        if isinstance(value, datetime):
            return clock.as_utc(value)
        return value if isinstance(value, date) else None

    def _moment(self, value: Any) -> datetime | None:
        value = self.now if value is _NOW else value
        return clock.as_utc(value) if isinstance(value, datetime) else None

    @staticmethod
    def _at(start: date | datetime) -> datetime:
        """The beginning of a day that is given without an hour."""
        return start if isinstance(start, datetime) else datetime.combine(start, time(), clock.SHANGHAI)


_N = ("n", "from")
_OFFERED: dict[str, tuple[tuple[str, ...], int, Callable[..., Any]]] = {
    "workdays": ((*_N, "where"), 2, _Count.workdays),
    "workdays before": (("d", "n", "where"), 1, _Count.workdays_before),
    "next workday": (("d", "where"), 1, _Count.next_workday),
    "fixed date": (("d", "where"), 1, _Count.next_workday),
    "cutoff": (("hour", "at", "where"), 2, _Count.cutoff),
    "working hours": ((*_N, "where"), 2, _Count.working_hours),
    "hours": (_N, 1, _Count.hours),
    "minutes": (_N, 1, _Count.minutes),
    "rule limit": (("name", "criteria"), 0, _Count.rule_limit),
    "rule due": (("name", "criteria", "from"), 1, _Count.rule_due),
    "late workdays": (("due", "at"), 1, _Count.late_workdays),
}
NAMES = tuple(_OFFERED)


@dataclass(frozen=True)
class _Functions(Mapping[str, feel.Function]):
    """Made one by one when they are asked for: most steps call none, hardly any more than two."""

    count: _Count
    made: dict[str, feel.Function] = field(default_factory=dict)

    def __getitem__(self, name: str) -> feel.Function:
        function = self.made.get(name)
        if function is None:
            parameters, optional, call = _OFFERED[name]
            bound = _or_null(call, self.count)
            function = feel.Function(name, parameters, bound, optional, missing=_NOW)
            self.made[name] = function
        return function

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in _OFFERED else default

    def __contains__(self, name: object) -> bool:
        return name in _OFFERED

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def _place(value: Any) -> str | None:
    """A department's code. Anything but a text or null is a mistake, which gives null."""
    if value is None or value is _NOW or isinstance(value, str):
        return value if isinstance(value, str) else None
    raise ValueError("not a department's code")


def _whole(value: Any, most: int = LONGEST) -> int | None:
    """A FEEL number as a count of days, hours or minutes, or None when it is not whole or out of bounds."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return None
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= most:
        return None
    return int(number) if number == number.to_integral_value() else None


def _hour(value: Any) -> time | None:
    """A time of day, given as FEEL's time or as text such as "17:00"."""
    try:
        hour = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return hour if isinstance(hour, time) and hour.tzinfo is None else None


def _or_null(call: Callable[..., Any], count: _Count) -> Callable[..., Any]:
    """`call` on `count`, giving null instead of an error when it leads out of the calendar."""

    def safe(*arguments: Any) -> Any:
        try:
            return call(count, *arguments)
        except (errors.Invalid, OverflowError, ValueError):
            return None

    return safe
