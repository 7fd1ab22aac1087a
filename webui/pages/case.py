"""One case: where it stands, rounds, opinions, files, notices, and its course in a picture and in words.

A long case shows its last part; `?all=1` shows all of it.
"""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import outbox, runtime
from engine.errors import NotFound
from engine.runtime import clocks, queries, waiting
from webui import deadlines, disclosure
from webui.access import access, the_actor
from webui.casefile.opinions import opinions
from webui.casefile.papers import papers
from webui.casefile.rounds import rounds
from webui.casefile.sendings import MAY_SEND_AGAIN, notices
from webui.casefile.signing import Signing, signing
from webui.foresight.ahead import foresight
from webui.pages.acting import beside
from webui.present import show
from webui.present.picture import picture
from webui.present.telling import Telling
from webui.transaction import reading, writing, zhiban

NOTICES = 12  # the last ones that a case's page shows
MOST = 120  # entries of the course that a page shows unless it is asked for all
OVER = 20  # deadlines that are over, likewise
ROUNDS = 10  # the last ones, likewise
EVERY = 1_000_000  # more than there ever are

pages = Blueprint("case", __name__, url_prefix="/cases")


@pages.get("/<case_id>")
@access("officer", "enterprise")
@reading
def case(connection: Connection, case_id: str) -> Any:
    """The whole case for an officer; for the enterprise its own view of it."""
    row, actor = _guarded(connection, case_id), the_actor()
    told = Telling(connection, row, actor, whole="all" in request.args)
    open_tasks = queries.open_tasks(connection, case_id)
    rows, over = deadlines.lately(told.view, EVERY if told.window is None else OVER)
    return show(
        connection,
        "case_outward.html" if told.view.outward else "case.html",
        **_file(told, open_tasks),
        open_tasks=told.view.shown(open_tasks),
        mine={task.id for task in open_tasks if _may(connection, task)},
        story=told.story(1)[:1],
        signings={} if told.view.outward else _signings(told.view, open_tasks),
        deadline_rows=rows,
        over=over,
        units={one.task_id: one.unit for one in rows},
        may_stop=row.state == "open" and clocks.may_stop(zhiban(), connection, actor, case_id),
        offers=waiting.sendable(zhiban(), connection, actor, case_id) if row.state == "open" else [],
        foresight=foresight(told.view) if row.state == "open" else None,
        **beside.shown(connection, row, told.view.shown(open_tasks)),
    )


def _signings(view: disclosure.View, open_tasks: list[queries.TaskRow]) -> dict[str, Signing]:
    """The signatures at the process's own open tasks, by task."""
    found = {task.id: signing(view, task) for task in open_tasks if task.parent is None}
    return {task: shown for task, shown in found.items() if shown is not None}


def _file(told: Telling, open_tasks: list[queries.TaskRow]) -> dict[str, Any]:
    """What the page and the print view have in common."""
    whole = told.window is None
    entries, left_out = told.timeline(open_tasks, None if whole else MOST)
    every = rounds(told.view, told.window)
    kept, unsent = notices(told.view, None if whole else NOTICES)
    return {
        "case": told.view.case(),
        "entries": entries,
        "left_out": left_out,
        "earlier": told.skipped > 0,
        "rounds": every if whole else every[-ROUNDS:],
        "opinions": [] if told.view.outward else opinions(told.view, told.rows),
        "files": papers(told.view, told.rows),
        "notices": kept,
        "unshown_notices": unsent,
        "contact_kept": told.view.contact is not None,
    }


@pages.get("/<case_id>/print")
@access("officer", "enterprise")
@reading
def sheet(connection: Connection, case_id: str) -> Any:
    """The case on paper: facts, rounds, opinions, course; for the enterprise without what is internal."""
    told = Telling(connection, _guarded(connection, case_id), the_actor(), whole="all" in request.args)
    open_tasks = queries.open_tasks(connection, case_id)
    return show(
        connection,
        "case_print.html",
        **_file(told, open_tasks),
        outward=told.view.outward,
        open_tasks=told.view.shown(open_tasks),
        printed_at=zhiban().clock.now(),
    )


@pages.post("/<case_id>/notices/<message_id>/again")
@access(*MAY_SEND_AGAIN)
@writing()
def send_again(connection: Connection, case_id: str, message_id: str) -> Any:
    """Send a failed notice once more."""
    _guarded(connection, case_id)
    known = {way.id for notice in queries.notices(connection, case_id) for way in notice.sendings}
    if message_id not in known:
        raise NotFound("webui.no_notice")
    outbox.send_again(connection, message_id, zhiban().clock.now())
    flash(_("这条通知将重新发送。"), "ok")
    return redirect(url_for("case.case", case_id=case_id, _anchor="case-notices"), 303)


@pages.get("/<case_id>/diagram.bpmn")
@access("officer")
@reading
def diagram(connection: Connection, case_id: str) -> Any:
    """The diagram this case runs on. Not for enterprises: it names what is internal."""
    row = _guarded(connection, case_id)
    xml = runtime.definition(zhiban(), connection, row.definition_id).xml
    return Response(xml, mimetype="application/xml")


@pages.get("/<case_id>/diagram.json")
@access("officer")
@reading
def state(connection: Connection, case_id: str) -> Any:
    _guarded(connection, case_id)
    passed, stays = queries.passed(connection, case_id), queries.stays(connection, case_id)
    return jsonify(picture(*passed, stays, zhiban().clock.now()))


def _guarded(connection: Connection, case_id: str) -> queries.CaseRow:
    row = queries.case(connection, case_id)
    disclosure.guard(connection, the_actor(), row)
    return row


def _may(connection: Connection, task: queries.TaskRow) -> bool:
    actor = the_actor()
    if task.assignee is not None:
        return task.assignee == actor.id
    return runtime.is_candidate(connection, task.id, actor)
