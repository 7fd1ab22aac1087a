"""Notices: what the caller has been told and has read, and where those of one case have gone."""

from typing import Any

from engine import outbox
from engine.errors import Invalid, Problem
from engine.runtime import queries
from webui import notices as told
from webui.api.endpoint import CASE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.notices import CaseNotices, NoticePage, NoticeQuery, ReadBody, Unread
from webui.api.views import view_of
from webui.edge.language import language
from webui.transaction import zhiban

routes = Blueprint("notices-api", __name__, description="通知 · Notices")
explain(routes)


@get(
    routes,
    "/notices",
    Told(
        "通知列表",
        "What the caller's groups and the caller have been told since the account was made, newest first.",
    ),
    answer=NoticePage,
    query=NoticeQuery,
)
def notices(call: Call) -> Any:
    limit, offset = call.given["limit"], call.given["offset"]
    rows = told.lines(
        call.connection,
        call.actor,
        language(),
        limit=limit + 1,
        offset=offset,
        unread_only=call.given["unread"],
    )
    unread = outbox.unread(call.connection, call.actor)
    more = len(rows) > limit
    return {"limit": limit, "offset": offset, "more": more, "unread": unread, "items": rows[:limit]}


@post(
    routes,
    "/notices/read",
    Told(
        "标为已读",
        "Mark the notices `ids` as read, or all up to `newest`: what came after the last one you have seen "
        "stays unread.",
        (404,),
    ),
    answer=Unread,
    body=ReadBody,
)
def read(call: Call) -> Any:
    ids, newest = call.given.get("ids"), call.given.get("newest")
    if (ids is None) == (newest is None):
        raise Invalid("api.rejected", problems=[Problem("api.ids_or_newest", "ids")], count=1)
    now = zhiban().clock.now()
    if ids is not None:
        outbox.mark_read(call.connection, call.actor, ids, now)
    else:
        outbox.mark_all(call.connection, call.actor, str(newest), now)
    return {"unread": outbox.unread(call.connection, call.actor)}


@get(
    routes,
    "/cases/<case>/notices",
    Told(
        "办件的通知",
        "Whom a case's notices went to, and whether they arrived. For officers.",
        (404,),
        (CASE,),
    ),
    answer=CaseNotices,
    readers=("officer",),
)
def of_case(call: Call, case: str) -> Any:
    view = view_of(call, find(call.connection, case))
    row, english = view.row, language() == "en"
    items = [
        {**vars(notice), "text": view.plain(notice.text_en if english else notice.text)}
        for notice in queries.notices(call.connection, row.id)
    ]
    return {"case_id": row.id, "number": row.number, "items": items}
