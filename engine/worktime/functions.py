"""The calendar's functions in FEEL: `workdays`, `workdays before`, `next workday`, `cutoff`, `working hours`.

All give a date and time in Asia/Shanghai. As everywhere in FEEL a wrong argument gives null: a
number that is not whole or is negative, a day that is missing. An optional argument left out is
the present moment; one that is there but null gives null, so a missing variable cannot pass for now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine import clock, errors, feel
from engine.worktime.calendar import LONGEST, Calendar, at, day_of


class _Absent:
    """Marks an argument that was left out, which is not the same as null."""


_NOW = _Absent()


def functions(calendar: Calendar, now: datetime) -> dict[str, feel.Function]:
    """The host functions by name, counting on `calendar` and from `now` (UTC) where no start is given."""
    count = _Count(calendar, now)
    offered = [
        feel.Function("workdays", ("n", "from"), _or_null(count.workdays), optional=1),
        feel.Function("workdays before", ("d", "n"), _or_null(count.workdays_before)),
        feel.Function("next workday", ("d",), _or_null(count.next_workday)),
        feel.Function("cutoff", ("hour", "at"), _or_null(count.cutoff), optional=1),
        feel.Function("working hours", ("n", "from"), _or_null(count.working_hours), optional=1),
    ]
    return {function.name: function for function in offered}


@dataclass(frozen=True)
class _Count:
    calendar: Calendar
    now: datetime

    def workdays(self, n: Any, since: Any = _NOW) -> datetime | None:
        """The close of the `n`-th working day after `since`, itself not counted (民法典 第二百零一条)."""
        days, start = _whole(n), self._day(since)
        if days is None or start is None:
            return None
        return self.calendar.closes(self.calendar.add_workdays(start, days))

    def workdays_before(self, d: Any, n: Any) -> datetime | None:
        """The close of the `n`-th working day before `d`; 0 is `d` or the last working day before it."""
        days, end = _whole(n), self._day(d)
        if days is None or end is None:
            return None
        calendar = self.calendar
        found = calendar.add_workdays(end, -days) if days else calendar.previous_workday(end)
        return calendar.closes(found)

    def next_workday(self, d: Any) -> datetime | None:
        """The close of `d`, or of the next working day if `d` is a day off (民法典 第二百零三条)."""
        day = self._day(d)
        return None if day is None else self.calendar.closes(self.calendar.next_workday(day))

    def cutoff(self, hour: Any, received: Any = _NOW) -> datetime | None:
        """At `hour` the same day, if received on a working day at or before it; else the next working day.

        荣成办法 第十六条：于当日 17 时前派发.
        """
        closes, moment = _hour(hour), self._moment(received)
        if closes is None or moment is None:
            return None
        today = at(moment.date(), closes)
        if moment <= today and self.calendar.is_workday(today.date()):
            return today
        return at(self.calendar.add_workdays(today.date(), 1), closes)

    def working_hours(self, n: Any, since: Any = _NOW) -> datetime | None:
        """The moment `n` working hours after `since`."""
        hours, moment = _whole(n), self._moment(since)
        if hours is None or moment is None:
            return None
        return self.calendar.add_working_hours(moment, hours)

    def _day(self, value: Any) -> date | None:
        value = self.now if value is _NOW else value
        return day_of(value) if isinstance(value, date) else None

    def _moment(self, value: Any) -> datetime | None:
        value = self.now if value is _NOW else value
        return clock.local(clock.as_utc(value)) if isinstance(value, datetime) else None


def _whole(value: Any) -> int | None:
    """A FEEL number as a count of days or hours, or None when it is not a whole number in bounds."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return None
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= LONGEST:
        return None
    return int(number) if number == number.to_integral_value() else None


def _hour(value: Any) -> time | None:
    """A time of day, given as FEEL's time or as text such as "17:00"."""
    try:
        hour = time.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return hour if isinstance(hour, time) and hour.tzinfo is None else None


def _or_null(call: Callable[..., datetime | None]) -> Callable[..., datetime | None]:
    """`call`, giving null instead of an error when the count leads out of the calendar."""

    def safe(*arguments: Any) -> datetime | None:
        try:
            return call(*arguments)
        except (errors.Invalid, OverflowError):
            return None

    return safe
