"""Each request has an id, and one line in the log that holds no personal data.

The line names the route, not the address: addresses carry case numbers and what people search for.
"""

import logging
import secrets
import sys
import time
import traceback

import re2
import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("zhiban.web")
_SAFE = re2.compile(r"[A-Za-z0-9-]{8,64}")


def observe(app: Flask) -> None:
    """Give every request of `app` its id and its line; lines are JSON on the standard error stream."""
    level = logging.INFO if app.config.get("LOG_REQUESTS", True) else logging.WARNING
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names: structlog.WriteLogger(sys.stderr),
    )
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """The id of this request: the proxy's, where it is well formed, else our own."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _SAFE.fullmatch(given) else secrets.token_hex(8)
    known: str = g.request_id
    return known


def _without_words(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """An error as its kind and the places it passed; its words and variables may be somebody's data."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event


def _begin() -> None:
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint != "static":
        log.info(
            "request",
            request=request_id(),
            method=request.method,
            route=str(request.url_rule or ""),
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        )
    return response
