"""The values of FEEL and their kinds.

A value is one of: Decimal, str, bool, None, date, time, datetime, timedelta, Months, list, dict
with text keys, Range, Callee. `normalise` brings what a host hands in to exactly these types, so
that everything behind it can look at `type(value)` alone.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

NUMBERS = Context(prec=34, Emax=6144, Emin=-6143, traps=[InvalidOperation, DivisionByZero, Overflow])
"""IEEE 754 decimal128, as DMN demands: 34 digits, half-even."""

MAX_DEPTH = 100
MAX_BITS = 14_000
"""A host's integer beyond 34 digits is rounded; one beyond this is null."""


@dataclass(frozen=True, slots=True)
class Months:
    """A years-and-months duration, counted in months (may be negative)."""

    count: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is None is open. `test` is the sign of one that was written as `(< 10)`."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    test: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Callee:
    """A function value: built in, given by the host, or defined in an expression.

    `invoke(run, positional, named)`; `named` is None for a positional call.
    """

    name: str
    parameters: tuple[str, ...]
    invoke: Callable[[Any, list[Any], dict[str, Any] | None], Any]
    types: tuple[Any, ...] = ()
    result: Any = None


_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    dt.date: "date",
    dt.time: "time",
    dt.datetime: "date and time",
    dt.timedelta: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Callee: "function",
}
_PLAIN = frozenset(_KINDS) - {list, dict, Range, Decimal}


def kind(value: Any) -> str:
    """The FEEL kind of a normalised value: "number", "date and time", "context" …"""
    return _KINDS[type(value)]


def normalise(value: Any, depth: int = 0) -> Any:
    """`value` in the types of FEEL; an int or float becomes a Decimal, a foreign object becomes null."""
    if type(value) in _PLAIN:
        return value
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else bool(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return {str(key): normalise(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [normalise(item, depth + 1) for item in value]
    if isinstance(value, Range):
        ends = normalise(value.start, depth + 1), normalise(value.end, depth + 1)
        return Range(*ends, value.start_included, value.end_included, value.test)
    return _temporal(value)


def _number(value: int | float | Decimal) -> Decimal | None:
    if isinstance(value, float):
        value = Decimal(repr(value))
    elif isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            return None
        value = Decimal(value)
    if not value.is_finite():
        return None
    try:
        return NUMBERS.plus(value)
    except (InvalidOperation, Overflow):
        return None


def _temporal(value: Any) -> Any:
    """A subclass of a date or duration (as some libraries make them) as the plain class; else null."""
    if isinstance(value, dt.datetime):
        return dt.datetime.combine(value.date(), value.timetz())
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    if isinstance(value, dt.timedelta):
        return dt.timedelta(value.days, value.seconds, value.microseconds)
    return None
