"""Absences: listing, making, ending; handing over what somebody has open."""

from typing import Any

from engine.errors import NotAllowed
from engine.identity import absence
from engine.runtime import deputies, handover
from engine.runtime.handover import Handed
from webui.api.endpoint import Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.people.absences import (
    AbsenceBody,
    AbsenceItem,
    AbsenceList,
    AbsenceQuery,
    EndBody,
    HandedList,
    HandOverBody,
    Hanging,
)
from webui.edge.failures import sentence
from webui.transaction import zhiban

routes = Blueprint("absences-api", __name__, description="代理与移交 · Absences and handing over")
explain(routes)
ABSENCE = {
    "in": "path",
    "name": "absence",
    "description": "代理安排 id · Id of the absence.",
    "required": True,
}
ACCOUNT = {"in": "path", "name": "account", "description": "账号 id · Id of the account.", "required": True}
PLACELESS = "-"


@get(
    routes,
    "/absences",
    Told(
        "代理安排",
        "Absences that hold now or later: the caller's own, or of a person or department in one's charge "
        "(its administrator; the control centre for the platform's people; the system administrator); "
        "or those in which the caller deputises.",
        (404,),
    ),
    answer=AbsenceList,
    query=AbsenceQuery,
    readers=("officer",),
)
def absences(call: Call) -> Any:
    now, place = zhiban().clock.now(), call.given["department"]
    if call.given["deputising"]:
        return {"items": absence.listed(call.connection, deputy=call.actor.id, after=now)}
    if place:
        code = None if place == PLACELESS else place
        anybody = absence.Person("", "", "", "person", code, True, frozenset())
        if not absence.may_keep(call.actor, anybody):
            raise NotAllowed("webui.not_for_you")
        found = absence.listed(call.connection, department=code, placeless=code is None, after=now)
        return {"items": found}
    who = absence.person(call.connection, call.given["account"] or call.actor.id)
    if not absence.may_keep(call.actor, who):
        raise NotAllowed("webui.not_for_you")
    return {"items": absence.listed(call.connection, account=who.id, after=now)}


@post(
    routes,
    "/absences",
    Told(
        "设定代理",
        "Say who is away, when, and who deputises: of oneself, or of somebody in one's charge.",
        (404,),
    ),
    answer=AbsenceItem,
    status=201,
    body=AbsenceBody,
    readers=("officer",),
)
def begin(call: Call) -> Any:
    given = dict(call.given)
    since, until = absence.period(given.pop("since"), given.pop("until"))
    account = given.pop("account") or call.actor.id
    period = {"since": since, "until": until}
    return deputies.begin_absence(
        zhiban(), call.connection, actor=call.actor, account=account, **period, **given
    )


@post(
    routes,
    "/absences/<absence>/end",
    Told("结束代理", "End an absence now. What it moved stays with the deputy.", (404,), (ABSENCE,)),
    answer=AbsenceItem,
    body=EndBody,
    readers=("officer",),
)
def end(call: Call, absence: str) -> Any:
    return deputies.end_absence(zhiban(), call.connection, actor=call.actor, absence_id=absence)


@get(
    routes,
    "/handover/<account>",
    Told(
        "名下待办",
        "The open tasks that somebody has, and who may get them: for the person, the administrator of the "
        "department, the control centre and the system administrator.",
        (404,),
        (ACCOUNT,),
    ),
    answer=Hanging,
    readers=("officer",),
)
def hanging(call: Call, account: str) -> Any:
    who = handover.guard_hand_over(call.connection, call.actor, account, {}, "")
    return {
        "items": handover.hanging(call.connection, account),
        "receivers": handover.receivers(call.connection, who),
    }


@post(
    routes,
    "/handover/<account>",
    Told(
        "移交待办", "Hand tasks over, dealt out evenly in the order of their deadlines.", (404,), (ACCOUNT,)
    ),
    answer=HandedList,
    body=HandOverBody,
    readers=("officer",),
)
def hand(call: Call, account: str) -> Any:
    receivers, reason = call.given["to"], call.given["reason"]
    handover.guard_hand_over(call.connection, call.actor, account, {to: to for to in receivers}, reason)
    found = [t for t in handover.hanging(call.connection, account) if t.id in call.given["tasks"]]
    done = handover.hand_over_within(
        zhiban(),
        call.connection,
        actor=call.actor,
        account=account,
        choices=handover.split(found, receivers),
        reason=reason,
    )
    failed = sum(1 for one in done if one.error is not None)
    return {"done": len(done) - failed, "failed": failed, "items": [_told(one) for one in done]}


def _told(one: Handed) -> dict[str, Any]:
    return {
        "task_id": one.task.id,
        "number": one.task.number,
        "done": one.error is None,
        "to": one.to,
        "why": sentence(one.error) if one.error is not None else None,
    }
