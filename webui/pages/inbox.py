"""The officer's inbox: four tabs of tasks, what is most urgent first."""

from typing import Any

from flask import Blueprint, current_app, request
from sqlalchemy.engine import Connection

from engine.identity.actors import SEE_NO_CASES
from engine.runtime import queries
from webui.access import access, the_actor
from webui.present import show
from webui.transaction import reading

pages = Blueprint("inbox", __name__)

TABS = ("todo", "claimable", "done", "closed")


@pages.get("/inbox")
@access("officer")
@reading
def inbox(connection: Connection) -> Any:
    """One page of one tab. A page past the end shows the last one."""
    actor, size = the_actor(), current_app.config["PAGE_SIZE"]
    counts = queries.counts(connection, actor)
    tab = request.args.get("tab", "todo")
    tab = tab if tab in TABS else "todo"
    total = counts.get(tab, 0)
    last = max(1, -(-total // size))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    rows = queries.inbox(connection, actor, tab, limit=size, offset=(page - 1) * size)
    return show(
        connection,
        "inbox.html",
        rows=rows,
        counts=counts,
        tab=tab,
        tabs=TABS,
        page=page,
        last=last,
        total=total,
        sees_cases=not actor.roles <= SEE_NO_CASES,
    )
