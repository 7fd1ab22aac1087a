"""A value as text, as the FEEL function `string` writes it; bounded in length."""

from decimal import Decimal
from typing import Any

from engine.feel.run import MAX_STRING, Exhausted
from engine.feel.values.kinds import Range, kind
from engine.feel.values.temporal import write


def string_of(value: Any) -> str | None:
    """null stays null; a string stays itself; a string within a list or context is quoted."""
    if value is None or type(value) is str:
        return value
    pieces: list[str] = []
    _write(value, pieces, [MAX_STRING])
    return "".join(pieces)


def number_text(value: Decimal) -> str:
    """Plain digits: no exponent; trailing zeros of the fraction stay as they were written."""
    return f"{value:f}" if value else f"{abs(value):f}"


def _write(value: Any, pieces: list[str], room: list[int]) -> None:
    own = kind(value)
    if own == "list":
        _write_all("[", [("", item) for item in value], "]", pieces, room)
    elif own == "context":
        _write_all("{", [(f"{_key(key)}: ", item) for key, item in value.items()], "}", pieces, room)
    elif own == "range":
        _add(_range_text(value), pieces, room)
    else:
        _add(_scalar(value, own), pieces, room)


def _write_all(
    opener: str, items: list[tuple[str, Any]], closer: str, pieces: list[str], room: list[int]
) -> None:
    _add(opener, pieces, room)
    for index, (label, item) in enumerate(items):
        _add((", " if index else "") + label, pieces, room)
        _write(item, pieces, room)
    _add(closer, pieces, room)


def _add(piece: str, pieces: list[str], room: list[int]) -> None:
    room[0] -= len(piece)
    if room[0] < 0:
        raise Exhausted
    pieces.append(piece)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace(" ", "").isalnum() else _quoted(key)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _scalar(value: Any, own: str) -> str:
    if own == "number":
        return number_text(value)
    if own in ("boolean", "null"):
        return {True: "true", False: "false", None: "null"}[value]
    if own == "string":
        return _quoted(value)
    return f"function {value.name}" if own == "function" else write(value)


def _range_text(value: Range) -> str:
    ends = [_end_text(value.start), _end_text(value.end)]
    if value.test:
        return f"({value.test}{ends[value.start is None]})"
    opener, closer = "[" if value.start_included else "(", "]" if value.end_included else ")"
    return f"{opener}{'..'.join(ends)}{closer}"


def _end_text(end: Any) -> str:
    own = kind(end)
    text = _scalar(end, own) if own not in ("list", "context", "range") else "null"
    return text if own in ("number", "string", "boolean", "null") else f'@"{text}"'
