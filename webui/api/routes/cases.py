"""Cases: starting one, finding them, one case with its rounds, its history and course."""

from collections import Counter
from typing import Any

import re2
from sqlalchemy.engine import Connection

from engine import history as chain
from engine import identity, runtime
from engine.runtime import queries, search
from engine.runtime.queries import CaseRow, TaskRow
from webui.api.endpoint import CASE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.bodies import CaseQuery, FacetQuery, StartBody
from webui.api.shapes.cases import CaseDetail, CasePage, Course, History, Started
from webui.api.shapes.desk.lists import CaseFacets
from webui.api.views import hidden_states, marked, task_answers, view_of
from webui.disclosure import View, outward_cases
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("cases-api", __name__, description="办件 · Cases")
explain(routes)

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
    Told("办件列表", "The cases the caller may see, found by words and filters."),
    answer=CasePage,
    query=CaseQuery,
)
def cases(call: Call) -> Any:
    page = {name: call.given[name] for name in ("limit", "offset")}
    asked = _asked(call)
    if call.actor.kind == "enterprise" and asked.status in hidden_states(call.connection):
        return {**page, "total": 0, "more": False, "items": []}
    rows = search.find(call.connection, call.actor, asked, **page)
    total, more = search.count(call.connection, call.actor, asked)
    items = outward_cases(zhiban(), call.connection, call.actor, rows, language())
    return {**page, "total": total, "more": more, "items": items}


def _asked(call: Call) -> search.Asked:
    """What the query asks for, but for its page."""
    said = {name: value for name, value in call.given.items() if value is not None}
    words = {name: value for name, value in said.items() if name not in ("limit", "offset")}
    return search.Asked(**words, moment=zhiban().clock.now()).read(call.connection)


@get(
    routes,
    "/cases/facets",
    Told(
        "办件可按什么筛选",
        "How many cases GET /cases finds with the same query, and what to narrow it by, with numbers. "
        "A facet from which something is chosen is counted without that choice.",
    ),
    answer=CaseFacets,
    query=FacetQuery,
    readers=("officer",),
)
def facets(call: Call) -> Any:
    seen = search.overview(call.connection, call.actor, _asked(call), zhiban().clock.now())
    names = {one.code: one.name for one in identity.all_departments(call.connection)}
    told = {
        name: [{**vars(one), "label": names.get(one.value, one.value)} for one in choices]
        for name, choices in seen.facets.items()
    }
    return {"total": seen.total, "more": seen.more, "least": sorted(seen.least), "facets": told}


@get(
    routes,
    "/cases/<case>",
    Told("一个办件", "One case with its open tasks and its rounds.", (404,), (CASE,)),
    answer=CaseDetail,
)
def case(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    every = marked(view, queries.tasks_of_case(call.connection, view.row.id))
    row = view.case()
    offered = runtime.sendable(zhiban(), call.connection, call.actor, row.id)
    return {
        **vars(row),
        "stop": {**vars(row.stop), "needs": row.needs} if row.stop else None,
        "tasks": task_answers(view, [task for task in every if task.state == "open"]),
        "rounds": _rounds(view, every),
        "messages": sorted(one.message for one in offered if one.allowed),
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
        "Ids of the nodes and flows passed, and where the case is now; within a called process they are "
        "call/id. An enterprise reads the outward ones.",
        (404,),
        (CASE,),
    ),
    answer=Course,
)
def course(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    now, row = zhiban().clock.now(), view.row
    elements, flows = queries.passed(call.connection, row.id)
    open_tasks = view.shown(queries.open_tasks(call.connection, row.id))
    return {
        "process": row.process,
        "version": row.definition_version,
        "passed": _seen(view, elements),
        "flows": _flows(view, flows),
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
