"""Tasks: the inbox, one task with its form, taking it, giving it back, completing it."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import NotFound, say
from engine.identity import Actor, absence
from engine.runtime import queries
from engine.runtime.casework.stops import stop_facts
from engine.runtime.queries import TaskRow
from webui.api.endpoint import TASK, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.answers import Done, Held, TaskPage
from webui.api.shapes.bodies import CompleteBody, HandBody, TaskQuery
from webui.api.shapes.signing import TaskSheet
from webui.api.sheets import sheet
from webui.casefile.signing import added_at, round_at
from webui.disclosure import View, guard
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("tasks-api", __name__, description="任务 · Tasks")
explain(routes)


def view_of(call: Call, case: queries.CaseRow) -> View:
    """The caller's view of a case, once the case is open to the caller."""
    guard(call.connection, call.actor, case)
    return View(zhiban(), call.connection, call.actor, case, language())


def task_answers(view: View, rows: Iterable[TaskRow]) -> list[dict[str, Any]]:
    """Tasks of one case as the caller may know them; an enterprise opens only its own."""
    known = list(rows)
    waits_for = {row.id: view.waits_for(row) for row in known}
    return [
        {**asdict(row), "id": _id(view, row), "waits_for": waits_for[row.id], "stopped": row.stop is not None}
        for row in view.shown(known)
    ]


def _id(view: View, row: TaskRow) -> str | None:
    own = row.assignee == view.actor.id or row.closed_by == view.actor.id or row.candidates
    return row.id if not view.outward or own else None


def _opened(call: Call, task_id: str) -> tuple[View, TaskRow]:
    """The task, once it is open to the caller. To an enterprise an internal task does not exist."""
    row = queries.task(call.connection, task_id)
    view = view_of(call, queries.case(call.connection, row.case_id))
    if not view.shown([row]):
        raise NotFound("runtime.no_task")
    return view, row


NARROWING = ("text", "process", "step", "department", "status", "urgent", "due")


@get(
    routes,
    "/tasks",
    Told(
        "任务列表",
        "The caller's tasks on one tab: open ones by urgency, then deadline; finished ones newest first.",
    ),
    answer=TaskPage,
    query=TaskQuery,
)
def inbox(call: Call) -> Any:
    asked, now = call.given, zhiban().clock.now()
    words = {
        name: asked[name] for name in ("text", "process", "step", "department", "status", "urgent", "due")
    }
    marks = (asked["mark"],) if asked["mark"] else ()
    narrowed = queries.Filters(**words, marks=marks, moment=now)
    also = absence.desks(call.connection, call.actor.id, now)
    whose = {"filters": narrowed, "also": also}
    page = {"limit": asked["limit"], "offset": asked["offset"]}
    rows = queries.inbox(call.connection, call.actor, asked["tab"], sort=asked["sort"], **whose, **page)
    views: dict[str, View] = {}
    items = []
    for row in rows:
        alike = call.actor.kind != "enterprise" and not row.confidential  # such cases look alike to officers
        about = "" if alike else row.case_id
        if about not in views:
            case = queries.case(call.connection, row.case_id)
            views[about] = View(zhiban(), call.connection, call.actor, case, language())
        items += task_answers(views[about], [row])
    total = queries.count(call.connection, call.actor, asked["tab"], **whose)
    return {**asked, "total": total, "items": items}


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
    view, row = _opened(call, task)
    may_claim = row.state == "open" and row.assignee is None and _candidate(call.connection, row, call.actor)
    own = row.state == "open" and row.assignee == call.actor.id and not row.held
    open_to = row.parent is None and (may_claim or own)
    stands = row.stop is not None and call.actor.kind != "enterprise"
    return {
        **task_answers(view, [row])[0],
        "may_claim": may_claim,
        "may_complete": open_to and not stands,
        "why_not": _stopped(row) if stands and (open_to or own) else "",
        "form": _form(call.connection, view, row) if open_to else None,
        "may_decide": own and row.parent is not None and not stands,
        "signing": None if view.outward else round_at(view, row),
        "signers": [] if view.outward else added_at(view, row),
    }


def _stopped(row: TaskRow) -> str:
    """What completing the task would be refused with while its clock stands still."""
    return say("runtime.clock_stopped", stop_facts(row.stop, row.name), language()) if row.stop else ""


def _candidate(connection: Connection, row: TaskRow, actor: Actor) -> bool:
    return runtime.is_candidate(connection, row.id, actor)


def _form(connection: Connection, view: View, row: TaskRow) -> dict[str, Any] | None:
    definition = runtime.definition(zhiban(), connection, row.definition_id)
    case = {name: getattr(view.row, name) for name in ("id", "number", "enterprise", "status", "title")}
    return sheet(
        connection, definition, row.form_key, {**runtime.task_variables(connection, row.id), "case": case}
    )


HAND = "The version is optional; with it, a task that changed since you saw it is refused."


@post(
    routes,
    "/tasks/<task>/claim",
    Told(
        "签收任务",
        f"Take an unclaimed task for oneself. Claiming one's own again changes nothing. {HAND}",
        (404,),
        (TASK,),
    ),
    answer=Held,
    body=HandBody,
)
def claim(call: Call, task: str) -> Any:
    _opened(call, task)
    version = runtime.claim(
        zhiban(), call.connection, actor=call.actor, task_id=task, version=call.given.get("version")
    )
    return {"id": task, "version": version}


@post(
    routes,
    "/tasks/<task>/release",
    Told("退回任务", f"Give one's task back to its candidates. {HAND}", (404,), (TASK,)),
    answer=Held,
    body=HandBody,
)
def release(call: Call, task: str) -> Any:
    _opened(call, task)
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
    _opened(call, task)
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


def done_answer(call: Call, case_id: str, opened: Iterable[str]) -> dict[str, Any]:
    """What a step led to, as the caller may know it."""
    view = View(zhiban(), call.connection, call.actor, queries.case(call.connection, case_id), language())
    case, new = view.case(), frozenset(opened)
    rows = [row for row in queries.open_tasks(call.connection, case_id) if row.id in new]
    return {
        "case_id": case.id,
        "number": case.number,
        "status": case.status,
        "state": case.state,
        "opened": task_answers(view, rows),
    }
