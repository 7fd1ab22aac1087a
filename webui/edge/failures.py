"""The one place where an error becomes an answer: a page that says what to do next, or a problem document.

An unknown error is logged under the request's id, and the person is told the id and nothing else.
"""

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, TooManyRequests

from engine.errors import Invalid, ZhibanError, say, teach
from webui.access import current_actor
from webui.disclosure import Names
from webui.present.moments import clock_face
from webui.transaction import zhiban

from .language import language
from .observe import request_id

log = structlog.get_logger("zhiban.web")

SENTENCES = {
    "webui.not_for_you": (
        "您的账号没有打开这个页面的权限。如果工作需要，请联系本单位管理员。",
        "Your account may not open this page. If your work needs it, ask your administrator.",
    ),
    "webui.not_to_send": (
        "这件诉求现在不接收您的这项提交，可能已经办到下一步。请回到诉求页面查看最新进展。",
        "This case does not take this from you now; it may have moved on. Look at its page.",
    ),
    "webui.no_needs": (
        "补正要一次告诉企业缺什么。请写明要企业补充的内容。",
        "The enterprise has to be told once, and in full, what is missing. Write what it is to supply.",
    ),
    "webui.no_notice": (
        "这件事项没有这条通知。请回到事项页面查看。",
        "This case has no such notice. Look at its page.",
    ),
    "webui.sent_before": (
        "这张表单已经提交过一次，这次的改动没有生效。请先查看已提交的事项；确实需要时再提交。",
        "This form was submitted before, and its changes were not taken. Look at what you submitted first; "
        "submit again only if you need to.",
    ),
    "webui.400": (
        "页面已过期，或内容不完整、含有无法保存的字符。请返回上一页，刷新后重新提交。",
        "This page has expired, or what was sent holds characters that cannot be kept. Go back, reload it "
        "and send it again.",
    ),
    "webui.expired": (
        "页面已过期，或您已在别处退出登录，这次提交没有生效。自动保存的草稿还在；其余内容请返回上一页复制，重新登录后重新提交。",
        "This page has expired, or you signed out elsewhere; nothing was taken. A draft that was saved is "
        "still there. Go back and copy the rest, sign in again, then send it.",
    ),
    "webui.403": ("您没有打开这个页面的权限。", "You may not open this page."),
    "webui.404": (
        "没有找到这个页面，可能已被移走，或不对您开放。请检查地址，或回到首页查找。",
        "This page was not found, or is not open to you. Check the address, or start from the home page.",
    ),
    "webui.405": (
        "这个地址不能这样打开，请回到首页。",
        "This address cannot be opened like this. Start from the home page.",
    ),
    "webui.413": (
        "上传的文件太大。请压缩或拆分后重新上传。",
        "The file is too large. Make it smaller or split it and try again.",
    ),
    "webui.429": ("尝试次数太多，请一分钟后再试。", "Too many attempts. Wait a minute and try again."),
    "webui.500": (
        "系统出了问题，您的操作没有完成，已经填写的内容也没有保存。请稍后再试；如仍不行，请把下面的编号告诉管理员。",
        "Something went wrong and nothing was saved. Try again later; if it happens again, give the "
        "administrator the number below.",
    ),
    "webui.503": (
        "系统正忙，您的操作没有完成。请稍等几秒后重新提交。",
        "The platform is busy and nothing was saved. Wait a few seconds and send it again.",
    ),
}
teach(SENTENCES)
QUOTES = str.maketrans("「」", "“”")  # as everywhere on the pages
DID = {"办理": "completed", "撤销": "cancelled", "认领": "claimed", "放回": "released"}


def explain(app: Flask) -> None:
    """Answer every error of `app`."""
    app.register_error_handler(ZhibanError, _known)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unknown)


def sentence(error: ZhibanError) -> str:
    """What an error says to this reader: in their language, to an enterprise without officers' names."""
    facts, actor = dict(error.facts), g.get("actor")
    if language() == "en" and facts.get("did") in DID:
        facts["did"] = DID[facts["did"]]
    if actor is not None and actor.kind == "enterprise" and facts.get("who_id"):
        with zhiban().reading() as connection:
            facts["who"] = Names(connection, actor, language()).of(facts["who_id"])
    if "when" in facts:
        face = clock_face(str(facts["when"]))
        facts["when"] = face if language() == "en" else f" {face} "
    return say(error.code, facts, language()).translate(QUOTES)


def _known(error: ZhibanError) -> Any:
    problems = error.problems if isinstance(error, Invalid) else ()
    listed = [{"where": p.where, "code": p.code, "message": p.say(language())} for p in problems]
    return _answer(error.status, error.code, sentence(error), listed)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    code = "webui.expired" if isinstance(error, CSRFError) else f"webui.{status}"
    if status < 400:
        return error
    known = code if code in SENTENCES else "webui.400"
    _recognise()
    answer = _answer(status, code, say(known, {}, language()), [])
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = "60"
    return answer


def _recognise() -> None:
    """Where no route was found nobody has asked yet who is there; the page's head wants to know."""
    try:
        current_actor()
    except SQLAlchemyError:
        g.actor = None


def _busy(error: OperationalError) -> Any:
    log.warning("database unavailable", request=request_id(), kind=type(error.orig).__name__)
    answer = _answer(503, "webui.503", say("webui.503", {}, language()), [])
    answer.headers["Retry-After"] = "5"
    return answer


def _unknown(error: Exception) -> Any:
    log.error("request failed", request=request_id(), exc_info=error)
    return _answer(500, "webui.500", say("webui.500", {}, language()), [])


def _answer(status: int, code: str, said: str, problems: list[dict[str, Any]]) -> Response:
    if request.path.startswith("/api/"):
        response = jsonify(
            type=f"urn:zhiban:{code}", title=said, status=status, instance=request_id(), problems=problems
        )
        response.mimetype = "application/problem+json"
    else:
        page = render_template(
            "failure.html", status=status, sentence=said, problems=problems, request_id=request_id()
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response
