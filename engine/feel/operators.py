"""The operators of FEEL: equality, order, arithmetic, membership. Null where DMN says null.

Numbers compare by value; a date and time without a zone is read in Asia/Shanghai when it meets
one with a zone, as a person here would read it.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import add, divide, multiply, power, subtract
from engine.feel.run import Run
from engine.feel.values.kinds import Callee, Months, Range, kind
from engine.feel.values.temporal import in_utc, write

Operator = Callable[[Any, Any], Any]


def equal(left: Any, right: Any) -> bool | None:
    """FEEL's `=`: null against anything but null is false; different kinds give null."""
    one, other = type(left), type(right)
    if one is not other:
        return False if left is None or right is None else None
    if one is list:
        return _equal_lists(left, right)
    if one is dict:
        return _equal_contexts(left, right)
    if one is dt.datetime or one is dt.time:
        return _same_moment(left, right)
    if one is Callee:
        return True if left is right else None
    if one is Range:
        return _equal_ranges(left, right)
    return bool(left == right)


def _equal_lists(left: list[Any], right: list[Any]) -> bool:
    return len(left) == len(right) and all(
        equal(one, other) is True for one, other in zip(left, right, strict=True)
    )


def _equal_contexts(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return left.keys() == right.keys() and all(equal(left[key], right[key]) is True for key in left)


def _equal_ranges(left: Range, right: Range) -> bool:
    flags = (left.start_included, left.end_included, left.test)
    if flags != (right.start_included, right.end_included, right.test):
        return False
    return equal(left.start, right.start) is True and equal(left.end, right.end) is True


def _same_moment(left: Any, right: Any) -> bool | None:
    """Equality looks at whole seconds, as the standard's own tests have it; order looks at all digits."""
    order = compare(left.replace(microsecond=0), right.replace(microsecond=0))
    return None if order is None else order == 0


def compare(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; null when the two have no order (different kinds, contexts, lists …)."""
    one = type(left)
    if one is not type(right) or one not in _ORDERED:
        return None
    if one is dt.datetime:
        return _compare_moments(left, right)
    if one is dt.time:
        left, right = _clock_key(left), _clock_key(right)
        if left[0] != right[0]:
            return None
    elif one is Months:
        left, right = left.count, right.count
    return _sign(left, right)


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


_ORDERED = frozenset((Decimal, str, dt.date, dt.datetime, dt.time, dt.timedelta, Months))


def _compare_moments(left: dt.datetime, right: dt.datetime) -> int | None:
    if left.tzinfo is None and right.tzinfo is None:
        return _sign(left, right)
    try:
        left, right = in_utc(left), in_utc(right)
    except OverflowError:
        return None
    return _sign(left, right)


def _clock_key(value: dt.time) -> tuple[str, int]:
    """Times are comparable when both are local, both in one named zone, or both have an offset."""
    micros = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    offset = value.utcoffset()
    if offset is not None:
        return "offset", micros - int(offset.total_seconds()) * 1_000_000
    return str(value.tzinfo), micros


def unequal(left: Any, right: Any) -> bool | None:
    """FEEL's `!=`."""
    same = equal(left, right)
    return None if same is None else not same


def _ordering(accept: frozenset[int]) -> Operator:
    def ordered(left: Any, right: Any) -> bool | None:
        order = compare(left, right)
        return None if order is None else order in accept

    return ordered


BINARY: dict[str, Operator] = {
    "=": equal,
    "!=": unequal,
    "<": _ordering(frozenset((-1,))),
    "<=": _ordering(frozenset((-1, 0))),
    ">": _ordering(frozenset((1,))),
    ">=": _ordering(frozenset((1, 0))),
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}


def between(value: Any, low: Any, high: Any) -> bool | None:
    """Whether `low <= value <= high`; null when one of them has no order with `value`."""
    above, below = compare(value, low), compare(value, high)
    if above is None or below is None:
        return None
    return above >= 0 and below <= 0


def in_range(value: Any, interval: Range) -> bool | None:
    """Whether `value` lies in the interval. Only one written as a test (`(< 10)`) has an open end."""
    if interval.test in ("=", "!="):
        outcome: bool | None = BINARY[interval.test](value, interval.start)
        return outcome
    low = _side(value, interval.start, interval.start_included, interval.test, 1)
    high = _side(value, interval.end, interval.end_included, interval.test, -1)
    return None if low is None or high is None else low and high


def _side(value: Any, end: Any, included: bool, test: str, wanted: int) -> bool | None:
    if end is None and test and value is not None:
        return True
    order = compare(value, end)
    return None if order is None else order == wanted or (order == 0 and included)


def passes(value: Any, test: Any) -> bool | None:
    """Whether `value in test`: a range contains it, a list holds it or a range with it, or it is equal."""
    if type(test) is Range and type(value) is not Range:
        return in_range(value, test)
    if type(test) is list:
        return equal(value, test) is True or any(
            equal(value, one) is True or (type(one) is Range and in_range(value, one) is True) for one in test
        )
    return equal(value, test)


def test_range(operator: str, operand: Any) -> Range | None:
    """The range that `(< 10)` stands for."""
    if operator == "=":
        return Range(operand, operand, test=operator)
    if operator == "!=":
        return Range(operand, operand, False, False, operator)
    if operand is None or kind(operand) in ("list", "context", "function", "range", "boolean"):
        return None
    if operator in ("<", "<="):
        return Range(None, operand, False, operator == "<=", operator)
    return Range(operand, None, operator == ">=", False, operator)


def make_range(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    """An interval between two comparable ends in order; null otherwise. An end that is null is open."""
    if type(start) in (list, dict, bool) or type(end) in (list, dict, bool):
        return None
    if start is not None and end is not None and compare(start, end) is None:
        return None
    return Range(start, end, start_included and start is not None, end_included and end is not None)


def identity(value: Any) -> Any:
    """A hashable key, the same for two values only if `is` calls them the same: also their zones agree."""
    if type(value) is list:
        return ("list", *map(identity, value))
    if type(value) is dict:
        return ("context", frozenset((key, identity(item)) for key, item in value.items()))
    if type(value) is Range:
        flags = (value.start_included, value.end_included, value.test)
        return ("range", identity(value.start), identity(value.end), flags)
    if type(value) is dt.datetime or type(value) is dt.time:
        return (kind(value), write(value))
    return (kind(value), value)


def weighed(run: Run, left: Any, right: Any) -> None:
    """Pay for looking at texts and containers as a whole before they are compared or joined."""
    if type(left) in (list, dict, str):
        run.weigh(left)
    if type(right) in (list, dict, str):
        run.weigh(right)
