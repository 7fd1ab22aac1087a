"""The assessment ledger: what is on record, objecting to it, and deciding on objections."""

from typing import Any

from engine.runtime.ledger import disputes, reading
from engine.runtime.ledger.reading import Wanted
from webui.api.endpoint import Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.assessments import (
    Assessment,
    AssessmentPage,
    AssessmentQuery,
    DecisionBody,
    ObjectionBody,
)
from webui.disclosure import discreet_assessments
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("assessments-api", __name__, description="考核台账 · Assessments")
explain(routes)
KEY = {"in": "path", "name": "key", "description": "考核记录 id · Id of the assessment.", "required": True}


@get(
    routes,
    "/assessments",
    Told(
        "考核台账",
        "Faults on record, newest first: all for the control centre, supervisors, leaders and auditors; "
        "its own for a department's administrator and the service centre; none for anybody else.",
    ),
    answer=AssessmentPage,
    query=AssessmentQuery,
    readers=("officer",),
)
def assessments(call: Call) -> Any:
    asked = dict(call.given)
    page = {name: asked.pop(name) for name in ("limit", "offset")}
    wanted, now = Wanted(**asked), zhiban().clock.now()
    rows = reading.listed(call.connection, call.actor, wanted, now, **page)
    total, shown = reading.counted(call.connection, call.actor, wanted), _discreet(call, rows)
    return {**page, "total": total, "items": shown}


def _discreet(call: Call, rows: list[reading.Assessment]) -> list[reading.Assessment]:
    return discreet_assessments(zhiban(), call.connection, call.actor, rows, language())


def _one(call: Call, key: str) -> reading.Assessment:
    return _discreet(call, [reading.one(call.connection, call.actor, key, zhiban().clock.now())])[0]


@get(
    routes,
    "/assessments/<key>",
    Told("一条考核记录", "One assessment.", (404,), (KEY,)),
    answer=Assessment,
    readers=("officer",),
)
def assessment(call: Call, key: str) -> Any:
    return _one(call, key)


@post(
    routes,
    "/assessments/<key>/objection",
    Told(
        "申诉",
        "Object to an assessment, once and within five working days, for who is answerable.",
        (404,),
        (KEY,),
    ),
    answer=Assessment,
    body=ObjectionBody,
    readers=("officer",),
)
def objection(call: Call, key: str) -> Any:
    disputes.file_objection(
        zhiban(), call.connection, actor=call.actor, assessment_id=key, text=call.given["text"]
    )
    return _one(call, key)


@post(
    routes,
    "/assessments/<key>/decision",
    Told("裁定", "Decide on an objection. For the control centre.", (404,), (KEY,)),
    answer=Assessment,
    body=DecisionBody,
    readers=("officer",),
)
def decision(call: Call, key: str) -> Any:
    revoke = call.given["choice"] == "revoke"
    disputes.decide(
        zhiban(),
        call.connection,
        actor=call.actor,
        assessment_id=key,
        revoke=revoke,
        text=call.given["text"],
    )
    return _one(call, key)
