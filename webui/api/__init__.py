"""The REST API below /api/v1, and its description at /api/v1/openapi.json.

`register(app)` hangs it on an app that already has an engine, a language and the edge's protections.
"""

from typing import Any

from flask import Flask, Response, g, request
from flask_smorest import Api

from webui.api import access, problems
from webui.api.endpoint import send
from webui.api.routes import (
    account,
    assessments,
    cases,
    definitions,
    files,
    messages,
    notices,
    outlook,
    tasks,
)
from webui.api.routes.desk import bulk, drafts, file, filters, incidents, lists
from webui.api.routes.desk import cases as desk_cases
from webui.api.routes.desk import tasks as desk_tasks
from webui.api.routes.people import absences, accounts, backups
from webui.api.routes.worktime import calendar, clocks
from webui.api.shapes.answers import Moment, ProblemDocument
from webui.edge.language import LANGUAGES
from webui.edge.security import csrf

PREFIX = "/api/v1"
TITLE = "直办 Zhiban"
VERSION = "1"
DESCRIPTION = (
    "企业与政府之间的办件：发起、办理、查询、部署流程。\n\n"
    "Cases between enterprises and governments. Answers and errors are in the caller's language "
    "(Accept-Language: zh, the default, or en). Errors are RFC 9457 problem documents with a stable code. "
    "A POST sent again with the same Idempotency-Key acts once and gets the same answer."
)
PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "AcceptLanguage": (
        "header",
        {
            "name": "Accept-Language",
            "description": "答复的语言 · Language of sentences.",
            "schema": {"type": "string", "default": "zh", "example": "en"},
        },
    ),
    "IdempotencyKey": (
        "header",
        {
            "name": "Idempotency-Key",
            "description": "重试时用同一个键，只办一次 · The same key on a retry acts once and gets the "
            "same answer; the same key with another content is refused with 409. A UUID serves well.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 100},
        },
    ),
}


class _Api(Api):  # type: ignore[misc]
    """smorest's Api with our own errors, of which none is undocumented."""

    ERROR_SCHEMA = ProblemDocument
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Errors are answered by webui.api.problems, and only below our prefix."""

    def _register_pagination_header(self) -> None:
        """Pages tell their total in the body."""


def register(app: Flask) -> None:
    """Hang the API on `app`."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION="3.0.3")
    app.config["API_SPEC_OPTIONS"] = {"info": {"description": DESCRIPTION}, "servers": [{"url": "/"}]}
    app.before_request(_choose_language)
    problems.explain_routes(app, "/api/")
    api = _Api(app)
    api.register_field(Moment, "string", "date-time")
    scheme = {
        "type": "http",
        "scheme": "bearer",
        "description": "POST /api/v1/token 给出的令牌 · the token it gives.",
    }
    api.spec.components.security_scheme("token", scheme)
    for name, (place, described) in PARAMETERS.items():
        api.spec.components.parameter(name, place, described, lazy=True)
    parts = (account, definitions, cases, tasks, outlook, files, notices, messages, assessments)
    desk = (lists, filters, bulk, desk_tasks, drafts, desk_cases, file, incidents)
    for module in (*parts, *desk, absences, backups, accounts, calendar, clocks):
        csrf.exempt(module.routes)  # a token in a header cannot be sent by another site's page
        api.register_blueprint(module.routes, url_prefix=PREFIX)
    _describe(app, api)


def _describe(app: Flask, api: Api) -> None:
    def openapi() -> Response:
        return send(api.spec.to_dict())

    openapi.access_rule = access.PUBLIC  # type: ignore[attr-defined]
    app.add_url_rule(f"{PREFIX}/openapi.json", "openapi", openapi)


def _choose_language() -> None:
    """Programs ask for a language by header; pages keep theirs in a cookie."""
    if request.path.startswith("/api/"):
        wished = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
        g.language = next((tag for tag in wished if tag in LANGUAGES), "zh")
