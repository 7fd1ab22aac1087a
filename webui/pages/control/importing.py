"""Publishing a year's arrangement: from a file, from pasted lines or from the package, previewed first."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import clock, worktime
from engine.errors import Conflict, Invalid, Problem, ZhibanError
from engine.worktime.arrangements.content import Arranged, changed_days
from webui.access import access, the_actor
from webui.edge.characters import keepable
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

from .calendar import FIRST, LAST, told

pages = Blueprint("importing", __name__, url_prefix="/calendar/import")

FIELDS = {"worktime.reason": "reason", "worktime.source": "source", "worktime.other_year": "csv"}


@pages.get("")
@access("control-centre")
@reading
def page(connection: Connection) -> Any:
    """The empty form; with `library`, the arrangement of that year as the package has it, to be previewed."""
    year = request.args.get("library", type=int)
    if year in worktime.library_years(worktime.load(connection)):
        days = worktime.library_days(year)
        return _page(
            connection, days=days, year=year, typed={"csv": _lines(days), "source": worktime.LIBRARY}
        )
    return _page(connection)


def _again(connection: Connection, error: ZhibanError) -> Any:
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    days = None
    if isinstance(error, Conflict) or placed_later(error):
        days = worktime.read_csv(_given(), _year())
    return _page(connection, error, days=days, typed={"csv": _text()}), error.status


def placed_later(error: ZhibanError) -> bool:
    """Whether the arrangement itself was right, and only what goes with it is wrong."""
    return error.code in ("worktime.reason", "worktime.source")


@pages.post("")
@access("control-centre")
@writing(again=_again)
def publish(connection: Connection) -> Any:
    """Show what would change; when that has been seen, put the year in force."""
    year = _year()
    days = worktime.read_csv(_given(), year)
    if "_publish" not in request.form:
        return _page(connection, days=days, year=year, typed={"csv": _lines(days)})
    return redirect(once(connection, lambda: _publish(connection, year, days)), 303)


def _publish(connection: Connection, year: int, days: Arranged) -> str:
    if request.form.get("base", type=int) != worktime.load(connection).revision:
        raise Conflict("webui.calendar.changed")
    worktime.publish_year(
        connection,
        year,
        days,
        source=request.form.get("source", ""),
        reason=request.form.get("reason", ""),
        by=the_actor().id,
        now=zhiban().clock.now(),
    )
    flash(_("%(year)s 年的安排已公布。受影响的期限随后重新计算，并通知有关的人。", year=year), "ok")
    return url_for("calendar.calendar", year=year)


def _year() -> int:
    year = request.form.get("year", type=int)
    if year is None or not FIRST <= year <= LAST:
        facts = {"least": FIRST, "most": LAST}
        raise Invalid(
            "webui.calendar.year", problems=[Problem("webui.calendar.year", "year", facts)], **facts
        )
    return year


def _given() -> str | bytes:
    """The file, or what was pasted where none was chosen."""
    file = request.files.get("file")
    content = file.stream.read() if file and file.filename else b""
    if file:
        file.stream.seek(0)
    text = request.form.get("csv", "")
    if not content and not text.strip():
        raise Invalid("webui.calendar.nothing", problems=[Problem("webui.calendar.nothing", "csv")])
    return content or text


def _text() -> str:
    """What was given as text to correct, as far as it can be read."""
    try:
        given = _given()
    except Invalid:
        return ""
    if isinstance(given, str):
        return given
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = given.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if keepable(text) else ""
    return ""


def _lines(days: Arranged) -> str:
    """The arrangement as the lines that are read again when it is published."""
    rows = (
        f"{day.isoformat()},{'work' if worked else 'off'},{_plain(note)}"
        for day, (worked, note) in sorted(days.items())
    )
    return "\n".join(("date,type,note", *rows))


def _plain(note: str) -> str:
    return '"' + note.replace('"', '""') + '"' if any(c in note for c in ',"\n') else note


def _page(
    connection: Connection,
    error: ZhibanError | None = None,
    *,
    days: Arranged | None = None,
    year: int | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    present = worktime.load(connection)
    form = {**request.form.to_dict(), **(typed or {})}
    year = year or request.form.get("year", type=int) or _next(present.years)
    form.setdefault("source", f"国务院办公厅关于{year}年部分节假日安排的通知")
    shown = told(error, FIELDS)
    for problem in shown["problems"]:
        if problem["where"].isdigit():  # a line of the file
            problem["message"] = _("第 %(n)s 行：%(said)s", n=problem["where"], said=problem["message"])
            problem["where"] = "csv"
    shown["wrong"] = {one["where"]: one["message"] for one in reversed(shown["problems"])}
    return show(
        connection,
        "calendar_import.html",
        year=year,
        typed=form,
        base=present.revision,
        library=worktime.library_years(present),
        preview=_preview(connection, present.revision, year, days) if days is not None and year else None,
        **shown,
    )


def _next(years: frozenset[int]) -> int:
    """The year that is most likely meant: the first from this one on that is not published."""
    now = clock.local(zhiban().clock.now()).year
    return next(year for year in range(now, LAST + 1) if year not in years)


def _preview(connection: Connection, revision: int, year: int, days: Arranged) -> dict[str, Any]:
    """What the arrangement would change of what is known of the year."""
    old = worktime.content_of(connection, revision)
    kept: dict[date, tuple[bool, str]] = {day: known for day, known in old.days.items() if day.year != year}
    new = replace(old, days=kept | dict(days), years={**old.years, year: "-"})
    off = sum(1 for worked, _note in days.values() if not worked)
    return {
        "changes": [change for change in changed_days(old, new) if change.day.year == year],
        "off": off,
        "worked": len(days) - off,
        "published": year in old.years,
    }
