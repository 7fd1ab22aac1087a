"""The assessment ledger on pages: what is on record, objecting, deciding, and the whole as a table file."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity, worktime
from engine.errors import Invalid, NotAllowed, ZhibanError
from engine.runtime.ledger import disputes, reading
from engine.runtime.ledger.reading import Assessment, Wanted
from webui.access import access, the_actor
from webui.disclosure import discreet_assessments
from webui.edge.language import language
from webui.once import once
from webui.present import show
from webui.transaction import reading as read_only
from webui.transaction import writing, zhiban

from .sheet import ledger_sheet

MOST = 10_000  # rows of one table file

pages = Blueprint("assessments", __name__)


@pages.get("/assessments")
@access("officer")
@read_only
def assessments(connection: Connection) -> Any:
    """One page of the ledger, as far as this person may read it."""
    actor, wanted = _reader(), _wanted()
    size = current_app.config["PAGE_SIZE"]
    total = reading.counted(connection, actor, wanted)
    last = max(1, -(-total // size))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    return show(
        connection,
        "assessments.html",
        rows=_listed(connection, actor, wanted, limit=size, offset=(page - 1) * size),
        asked={name: request.args.get(name, "") for name in ASKED if request.args.get(name)},
        kinds=reading.kinds(connection),
        states=reading.STATES,
        departments=identity.all_departments(connection),
        page=page,
        last=last,
        total=total,
    )


@pages.get("/assessments.csv")
@access("officer")
@read_only
def sheet(connection: Connection) -> Any:
    """What the page lists, without its pages, for a table program."""
    rows = _listed(connection, _reader(), _wanted(), limit=MOST)
    answer = Response(ledger_sheet(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=assessments.csv"
    return answer


@pages.get("/assessments/<key>")
@access("officer")
@read_only
def assessment(connection: Connection, key: str) -> Any:
    """One assessment, with the form of who may object or decide now."""
    return _page(connection, key)


def _again(connection: Connection, error: ZhibanError, key: str) -> Any:
    return _page(connection, key, error), 422 if isinstance(error, Invalid) else 409


@pages.post("/assessments/<key>/objection")
@access("officer")
@writing(_again)
def objection(connection: Connection, key: str) -> Any:
    """Object to an assessment."""

    def act() -> str:
        text = request.form.get("text", "")
        disputes.file_objection(zhiban(), connection, actor=_reader(), assessment_id=key, text=text)
        flash(_("申诉已提交，请等候控制中心裁定。"), "ok")
        return url_for("assessments.assessment", key=key)

    return redirect(once(connection, act), 303)


@pages.post("/assessments/<key>/decision")
@access("officer")
@writing(_again)
def decision(connection: Connection, key: str) -> Any:
    """Decide on an objection."""

    def act() -> str:
        text, choice = request.form.get("text", ""), request.form.get("choice", "")
        if choice not in ("uphold", "revoke"):
            raise Invalid("ledger.rejected")
        revoke, actor = choice == "revoke", _reader()
        disputes.decide(zhiban(), connection, actor=actor, assessment_id=key, revoke=revoke, text=text)
        flash(_("裁定已记录，并通知责任方。"), "ok")
        return url_for("assessments.assessment", key=key)

    return redirect(once(connection, act), 303)


def _page(connection: Connection, key: str, error: ZhibanError | None = None) -> Any:
    actor, now, calendar = _reader(), zhiban().clock.now(), worktime.load(connection)
    [row] = discreet_assessments(
        zhiban(), connection, actor, [reading.one(connection, actor, key, now)], language()
    )
    problems = [problem.say(language()) for problem in error.problems] if isinstance(error, Invalid) else []
    return show(
        connection,
        "assessment.html",
        row=row,
        until=disputes.object_until(row, calendar),
        may_object=disputes.may_object(actor, row, calendar, now),
        may_decide=disputes.may_decide(actor, row),
        names={who: identity.name_of(connection, who) for who in (row.objected_by, row.decided_by) if who},
        error=" ".join([error.say(language()), *problems]) if error else "",
        text=request.form.get("text", ""),
        choice=request.form.get("choice", ""),
    )


def _listed(connection: Connection, actor: identity.Actor, wanted: Wanted, **page: int) -> list[Assessment]:
    rows = reading.listed(connection, actor, wanted, zhiban().clock.now(), **page)
    return discreet_assessments(zhiban(), connection, actor, rows, language())


def _reader() -> identity.Actor:
    """The person, if the ledger has anything for them at all."""
    actor = the_actor()
    if not reading.may_read(actor):
        raise NotAllowed("webui.not_for_you")
    return actor


ASKED = ("kind", "answerable", "state", "text", "since", "until")


def _wanted() -> Wanted:
    """What the address asks for; a day that cannot be read asks for nothing."""
    given = {name: request.args.get(name, "").strip()[:80] for name in ASKED}
    since, until = _day(given.pop("since")), _day(given.pop("until"))
    return Wanted(**given, since=since, until=until)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
