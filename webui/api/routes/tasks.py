"""Tasks: the inbox, one task with its form, taking it, giving it back, completing it."""

from typing import Any

from engine import identity, runtime
from engine.identity import SYSTEM, absence
from engine.runtime import queries
from webui.api.endpoint import TASK, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.bodies import CompleteBody, HandBody, TabQuery, TaskQuery
from webui.api.shapes.cases import Done, Held, TaskPage
from webui.api.shapes.desk.lists import TaskFacets
from webui.api.shapes.desk.signing import TaskSheet
from webui.api.views import done_answer, hidden_states, opened, task_answers, task_sheet
from webui.disclosure import View
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("tasks-api", __name__, description="任务 · Tasks")
explain(routes)

NARROWING = ("text", "process", "step", "department", "status", "urgent", "due")


@get(
    routes,
    "/tasks",
    Told(
        "任务列表",
        "The caller's tasks on one tab: open ones by urgency, then deadline; finished ones newest first. "
        "What waits for somebody whose deputy the caller is (share) stands among the caller's own. The other "
        "tabs of the inbox are GET /copies and GET /follows.",
    ),
    answer=TaskPage,
    query=TaskQuery,
)
def inbox(call: Call) -> Any:
    asked, now = call.given, zhiban().clock.now()
    words = {name: asked[name] for name in NARROWING}
    if call.actor.kind == "enterprise" and words["status"] in hidden_states(call.connection):
        return {**asked, "total": 0, "items": []}
    narrowed = queries.Filters(**words, marks=tuple(dict.fromkeys(asked["mark"])), moment=now)
    also = absence.desks(call.connection, call.actor.id, now)
    whose = {"filters": narrowed, "also": also}
    page = {"limit": asked["limit"], "offset": asked["offset"]}
    rows = queries.inbox(call.connection, call.actor, asked["tab"], sort=asked["sort"], **whose, **page)
    total = queries.count(call.connection, call.actor, asked["tab"], **whose)
    return {**asked, "total": total, "items": _listed(call, rows)}


def _listed(call: Call, rows: list[queries.TaskRow]) -> list[dict[str, Any]]:
    """Tasks of many cases as the caller may know them."""
    views: dict[str, View] = {}
    items = []
    for row in rows:
        alike = call.actor.kind != "enterprise" and not row.confidential  # such cases look alike to officers
        about = "" if alike else row.case_id
        if about not in views:
            case = queries.case(call.connection, row.case_id)
            views[about] = View(zhiban(), call.connection, call.actor, case, language())
        items += task_answers(views[about], [row])
    return items


@get(
    routes,
    "/tasks/facets",
    Told(
        "任务可按什么筛选",
        "What the tasks of one tab may be narrowed by: the words that occur among its first 1000.",
    ),
    answer=TaskFacets,
    query=TabQuery,
    readers=("officer",),
)
def facets(call: Call) -> Any:
    tab, now = call.given["tab"], zhiban().clock.now()
    found = queries.occurring(
        call.connection, call.actor, tab, absence.desks(call.connection, call.actor.id, now)
    )
    processes = {key: name for key, name, _id in runtime.startable(call.connection, SYSTEM)}
    departments = {one.code: one.name for one in identity.all_departments(call.connection)}
    return {
        "tab": tab,
        "process": _named(found.processes, processes),
        "step": _named(found.steps, {}),
        "department": _named(found.departments, departments),
        "status": _named(found.statuses, {}),
    }


def _named(values: tuple[str, ...], names: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": names.get(value, value)} for value in values]


@get(
    routes,
    "/tasks/<task>",
    Told(
        "一个任务和它的表单",
        "One task. Its form, with the values it begins with, is there for whoever may complete it now.",
        (404,),
        (TASK,),
    ),
    answer=TaskSheet,
)
def task(call: Call, task: str) -> Any:
    return task_sheet(call, task)


HAND = "The version is optional; with it, a task that changed since you saw it is refused."


@post(
    routes,
    "/tasks/<task>/claim",
    Told(
        "认领任务",
        f"Take an unclaimed task for oneself. Claiming one's own again changes nothing. {HAND}",
        (404,),
        (TASK,),
    ),
    answer=Held,
    body=HandBody,
)
def claim(call: Call, task: str) -> Any:
    opened(call, task)
    version = runtime.claim(
        zhiban(), call.connection, actor=call.actor, task_id=task, version=call.given.get("version")
    )
    return {"id": task, "version": version}


@post(
    routes,
    "/tasks/<task>/release",
    Told("放回任务", f"Give one's task back to its candidates. {HAND}", (404,), (TASK,)),
    answer=Held,
    body=HandBody,
)
def release(call: Call, task: str) -> Any:
    opened(call, task)
    version = runtime.release(
        zhiban(), call.connection, actor=call.actor, task_id=task, version=call.given.get("version")
    )
    return {"id": task, "version": version}


@post(
    routes,
    "/tasks/<task>/complete",
    Told(
        "办理任务",
        "Complete the task with its form's values; an unclaimed task need not be claimed first. 403 if it is "
        "with somebody else, 409 if it is finished or changed: the facts say who did what and when.",
        (404,),
        (TASK,),
    ),
    answer=Done,
    body=CompleteBody,
)
def complete(call: Call, task: str) -> Any:
    opened(call, task)
    done = runtime.complete(
        zhiban(),
        call.connection,
        actor=call.actor,
        task_id=task,
        values=call.given["values"],
        version=call.given["version"],
        opinion=call.given["opinion"],
    )
    return done_answer(call, done.case_id, done.opened)
