"""The list behind the bell: what a person has been told, newest first, and marking it read."""

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from sqlalchemy.engine import Connection

from engine import outbox
from webui import notices as told
from webui.access import access, the_actor
from webui.edge.language import language
from webui.present import show
from webui.transaction import reading, writing, zhiban

FARTHEST = 400  # pages

pages = Blueprint("notices", __name__)


@pages.get("/notices")
@access("officer", "enterprise")
@reading
def notices(connection: Connection) -> Any:
    """One page of all notices, or of the unread ones."""
    size, unread = current_app.config["PAGE_SIZE"], "unread" in request.args
    page = min(max(1, request.args.get("page", 1, type=int)), FARTHEST)
    rows = told.lines(
        connection,
        the_actor(),
        language(),
        limit=size + 1,
        offset=(page - 1) * size,
        unread_only=unread,
    )
    return show(
        connection, "notices.html", rows=rows[:size], more=len(rows) > size, page=page, unread_only=unread
    )


@pages.post("/notices/read")
@access("officer", "enterprise")
@writing()
def read(connection: Connection) -> Any:
    """Mark one notice as read, or all up to the newest that the page showed; then on to where one wanted."""
    actor, now = the_actor(), zhiban().clock.now()
    one, newest, case = (request.form.get(name, "")[:32] for name in ("id", "newest", "case"))
    if one:
        outbox.mark_read(connection, actor, [one], now)
    elif newest:
        outbox.mark_all(connection, actor, newest, now)
    if case:
        return redirect(url_for("case.case", case_id=case), 303)
    back = {"unread": 1} if request.form.get("unread") else {}
    return redirect(url_for("notices.notices", **back), 303)
