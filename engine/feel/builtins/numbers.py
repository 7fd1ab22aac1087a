"""Built-in functions on numbers: rounding, roots, logarithms, and reading a number from text."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.values.kinds import NUMBERS, Months

_WIDE = Context(prec=12_600, Emax=99_999, Emin=-99_999)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_LOWEST_SCALE, _HIGHEST_SCALE = -6111, 6176


def rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """`number` with `scale` digits after the point (negative: before it); null for a scale out of bounds."""
    places = int(scale) if abs(scale) <= _HIGHEST_SCALE else _HIGHEST_SCALE + 1
    if not _LOWEST_SCALE <= places <= _HIGHEST_SCALE:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and places >= -exponent:
        return number
    context = Context(prec=34, rounding=rounding, Emax=6144, Emin=-6143)
    return NUMBERS.plus(number.quantize(Decimal(1).scaleb(-places, _WIDE), context=context)) + 0


def _rounder(rounding: str) -> Callable[[Decimal, Decimal], Decimal | None]:
    return lambda number, scale: rounded(number, scale, rounding)


for _name, _rounding in (
    ("decimal", ROUND_HALF_EVEN),
    ("round up", ROUND_UP),
    ("round down", ROUND_DOWN),
    ("round half up", ROUND_HALF_UP),
    ("round half down", ROUND_HALF_DOWN),
    ("floor", ROUND_FLOOR),
    ("ceiling", ROUND_CEILING),
):
    builtin(f"{_name}(n: number, scale: number)")(_rounder(_rounding))


@builtin("floor(n: number)")
def _floor(number: Decimal) -> Decimal | None:
    return rounded(number, Decimal(0), ROUND_FLOOR)


@builtin("ceiling(n: number)")
def _ceiling(number: Decimal) -> Decimal | None:
    return rounded(number, Decimal(0), ROUND_CEILING)


@builtin("abs(n: number|days|months)")
def _abs(value: Decimal | dt.timedelta | Months) -> Any:
    return Months(abs(value.count)) if isinstance(value, Months) else abs(value)


@builtin("modulo(dividend: number, divisor: number)")
def _modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """The remainder with the divisor's sign."""
    if not divisor:
        return None
    rest = _WIDE.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = _WIDE.add(rest, divisor)
    return NUMBERS.plus(rest) if rest else Decimal(0)


@builtin("sqrt(number: number)")
def _sqrt(number: Decimal) -> Decimal | None:
    return NUMBERS.sqrt(number) if number >= 0 else None


@builtin("log(number: number)")
def _log(number: Decimal) -> Decimal | None:
    return NUMBERS.ln(number) if number > 0 else None


@builtin("exp(number: number)")
def _exp(number: Decimal) -> Decimal:
    return NUMBERS.exp(number)


@builtin("odd(number: number)")
def _odd(number: Decimal) -> bool:
    return abs(_WIDE.remainder(number, Decimal(2))) == 1


@builtin("even(number: number)")
def _even(number: Decimal) -> bool:
    return not _WIDE.remainder(number, Decimal(2))


@builtin("number(from: string, grouping separator?: string|null, decimal separator?: string|null)")
def _number(text: str, grouping: str | None, point: str | None) -> Decimal | None:
    """Grouping: a space, comma or point. Decimal separator: a comma or point. Not both the same."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == (point or "."):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        text = text.replace(".", "x").replace(",", ".")
    return NUMBERS.create_decimal(text) if _NUMBER.fullmatch(text) else None


@builtin("number(from: number)")
def _same_number(number: Decimal) -> Decimal:
    return number
