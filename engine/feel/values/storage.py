"""How values are stored: plain JSON, and beside it the types that JSON does not have.

The types are keyed by JSON Pointer (`/due`, `/items/0/price`; `~1` is a slash, `~0` a tilde), so they
never mix with the user's own data, which may have any keys. An integer that a double holds exactly
is stored as such, every other number as its digits; every number is read back as a Decimal.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import Invalid
from engine.feel.values.kinds import MAX_DEPTH, Months, Range, kind, normalise
from engine.feel.values.temporal import parse_date, parse_date_time, parse_duration, parse_time, write

_EXACT = 2**53


def dump(value: Any) -> tuple[Any, dict[str, str]]:
    """`value` -> (plain JSON value, types by path). Raises Invalid("feel.unstorable") with the path."""
    types: dict[str, str] = {}
    if value is None:
        return None, types
    return _dump(normalise(value), "", types, 0), types


def _dump(value: Any, path: str, types: dict[str, str], depth: int) -> Any:
    own = kind(value)
    if depth > MAX_DEPTH or own == "function":
        raise Invalid("feel.unstorable", where=path or "/", kind=own)
    if own in ("null", "boolean"):
        return value
    if own == "string":
        return _text(value, path)
    if own == "list":
        return [_dump(item, f"{path}/{index}", types, depth + 1) for index, item in enumerate(value)]
    if own == "context":
        return {
            _text(key, path): _dump(item, f"{path}/{_escape(key)}", types, depth + 1)
            for key, item in value.items()
        }
    if own == "number" and _is_exact(value):
        return int(value)
    types[path] = own
    if own == "number":
        return str(value)
    return _dump_range(value, path, types, depth) if own == "range" else write(value)


def _is_exact(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return exponent == 0 and abs(value) < _EXACT and not (value.is_zero() and value.is_signed())


def _text(value: str, path: str) -> str:
    """A text that UTF-8 can hold; half a surrogate pair cannot be stored."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Invalid("feel.unstorable", where=path or "/", kind="string") from None
    return value


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _dump_range(value: Range, path: str, types: dict[str, str], depth: int) -> dict[str, Any]:
    return {
        "start": _dump(value.start, f"{path}/start", types, depth + 1),
        "end": _dump(value.end, f"{path}/end", types, depth + 1),
        "start included": value.start_included,
        "end included": value.end_included,
        "test": value.test,
    }


def load(plain: Any, types: Mapping[str, str]) -> Any:
    """The value that `dump` stored. Raises Invalid("feel.unreadable") with the path."""
    return _load(plain, "", types)


def _load(plain: Any, path: str, types: Mapping[str, str]) -> Any:
    own = types.get(path)
    if own is not None:
        return _load_typed(plain, own, path, types)
    if isinstance(plain, bool) or plain is None or isinstance(plain, str):
        return plain
    if isinstance(plain, list):
        return [_load(item, f"{path}/{index}", types) for index, item in enumerate(plain)]
    if isinstance(plain, Mapping):
        return {key: _load(item, f"{path}/{_escape(key)}", types) for key, item in plain.items()}
    return normalise(plain)


def _load_typed(plain: Any, own: str, path: str, types: Mapping[str, str]) -> Any:
    value: Any = None
    if own == "range" and isinstance(plain, Mapping):
        value = _load_range(plain, path, types)
    elif own in _READERS and isinstance(plain, str):
        value = _READERS[own](plain)
    if value is None or kind(value) != own:
        raise Invalid("feel.unreadable", where=path or "/", kind=own)
    return value


def _load_range(plain: Mapping[str, Any], path: str, types: Mapping[str, str]) -> Range:
    return Range(
        _load(plain.get("start"), f"{path}/start", types),
        _load(plain.get("end"), f"{path}/end", types),
        plain.get("start included") is True,
        plain.get("end included") is True,
        str(plain.get("test", "")),
    )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_READERS: dict[str, Callable[[str], Decimal | dt.date | dt.time | dt.timedelta | Months | None]] = {
    "number": _number,
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_date_time,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}
