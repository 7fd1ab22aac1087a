"""A case's deadlines, and its clock."""

from typing import Any

from engine import worktime
from engine.runtime import clocks
from engine.runtime.queries import DeadlineRow
from webui.api.endpoint import CASE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.worktime import ClockAnswer, DeadlineList, ResumeBody, StopBody
from webui.api.views import view_of
from webui.deadlines import shown
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("clocks-api", __name__, description="期限 · Deadlines")
explain(routes)


@get(
    routes,
    "/cases/<case>/deadlines",
    Told(
        "办件的期限",
        "The deadlines of its tasks and phases: from when each counts, when it is due, what it was before it "
        "moved, and how it stands. An enterprise reads the open ones it may know of.",
        (404,),
        (CASE,),
    ),
    answer=DeadlineList,
)
def deadlines(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    rows = shown(view)
    calendar = worktime.load(call.connection)
    items = [{**vars(row), "words": _words(row, calendar)} for row in rows]
    return {"case_id": view.row.id, "number": view.row.number, "items": items}


def _words(row: DeadlineRow, calendar: worktime.Calendar) -> str:
    if row.closed_at is not None:
        return ""
    return worktime.in_words(row.due_at, zhiban().clock.now(), calendar, row.stop).words(language())


@post(
    routes,
    "/cases/<case>/stop",
    Told(
        "暂停计时",
        "Let the case's clocks stand still: nothing fires, nobody is reminded. For who works on the case, "
        "the control centre and supervisors.",
        (404,),
        (CASE,),
    ),
    answer=ClockAnswer,
    body=StopBody,
)
def stop(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    clocks.stop(zhiban(), call.connection, actor=call.actor, case_id=view.row.id, **call.given)
    return {"stopped": True}


@post(
    routes,
    "/cases/<case>/resume",
    Told(
        "恢复计时",
        "Let the case's clocks run again: its deadlines move on by the stopped working time.",
        (404,),
        (CASE,),
    ),
    answer=ClockAnswer,
    body=ResumeBody,
)
def resume(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    clocks.resume(zhiban(), call.connection, actor=call.actor, case_id=view.row.id)
    return {"stopped": False}
