"""How an endpoint is put together, so that none forgets its access rule, transaction or description.

A view reads its input, calls the engine and returns plain data. GET runs in one transaction that only
reads; POST, PUT and DELETE run in one that writes, and are answered after its commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import Schema
from sqlalchemy.engine import Connection

from engine.identity import Actor
from webui.api import access, problems
from webui.api.idempotency import acting
from webui.api.messages import TITLES
from webui.api.reading import Parser
from webui.api.shapes.answers import ProblemDocument
from webui.transaction import zhiban

View = Callable[..., Any]
MAX_JSON = 1024 * 1024  # bytes of a body
KEY = {"in": "path", "name": "key", "description": "流程标识 · Key of the process.", "required": True}
CASE = {
    "in": "path",
    "name": "case",
    "description": "办件的 id 或编号 · Id or number of the case.",
    "required": True,
}
TASK = {"in": "path", "name": "task", "description": "任务 id · Id of the task.", "required": True}
FILE = {"in": "path", "name": "file", "description": "文件 id · Id of the file.", "required": True}
REPLAY = {
    "Idempotent-Replay": {
        "description": "true：同一个键先前的答复 · The answer given to the same key before.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


class Blueprint(SmorestBlueprint):
    ARGUMENTS_PARSER = Parser()


@dataclass(frozen=True)
class Call:
    """One request within its transaction: who calls, and what came with it."""

    connection: Connection
    actor: Actor
    given: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """How an endpoint is described: the title in Chinese, the description in English, its own errors."""

    title: str
    description: str
    errors: Sequence[int] = ()
    parameters: Sequence[Any] = ()  # the address's own parts
    upload: dict[str, Any] | None = None  # OpenAPI schema of a multipart body


def get(
    blueprint: Blueprint,
    rule: str,
    told: Told,
    *,
    answer: type[Schema] | None,
    content_type: str = "application/json",
    readers: Sequence[str] = access.SIGNED_IN,
    query: type[Schema] | None = None,
) -> Callable[[View], View]:
    """An endpoint that only reads. The view gets a Call (with the query) and the address's parts.

    Without an `answer` it returns a Response of `content_type`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def run(*given: Any, **address: str) -> Response:
            with zhiban().reading() as connection:
                actor = access.caller(connection)
                found = view(Call(connection, actor, given[0] if given else {}), **address)
                return found if answer is None else send(answer().dump(found))

        shape = answer or {"type": "string", "format": "binary"}
        described = blueprint.response(200, shape, description=told.title, content_type=content_type)
        run = described(run)
        if query is not None:
            run = blueprint.arguments(query, location="query")(run)
        asked = [] if query is None else [{"in": "query", "schema": query}]
        return _fasten(blueprint, "GET", rule, run, told, readers, asked)

    return decorate


def post(
    blueprint: Blueprint,
    rule: str,
    told: Told,
    *,
    answer: type[Schema],
    status: int = 200,
    readers: Sequence[str] = access.SIGNED_IN,
    body: type[Schema] | None = None,
    limit: int = MAX_JSON,
) -> Callable[[View], View]:
    """An endpoint that acts, once for each Idempotency-Key. The view gets a Call (with the body).

    `limit` is the size of the body in bytes.
    """
    return _acting(blueprint, "POST", rule, told, answer, status, readers, body, limit)


def put(
    blueprint: Blueprint,
    rule: str,
    told: Told,
    *,
    answer: type[Schema],
    body: type[Schema],
    readers: Sequence[str] = access.SIGNED_IN,
) -> Callable[[View], View]:
    """An endpoint that makes something be as the body says: the same again changes nothing."""
    return _acting(blueprint, "PUT", rule, told, answer, 200, readers, body, MAX_JSON)


def delete(
    blueprint: Blueprint, rule: str, told: Told, *, readers: Sequence[str] = access.SIGNED_IN
) -> Callable[[View], View]:
    """An endpoint that takes something away: answered 204, also where it is gone already."""
    return _acting(blueprint, "DELETE", rule, told, None, 204, readers, None, MAX_JSON)


def _acting(
    blueprint: Blueprint,
    method: str,
    rule: str,
    told: Told,
    answer: type[Schema] | None,
    status: int,
    readers: Sequence[str],
    body: type[Schema] | None,
    limit: int,
) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def run(*given: Any, **address: str) -> Response:
            def act(connection: Connection, actor: Actor) -> Any:
                found = view(Call(connection, actor, given[0] if given else {}), **address)
                return {} if answer is None else answer().dump(found)

            reply = acting(act)
            headers = {"Idempotent-Replay": "true"} if reply.replayed else {}
            return send(None if answer is None else reply.body, status, headers)

        run = blueprint.response(status, answer, description=told.title, headers=REPLAY)(run)
        if body is not None:
            required = any(field.required for field in body().fields.values())
            run = blueprint.arguments(body, required=required)(run)
        more = replace(told, errors=(409, *told.errors))
        return _fasten(blueprint, method, rule, run, more, readers, ["IdempotencyKey"], limit)

    return decorate


def describe(
    blueprint: Blueprint,
    method: str,
    rule: str,
    told: Told,
    readers: Sequence[str],
    asked: Sequence[Any] = (),
) -> Callable[[View], View]:
    """An endpoint that is neither: it answers by itself. One that posts takes a body.

    `asked` are parameters to describe, such as "IdempotencyKey".
    """
    return lambda view: _fasten(blueprint, method, rule, view, told, readers, list(asked))


def _fasten(
    blueprint: Blueprint,
    method: str,
    rule: str,
    view: View,
    told: Told,
    readers: Sequence[str],
    asked: list[Any],
    limit: int = MAX_JSON,
) -> View:
    """Put the access rule in front, describe everything that may come back, and hang it on the blueprint."""
    public = tuple(readers) == access.PUBLIC
    codes = {*told.errors, 429, 503, *(() if public else (401, 403))}
    codes |= {400, 413, 415, 422} if method in ("POST", "PUT") else {422} if asked else set()
    view = _described(blueprint, view, told, codes, public, asked)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        request.max_content_length = limit
        try:
            access.admit(readers)
            return view(*args, **kwargs)
        finally:
            request.close()  # uploads lie in temporary files

    guarded.access_rule = tuple(readers)  # type: ignore[attr-defined]
    blueprint.route(rule, methods=[method], parameters=list(told.parameters))(guarded)
    return guarded


def _described(
    blueprint: Blueprint, view: View, told: Told, codes: set[int], public: bool, asked: list[Any]
) -> View:
    """The view with its description: title, errors, token, query, headers, upload."""
    for code in sorted(codes):
        chinese, english = TITLES[code]
        view = blueprint.alt_response(
            code, schema=ProblemDocument, content_type=problems.MIMETYPE, description=f"{chinese} · {english}"
        )(view)
    manual: dict[str, Any] = {"summary": told.title, "description": told.description}
    manual["parameters"] = [*asked, "AcceptLanguage"]
    manual["security"] = [] if public else [{"token": []}]
    if told.upload is not None:
        content = {"multipart/form-data": {"schema": told.upload}}
        manual["requestBody"] = {"required": True, "content": content}
    described: View = blueprint.doc(**manual)(view)
    return described


def send(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`body` as JSON, kept by no cache; None is nothing at all."""
    content, kind = (b"", None) if body is None else (orjson.dumps(body), "application/json")
    response = Response(content, status=status, mimetype=kind)
    response.headers["Cache-Control"] = "no-store"
    response.headers.extend(headers or {})
    return response
