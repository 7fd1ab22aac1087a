"""What the package chinesecalendar knows: the yearly arrangements of 国务院办公厅."""

from datetime import UTC, date, datetime

import chinese_calendar

from engine.worktime.calendar import Calendar

FIRST_YEAR = 2020  # nothing on the platform is older
LIBRARY = f"chinesecalendar {chinese_calendar.__version__}"
SEEDED = datetime(2025, 11, 4, tzinfo=UTC)  # the day of the newest notice that the package holds


def library_years(calendar: Calendar) -> list[int]:
    """The years that the installed package knows and `calendar` has not published, from FIRST_YEAR on.

    Put one in force with `publish_year(…, year, library_days(year), source=LIBRARY, …)`.
    """
    known = {day.year for day in chinese_calendar.holidays}
    return sorted(year for year in known - calendar.years if year >= FIRST_YEAR)


def library_days(year: int) -> dict[date, tuple[bool, str]]:
    """The arranged days of `year` as the package has them: date -> (worked?, 节日 in Chinese)."""
    off = {d: (False, _festival(name)) for d, name in chinese_calendar.holidays.items() if d.year == year}
    worked = {
        d: (True, f"{_festival(name)}调休上班")
        for d, name in chinese_calendar.workdays.items()
        if d.year == year
    }
    return off | worked


def _festival(name: str) -> str:
    chinese: str = next((h.chinese for h in chinese_calendar.Holiday if h.value == name), name)
    return chinese
