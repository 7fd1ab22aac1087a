"""A year as a Chinese wall calendar shows it: twelve months of weeks, 休 and 班, the festivals by name."""

from calendar import Calendar as Weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engine.worktime import Calendar

Notes = Mapping[date, str]

# how the law's own holidays are called where no arrangement is published yet, by month
STATUTORY = {
    1: "元旦",
    2: "春节",
    4: "清明节",
    5: "劳动节",
    6: "端午节",
    9: "中秋节",
    10: "国庆节",
}


@dataclass(frozen=True)
class Day:
    """One day. `mark` is 休 for a holiday on a weekday or in a festival, 班 for a made-up working day.

    `name` is the festival's, on its first day; `note` what is known of the day.
    """

    date: date
    worked: bool
    mark: str = ""
    name: str = ""
    note: str = ""
    today: bool = False


@dataclass(frozen=True)
class Month:
    number: int
    weeks: list[list[Day | None]]  # Monday first; None where the day belongs to another month
    workdays: int


def months(calendar: Calendar, year: int, notes: Notes, today: date) -> list[Month]:
    """The twelve months. `notes` are what is written beside arranged days."""
    return [_month(calendar, year, number, notes, today) for number in range(1, 13)]


def _month(calendar: Calendar, year: int, number: int, notes: Notes, today: date) -> Month:
    weeks: list[list[Day | None]] = []
    for week in Weeks().monthdatescalendar(year, number):
        own = (day if day.month == number else None for day in week)
        weeks.append([_day(calendar, day, notes, today) if day else None for day in own])
    worked = sum(1 for week in weeks for day in week if day and day.worked)
    return Month(number, weeks, worked)


def _day(calendar: Calendar, day: date, notes: Notes, today: date) -> Day:
    worked, name = calendar.is_workday(day), festival(calendar, day, notes)
    before = festival(calendar, day - timedelta(days=1), notes) if day.toordinal() > 1 else ""
    mark = "班" if worked and day.weekday() >= 5 else "休" if not worked and name else ""
    first = name if name and not worked and name != before else ""
    return Day(day, worked, mark, first, notes.get(day, name), day == today)


def festival(calendar: Calendar, day: date, notes: Notes) -> str:
    """The festival a day off belongs to; "" for a working day and for a plain weekend."""
    if calendar.is_workday(day):
        return ""
    if day in notes:
        return notes[day] or "休"
    plain = day.weekday() >= 5 and day not in calendar.days
    return "" if plain else STATUTORY.get(day.month, "休")
