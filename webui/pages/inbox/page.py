"""The inbox's own page: one page of one list, and the task beside it."""

from typing import Any

from flask import Blueprint, request
from sqlalchemy.engine import Connection

from webui.access import access
from webui.transaction import reading

from .asked import Asked
from .listing import list_page, pane

pages = Blueprint("inbox", __name__)


@pages.get("/inbox")
@access("officer")
@reading
def inbox(connection: Connection) -> Any:
    """One page of one list. A page past the end shows the last one. A script asks for the task alone."""
    asked = Asked.of(list(request.args.items(multi=True)))
    if asked.task and request.headers.get("HX-Target") == "pane":
        return pane(connection, asked)
    return list_page(connection, asked)
