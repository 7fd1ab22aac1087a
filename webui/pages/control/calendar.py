"""The working calendar: a year at a glance, its history, one day arranged otherwise, office hours."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import clock, identity, worktime
from engine.errors import Invalid, Problem, ZhibanError
from engine.runtime.tables import cases
from engine.worktime import Content, Edition, OfficeHours
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.edge.language import language
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

from .year import months

pages = Blueprint("calendar", __name__, url_prefix="/calendar")

FIRST, LAST = 2000, 2100  # years that are shown
MOST = 30  # editions of the history that the page lists
PERIODS = 3  # opening periods that the form offers
FIELDS = {"worktime.reason": "reason", "worktime.note": "note", "worktime.opening": "opening"}


@pages.get("")
@access("officer")
@reading
def calendar(connection: Connection) -> Any:
    """One year, by default this one, and what became of the calendar."""
    today = clock.local(zhiban().clock.now()).date()
    present, content = _present(connection)
    year = min(max(request.args.get("year", today.year, type=int), FIRST), LAST)
    shown = months(present, year, _notes(content), today)
    return show(
        connection,
        "calendar.html",
        year=year,
        this_year=today.year,
        years=sorted({*content.years, today.year, today.year + 1, year}),
        source=content.years.get(year, ""),
        months=shown,
        workdays=sum(month.workdays for month in shown),
        content=content,
        department_names=_names(connection),
        editions=[(one, _who(connection, one)) for one in worktime.editions(connection, MOST)],
        library=worktime.library_years(present),
        waiting=_waiting(connection, present.revision),
        may_edit=_may_edit(),
    )


def _present(connection: Connection) -> tuple[worktime.Calendar, Content]:
    present = worktime.load(connection)
    return present, worktime.content_of(connection, present.revision)


def _waiting(connection: Connection, revision: int) -> int:
    """How many open cases still have their dates from an older edition, to be counted anew."""
    behind = sa.and_(cases.c.state == "open", cases.c.calendar < revision)
    return int(connection.execute(sa.select(sa.func.count()).where(behind)).scalar_one())


def _notes(content: Content) -> dict[date, str]:
    return {day: note for day, (_worked, note) in content.days.items()}


def _may_edit() -> bool:
    return "control-centre" in the_actor().groups


def _who(connection: Connection, edition: Edition) -> str:
    return identity.name_of(connection, edition.made_by)


def _names(connection: Connection) -> dict[str, str]:
    """Every department by its code; the house itself stands first, under ""."""
    return {"": _("全单位"), **{d.code: d.name for d in identity.all_departments(connection)}}


def placed(error: ZhibanError, fields: dict[str, str]) -> list[Problem]:
    """What is wrong, each with its field; an error about one field alone carries no problems."""
    if not isinstance(error, Invalid):
        return []
    if error.problems:
        return list(error.problems)
    return [Problem(error.code, fields[error.code], error.facts)] if error.code in fields else []


def told(error: ZhibanError | None, fields: dict[str, str]) -> dict[str, Any]:
    """An error as the templates want it: each problem at its field, or a sentence of its own."""
    problems = placed(error, fields) if error else []
    listed = [{"where": p.where, "message": p.say(language())} for p in problems]
    said = sentence(error) if error and not problems else ""
    return {"problems": listed, "wrong": {p["where"]: p["message"] for p in listed}, "said": said}


def _day_again(connection: Connection, error: ZhibanError, day: str) -> Any:
    return _again(connection, error, lambda: _day_page(connection, _day(day), error))


def _again(connection: Connection, error: ZhibanError, page: Callable[[], Any]) -> Any:
    led = led_before(connection)
    return redirect(led, 303) if led is not None else (page(), error.status)


@pages.get("/days/<day>")
@access("control-centre")
@reading
def day(connection: Connection, day: str) -> Any:
    return _day_page(connection, _day(day))


@pages.post("/days/<day>")
@access("control-centre")
@writing(again=_day_again)
def edit_day(connection: Connection, day: str) -> Any:
    """Arrange one day: worked, off, or by its weekday again."""
    return redirect(once(connection, lambda: _edit_day(connection, _day(day))), 303)


def _edit_day(connection: Connection, day: date) -> str:
    form, choices = request.form, {"work": True, "off": False, "weekday": None}
    if form.get("kind") not in choices:
        raise Invalid("webui.calendar.choice", problems=[Problem("webui.calendar.choice", "kind")])
    worktime.edit_day(
        connection,
        day,
        choices[form["kind"]],
        note=form.get("note", ""),
        reason=form.get("reason", ""),
        by=the_actor().id,
        now=zhiban().clock.now(),
    )
    flash(_("日历已保存。受影响的期限随后重新计算，并通知有关的人。"), "ok")
    return url_for("calendar.calendar", year=day.year, _anchor=f"month-{day.month}")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return day if FIRST <= day.year <= LAST else abort(404)


def _day_page(connection: Connection, day: date, error: ZhibanError | None = None) -> str:
    present, content = _present(connection)
    arranged = content.days.get(day)
    kind = "weekday" if arranged is None else "work" if arranged[0] else "off"
    typed = {"kind": kind, "note": arranged[1] if arranged else "", "reason": ""}
    return show(
        connection,
        "calendar_day.html",
        date=day,
        worked=present.is_workday(day),
        published=day.year in content.years,
        arranged=arranged,
        typed={**typed, **request.form.to_dict()},
        **told(error, FIELDS),
    )


def _hours_again(connection: Connection, error: ZhibanError) -> Any:
    return _again(connection, error, lambda: _hours_page(connection, error))


@pages.get("/hours")
@access("control-centre")
@reading
def hours(connection: Connection) -> Any:
    return _hours_page(connection)


@pages.post("/hours")
@access("control-centre")
@writing(again=_hours_again)
def edit_hours(connection: Connection) -> Any:
    """Set the hours of the house or of one department, or let a department keep the house's again."""
    return redirect(once(connection, lambda: _edit_hours(connection)), 303)


def _edit_hours(connection: Connection) -> str:
    form, department = request.form, request.form.get("department", "")
    if department:
        identity.department(connection, department)
    made = {"by": the_actor().id, "reason": form.get("reason", ""), "now": zhiban().clock.now()}
    if department and "_drop" in form:
        worktime.drop_hours(connection, department, **made)
    else:
        opening, closing = _typed_hours()
        worktime.set_hours(connection, opening=opening, closing=closing, department=department, **made)
    flash(_("办公时间已保存。受影响的期限随后重新计算，并通知有关的人。"), "ok")
    return url_for("calendar.calendar", _anchor="hours")


def _typed_hours() -> tuple[Any, time]:
    """The periods that were typed, and the hour at which a day closes."""
    pairs = [(request.form.get(f"from{n}", ""), request.form.get(f"to{n}", "")) for n in range(PERIODS)]
    try:
        closing = datetime.strptime(request.form.get("closing", ""), "%H:%M").time()
        opening = worktime.read_hours(" ".join(f"{a}-{b}" for a, b in pairs if a or b))
    except ValueError:
        raise Invalid("webui.calendar.hour", problems=[Problem("webui.calendar.hour", "closing")]) from None
    except Invalid:
        raise Invalid("webui.calendar.hour", problems=[Problem("webui.calendar.hour", "opening")]) from None
    return opening, closing


def _hours_page(connection: Connection, error: ZhibanError | None = None) -> str:
    _calendar, content = _present(connection)
    department, names = request.values.get("department", ""), _names(connection)
    if department not in names:
        abort(404)
    hours = content.departments.get(department, content.hours) if department else content.hours
    return show(
        connection,
        "calendar_hours.html",
        department=department,
        name=names[department],
        own=department in content.departments,
        house=content.hours,
        typed={**_written(hours), **request.form.to_dict()},
        periods=range(PERIODS),
        **told(error, FIELDS),
    )


def _written(hours: OfficeHours) -> dict[str, str]:
    """Hours as the form's fields hold them."""
    found = {"closing": f"{hours.closing:%H:%M}", "reason": ""}
    for number in range(PERIODS):
        pair = hours.opening[number] if number < len(hours.opening) else None
        for name, hour in zip(("from", "to"), pair or (None, None), strict=True):
            found[f"{name}{number}"] = f"{hour:%H:%M}" if hour else ""
    return found
