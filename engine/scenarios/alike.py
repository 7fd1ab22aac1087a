"""Whether a value of the engine is what a scenario file says, and how both are shown."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.clock import as_utc
from engine.scenarios.checking import moment_in
from engine.scenarios.stage.mistakes import shown


def same(expected: Any, actual: Any) -> bool:
    """Whether a value of the engine is what the file says: numbers by value, moments by the moment."""
    if isinstance(expected, bool) or isinstance(actual, bool) or expected is None or actual is None:
        return expected is actual
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and expected.keys() == actual.keys()
            and all(same(value, actual[key]) for key, value in expected.items())
        )
    if isinstance(expected, list):
        return isinstance(actual, list) and len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, int | Decimal):
        return _number(actual) == expected
    moment = expected if isinstance(expected, datetime) else moment_in(expected)
    if moment is not None:
        return _moment(actual) == moment
    return str(expected) == (actual.isoformat() if isinstance(actual, date) else str(actual))


def within(expected: Any, actual: Any) -> bool:
    """Whether `actual` holds what is expected, and perhaps more, at every level of nesting."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(within(value, actual.get(name)) for name, value in expected.items())
    return same(expected, actual)


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _moment(value: Any) -> datetime | None:
    """The moment of a value of the engine: a datetime, or ISO text as history keeps it."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.partition("@")[0])
        except ValueError:
            return None
    return as_utc(value) if isinstance(value, datetime) else None


def text(value: Any) -> str:
    """A value as a person reads it in a difference."""
    if isinstance(value, datetime):
        return shown(as_utc(value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {text(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(text, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)
