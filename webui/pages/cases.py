"""The list of cases a person may see, with simple filters that live in the address."""

from typing import Any

from flask import Blueprint, current_app, request
from sqlalchemy.engine import Connection

from engine import runtime
from engine.identity import SYSTEM
from engine.identity.actors import SEE_NO_CASES
from engine.runtime import queries
from webui.access import access, the_actor
from webui.present import show
from webui.transaction import reading, zhiban

pages = Blueprint("cases", __name__)


@pages.get("/cases")
@access("officer")
@reading
def cases(connection: Connection) -> Any:
    actor, size = the_actor(), current_app.config["PAGE_SIZE"]
    asked = {name: request.args.get(name, "").strip()[:120] for name in ("text", "status", "state")}
    total = queries.count_cases(connection, actor, **asked)
    last = max(1, -(-total // size))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    rows = queries.cases_for(connection, actor, **asked, limit=size, offset=(page - 1) * size)
    return show(
        connection,
        "cases.html",
        rows=rows,
        asked=asked,
        none_to_see=actor.roles <= SEE_NO_CASES,
        statuses=_statuses(connection),
        page=page,
        last=last,
        total=total,
    )


def _statuses(connection: Connection) -> list[str]:
    """Every status that the newest diagrams give, in the order of the files."""
    found: dict[str, None] = {}
    for _key, _name, definition_id in runtime.startable(connection, SYSTEM):
        elements = runtime.definition(zhiban(), connection, definition_id).diagram.elements.values()
        found.update(dict.fromkeys(e.properties["status"] for e in elements if "status" in e.properties))
    return list(found)
