"""The inbox's other lists: copies received (抄送), with marking them read, and cases followed (关注)."""

from typing import Any

from engine.runtime import queries
from engine.runtime.desk import copies as received
from engine.runtime.queries.inbox import kept
from engine.runtime.queries.inbox.kept import KeptCase
from webui.api.endpoint import Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.desk.lists import (
    CopiedPage,
    CopiesUnread,
    CopyQuery,
    CopyReadBody,
    FollowedPage,
    KeptQuery,
)
from webui.api.views import view_of
from webui.disclosure import discreet_kept
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("lists-api", __name__, description="抄送与关注 · Copies and follows")
explain(routes)

NARROWING = ("text", "process", "department", "status", "urgent")


@get(
    routes,
    "/copies",
    Told("抄送我的", "The copies the caller has received, newest first. A copy opens its case."),
    answer=CopiedPage,
    query=CopyQuery,
    readers=("officer",),
)
def copies(call: Call) -> Any:
    asked, page = _asked(call)
    unread = call.given["unread"]
    rows = kept.copied(call.connection, call.actor, filters=asked, unread=unread, **page)
    total = kept.count_copied(call.connection, call.actor, filters=asked, unread=unread)
    return {**page, "total": total, "unread": _unread(call), "items": _told(call, rows)}


@get(
    routes,
    "/follows",
    Told("我关注的", "The cases the caller follows and may read now, the last one followed first."),
    answer=FollowedPage,
    query=KeptQuery,
    readers=("officer",),
)
def follows(call: Call) -> Any:
    asked, page = _asked(call)
    rows = kept.followed(call.connection, call.actor, filters=asked, **page)
    total = kept.count_followed(call.connection, call.actor, filters=asked)
    return {**page, "total": total, "items": _told(call, rows)}


@post(
    routes,
    "/copies/read",
    Told("标为已读", "Mark the caller's copies of one case as read, or all of them.", (404,)),
    answer=CopiesUnread,
    body=CopyReadBody,
    readers=("officer",),
)
def read(call: Call) -> Any:
    case = call.given.get("case", "")
    key = view_of(call, find(call.connection, case)).row.id if case else ""
    received.mark_read(call.connection, call.actor, zhiban().clock.now(), key)
    return {"unread": _unread(call)}


def _asked(call: Call) -> tuple[queries.Filters, dict[str, int]]:
    """What narrows the list, and the page of it."""
    words = {name: call.given[name] for name in NARROWING}
    page = {name: call.given[name] for name in ("limit", "offset")}
    return queries.Filters(**words, moment=zhiban().clock.now()), page


def _unread(call: Call) -> int:
    return kept.count_copied(call.connection, call.actor, unread=True)


def _told(call: Call, rows: list[KeptCase]) -> list[dict[str, Any]]:
    """The cases without the contact, where it is kept from the caller."""
    known = discreet_kept(zhiban(), call.connection, call.actor, rows, language())
    return [
        {**vars(row), "id": row.copy_id, "state": row.state, "stopped": row.stop is not None} for row in known
    ]
