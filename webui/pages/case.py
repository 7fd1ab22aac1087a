"""One case: its course in a picture and in words, what was entered, its files, where it stands."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.engine import Connection

from engine import runtime
from engine.runtime import queries
from webui import disclosure
from webui.access import access, the_actor
from webui.present import show
from webui.present.picture import picture
from webui.present.telling import Telling
from webui.transaction import reading, zhiban

MOST = 120  # entries of the course that a page shows unless it is asked for all

pages = Blueprint("case", __name__, url_prefix="/cases")


@pages.get("/<case_id>")
@access("officer", "enterprise")
@reading
def case(connection: Connection, case_id: str) -> Any:
    """The whole case for an officer; for the enterprise its own view of it."""
    row, actor = _guarded(connection, case_id), the_actor()
    told = Telling(connection, row, actor)
    open_tasks = queries.open_tasks(connection, case_id)
    entries, left_out = told.timeline(open_tasks, None if "all" in request.args else MOST)
    return show(
        connection,
        "case_outward.html" if told.view.outward else "case.html",
        case=told.view.case(),
        entries=entries,
        left_out=left_out,
        files=told.attachments(),
        open_tasks=open_tasks,
        mine=[task for task in open_tasks if _may(connection, task)],
    )


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
    history, tasks = queries.history(connection, case_id), queries.tasks_of_case(connection, case_id)
    return jsonify(picture(history, tasks, zhiban().clock.now()))


def _guarded(connection: Connection, case_id: str) -> queries.CaseRow:
    row = queries.case(connection, case_id)
    disclosure.guard(connection, the_actor(), row)
    return row


def _may(connection: Connection, task: queries.TaskRow) -> bool:
    actor = the_actor()
    if task.assignee is not None:
        return task.assignee == actor.id
    return runtime.is_candidate(connection, task.id, actor)
