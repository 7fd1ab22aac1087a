"""The working calendar: which days are worked, and counting in working days and working hours.

A Calendar never changes; a new arrangement makes a new one. Days are days in Asia/Shanghai: a
moment is read there first. Counting follows 民法典 第二百零一条 (the starting day does not count)
and 第二百零三条 (a last day that is a day off moves to the next working day).
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from types import MappingProxyType

from engine import clock, errors
from engine.worktime import skeleton
from engine.worktime.hours import CLOSING, OPENING, OfficeHours, Periods

LONGEST = 10_000  # working days or hours in one limit; forty years of them are a mistake in the diagram


def day_of(when: date | datetime) -> date:
    """The day in Asia/Shanghai; a moment without a zone is read as Asia/Shanghai."""
    return clock.local(clock.as_utc(when)).date() if isinstance(when, datetime) else when


@dataclass(frozen=True, eq=False)
class Calendar:
    """Working days by official arrangement, with opening periods and the closing time of a working day.

    `days` holds the days that are arranged (off or worked); any other day of a year in `years`
    (those published) follows its weekday. In a year that is not published, Monday to Friday
    are worked except statutory holidays, and what is computed there is provisional. `departments`
    holds the hours of those that keep their own; `revision` is the stored edition, 0 for none.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    opening: Periods = OPENING
    closing: time = CLOSING
    departments: Mapping[str, OfficeHours] = field(default_factory=dict)
    revision: int = 0
    _worked: dict[int, "array[int]"] = field(default_factory=dict, init=False, repr=False, compare=False)
    _kept: dict[str, "Calendar"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        OfficeHours(self.opening, self.closing)
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "years", frozenset(self.years))
        object.__setattr__(self, "departments", MappingProxyType(dict(self.departments)))

    def of(self, department: str | None) -> "Calendar":
        """This calendar with the hours of `department`; the house's own for none or one without hours."""
        hours = self.departments.get(department or "")
        if hours is None:
            return self
        kept = self._kept.get(department or "")
        if kept is None:
            kept = replace(self, opening=hours.opening, closing=hours.closing)
            object.__setattr__(kept, "_worked", self._worked)  # the days are the same for everybody
            self._kept[department or ""] = kept
        return kept

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked: as arranged, else by weekday and (if unpublished) the law's holidays."""
        day = day_of(day)
        arranged = self.days.get(day)
        if arranged is not None:
            return arranged
        if day.weekday() >= 5:
            return False
        return day.year in self.years or not skeleton.is_statutory(day)

    def next_workday(self, day: date) -> date:
        """`day` itself if it is worked, else the next working day (民法典 第二百零三条).

        The working day strictly after `day` is `add_workdays(day, 1)`.
        """
        return self._walk(day_of(day), 0)

    def previous_workday(self, day: date) -> date:
        """`day` itself if it is worked, else the last working day before it."""
        day = day_of(day)
        return day if self.is_workday(day) else self._walk(day, -1)

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day strictly after `day`, or before it if `count` is negative.

        `day` itself is never counted (民法典 第二百零一条), whether worked or not. A count of 0 gives
        `next_workday(day)`. Raises Invalid when `count` is beyond LONGEST or leaves the calendar.
        """
        if abs(count) > LONGEST:
            raise errors.Invalid("worktime.too_long", longest=LONGEST, given=count)
        return self._walk(day_of(day), count)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier.

        So `workdays_between(d, add_workdays(d, n)) == n` for every n above 0.
        """
        start, end = day_of(start), day_of(end)
        if end < start:
            return -self.workdays_between(end, start)
        whole_years = sum(len(self._days_of(year)) for year in range(start.year, end.year))
        return whole_years + self._until(end) - self._until(start)

    def add_working_hours(self, moment: datetime, hours: int) -> datetime:
        """The moment `hours` working hours after `moment`, in Asia/Shanghai.

        Time counts from the moment itself (民法典 第二百零一条), and only within opening periods of
        working days. A count of 0 gives `moment`, or the next opening. Raises Invalid like `add_workdays`.
        """
        if not 0 <= hours <= LONGEST:
            raise errors.Invalid("worktime.too_long", longest=LONGEST, given=hours)
        now = clock.local(clock.as_utc(moment))
        day, left = self.next_workday(now.date()), timedelta(hours=hours)
        while True:
            for opens, closes in self.opening:
                start, end = max(now, at(day, opens)), at(day, closes)
                if start <= end and left <= end - start:
                    return start + left
                left -= max(end - start, timedelta())
            day = self._walk(day, 1)

    def closes(self, day: date) -> datetime:
        """The moment `day` closes, in Asia/Shanghai: when a period ends that has that day as its last."""
        return at(day_of(day), self.closing)

    def provisional(self, until: date | datetime, since: date | datetime | None = None) -> bool:
        """Whether a date rests on a year that is not published (暂定), so that an import may move it.

        `until` alone suffices for a date counted forward from a published year; when it was counted
        back from, or started in, another year, give that as `since`.
        """
        if since is None:
            return day_of(until).year not in self.years
        years = {day_of(until).year, day_of(since).year}
        return any(year not in self.years for year in range(min(years), max(years) + 1))

    def _walk(self, day: date, count: int) -> date:
        """`count` working days on (or back); 0 is the day itself or the next working day."""
        year, days = day.year, self._days_of(day.year)
        if count > 0:
            index = bisect_right(days, day.toordinal()) + count - 1
        else:
            index = bisect_left(days, day.toordinal()) + count
        while index >= len(days):
            index, year = index - len(days), year + 1
            days = self._days_of(year)
        while index < 0:
            year -= 1
            days = self._days_of(year)
            index += len(days)
        return date.fromordinal(days[index])

    def _until(self, day: date) -> int:
        return bisect_right(self._days_of(day.year), day.toordinal())

    def _days_of(self, year: int) -> "array[int]":
        """The working days of a year as ordinals; counted once a year and calendar."""
        worked = self._worked.get(year)
        if worked is None:
            if not MINYEAR <= year <= MAXYEAR:
                raise errors.Invalid("worktime.out_of_range")
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            every = range(first, last + 1)
            worked = array("i", (n for n in every if self.is_workday(date.fromordinal(n))))
            self._worked[year] = worked
        return worked


def at(day: date, hour: time) -> datetime:
    """The moment `hour` o'clock on `day` in Asia/Shanghai."""
    return datetime.combine(day, hour, clock.SHANGHAI)
