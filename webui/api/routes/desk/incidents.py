"""Incidents: what failed and waits for a person, and letting it try again."""

from typing import Any

from engine import runtime
from webui.api.endpoint import Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.shapes.worktime import Incidents, Retried, RetryBody
from webui.incidents import MAY_MEND, lines
from webui.transaction import zhiban

routes = Blueprint("incidents-api", __name__, description="系统异常 · Incidents")
explain(routes)
INCIDENT = {
    "in": "path",
    "name": "incident",
    "description": "异常 id · Id of the incident.",
    "required": True,
}


@get(
    routes,
    "/incidents",
    Told(
        "系统异常",
        "What failed and waits for a person, oldest first. For the control centre and administrators.",
    ),
    answer=Incidents,
    readers=MAY_MEND,
)
def incidents(call: Call) -> Any:
    return {"items": lines(call.connection, call.actor)}


@post(
    routes,
    "/incidents/<incident>/retry",
    Told(
        "重试", "Let what the incident holds try again. 404 if it is resolved already.", (404,), (INCIDENT,)
    ),
    answer=Retried,
    body=RetryBody,
    readers=MAY_MEND,
)
def retry(call: Call, incident: str) -> Any:
    runtime.retry(zhiban(), call.connection, actor=call.actor, incident_id=incident)
    return {"retried": True}
