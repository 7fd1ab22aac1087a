"""What one edition of the calendar says, whole, and how two editions differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from engine.worktime.calendar import Calendar
from engine.worktime.hours import OfficeHours, read_hours, write_hours

Arranged = Mapping[date, tuple[bool, str]]  # day -> (worked?, note)


@dataclass(frozen=True)
class Content:
    """Arranged days, published years with their source, hours of the house and of departments."""

    days: Arranged = field(default_factory=dict)
    years: Mapping[int, str] = field(default_factory=dict)
    hours: OfficeHours = field(default_factory=OfficeHours)
    departments: Mapping[str, OfficeHours] = field(default_factory=dict)

    def calendar(self, revision: int) -> Calendar:
        """The Calendar that counts by this content."""
        return Calendar(
            {day: worked for day, (worked, _) in self.days.items()},
            frozenset(self.years),
            self.hours.opening,
            self.hours.closing,
            self.departments,
            revision,
        )

    def of_year(self, year: int) -> dict[date, tuple[bool, str]]:
        """The arranged days of one year."""
        return {day: told for day, told in self.days.items() if day.year == year}

    def written(self) -> dict[str, Any]:
        """The JSON that the table keeps."""
        return {
            "days": {day.isoformat(): list(told) for day, told in sorted(self.days.items())},
            "years": {str(year): source for year, source in sorted(self.years.items())},
            "hours": _written(self.hours),
            "departments": {code: _written(hours) for code, hours in sorted(self.departments.items())},
        }


def read(written: Mapping[str, Any]) -> Content:
    """What `Content.written` wrote."""
    return Content(
        {date.fromisoformat(day): (worked, note) for day, (worked, note) in written["days"].items()},
        {int(year): source for year, source in written["years"].items()},
        _hours(written["hours"]),
        {code: _hours(hours) for code, hours in written["departments"].items()},
    )


def _written(hours: OfficeHours) -> dict[str, str]:
    return {"opening": write_hours(hours.opening), "closing": f"{hours.closing:%H:%M}"}


def _hours(written: Mapping[str, str]) -> OfficeHours:
    return OfficeHours(read_hours(written["opening"]), time.fromisoformat(written["closing"]))


@dataclass(frozen=True)
class DayChange:
    """A day that is worked otherwise than before, or has another note. `arranged` is False for a day
    that now follows its weekday."""

    day: date
    before: bool
    after: bool
    note: str
    arranged: bool = True


def changed_days(old: Content, new: Content) -> tuple[DayChange, ...]:
    """The days whose work or note differs, in order; a year that was published is looked at whole."""
    before, after = old.calendar(0), new.calendar(0)
    days = old.days.keys() | new.days.keys()
    for year in old.years.keys() ^ new.years.keys():
        first = date(year, 1, 1)
        days |= {first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)}
    changes = []
    for day in sorted(days):
        note = new.days.get(day, (False, ""))[1]
        was, now = before.is_workday(day), after.is_workday(day)
        if was != now or note != old.days.get(day, (False, ""))[1]:
            changes.append(DayChange(day, was, now, note, day in new.days))
    return tuple(changes)


def changed_hours(old: Content, new: Content) -> tuple[str, ...]:
    """Whose hours differ: codes of departments, "" for the house."""
    codes = old.departments.keys() | new.departments.keys()
    changed = sorted(code for code in codes if old.departments.get(code) != new.departments.get(code))
    return ("", *changed) if old.hours != new.hours else tuple(changed)
