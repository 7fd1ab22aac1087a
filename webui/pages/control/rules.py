"""The rules of time: what holds and what is planned, what a case of today would meet, and changing them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity, outbox, worktime
from engine.clock import SHANGHAI, as_utc
from engine.errors import Conflict, Invalid, Problem, ZhibanError
from engine.worktime import rules as documents
from engine.worktime.rules import Published, Rules
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.edge.language import language
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

from . import sheet, words
from .changes import changes
from .course import courses

pages = Blueprint("rules", __name__, url_prefix="/rules")

LONGEST_NOTE = 500  # characters, as the engine keeps them
MOST = 50  # documents of the history that the page lists


@pages.get("")
@access("officer")
@reading
def rules(connection: Connection) -> Any:
    """What holds, what is planned, the history, and the course of a case that starts now or at `start`."""
    g.connection, now = connection, zhiban().clock.now()
    history = documents.history(connection, MOST + 1)
    present = documents.in_force(connection, now)
    start = _moment(request.args.get("day", ""), request.args.get("hour", "")) or now
    return show(
        connection,
        "rules.html",
        rules=present,
        current=next((one for one in history if one.rules.id == present.id), None),
        planned=[_told(connection, one, present) for one in reversed(history) if one.effective_from > now],
        history=_history(connection, history),
        start=start,
        courses=list(courses(present, worktime.load(connection), start)),
        may_edit="control-centre" in the_actor().groups,
    )


@pages.get("/edit")
@access("control-centre")
@reading
def edit(connection: Connection) -> Any:
    """The table to change, beginning with the newest document, or with `from`, one of the history."""
    history = documents.history(connection, MOST)
    wished = request.args.get("from", type=int)
    newest = history[0].rules if history else documents.DEFAULT
    base = next((one.rules for one in history if one.revision == wished), newest)
    return _page(connection, sheet.of_rules(base))


def _again(connection: Connection, error: ZhibanError) -> Any:
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    problems = error.problems if isinstance(error, Invalid) else ()
    said = "" if problems else sentence(error)
    return _page(connection, sheet.received(request.form), problems, said), error.status


@pages.post("/edit")
@access("control-centre")
@writing(again=_again)
def publish(connection: Connection) -> Any:
    """Publish the table; a button that moves or adds rows, or asks for the preview, draws it anew."""
    typed = sheet.received(request.form)
    if sheet.wants_redraw(request.form):
        sheet.pressed(typed, request.form)
        return _page(connection, typed, preview="_preview" in request.form)
    return redirect(once(connection, lambda: _publish(connection, typed)), 303)


def _publish(connection: Connection, typed: sheet.Sheet) -> str:
    if request.form.get("base", type=int) != _newest(connection):
        raise Conflict("worktime.changed")
    now, problems = zhiban().clock.now(), list(_about_publishing())
    try:
        documents.read(typed.content(), templates=outbox.TEMPLATES)
    except Invalid as error:
        problems = [*error.problems, *problems]
    if problems:
        raise Invalid("worktime.rules.invalid", problems=problems, count=len(problems))
    published = documents.publish(
        connection,
        typed.content(),
        effective_from=_effective(),
        by=the_actor().id,
        note=request.form["note"],
        now=now,
        templates=outbox.TEMPLATES,
    )
    flash(_("已发布第 %(n)s 版时限规则。已经在办的诉求仍按原来的规则。", n=published.revision), "ok")
    return url_for("rules.rules")


def _about_publishing() -> Iterator[Problem]:
    """What is wrong with the moment and the reason, so that all mistakes are told at once."""
    effective = _effective()
    if effective is None and (request.form.get("day", "").strip() or request.form.get("hour", "").strip()):
        yield Problem("webui.rules.moment", "day")
    elif effective is not None and effective < zhiban().clock.now():
        yield Problem("worktime.rules.past", "day")
    if not 0 < len(request.form.get("note", "").strip()) <= LONGEST_NOTE:
        yield Problem("worktime.rules.note", "note", {"most": LONGEST_NOTE})


def _effective() -> datetime | None:
    """From when the rules shall hold; None for at once, and for what is no moment."""
    return _moment(request.form.get("day", ""), request.form.get("hour", ""))


def _moment(day: str, hour: str) -> datetime | None:
    """A moment of Shanghai in UTC, out of a day and an hour, which is midnight when it is left out."""
    try:
        return as_utc(
            datetime.fromisoformat(f"{day.strip()} {hour.strip() or '00:00'}").replace(tzinfo=SHANGHAI)
        )
    except (ValueError, OverflowError):
        return None


def _newest(connection: Connection) -> int:
    """The revision of the newest document; 0 where none was published."""
    history = documents.history(connection, 1)
    return history[0].revision if history else 0


def _page(
    connection: Connection,
    typed: sheet.Sheet,
    problems: Any = (),
    said: str = "",
    preview: bool = False,
) -> str:
    g.connection = connection
    draft = documents.read(typed.content(), templates=outbox.TEMPLATES) if preview else None
    now, form = zhiban().clock.now(), request.form
    return show(
        connection,
        "rules_edit.html",
        sheet=typed,
        wrong={problem.where: problem.say(language()) for problem in problems},
        problems=[{"where": p.where, "message": f"{_place(p.where)}{p.say(language())}"} for p in problems],
        said=said,
        base=_newest(connection),
        courses=list(courses(draft, worktime.load(connection), now)) if draft else [],
        differences=changes(_latest(connection), draft) if draft else [],
        preview=preview,
        start=now,
        note=form.get("note", ""),
        day=form.get("day", ""),
        hour=form.get("hour", ""),
        choices=_choices(typed),
    )


def _latest(connection: Connection) -> Rules:
    history = documents.history(connection, 1)
    return history[0].rules if history else documents.DEFAULT


def _choices(typed: sheet.Sheet) -> dict[str, Mapping[str, str]]:
    """What the fields of a row offer; what stands in a row already is always among it."""
    names = {**words.limit_names(), **{row["name"]: words.limit_name(row["name"]) for row in typed.limits}}
    processes = {row["process"]: words.process_name(row["process"]) for row in typed.limits}
    steps = [step for policy in typed.policies.values() for step in policy]
    return {
        "names": {key: said for key, said in names.items() if key},
        "processes": {**words.process_names(), **{k: v for k, v in processes.items() if k}},
        "units": words.units(),
        "whens": words.whens(),
        "recipients": words.recipients(),
        "templates": {**words.templates(), **{s["template"]: words.template(s["template"]) for s in steps}},
        "types": {row["type"]: "" for row in typed.limits if row["type"]},
        "complexities": {row["complexity"]: "" for row in typed.limits if row["complexity"]},
    }


def _place(where: str) -> str:
    """The row that a problem is in, in words: where its field stands in the table."""
    table, bracket, rest = where.partition("[")
    index = rest.partition("]")[0]
    if not bracket or not index.isdigit():
        return ""
    if table == "limits":
        return _("时限第 %(n)s 行：", n=int(index) + 1)
    policy = words.policy_name(table.removeprefix("reminders."))
    return _("%(policy)s第 %(n)s 行：", policy=policy, n=int(index) + 1)


def _history(connection: Connection, history: list[Published]) -> list[dict[str, Any]]:
    """The documents with what each changed of the one before it."""
    before = [*(one.rules for one in history[1:]), documents.DEFAULT]
    return [_told(connection, one, was) for one, was in zip(history[:MOST], before, strict=False)]


def _told(connection: Connection, one: Published, before: Rules) -> dict[str, Any]:
    return {
        "it": one,
        "who": identity.name_of(connection, one.made_by),
        "changes": changes(before, one.rules),
    }
