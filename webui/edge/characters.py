"""What no database can keep never reaches a page: characters are refused here, before any page asks.

An address that holds them leads nowhere (404); parameters, fields and names of files with them are
refused as a whole (400). The API says the same in its own words, by the same rule.
"""

from collections.abc import Iterator

from flask import Flask, abort, request

API = "/api/"


def refuse_unkeepable(app: Flask) -> None:
    """Refuse requests to pages of `app` that hold NUL or half of a surrogate pair."""
    app.before_request(_refuse)


def keepable(text: str) -> bool:
    """Whether a database can keep this text: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _refuse() -> None:
    if request.path.startswith(API):
        return
    if not keepable(request.path):
        abort(404)
    if not all(map(keepable, _sent())):
        abort(400)


def _sent() -> Iterator[str]:
    """Every name and value; the body only where it is somebody's to read."""
    for name, value in request.args.items(multi=True):
        yield name + value
    if request.endpoint is None:
        return
    for name, value in request.form.items(multi=True):
        yield name + value
    for name, file in request.files.items(multi=True):
        yield name + (file.filename or "")
