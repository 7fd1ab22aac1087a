"""When a deadline's reminders are sent: pure functions of a policy, a due moment and the calendar.

Which reminders have gone out is not kept here: who sends them asks for those after the last one. A
clock that began at `since` asks with `after=since`, so what would lie before its beginning is left out.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import takewhile

from engine import clock
from engine.worktime.calendar import Calendar, at, day_of
from engine.worktime.rules.document import Policy, ReminderStep

Reminder = tuple[datetime, ReminderStep]  # the moment in UTC
_OVERDUE = ("after", "daily")  # steps whose moments all lie on a later day than the due moment


def next_reminder(
    policy: Policy,
    due: datetime,
    after: datetime,
    calendar: Calendar,
    *,
    fired: Collection[str] | None = None,
) -> Reminder | None:
    """The first reminder strictly after `after` (UTC), None when no more will come.

    With `fired`, those of the moment `after` itself count too, except the steps named there: a
    policy may send two things at one moment, and they come in the policy's order.
    """
    start = clock.as_utc(after)
    for overdue in (False, True):  # what lies on later days is looked at when nothing is left before
        found = [
            (moment, index, step)
            for index, step in enumerate(policy)
            if (step.when in _OVERDUE) is overdue
            for moment in _from(step, due, start, calendar, 2)
            if moment > start or (fired is not None and moment == start and step.name not in fired)
        ]
        if found:
            moment, _, step = min(found, key=lambda one: one[:2])
            return moment, step
    return None


def reminders_between(
    policy: Policy, due: datetime, after: datetime, until: datetime, calendar: Calendar
) -> list[Reminder]:
    """Every reminder strictly after `after` and up to and including `until` (UTC), in order.

    Those of one moment stand in the policy's order.
    """
    start, end = clock.as_utc(after), clock.as_utc(until)
    found = [
        (moment, index, step)
        for index, step in enumerate(policy)
        for moment in takewhile(lambda moment: moment <= end, _from(step, due, start, calendar))
        if moment > start
    ]
    return [(moment, step) for moment, _, step in sorted(found, key=lambda one: one[:2])]


def _from(
    step: ReminderStep, due: datetime, start: datetime, calendar: Calendar, most: int | None = None
) -> Iterator[datetime]:
    """The moments of one step in UTC, in order; of a daily one those from about `start` on."""
    day = day_of(due)
    if step.when == "due":
        yield clock.as_utc(due)
    elif step.when == "daily":
        first = max(1, calendar.workdays_between(day, start))
        last = None if most is None else first + most
        while last is None or first < last:
            yield _moment(step, calendar.add_workdays(day, first))
            first += 1
    else:
        yield from _once(step, due, day, calendar)


def _once(step: ReminderStep, due: datetime, day: date, calendar: Calendar) -> Iterator[datetime]:
    """`before` and `day` only lie before the due moment; a due day off has no reminder of its own,
    since nobody reads it then and the working day before has had one."""
    if step.when == "after":
        yield _moment(step, calendar.add_workdays(day, max(1, step.days)))
    elif step.when == "before" or calendar.is_workday(day):
        moment = _moment(
            step, calendar.add_workdays(day, -max(1, step.days)) if step.when == "before" else day
        )
        if moment < clock.as_utc(due):
            yield moment


def _moment(step: ReminderStep, day: date) -> datetime:
    return clock.as_utc(at(day, step.at))
