"""Cases and tasks as answers tell them: opened to the caller first, and as far as the caller may know."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy.engine import Connection

from engine import identity, runtime
from engine.errors import NotFound, say
from engine.identity import ROLES, SYSTEM, absence
from engine.runtime import queries, signers
from engine.runtime.casework.stops import stop_facts
from engine.runtime.queries import TaskRow
from engine.runtime.queries.inbox.selecting import with_marks
from webui.api.endpoint import Call
from webui.api.sheets import shaped, sheet
from webui.casefile.asked import asked_at
from webui.casefile.signing import added_at, round_at
from webui.disclosure import View, guard, hidden_statuses
from webui.edge.language import language
from webui.transaction import zhiban

# What is nobody's business but the house's: how a task goes from hand to hand there.
INWARD = (
    *("acting_for", "acting_for_name", "delegated_by", "delegated_by_name", "owner", "parent", "held"),
    *("claimed_at", "urged_at"),
)
UNTOLD = {**dict.fromkeys(INWARD), "urged": 0, "returned": False}


def view_of(call: Call, case: queries.CaseRow) -> View:
    """The caller's view of a case, once the case is open to the caller."""
    guard(call.connection, call.actor, case)
    return View(zhiban(), call.connection, call.actor, case, language())


def opened(call: Call, task_id: str) -> tuple[View, TaskRow]:
    """The task, once it is open to the caller. To an enterprise an internal task does not exist."""
    row = queries.task(call.connection, task_id)
    view = view_of(call, queries.case(call.connection, row.case_id))
    if not view.shown([row]):
        raise NotFound("runtime.no_task")
    return view, row


def task_answers(view: View, rows: Iterable[TaskRow]) -> list[dict[str, Any]]:
    """Tasks of one case as the caller may know them; an enterprise opens only its own."""
    known = list(rows)
    waits_for = {row.id: view.waits_for(row) for row in known}
    inward = UNTOLD if view.outward else {}
    return [
        {
            **asdict(row),
            **inward,
            "id": _id(view, row),
            "waits_for": waits_for[row.id],
            "stopped": row.stop is not None,
        }
        for row in view.shown(known)
    ]


def _id(view: View, row: TaskRow) -> str | None:
    own = row.assignee == view.actor.id or row.closed_by == view.actor.id or row.candidates
    return row.id if not view.outward or own else None


def marked(view: View, rows: list[TaskRow]) -> list[TaskRow]:
    """The same rows with what the caller has at them: a draft, and whether they came back."""
    return with_marks(view.connection, view.actor, rows)


def done_answer(call: Call, case_id: str, opened_ids: Iterable[str]) -> dict[str, Any]:
    """What a step led to, as the caller may know it."""
    view = View(zhiban(), call.connection, call.actor, queries.case(call.connection, case_id), language())
    case, new = view.case(), frozenset(opened_ids)
    rows = [row for row in queries.open_tasks(call.connection, case_id) if row.id in new]
    return {
        "case_id": case.id,
        "number": case.number,
        "status": case.status,
        "state": case.state,
        "opened": task_answers(view, rows),
    }


def task_sheet(call: Call, task_id: str) -> dict[str, Any]:
    """One task with what the caller may do with it, whose it is, who signs there, and its form."""
    view, found = opened(call, task_id)
    (row,) = marked(view, [found])
    theirs = _theirs(call, row)
    stands = row.stop is not None and not view.outward
    acts = {"complete", "answer", "decide"} & theirs
    return {
        **task_answers(view, [row])[0],
        **{f"may_{act}": act in theirs for act in ("claim", "release")},
        **{f"may_{act}": act in acts and not stands for act in ("complete", "answer", "decide")},
        "why_not": _stopped(row) if stands and acts else "",
        "candidates": [] if view.outward else _candidates(view, row),
        "owner_name": _name(call.connection, None if view.outward else row.owner),
        "delegation": "pending" if row.delegated_by and row.state == "open" and not view.outward else None,
        "form": _form(call.connection, view, row) if acts else None,
        "signing": None if view.outward else round_at(view, row),
        "asked": asked_at(view, row),
        "signers": [] if view.outward else added_at(view, row),
    }


def _theirs(call: Call, row: TaskRow) -> frozenset[str]:
    """What the task takes from the caller, whether its clock runs or not.

    A deputy who shares the desk of whoever has it does as the holder.
    """
    now = zhiban().clock.now()
    hands = {call.actor.id, *absence.principals(call.connection, call.actor.id, now, row.process)}
    open_ = row.state == "open"
    free = open_ and row.assignee is None and runtime.is_candidate(call.connection, row.id, call.actor)
    own = open_ and row.assignee in hands and not row.held
    plainly = row.parent is None and not row.delegated_by
    found = {
        "claim": free,
        "release": own and row.assignee == call.actor.id and bool(row.candidates) and plainly,
        "complete": (free or own) and plainly,
        "answer": own and row.parent is None and bool(row.delegated_by),
        "decide": own and row.parent is not None,
    }
    return frozenset(act for act, may in found.items() if may)


def _stopped(row: TaskRow) -> str:
    """What completing the task would be refused with while its clock stands still."""
    return say("runtime.clock_stopped", stop_facts(row.stop, row.name), language()) if row.stop else ""


def _candidates(view: View, row: TaskRow) -> list[dict[str, str]]:
    """The groups and accounts that an open task waits for, or could be given back to."""
    return [
        {"id": name, "name": view.called(name), "kind": "group" if _is_group(name) else "account"}
        for name in row.candidates
    ]


def _is_group(name: str) -> bool:
    return name.partition("@")[0] in ROLES


def _name(connection: Connection, account: str | None) -> str | None:
    return identity.name_of(connection, account) if account else None


def _form(connection: Connection, view: View, row: TaskRow) -> dict[str, Any] | None:
    if row.parent is not None:
        return shaped(connection, signers.sheet(), "", {})
    definition = runtime.definition(zhiban(), connection, row.definition_id)
    case = {name: getattr(view.row, name) for name in ("id", "number", "enterprise", "status", "title")}
    return sheet(
        connection, definition, row.form_key, {**runtime.task_variables(connection, row.id), "case": case}
    )


def entered(view: View) -> dict[str, Any]:
    """What the case's history says was set, the last of each name, as far as the caller may know it."""
    found: dict[str, Any] = {}
    for row in view.history():
        values = row.data.get("values")
        if isinstance(values, dict) and "call" not in row.data:
            found.update(values)
    return found


def hidden_states(connection: Connection) -> frozenset[str]:
    """The statuses of internal nodes, which an enterprise cannot search for."""
    found: frozenset[str] = frozenset()
    for _, _, definition_id in runtime.startable(connection, SYSTEM):
        found |= hidden_statuses(runtime.definition(zhiban(), connection, definition_id).diagram)
    return found
