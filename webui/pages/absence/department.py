"""Who of a department is away: for its administrator; of the platform's people for the control centre."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity
from engine.clock import SHANGHAI, local
from engine.errors import NotAllowed, ZhibanError
from engine.identity import absence
from engine.identity.absence import Person
from engine.runtime import deputies
from webui.access import access, the_actor
from webui.once import once
from webui.present import show
from webui.transaction import reading, writing, zhiban

from . import asking, mine

pages = Blueprint("department", __name__, url_prefix="/absence/department")
PLACELESS = "-"  # instead of a department's code: those who belong to none


@pages.get("")
@access("officer")
@reading
def department(connection: Connection) -> Any:
    """Who is away this week and later, A/B 岗, and a form to make a rule for somebody."""
    return _page(connection)


def _again(connection: Connection, error: ZhibanError) -> Any:
    return mine.again(connection, error, _page)


@pages.post("")
@access("officer")
@writing(again=_again)
def begin(connection: Connection) -> Any:
    """Make a rule for somebody in one's charge."""

    def act() -> str:
        _guard()
        rule = asking.begin(connection, request.form.get("account", ""))
        said = {"who": rule.account_name, "name": rule.deputy_name}
        flash(_("代理已设定：%(who)s由%(name)s代理。", **said), "ok")
        return url_for("department.department", place=request.form.get("place", ""))

    return redirect(once(connection, act), 303)


@pages.post("/backup")
@access("officer")
@writing(again=_again)
def backup(connection: Connection) -> Any:
    """Set who stands in for somebody (B 岗), or nobody."""

    def act() -> str:
        _guard()
        account, other = request.form.get("account", ""), request.form.get("backup", "")
        absence.set_backup(connection, actor=the_actor(), account=account, backup=other or None)
        flash(_("B 岗已保存。"), "ok")
        return url_for("department.department", place=request.form.get("place", ""))

    return redirect(once(connection, act), 303)


def _guard() -> None:
    if not mine.keeps_somebody(the_actor()):
        raise NotAllowed("webui.not_for_you")


def _place(connection: Connection) -> tuple[str, dict[str, str]]:
    """The department that is looked at, and those one may look at (code -> name)."""
    _guard()
    actor, found = the_actor(), {}
    if "administrator" in actor.roles:
        found = {d.code: d.name for d in identity.all_departments(connection)}
    elif "admin" in actor.roles and actor.department:
        found = {actor.department: identity.department(connection, actor.department).name}
    if actor.roles & {"administrator", "control-centre"}:
        found = {PLACELESS: _("平台人员"), **found}
    wished = request.values.get("place", "")
    return (wished if wished in found else next(iter(found), PLACELESS)), found


def _page(connection: Connection, error: ZhibanError | None = None) -> str:
    place, places = _place(connection)
    now = zhiban().clock.now()
    code = None if place == PLACELESS else place
    people = absence.people_of(connection, code)
    rules = absence.listed(connection, department=code, placeless=code is None, after=now)
    week = _end_of_week(now)
    return show(
        connection,
        "absence_department.html",
        place=place,
        places=places,
        this_week=asking.shown(connection, [rule for rule in rules if rule.since_at < week]),
        later=asking.shown(connection, [rule for rule in rules if rule.since_at >= week]),
        people=people,
        backups=absence.backups(connection, code),
        eligible={one.id: _eligible(one, people) for one in people},
        processes=deputies.processes(connection),
        typed=asking.typed(),
        **asking.told(error),
    )


def _eligible(who: Person, people: list[Person]) -> list[Person]:
    return [other for other in people if absence.may_deputise(who, other)]


def _end_of_week(now: datetime) -> datetime:
    """The end of Sunday in Shanghai."""
    today = local(now).date()
    return datetime.combine(today + timedelta(days=7 - today.weekday()), time(), SHANGHAI)
