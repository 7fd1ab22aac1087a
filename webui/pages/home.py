"""Where a person arrives: an officer at the inbox, an enterprise at its own page."""

from typing import Any

from flask import Blueprint, redirect, url_for
from sqlalchemy.engine import Connection

from engine import runtime
from engine.runtime import queries, search
from webui import disclosure
from webui.access import access, the_actor
from webui.present import show
from webui.transaction import reading, zhiban

pages = Blueprint("home", __name__)


@pages.get("/")
@access("signed-in")
def home() -> Any:
    where = "home.enterprise" if the_actor().kind == "enterprise" else "inbox.inbox"
    return redirect(url_for(where))


@pages.get("/enterprise")
@access("enterprise")
@reading
def enterprise(connection: Connection) -> Any:
    """What the enterprise may start, what waits for it, and its cases."""
    actor = the_actor()
    listed = search.find(connection, actor, search.Asked(), limit=50)
    return show(
        connection,
        "enterprise.html",
        startable=runtime.startable(connection, actor),
        waiting=[
            *queries.inbox(connection, actor, "todo", limit=50),
            *queries.inbox(connection, actor, "claimable", limit=50),
        ],
        cases=disclosure.outward_cases(zhiban(), connection, actor, listed),
    )
