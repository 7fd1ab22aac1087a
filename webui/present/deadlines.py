"""A deadline as a page shows it: its words, its icon and its tone, never its colour alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _

from engine import worktime
from engine.clock import local
from webui.edge.language import language

from .moments import duration

ICONS = {
    "none": "dash-circle",
    "normal": "check-circle-fill",
    "soon": "hourglass-split",
    "today": "alarm-fill",
    "overdue": "exclamation-triangle-fill",
    "stopped": "pause-circle-fill",
}
TONES = {"overdue": "late"}


@dataclass(frozen=True)
class Shown:
    """`tone` is the class of the style sheet; `at` is None where there is no deadline.

    `left` is the time that is left or late by the clock, where working days would be too coarse.
    """

    words: str
    icon: str
    tone: str
    at: datetime | None
    left: str = ""


def deadline(due: datetime | None, stop: worktime.Stop | None = None, unit: str = "") -> Shown:
    """`due` at this request's moment. `stop` holds its clock, `unit` is what its limit is counted in."""
    reckoned = worktime.in_words(due, g.now, g.calendar, stop)
    tone = TONES.get(reckoned.state, reckoned.state)
    return Shown(reckoned.words(language()), ICONS[reckoned.state], tone, due, _left(reckoned, unit))


def _left(reckoned: worktime.Deadline, unit: str) -> str:
    """The time by the clock where working days are too coarse: today, just past, and limits in hours."""
    due, state = reckoned.due, reckoned.state
    if due is None or state == "stopped":
        return ""
    if state == "overdue":
        return "" if reckoned.days else _("已超 %(time)s", time=duration(g.now - due))
    if state == "today" or unit in ("hours", "minutes"):
        return _("还剩 %(time)s", time=duration(due - g.now))
    if unit == "working hours":
        return _("还剩 %(time)s办公时间", time=duration(worked_time(g.calendar, g.now, due)))
    return ""


def worked_time(calendar: worktime.Calendar, since: datetime, until: datetime) -> timedelta:
    """The opening time of the house between two moments; of no more than a year, for what a page says."""
    day, last, sum_ = local(since).date(), local(until).date(), timedelta()
    while day <= last and day <= local(since).date() + timedelta(days=366):
        for opens, closes in calendar.opening if calendar.is_workday(day) else ():
            start, end = max(since, worktime.at(day, opens)), min(until, worktime.at(day, closes))
            sum_ += max(end - start, timedelta())
        day += timedelta(days=1)
    return sum_


def tally(rows: Iterable[Any]) -> dict[str, int]:
    """How many of the rows are late, due today and due soon."""
    counted = {"late": 0, "today": 0, "soon": 0}
    for row in rows:
        tone = deadline(row.due_at, getattr(row, "stop", None)).tone
        if tone in counted:
            counted[tone] += 1
    return counted
