"""What comes with a request: strict JSON, and uploads.

Guarantees that what passes is an object without unknown or repeated names, of bounded size and depth,
and without characters that no database can keep; everything else is refused with where and why.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

import flask
from flask import request
from marshmallow import RAISE, ValidationError, missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import FileStorage

from engine.errors import Invalid, Problem
from webui.api.access import printable
from webui.edge.characters import keepable

MAX_DEPTH = 40
MAX_PROBLEMS = 100
LONGEST_WHOLE = 18  # characters
MULTIPART = "multipart/form-data"


class Parser(FlaskParser):
    """Reads bodies and queries; says what is wrong as our own errors."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "json": RAISE}

    def _raw_load_json(self, req: flask.Request) -> Any:
        data = req.get_data(cache=True)
        if not data:
            return missing
        if req.mimetype != "application/json":
            raise Invalid("api.415", expected="application/json")
        return read_json(data)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        problems = tuple(_problems(error.messages, ""))[:MAX_PROBLEMS]
        raise Invalid("api.rejected", problems=problems, count=len(problems))


def read_json(data: bytes) -> dict[str, Any]:
    """The object in `data`; fractions, and whole numbers beyond 64 bits, are Decimals. Raises Invalid."""
    try:
        value = json.loads(
            data.decode(),
            parse_float=Decimal,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise Invalid("api.not_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Invalid("api.too_deep", limit=MAX_DEPTH) from None
    except (ValueError, ArithmeticError):  # not UTF-8, or a number beyond all measure
        raise Invalid("api.not_json", line=1, column=1) from None
    if not isinstance(value, dict):
        raise Invalid("api.rejected", problems=[Problem("api.not_an_object")], count=1)
    wrong = tuple(_unkeepable(value, "", 0))[:MAX_PROBLEMS]
    if wrong:
        raise Invalid("api.rejected", problems=wrong, count=len(wrong))
    return value


def _whole(digits: str) -> int | Decimal:
    """A whole number; one that is too long to be kept as such is kept by its digits."""
    number = int(digits)  # a ValueError beyond 4300 digits
    return number if len(digits) <= LONGEST_WHOLE else Decimal(number)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        again = next(name for name in names if names.count(name) > 1)
        raise Invalid("api.twice", name=printable(again))
    return found


def _unkeepable(value: Any, path: str, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH:
        raise Invalid("api.too_deep", limit=MAX_DEPTH)
    if isinstance(value, str) and not keepable(value):
        yield Problem("api.bad_characters", path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            place = f"{path}.{printable(name)}" if path else printable(name)
            if not keepable(name):
                yield Problem("api.bad_characters", place)
            yield from _unkeepable(inner, place, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unkeepable(inner, f"{path}[{index}]", depth + 1)


def _problems(messages: Any, path: str) -> Iterator[Problem]:
    """Marshmallow's tree of errors as a list."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            below = path if name in ("_schema", "json", "query") else f"{path}.{name}" if path else str(name)
            yield from _problems(inner, printable(below))
    elif isinstance(messages, Problem):
        yield Problem(messages.code, path, messages.facts)
    elif isinstance(messages, Iterable) and not isinstance(messages, str):
        for one in messages:
            yield from _problems(one, path)
    else:
        yield Problem(messages if str(messages).startswith("api.") else "api.rejected", path, {"count": 1})


def uploads(most: Mapping[str, int]) -> dict[str, list[FileStorage]]:
    """The files by field; `most` says how many each field takes.

    Raises Invalid for another content type, and for fields that are unknown or hold too many files.
    """
    if request.mimetype != MULTIPART:
        raise Invalid("api.415", expected=MULTIPART)
    problems = [Problem("api.unknown_field", printable(name)) for name in request.form]
    found: dict[str, list[FileStorage]] = {name: [] for name in most}
    for name, file in request.files.items(multi=True):
        if name not in most:
            problems.append(Problem("api.unknown_field", printable(name)))
        elif not keepable(file.filename or ""):
            problems.append(Problem("api.bad_characters", name))
        else:
            found[name].append(file)
    problems += [
        Problem("api.too_many_uploads", name, {"most": most[name]})
        for name, files in found.items()
        if len(files) > most[name]
    ]
    if problems:
        raise Invalid("api.rejected", problems=problems, count=len(problems))
    return found


def needed(files: list[FileStorage], name: str) -> FileStorage:
    """The first of the files. Raises Invalid where there is none."""
    if not files:
        raise Invalid("api.rejected", problems=[Problem("api.no_upload", name)], count=1)
    return files[0]
