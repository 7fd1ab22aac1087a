"""Keeps the calendar's editions in the database: loading, changing, looking back.

An edition is never changed: each change adds one with the next revision, whole, so a deadline can be
counted again as it was. Nothing here commits. Deadlines that an edition moves are recomputed by
whoever holds them, who keeps the revision they were counted under.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared, new_id
from engine.errors import Conflict, Invalid, NotFound
from engine.worktime.arrangements.content import (
    Arranged,
    Content,
    DayChange,
    changed_days,
    changed_hours,
    read,
)
from engine.worktime.arrangements.library import LIBRARY, SEEDED, library_days, library_years
from engine.worktime.calendar import Calendar
from engine.worktime.hours import OfficeHours, Periods
from engine.worktime.tables import calendar_editions

Kind = Literal["seed", "import", "day", "hours"]

NOTE = 100  # characters of a day's note
_REASON = 500
_SOURCE = 200

_newest = Prepared(
    sa.select(calendar_editions.c.revision, calendar_editions.c.edition)
    .order_by(calendar_editions.c.revision.desc())
    .limit(1)
)
_of_revision = Prepared(
    sa.select(calendar_editions.c.edition).where(calendar_editions.c.revision == sa.bindparam("key"))
)
_content = Prepared(
    sa.select(calendar_editions.c.content).where(calendar_editions.c.revision == sa.bindparam("key"))
)
_append = Prepared(
    sa.text(
        "INSERT INTO calendar_editions (revision, edition, kind, made_at, made_by, reason, content) "
        "VALUES (:revision, :edition, :kind, :made_at, :made_by, :reason, :content) "
        "ON CONFLICT DO NOTHING"  # both databases read this
    ).bindparams(sa.bindparam("made_at", type_=Moment))
)
_loaded: dict[str, Calendar] = {}  # by edition, which is unique in the world, unlike the revision


@dataclass(frozen=True)
class Edition:
    """One edition in the history: who made it when (UTC), why, and what it changed.

    `years` are those published by it; `hours` says whose hours changed, "" for the house.
    """

    revision: int
    kind: Kind
    made_at: datetime
    made_by: str
    reason: str
    days: tuple[DayChange, ...]
    years: tuple[int, ...]
    hours: tuple[str, ...]


def load(connection: Connection) -> Calendar:
    """The calendar in force, as this transaction sees it. Cheap: one small read when nothing changed."""
    rows = _newest(connection)
    return _calendar(connection, *rows[0]) if rows else _NONE


def load_revision(connection: Connection, revision: int) -> Calendar:
    """The calendar as it was at `revision`; 0 is the one before any edition, with all provisional.

    NotFound for a revision that never was.
    """
    if revision == 0:
        return _NONE
    rows = _of_revision(connection, key=revision)
    if not rows:
        raise NotFound("worktime.no_edition", revision=revision)
    return _calendar(connection, revision, rows[0][0])


_NONE = Calendar()


def _calendar(connection: Connection, revision: int, edition: str) -> Calendar:
    calendar = _loaded.get(edition)
    if calendar is None:
        calendar = content_of(connection, revision).calendar(revision)
        if len(_loaded) >= 16:
            _loaded.clear()
        _loaded[edition] = calendar
    return calendar


def content_of(connection: Connection, revision: int) -> Content:
    """What an edition says, with notes and sources, as the calendar page shows it; empty for 0."""
    rows = _content(connection, key=revision)
    return read(json.loads(rows[0][0])) if rows else Content()


def editions(connection: Connection, most: int = 50) -> list[Edition]:
    """The history of the calendar, the newest edition first, each with what it changed."""
    table = calendar_editions
    rows = connection.execute(sa.select(table).order_by(table.c.revision.desc()).limit(most + 1)).all()
    contents = [read(json.loads(row.content)) for row in rows]
    if len(rows) <= most:
        contents.append(Content())
    return [_edition(row, old, new) for row, new, old in zip(rows, contents, contents[1:], strict=False)]


def _edition(row: Any, old: Content, new: Content) -> Edition:
    days = changed_days(old, new)
    years = {year for year, source in new.years.items() if old.years.get(year) != source}
    if row.kind == "import":
        years |= {change.day.year for change in days}
    return Edition(
        row.revision,
        row.kind,
        row.made_at,
        row.made_by,
        row.reason,
        days,
        tuple(sorted(years)),
        changed_hours(old, new),
    )


def seed(connection: Connection, now: datetime = SEEDED) -> list[int]:
    """Publish every year that the library knows and nobody has published yet, as one edition.

    Returns the years added; a second call adds none and changes nothing.
    """
    revision, content = _present(connection)
    years = library_years(content.calendar(revision))
    days = dict(content.days)
    for year in years:
        days |= library_days(year)
    told = {**content.years, **dict.fromkeys(years, LIBRARY)}
    added = replace(content, days=days, years=told)
    # another process that starts at the same moment may have been faster; it has seeded the same
    if not years or not _added(connection, revision, added, "seed", LIBRARY, "system", now):
        return []
    return years


def publish_year(
    connection: Connection, year: int, days: Arranged, *, source: str, by: str, reason: str, now: datetime
) -> int:
    """Put the official arrangement of `year` in force, replacing what was known of it. Returns the revision.

    `days` are the arranged days only: date -> (worked?, note). All others follow their weekday.
    Raises Invalid when a day is of another year, Conflict when somebody was faster.
    """
    told = {day: (worked, _checked(note)) for day, (worked, note) in days.items()}
    for day in told:
        if day.year != year:
            raise Invalid("worktime.other_year", date=day.isoformat(), year=year)
    if not 0 < len(source.strip()) <= _SOURCE:
        raise Invalid("worktime.source", most=_SOURCE)
    revision, content = _present(connection)
    kept = {day: told for day, told in content.days.items() if day.year != year}
    changed = replace(content, days=kept | told, years={**content.years, year: source.strip()})
    return _changed(connection, revision, content, changed, "import", reason, by, now)


def edit_day(
    connection: Connection,
    day: date,
    worked: bool | None,
    *,
    note: str = "",
    reason: str,
    by: str,
    now: datetime,
) -> int:
    """Arrange one day: worked, off, or (None) by its weekday again. Returns the revision."""
    told = _checked(note)
    revision, content = _present(connection)
    days = {one: told for one, told in content.days.items() if one != day}
    if worked is not None:
        days[day] = worked, told
    return _changed(connection, revision, content, replace(content, days=days), "day", reason, by, now)


def set_hours(
    connection: Connection,
    *,
    opening: Periods,
    closing: time,
    department: str = "",
    by: str,
    reason: str,
    now: datetime,
) -> int:
    """Put other office hours in force, the house's or a department's own. Returns the revision."""
    hours = OfficeHours(opening, closing)  # raises Invalid for periods out of order
    revision, content = _present(connection)
    if department:
        changed = replace(content, departments={**content.departments, department: hours})
    else:
        changed = replace(content, hours=hours)
    return _changed(connection, revision, content, changed, "hours", reason, by, now)


def drop_hours(connection: Connection, department: str, *, by: str, reason: str, now: datetime) -> int:
    """Let a department keep the house's hours again. Returns the revision."""
    revision, content = _present(connection)
    kept = {code: hours for code, hours in content.departments.items() if code != department}
    return _changed(
        connection, revision, content, replace(content, departments=kept), "hours", reason, by, now
    )


def _checked(note: str) -> str:
    if len(note.strip()) > NOTE:
        raise Invalid("worktime.note", most=NOTE)
    return note.strip()


def _present(connection: Connection) -> tuple[int, Content]:
    rows = _newest(connection)
    revision: int = rows[0][0] if rows else 0
    return revision, content_of(connection, revision)


def _changed(
    connection: Connection,
    revision: int,
    old: Content,
    new: Content,
    kind: Kind,
    reason: str,
    by: str,
    now: datetime,
) -> int:
    """Add `new` after `revision`, unless it says the same as `old`. Returns the revision then in force."""
    if not 0 < len(reason.strip()) <= _REASON:
        raise Invalid("worktime.reason", most=_REASON)
    if old == new:
        return revision
    if not _added(connection, revision, new, kind, reason.strip(), by, now):
        raise Conflict("worktime.changed")
    return revision + 1


def _added(
    connection: Connection, revision: int, content: Content, kind: Kind, reason: str, by: str, now: datetime
) -> bool:
    """Add an edition after `revision`; False if somebody else has."""
    added = _append.count(
        connection,
        revision=revision + 1,
        edition=new_id(),
        kind=kind,
        made_at=now,
        made_by=by,
        reason=reason,
        content=json.dumps(content.written(), ensure_ascii=False),
    )
    return added == 1
