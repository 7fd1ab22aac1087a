"""What a case that starts at one moment meets under some rules: its limits, due moments and reminders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.worktime import Calendar, Counting, reminders_between
from engine.worktime.rules import STANDARD, Limit, ReminderStep, Rules

SHOWN = 6  # working days after the due day whose reminders are told


@dataclass(frozen=True)
class Course:
    """One limit counted from the start: moments in Asia/Shanghai."""

    limit: Limit
    due: datetime
    provisional: bool
    reminders: list[tuple[datetime, ReminderStep]]


def courses(rules: Rules, calendar: Calendar, start: datetime, policy: str = STANDARD) -> Iterator[Course]:
    """What each row of the limits would give for a case that starts at `start` (UTC)."""
    counting = Counting(calendar, (), rules)
    for limit in rules.limits:
        due = _due(counting, limit, start)
        until = calendar.closes(calendar.add_workdays(due.date(), SHOWN))
        found = reminders_between(rules.policy(policy), due, start, until, calendar)
        yield Course(limit, due, calendar.provisional(due), found)


def _due(counting: Counting, limit: Limit, start: datetime) -> datetime:
    if limit.unit == "workdays":
        return counting.workdays(start, limit.count)
    if limit.unit == "working hours":
        return counting.working_hours(start, limit.count)
    return counting.wall(start, timedelta(**{limit.unit: limit.count}))
