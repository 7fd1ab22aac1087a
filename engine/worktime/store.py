"""Keeps the working calendar in the database: seeding, publishing a year, office hours, loading.

Nothing here commits. A loaded Calendar is shared by the whole process until the stored edition
changes. Deadlines that stood as provisional are recomputed by whoever holds them, after `publish_year`.
"""

from collections.abc import Mapping
from datetime import date, time

import chinese_calendar
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import errors
from engine.database import Prepared, new_id
from engine.worktime.calendar import CLOSING, OPENING, Calendar
from engine.worktime.tables import calendar_days, calendar_revision, calendar_years

FIRST_YEAR = 2020  # nothing on the platform is older
LIBRARY = f"chinesecalendar {chinese_calendar.__version__}"  # after the yearly notices of 国务院办公厅

Hours = tuple[tuple[time, time], ...]

_FIRST_ROW = sa.text(
    "INSERT INTO calendar_revision (id, revision, edition, opening, closing) "
    "VALUES (1, 0, :edition, :opening, :closing) ON CONFLICT DO NOTHING"  # both databases read this
)
_edition = Prepared(sa.select(calendar_revision.c.edition))
_loaded: dict[str, Calendar] = {}  # by edition; a few at most


def seed(connection: Connection) -> list[int]:
    """Publish every year from FIRST_YEAR on that the library knows and nobody has published yet.

    Returns the years added; a second call adds none and changes nothing.
    """
    published = set(connection.execute(sa.select(calendar_years.c.year)).scalars())
    known = {day.year for day in chinese_calendar.holidays}
    years = sorted(year for year in known - published if year >= FIRST_YEAR)
    for year in years:
        publish_year(connection, year, library_days(year), source=LIBRARY)
    if not years:
        _ensure_row(connection)
    return years


def library_days(year: int) -> dict[date, tuple[bool, str]]:
    """The arranged days of `year` as the library has them: date -> (worked?, 节日 in Chinese)."""
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


def publish_year(
    connection: Connection, year: int, days: Mapping[date, tuple[bool, str]], *, source: str
) -> int:
    """Put the official arrangement of `year` in force, replacing what was known of it. Returns the revision.

    `days` are the arranged days only: date -> (worked?, note). All others follow their weekday.
    Raises Invalid when a day is of another year.
    """
    for day in days:
        if day.year != year:
            raise errors.Invalid("worktime.other_year", date=day.isoformat(), year=year)
    revision = _next_revision(connection)
    first, last = date(year, 1, 1), date(year, 12, 31)
    connection.execute(calendar_days.delete().where(calendar_days.c.date.between(first, last)))
    connection.execute(calendar_years.delete().where(calendar_years.c.year == year))
    connection.execute(calendar_years.insert().values(year=year, source=source, revision=revision))
    rows = [
        {"date": day, "workday": worked, "note": note, "source": source, "revision": revision}
        for day, (worked, note) in sorted(days.items())
    ]
    if rows:
        connection.execute(calendar_days.insert(), rows)
    return revision


def set_hours(connection: Connection, *, opening: Hours, closing: time) -> int:
    """Put other office hours in force for deadlines computed from now on. Returns the revision."""
    Calendar(opening=opening, closing=closing)  # raises Invalid for periods out of order
    revision = _next_revision(connection)
    values = {"opening": _written(opening), "closing": f"{closing:%H:%M}"}
    connection.execute(calendar_revision.update().values(values))
    return revision


def load(connection: Connection) -> Calendar:
    """The calendar in force, as this transaction sees it. Cheap: one small read when nothing changed."""
    rows = _edition(connection)
    edition: str = rows[0][0] if rows else ""
    calendar = _loaded.get(edition)
    if calendar is None:
        calendar = _read(connection)
        if len(_loaded) >= 8:
            _loaded.clear()
        _loaded[edition] = calendar
    return calendar


def _read(connection: Connection) -> Calendar:
    hours = connection.execute(sa.select(calendar_revision)).one_or_none()
    if hours is None:
        return Calendar()
    days = connection.execute(sa.select(calendar_days.c.date, calendar_days.c.workday))
    years = connection.execute(sa.select(calendar_years.c.year)).scalars()
    return Calendar(
        {day: worked for day, worked in days},
        frozenset(years),
        opening=read_hours(hours.opening),
        closing=time.fromisoformat(hours.closing),
    )


def _next_revision(connection: Connection) -> int:
    """A new revision; the update also makes two writers of the calendar wait for each other."""
    _ensure_row(connection)
    changed = {"revision": calendar_revision.c.revision + 1, "edition": new_id()}
    connection.execute(calendar_revision.update().values(changed))
    revision: int = connection.execute(sa.select(calendar_revision.c.revision)).scalar_one()
    return revision


def _ensure_row(connection: Connection) -> None:
    values = {"edition": new_id(), "opening": _written(OPENING), "closing": f"{CLOSING:%H:%M}"}
    connection.execute(_FIRST_ROW, values)


def _written(opening: Hours) -> str:
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in opening)


def read_hours(text: str) -> Hours:
    """Opening periods from `09:00-12:00 13:30-17:30`; commas do as well. Invalid for anything else."""
    try:
        periods = [period.split("-") for period in text.replace(",", " ").split()]
        return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in periods)
    except ValueError:
        raise errors.Invalid("worktime.opening") from None
