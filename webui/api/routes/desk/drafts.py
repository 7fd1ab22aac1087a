"""What the caller has typed into a task and not submitted, and who else has the task open."""

from typing import Any

from engine import forms, runtime
from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.identity import absence
from engine.runtime import guards, queries, signers
from engine.runtime.desk import drafts, leaving, presence
from webui.api.endpoint import TASK, Blueprint, Call, Told, delete, get, post, put
from webui.api.problems import explain
from webui.api.shapes.desk.actions import DraftBody, SeenBody
from webui.api.shapes.desk.lists import PresenceAnswer, Sheet
from webui.api.sheets import plain
from webui.api.views import opened
from webui.edge.failures import sentence
from webui.transaction import zhiban

routes = Blueprint("drafts-api", __name__, description="草稿 · Drafts")
explain(routes)


@get(
    routes,
    "/tasks/<task>/draft",
    Told(
        "我的草稿",
        "The caller's own draft of a task; 404 where there is none. Nobody else reads it. It goes when the "
        "task is closed or leaves the caller's hands.",
        (404,),
        (TASK,),
    ),
    answer=Sheet,
)
def draft(call: Call, task: str) -> Any:
    opened(call, task)
    return _told(call, task)


@put(
    routes,
    "/tasks/<task>/draft",
    Told(
        "保存草稿",
        "Keep values of the task's form, unchecked, in place of the last draft. For whoever has the task, or "
        "may claim it; 403 if it is another's, 409 if it is closed or, with `version`, has passed on since.",
        (404,),
        (TASK,),
    ),
    answer=Sheet,
    body=DraftBody,
)
def save(call: Call, task: str) -> Any:
    row, now = opened(call, task)[1], zhiban().clock.now()
    also = absence.principals(call.connection, call.actor.id, now, row.process)
    values, version = call.given["values"], call.given.get("version")
    drafts.save(call.connection, call.actor, task, values, now, also, version)
    _guard_fields(_form_of(call, row), values)
    return _told(call, task)


def _form_of(call: Call, row: queries.TaskRow) -> forms.Form | None:
    if row.parent is not None:
        return signers.sheet()
    return runtime.definition(zhiban(), call.connection, row.definition_id).forms.get(row.form_key)


def _guard_fields(form: forms.Form | None, values: dict[str, Any]) -> None:
    """Invalid where the form has no such fields: what nobody could submit is no draft."""
    known = form.keys() if form is not None else frozenset()
    problems = [Problem("api.unknown_field", name) for name in sorted(values.keys() - known)[:100]]
    if problems:
        raise Invalid("api.rejected", problems=problems, count=len(problems))


@delete(routes, "/tasks/<task>/draft", Told("丢弃草稿", "Throw the caller's draft away.", (404,), (TASK,)))
def discard(call: Call, task: str) -> None:
    opened(call, task)
    leaving.discard(call.connection, call.actor.id, task)


def _told(call: Call, task: str) -> dict[str, Any]:
    found = drafts.draft(call.connection, call.actor, task)
    if found is None:
        raise NotFound("api.no_draft")
    return {"task_id": task, "values": plain(found.given), "saved_at": found.saved_at}


@post(
    routes,
    "/tasks/<task>/seen",
    Told(
        "我正在看",
        "Note that the caller has the task open, sent again every twenty seconds, or (`leave`) no more; "
        "who else has, and what has changed since `version`.",
        (404,),
        (TASK,),
    ),
    answer=PresenceAnswer,
    body=SeenBody,
    readers=("officer",),
)
def seen(call: Call, task: str) -> Any:
    row, now = opened(call, task)[1], zhiban().clock.now()
    if call.given.get("leave"):
        presence.leave(call.connection, call.actor, task)
    elif row.state == "open":
        presence.come(call.connection, call.actor, task, now)
    return {
        "others": [
            {"id": one.account, "name": one.name}
            for one in presence.others(call.connection, call.actor, task, now)
        ],
        "version": row.version,
        "state": row.state,
        "changed": _changed(call, task, call.given.get("version")),
    }


def _changed(call: Call, task: str, version: int | None) -> str | None:
    """Who did what to the task since the caller saw it; None where nobody did anything."""
    try:
        guards.guard_unchanged(call.connection, task, version)
    except Conflict as error:
        return sentence(error)
    return None
