"""What is ahead of a case: its deadlines, if each next step is done on its last day."""

from typing import Any

from engine.errors import NotFound
from engine.runtime import queries
from webui.api.endpoint import CASE, TASK, Blueprint, Call, Told, get
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.outlook import LimitEffect, LimitQuery, OutlookAnswer
from webui.api.views import view_of
from webui.disclosure import View
from webui.foresight import limits
from webui.foresight.ahead import foresight

routes = Blueprint("outlook-api", __name__, description="推算 · What would be")
explain(routes)


@get(
    routes,
    "/cases/<case>/outlook",
    Told(
        "办件以后的时限",
        "The deadlines still to come if each next step is done on its last day, on usual choices. "
        "Computed on a copy; nothing is written. An enterprise reads the steps it may know of.",
        (404,),
        (CASE,),
    ),
    answer=OutlookAnswer,
)
def of_case(call: Call, case: str) -> Any:
    return _answer(view_of(call, find(call.connection, case)))


@get(
    routes,
    "/tasks/<task>/outlook",
    Told("任务以后的时限", "The same for the case of a task.", (404,), (TASK,)),
    answer=OutlookAnswer,
)
def of_task(call: Call, task: str) -> Any:
    row = queries.task(call.connection, task)
    view = view_of(call, queries.case(call.connection, row.case_id))
    if not view.shown([row]):
        raise NotFound("runtime.no_task")
    return _answer(view)


@get(
    routes,
    "/whatif/limit",
    Told(
        "一条时限改了会怎样",
        "The clocks begun in a month, counted anew with another count for one row of the rules in force: "
        "how many would have been late, and whose verdict changes. Nothing is written.",
        (404, 422),
    ),
    answer=LimitEffect,
    readers=("analyst", "control-centre"),
    query=LimitQuery,
)
def limit(call: Call) -> Any:
    found = limits.counted(call.connection, limits.Asked(**call.given))
    numbers = limits.may_see_numbers(call.actor)
    changed = [{**vars(one), "number": one.number if numbers else None} for one in found.changed]
    told = {"name": found.limit.name, "unit": found.limit.unit, "changed": changed}
    return {**vars(found), **told}


def _answer(view: View) -> dict[str, Any]:
    found = foresight(view)
    whose = {"case_id": view.row.id, "number": view.row.number}
    return {**whose, **vars(found), "stopped": found.stop is not None}
