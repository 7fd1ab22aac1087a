"""A case's file as its page shows it: rounds, opinions, papers, what was entered, its notices once more."""

from typing import Any

from engine import outbox
from engine.errors import NotFound
from engine.runtime import queries
from webui.api.endpoint import CASE, Blueprint, Call, Told, get, post
from webui.api.problems import explain
from webui.api.routes.cases import find
from webui.api.shapes.desk.file import AgainBody, Opinions, Papers, Rounds, SentAgain, Values
from webui.api.views import entered, view_of
from webui.casefile.opinions import opinions as given_in
from webui.casefile.papers import papers
from webui.casefile.rounds import rounds as rounds_of
from webui.casefile.sendings import MAY_SEND_AGAIN
from webui.disclosure import View
from webui.transaction import zhiban

routes = Blueprint("file-api", __name__, description="卷宗 · A case's file")
explain(routes)

NOTICE = {"in": "path", "name": "notice", "description": "消息 id · Id of the message.", "required": True}


def _view(call: Call, case: str) -> View:
    return view_of(call, find(call.connection, case))


def _of(view: View, items: Any) -> dict[str, Any]:
    return {"case_id": view.row.id, "number": view.row.number, "items": items}


@get(
    routes,
    "/cases/<case>/rounds",
    Told(
        "各轮办理",
        "The rounds of a case whose process goes round (property `round`), and what it tells of each.",
        (404,),
        (CASE,),
    ),
    answer=Rounds,
)
def rounds(call: Call, case: str) -> Any:
    view = _view(call, case)
    items = [
        {**vars(one), "facts": [{"label": label, "text": text} for label, text in one.facts]}
        for one in rounds_of(view)
    ]
    return _of(view, items)


@get(
    routes,
    "/cases/<case>/opinions",
    Told(
        "意见",
        "Every opinion given in a case, with an action or in a form's field marked `opinion`. For officers.",
        (404,),
        (CASE,),
    ),
    answer=Opinions,
    readers=("officer",),
)
def opinions(call: Call, case: str) -> Any:
    view = _view(call, case)
    return _of(view, given_in(view, view.history()))


@get(
    routes,
    "/cases/<case>/files",
    Told("附件", "The case's files that the caller may have: GET /files/{file} gives each.", (404,), (CASE,)),
    answer=Papers,
)
def files(call: Call, case: str) -> Any:
    view = _view(call, case)
    return _of(view, papers(view, view.history()))


@get(
    routes,
    "/cases/<case>/values",
    Told(
        "办件的值",
        "What stands in the case's variables by its history: what was entered and set, the last of each "
        "name, as far as the caller may know it. An enterprise reads its own and what is public.",
        (404,),
        (CASE,),
    ),
    answer=Values,
)
def values(call: Call, case: str) -> Any:
    view = _view(call, case)
    return {"case_id": view.row.id, "number": view.row.number, "values": entered(view)}


@post(
    routes,
    "/cases/<case>/notices/<notice>/again",
    Told("重新发送通知", "Send a notice that failed on its channel once more.", (404,), (CASE, NOTICE)),
    answer=SentAgain,
    body=AgainBody,
    readers=MAY_SEND_AGAIN,
)
def again(call: Call, case: str, notice: str) -> Any:
    view = _view(call, case)
    known = {way.id for one in queries.notices(call.connection, view.row.id) for way in one.sendings}
    if notice not in known:
        raise NotFound("webui.no_notice")
    outbox.send_again(call.connection, notice, zhiban().clock.now())
    return {"id": notice, "state": "queued"}
