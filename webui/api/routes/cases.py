"""Cases: starting one, finding them, one case with its rounds, its history and course, messages to it."""

from collections import Counter
from typing import Any

import re2
from sqlalchemy.engine import Connection

from engine import history as chain
from engine import runtime
from engine.errors import Invalid, NotAllowed, Problem
from engine.identity import SYSTEM
from engine.runtime import queries
from engine.runtime.queries import CaseRow, TaskRow
from webui.api.access import printable
from webui.api.endpoint import CASE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.tasks import done_answer, task_answers, view_of
from webui.api.shapes.answers import CaseDetail, CasePage, Course, Done, History, Started
from webui.api.shapes.bodies import CaseQuery, MessageBody, StartBody
from webui.disclosure import View, hidden_statuses, outward_cases
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("cases-api", __name__, description="办件 · Cases")
explain(routes)

SENDERS = frozenset({"platform", "control-centre", "supervisor", "admin", "handler", "enterprise"})
_ID = re2.compile(r"[0-9a-f]{32}")


def find(connection: Connection, case: str) -> CaseRow:
    """The case of that id or number. NotFound if there is none."""
    if _ID.fullmatch(case):
        return queries.case(connection, case)
    return queries.case_by_number(connection, case[:64])


@post(
    routes,
    "/cases",
    Told(
        "发起办件",
        "Start a case of the newest version of a process with the values of its start form. An enterprise "
        "may only start for itself.",
        (404,),
    ),
    answer=Started,
    status=201,
    body=StartBody,
)
def start(call: Call) -> Any:
    given = call.given
    started = runtime.start_case(
        zhiban(), call.connection, actor=call.actor, process=given["process"], values=given["values"]
    )
    return {"id": started.case_id, "number": started.number}


@get(
    routes,
    "/cases",
    Told("办件列表", "The cases the caller may see, newest first."),
    answer=CasePage,
    query=CaseQuery,
)
def cases(call: Call) -> Any:
    asked = dict(call.given)
    page = {name: asked.pop(name) for name in ("limit", "offset")}
    if call.actor.kind == "enterprise" and asked["status"] in _hidden(call.connection):
        return {**page, "total": 0, "items": []}
    rows = queries.cases_for(call.connection, call.actor, **asked, **page)
    total = queries.count_cases(call.connection, call.actor, **asked)
    items = outward_cases(zhiban(), call.connection, call.actor, rows, language())
    return {**page, "total": total, "items": items}


def _hidden(connection: Connection) -> frozenset[str]:
    """The statuses of internal nodes, which an enterprise cannot search for."""
    found: frozenset[str] = frozenset()
    for _, _, definition_id in runtime.startable(connection, SYSTEM):
        found |= hidden_statuses(runtime.definition(zhiban(), connection, definition_id).diagram)
    return found


@get(
    routes,
    "/cases/<case>",
    Told("一个办件", "One case with its open tasks and its rounds.", (404,), (CASE,)),
    answer=CaseDetail,
)
def case(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    every = queries.tasks_of_case(call.connection, view.row.id)
    row = view.case()
    return {
        **vars(row),
        "tasks": task_answers(view, [task for task in every if task.state == "open"]),
        "rounds": _rounds(view, every),
        "messages": sorted(view.messages()) if _may_send(call) else [],
    }


def _rounds(view: View, every: list[TaskRow]) -> list[dict[str, Any]]:
    """All tasks, those whose node was reached for the first time, for the second …"""
    counted: Counter[str] = Counter()
    rounds: dict[int, list[TaskRow]] = {}
    for task in every:
        counted[task.element] += 1
        rounds.setdefault(counted[task.element], []).append(task)
    told = [{"round": number, "tasks": task_answers(view, rows)} for number, rows in sorted(rounds.items())]
    return [one for one in told if one["tasks"]]


def _may_send(call: Call) -> bool:
    return call.actor.kind == "enterprise" or not call.actor.roles.isdisjoint(SENDERS)


@post(
    routes,
    "/cases/<case>/messages",
    Told(
        "向办件发送消息",
        "Give a message to a running case. It may bring only the variables that the diagram lists for it; "
        "409 if the case has ended or does not wait for it now.",
        (404,),
        (CASE,),
    ),
    answer=Done,
    body=MessageBody,
)
def message(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    name, values = call.given["name"], call.given["values"]
    _check_message(call, view, name, values)
    done = runtime.deliver(
        zhiban(), call.connection, actor=call.actor, case_id=view.row.id, message=name, values=values
    )
    return done_answer(call, done.case_id, done.opened)


def _check_message(call: Call, view: View, name: str, values: dict[str, Any]) -> None:
    """Only a message the diagram waits for somewhere, and of its variables only those it lists."""
    known = view.messages() if _may_send(call) else {}
    if name not in known:
        raise NotAllowed(
            "api.message_not_yours", message=printable(name), known="、".join(sorted(known)) or "—"
        )
    brought = "、".join(sorted(known[name])) or "—"
    problems = [
        Problem("api.not_brought", f"values.{printable(key)}", {"message": name, "known": brought})
        for key in values
        if key not in known[name]
    ]
    if problems:
        raise Invalid("api.rejected", problems=problems[:100], count=len(problems))


@get(
    routes,
    "/cases/<case>/history",
    Told(
        "办件经过",
        "What happened, in order; for auditors with the chain's hashes. An enterprise reads its view of it.",
        (404,),
        (CASE,),
    ),
    answer=History,
)
def history(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    items = [vars(row) for row in view.history()]
    if "auditor" in call.actor.roles:
        hashes = {row.seq: row.hash for row in chain.of(call.connection, view.row.id)}
        items = [{**item, "hash": hashes[item["seq"]]} for item in items]
    return {"case_id": view.row.id, "number": view.row.number, "items": items}


@get(
    routes,
    "/cases/<case>/diagram",
    Told(
        "办件在流程图上的位置",
        "Ids of the nodes and flows passed, and where the case is now. An enterprise reads the outward ones.",
        (404,),
        (CASE,),
    ),
    answer=Course,
)
def course(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    now, row = zhiban().clock.now(), view.row
    paths = [r.data for r in queries.history(call.connection, row.id) if r.kind == "path"]
    open_tasks = view.shown(queries.open_tasks(call.connection, row.id))
    return {
        "process": row.process,
        "version": row.definition_version,
        "passed": _seen(view, {element for path in paths for element in path.get("elements", ())}),
        "flows": _flows(view, {flow for path in paths for flow in path.get("flows", ())}),
        "present": sorted({task.element for task in open_tasks}),
        "late": sorted({task.element for task in open_tasks if task.due_at and task.due_at < now}),
    }


def _seen(view: View, elements: set[str]) -> list[str]:
    return sorted(element for element in elements if view.visible(element))


def _flows(view: View, flows: set[str]) -> list[str]:
    """Flows between nodes the caller may know of."""
    known = view.diagram.flows
    return sorted(
        flow
        for flow in flows
        if flow not in known or (view.visible(known[flow].source) and view.visible(known[flow].target))
    )
