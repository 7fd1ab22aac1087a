"""A story laid out on calendar months: weeks from Monday to Sunday, days off and made-up days marked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine.clock import local
from engine.outlook.story import Entry
from engine.worktime import Calendar

MOST_MONTHS = 36


@dataclass(frozen=True)
class Day:
    """One square. `mark` is "off" for a weekday off, "worked" for a weekend that is worked, else empty."""

    date: date
    inside: bool  # whether it is of this month
    worked: bool
    mark: str
    provisional: bool  # of a year that is not published
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]


def months(entries: Iterable[Entry], calendar: Calendar) -> list[Month]:
    """The months from the first entry to the last, leaving out those without any."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[local(entry.at).date()].append(entry)
    firsts = sorted({day.replace(day=1) for day in by_day})
    return [Month(first, _weeks(first, by_day, calendar)) for first in firsts[:MOST_MONTHS]]


def _weeks(first: date, by_day: dict[date, list[Entry]], calendar: Calendar) -> tuple[tuple[Day, ...], ...]:
    following = (first + timedelta(days=31)).replace(day=1)
    monday = first - timedelta(days=first.weekday())
    weeks = []
    while monday < following:
        days = (monday + timedelta(days=n) for n in range(7))
        weeks.append(tuple(_day(day, first, by_day, calendar) for day in days))
        monday += timedelta(days=7)
    return tuple(weeks)


def _day(day: date, first: date, by_day: dict[date, list[Entry]], calendar: Calendar) -> Day:
    worked, weekday = calendar.is_workday(day), day.weekday() < 5
    mark = "" if worked == weekday else "worked" if worked else "off"
    inside = (day.year, day.month) == (first.year, first.month)
    entries = tuple(by_day.get(day, ())) if inside else ()
    return Day(day, inside, worked, mark, day.year not in calendar.years, entries)
