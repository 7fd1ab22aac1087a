"""Messages to a running case: which the caller may send, with which form, and sending one."""

from typing import Any

from engine import runtime
from engine.errors import NotAllowed
from webui.api.access import printable
from webui.api.endpoint import CASE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.bodies import MessageBody
from webui.api.shapes.cases import Done, Messages
from webui.api.sheets import sheet
from webui.api.views import done_answer, view_of
from webui.disclosure import View
from webui.transaction import zhiban

routes = Blueprint("messages-api", __name__, description="消息 · Messages")
explain(routes)


@get(
    routes,
    "/cases/<case>/messages",
    Told(
        "可以向办件发送的消息",
        "The messages that are the caller's to send to a running case, each with its form, and why one can't "
        "be sent just now.",
        (404,),
        (CASE,),
    ),
    answer=Messages,
)
def messages(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    offered = runtime.sendable(zhiban(), call.connection, call.actor, view.row.id)
    return {"case_id": view.row.id, "items": [_told(call, view, one) for one in offered]}


def _told(call: Call, view: View, one: runtime.Sendable) -> dict[str, Any]:
    form = None
    if one.form_key:
        definition = runtime.definition(zhiban(), call.connection, view.row.definition_id)
        seen = runtime.form_variables(zhiban(), call.connection, call.actor, view.row.id, one.message)
        form = sheet(call.connection, definition, one.form_key, seen)
    return {**vars(one), "form": form}


@post(
    routes,
    "/cases/<case>/messages",
    Told(
        "向办件发送消息",
        "Give a message to a running case, with the values of its form, or with the variables that the diagram "
        "lists for it. 403 if it isn't the caller's to send; 409 if the case has ended, does not wait for it "
        "now, or its condition does not hold.",
        (404,),
        (CASE,),
    ),
    answer=Done,
    body=MessageBody,
)
def message(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    name = call.given["name"]
    if name not in view.messages():  # what an internal node waits for does not exist to an enterprise
        offered = runtime.sendable(zhiban(), call.connection, call.actor, view.row.id)
        known = "、".join(sorted(one.message for one in offered)) or "—"
        raise NotAllowed("api.message_not_yours", message=printable(name), known=known)
    done = runtime.send(
        zhiban(),
        call.connection,
        actor=call.actor,
        case_id=view.row.id,
        message=name,
        values=call.given["values"],
    )
    return done_answer(call, done.case_id, done.opened)
