"""Counting a limit: on which calendar, with which stopped spans, by which rules.

A clock counts from its start. Only a stop that began at or after that start and has ended concerns
it: a clock begun while another stood runs by itself, and while a stop lasts nothing moves, since
the runtime holds what hangs on it. So a stop never makes a deadline earlier, and no deadline lies
within a stop that concerns it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine import clock, errors
from engine.worktime.calendar import LONGEST, Calendar, at, day_of
from engine.worktime.rules.document import DEFAULT, Rules

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Stop:
    """A stopped span [since, until) of a case's clocks, in UTC; `until` is None while it lasts.

    `kind` is the word people read, such as 补正.
    """

    since: datetime
    until: datetime | None = None
    kind: str = ""


@dataclass(frozen=True)
class Counting:
    """What deadlines are computed on: a calendar, the case's stops, and the rules it started under.

    Each method takes the start of the clock and gives a moment in Asia/Shanghai. `department` counts
    by that department's hours. Raises Invalid when a limit is too long or leaves the calendar.
    """

    calendar: Calendar
    stops: tuple[Stop, ...] = ()
    rules: Rules = DEFAULT

    def workdays(self, since: date | datetime, count: int, department: str | None = None) -> datetime:
        """The close of the `count`-th working day after `since`, itself not counted (民法典 第二百零一条).

        A working day whose close lies in a stop is not counted. A count of 0 is the day itself, or
        the next working day.
        """
        calendar, start = self.calendar.of(department), day_of(since)
        due = calendar.add_workdays(start, count)
        if self.stops:
            first = start + timedelta(days=1) if count else start
            due = _pushed(calendar, first, due, calendar.closing, self.spans(since))
        return calendar.closes(due)

    def cutoff(self, received: datetime, hour: time) -> datetime:
        """At `hour` the same day, if received on a working day at or before it; else the next working day.

        荣成办法 第十六条：于当日 17 时前派发. A day whose `hour` lies in a stop is passed over.
        """
        moment, calendar = clock.local(clock.as_utc(received)), self.calendar
        day = moment.date()
        if moment > at(day, hour) or not calendar.is_workday(day):
            day = calendar.add_workdays(day, 1)
        if self.stops:
            day = _pushed(calendar, day, day, hour, self.spans(received))
        return at(day, hour)

    def working_hours(self, since: datetime, hours: int, department: str | None = None) -> datetime:
        """The moment `hours` working hours after `since`; stopped working time is not counted."""
        calendar, spans = self.calendar.of(department), self.spans(since)
        if not spans:
            return calendar.add_working_hours(since, hours)
        return _working_hours(calendar, since, hours, spans)

    def wall(self, since: datetime, length: timedelta) -> datetime:
        """The moment `length` after `since` by the clock on the wall; stopped time is not counted."""
        moment = clock.as_utc(since) + length
        for begun, ended in self.spans(since):
            if begun > moment:
                break
            moment += ended - begun
        return clock.local(moment)

    def spans(self, since: date | datetime) -> list[Span]:
        """The ended stops that concern a clock begun at `since`, in order, joined where they overlap."""
        if not self.stops:
            return []
        start = clock.as_utc(since if isinstance(since, datetime) else at(since, time()))
        joined: list[Span] = []
        for begun, ended in sorted((s.since, s.until) for s in self.stops if s.until is not None):
            if begun < start or ended <= begun:
                continue
            if joined and begun <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(ended, joined[-1][1])
            else:
                joined.append((begun, ended))
        return joined


def _pushed(calendar: Calendar, first: date, due: date, hour: time, spans: Sequence[Span]) -> date:
    """`due` moved on by the working days, from `first` on, whose `hour` lies in a stop."""
    for begun, ended in spans:
        since, until = clock.local(begun), clock.local(ended)
        low = since.date() if at(since.date(), hour) >= since else since.date() + timedelta(days=1)
        high = until.date() if at(until.date(), hour) < until else until.date() - timedelta(days=1)
        low = max(low, first)
        stopped = calendar.workdays_between(low - timedelta(days=1), high) if low <= high else 0
        if stopped and calendar.next_workday(low) <= due:
            due = calendar.add_workdays(due, stopped)
    return due


def _working_hours(calendar: Calendar, since: datetime, hours: int, spans: Sequence[Span]) -> datetime:
    if not 0 <= hours <= LONGEST:
        raise errors.Invalid("worktime.too_long", longest=LONGEST, given=hours)
    now = clock.local(clock.as_utc(since))
    day, left = calendar.next_workday(now.date()), timedelta(hours=hours)
    while True:
        for opens, closes in calendar.opening:
            for start, end, stopped in _running(max(now, at(day, opens)), at(day, closes), spans):
                # where a stop begins nothing falls due: what is left, even nothing, is due after it
                if left < end - start or (left == end - start and not stopped):
                    return start + left
                left -= end - start
        day = calendar.add_workdays(day, 1)


def _running(
    start: datetime, end: datetime, spans: Sequence[Span]
) -> Iterator[tuple[datetime, datetime, bool]]:
    """The parts of [start, end] outside the stops: each with its ends, and whether a stop ends it."""
    for begun, ended in spans:
        if ended <= start:
            continue
        if begun > end:
            break
        if begun > start:
            yield start, clock.local(begun), True
        start = clock.local(ended)
    if start <= end:
        yield start, end, False
