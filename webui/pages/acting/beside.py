"""What the pages of a case and of a task offer to do besides the next step, and what was done by oneself."""

from typing import Any

from flask import request
from sqlalchemy.engine import Connection

from engine import runtime
from engine.bpmn import desk
from engine.runtime import actions, queries
from engine.runtime.queries import CaseRow, TaskRow
from webui.access import the_actor
from webui.transaction import zhiban

from .ending import kind_of, may
from .ways import Kind, kinds

LATEST = 3  # tasks of one's own that are over, the last ones


def shown(connection: Connection, case: CaseRow, open_tasks: list[TaskRow]) -> dict[str, Any]:
    """What `case_actions.html` needs; `open_tasks` are those that the reader may know of."""
    actor = the_actor()
    own: list[TaskRow] = []
    if actor.kind != "enterprise":
        own = queries.last_done(connection, case.id, actor.id, LATEST)
    found = [(task, _ways(connection, task)) for task in (*open_tasks, *reversed(own))]
    return {
        "task_ways": [(task, ways) for task, ways in found if ways],
        "case_ways": [kind_of(one) for one in ("withdraw", "terminate") if may(connection, case, one)],
        "may_follow": actor.kind == "person",
        "follows": actions.is_followed(connection, actor.id, case.id),
    }


def of_task(connection: Connection, row: TaskRow) -> dict[str, Any]:
    """What `task_body.html` needs. A delegate answers on that action's page instead of submitting."""
    found = [kind for kind in _ways(connection, row) if kind.action != "decide"]
    diagram = runtime.definition(zhiban(), connection, row.definition_id).diagram
    return {
        "ways": [kind for kind in found if kind.action != "answer"],
        "answering": next((kind for kind in found if kind.action == "answer"), None),
        "asks_opinion": row.parent is None and the_actor().kind != "enterprise",
        "opinion_required": desk.needs_opinion(diagram.elements.get(row.element), "complete"),
        "opinion": request.form.get("opinion", ""),
    }


def _ways(connection: Connection, task: TaskRow) -> list[Kind]:
    offered = {one.action for one in actions.offers(zhiban(), connection, the_actor(), task.id)}
    return [kind for kind in kinds().values() if kind.action in offered]
