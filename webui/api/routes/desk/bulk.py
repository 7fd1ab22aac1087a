"""Acting on several tasks at once: a transaction and a result for each."""

from collections.abc import Callable
from typing import Any

from flask import Response
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Invalid, NotAllowed, NotFound, Problem, ZhibanError
from engine.identity import Actor
from engine.runtime import actions
from webui.api import access
from webui.api.endpoint import Blueprint, Call, Told, describe, send
from webui.api.idempotency import Reply, acting_each
from webui.api.problems import explain
from webui.api.shapes.desk.bulk import BulkAnswer, BulkBody
from webui.api.views import opened
from webui.edge.failures import sentence
from webui.transaction import zhiban

routes = Blueprint("bulk-api", __name__, description="批量办理 · Several tasks at once")
explain(routes)

Act = Callable[..., int]
ACTS: dict[str, Act] = {
    "claim": runtime.claim,
    "release": runtime.release,
    "transfer": actions.transfer,
    "urge": actions.urge,
}
TAKES = {"transfer": ("to", "opinion"), "urge": ("opinion",)}  # what an act takes besides the version
TOLD = Told(
    "批量办理",
    "Claim, release, transfer or urge several tasks, each in a transaction of its own, with a result: "
    "what fails says why and keeps nothing else back. With an Idempotency-Key the same request again does "
    "what is left to do, and nothing twice.",
    errors=(409,),
)


@describe(routes, "POST", "/tasks/bulk", TOLD, ("officer",), ["IdempotencyKey"])
@routes.arguments(BulkBody)
@routes.response(200, BulkAnswer, description=TOLD.title)
def bulk(given: dict[str, Any]) -> Response:
    if given["act"] == "transfer" and not given["to"]:
        raise Invalid("api.rejected", problems=[Problem("api.required", "to")], count=1)
    versions = {one["id"]: one.get("version") for one in given["tasks"]}
    found = acting_each({task: _act(given, task, version) for task, version in versions.items()})
    with zhiban().reading() as connection:
        call = Call(connection, access.caller(connection), {})
        items = [_line(call, task, reply) for task, reply in found.items()]
    failed = sum(1 for item in items if not item["done"])
    return send(BulkAnswer().dump({"done": len(items) - failed, "failed": failed, "items": items}))


def _act(
    given: dict[str, Any], task: str, version: int | None
) -> Callable[[Connection, Actor], dict[str, Any]]:
    """The act upon one task, once the task is open to whoever asks."""
    name = given["act"]
    facts = {key: given[key] for key in TAKES.get(name, ())}

    def act(connection: Connection, actor: Actor) -> dict[str, Any]:
        opened(Call(connection, actor, {}), task)
        done = ACTS[name](zhiban(), connection, actor=actor, task_id=task, version=version, **facts)
        return {"version": done}

    return act


def _line(call: Call, task: str, reply: Reply | ZhibanError) -> dict[str, Any]:
    """What became of one task; of one that the caller may not see, only why nothing was done."""
    failed = reply if isinstance(reply, ZhibanError) else None
    try:
        view, row = opened(call, task)
        told = {"number": row.number, "title": view.plain(row.title)}
    except (NotFound, NotAllowed):
        told = {"number": "", "title": ""}
    return {
        **told,
        "task_id": task,
        "done": failed is None,
        "version": None if isinstance(reply, ZhibanError) else reply.body["version"],
        "code": failed.code if failed else None,
        "why": sentence(failed) if failed else None,
    }
