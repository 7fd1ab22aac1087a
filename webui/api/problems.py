"""Errors as problem documents (RFC 9457) in the caller's language: the one place where the API says no.

What an error tells an enterprise of officers is said in terms of departments. An unknown error is logged
under the request's id, and the caller is told the id and nothing else.
"""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from flask_smorest import Blueprint
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from engine.errors import Invalid, Problem, ZhibanError, say
from webui.api.messages import TITLES
from webui.disclosure import Names
from webui.edge.language import language
from webui.edge.observe import request_id
from webui.transaction import zhiban

MIMETYPE = "application/problem+json"
UNAUTHORIZED = frozenset({"api.no_token", "identity.token", "identity.wrong_password"})
STATUSES = {"api.400": 400, "api.not_json": 400, "api.twice": 400, "api.too_deep": 400, "api.415": 415}
DID_IN_ENGLISH = {"办理": "completed", "撤销": "cancelled", "认领": "claimed", "放回": "released"}

log = structlog.get_logger("zhiban.api")


def explain(blueprint: Blueprint) -> None:
    """Answer every error within `blueprint`."""
    blueprint.register_error_handler(ZhibanError, known)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(OperationalError, _busy)
    blueprint.register_error_handler(Exception, _unknown)


def explain_routes(app: Flask, prefix: str) -> None:
    """Answer addresses and methods below `prefix` that lead nowhere."""

    def refuse() -> Response | None:
        error = request.routing_exception
        return _http(error) if error is not None and request.path.startswith(prefix) else None

    app.before_request(refuse)


def known(error: ZhibanError) -> Response:
    facts = _facts(error)
    problems = error.problems if isinstance(error, Invalid) else ()
    listed = [_problem(problem) for problem in problems]
    status = 401 if error.code in UNAUTHORIZED else STATUSES.get(error.code, error.status)
    response = answer(status, error.code, facts, listed)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="zhiban"'
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def answer(
    status: int, code: str, facts: Mapping[str, Any], problems: list[dict[str, Any]] | None = None
) -> Response:
    chinese, english = TITLES.get(status, TITLES[400])
    document = {
        "type": f"urn:zhiban:{code}",
        "code": code,
        "title": english if language() == "en" else chinese,
        "status": status,
        "detail": say(code, facts, language()),
        "instance": f"urn:zhiban:request:{request_id()}",
        "problems": problems or [],
        "facts": {name: value for name, value in facts.items() if _plain(value)},
    }
    body = orjson.dumps(document, default=str)
    response = Response(body, status=status, mimetype=MIMETYPE)
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(problem: Problem) -> dict[str, Any]:
    """One problem; those of a diagram also tell the element's name and the line."""
    more = {name: problem.facts[name] for name in ("name", "line") if _plain(problem.facts.get(name, {}))}
    where = problem.where.encode("utf-8", "replace").decode()
    return {"where": where, "code": problem.code, "detail": problem.say(language()), **more}


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _facts(error: ZhibanError) -> dict[str, Any]:
    """The error's facts in the caller's words; an enterprise reads departments, not officers."""
    facts = dict(error.facts)
    if language() == "en" and facts.get("did") in DID_IN_ENGLISH:
        facts["did"] = DID_IN_ENGLISH[facts["did"]]
    caller = g.get("caller")
    if caller is not None and caller.kind == "enterprise" and "who_id" in facts:
        with zhiban().reading() as connection:
            names = Names(connection, caller, language())
            facts["who"] = names.of(facts["who_id"])
            facts["who_id"] = names.id(facts["who_id"])
    return facts


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    facts: dict[str, Any] = {}
    if isinstance(error, MethodNotAllowed):
        facts = {"method": request.method, "allowed": ", ".join(sorted(error.valid_methods or ()))}
    if isinstance(error, RequestEntityTooLarge):
        facts = {"limit": request.max_content_length or 0}
    if status not in (400, 404, 405, 413, 429, 503):
        status = 400 if status < 500 else status
    response = answer(status, f"api.{status}", facts)
    if status == 405:
        response.headers["Allow"] = facts["allowed"]
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response


def _busy(error: OperationalError) -> Response:
    log.warning("database unavailable", request=request_id(), kind=type(error.orig).__name__)
    response = answer(503, "api.503", {})
    response.headers["Retry-After"] = "5"
    return response


def _unknown(error: Exception) -> Response:
    log.error("request failed", request=request_id(), kind=type(error).__name__, exc_info=error)
    return answer(500, "api.500", {})
