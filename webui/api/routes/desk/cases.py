"""Following a case, and ending it before its time."""

from typing import Any

from engine.runtime import actions, moves
from webui.api.endpoint import CASE, Blueprint, Call, Told, post
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.cases import Done
from webui.api.shapes.desk.actions import FollowBody, Following, ReasonBody, TakeBackBody
from webui.api.views import done_answer, view_of
from webui.transaction import zhiban

routes = Blueprint("desk-cases-api", __name__, description="办件操作 · Actions on cases")
explain(routes)


@post(
    routes,
    "/cases/<case>/follow",
    Told("关注", "Hear of changes of the case's status. Following twice changes nothing.", (404,), (CASE,)),
    answer=Following,
    body=FollowBody,
    readers=("officer",),
)
def follow(call: Call, case: str) -> Any:
    key = _readable(call, case)
    actions.follow(zhiban(), call.connection, actor=call.actor, case_id=key)
    return {"case_id": key, "following": True}


@post(
    routes,
    "/cases/<case>/unfollow",
    Told("取消关注", "Hear of the case no more.", (404,), (CASE,)),
    answer=Following,
    body=FollowBody,
    readers=("officer",),
)
def unfollow(call: Call, case: str) -> Any:
    key = _readable(call, case)
    actions.unfollow(zhiban(), call.connection, actor=call.actor, case_id=key)
    return {"case_id": key, "following": False}


@post(
    routes,
    "/cases/<case>/terminate",
    Told(
        "终止",
        "End the case before its time: everything open is cancelled. For whom the process names, else the "
        "control centre.",
        (404,),
        (CASE,),
    ),
    answer=Done,
    body=ReasonBody,
    readers=("officer",),
)
def terminate(call: Call, case: str) -> Any:
    key, reason = _readable(call, case), call.given["opinion"]
    actions.terminate(zhiban(), call.connection, actor=call.actor, case_id=key, opinion=reason)
    return done_answer(call, key, ())


@post(
    routes,
    "/cases/<case>/withdraw",
    Told("撤回办件", "End one's own case before its time, while its process allows it.", (404,), (CASE,)),
    answer=Done,
    body=TakeBackBody,
)
def withdraw(call: Call, case: str) -> Any:
    key, said = _readable(call, case), call.given.get("opinion", "")
    moves.withdraw(zhiban(), call.connection, actor=call.actor, case_id=key, opinion=said)
    return done_answer(call, key, ())


def _readable(call: Call, case: str) -> str:
    return view_of(call, find(call.connection, case)).row.id
