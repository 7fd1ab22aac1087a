"""Arithmetic of numbers, texts, dates and durations. Whatever has no meaning, or no room, is null."""

import calendar
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.clock import SHANGHAI
from engine.feel.run import MAX_STRING
from engine.feel.values.kinds import NUMBERS, Months
from engine.feel.values.temporal import in_utc, micros_of, of_micros

_Pair = tuple[type, type]
_Rule = Callable[[Any, Any], Any]


def _by_kinds(rules: dict[_Pair, _Rule]) -> _Rule:
    def apply(left: Any, right: Any) -> Any:
        rule = rules.get((type(left), type(right)))
        if rule is None:
            return None
        try:
            return rule(left, right)
        except (ArithmeticError, ValueError):
            return None

    return apply


def shift_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later, or the month's last day when it is shorter. ValueError beyond 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not 1 <= year <= 9999:
        raise ValueError(year)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def _later(moment: dt.datetime, duration: dt.timedelta) -> dt.datetime:
    if moment.tzinfo is None:
        return moment + duration
    return (moment.astimezone(dt.UTC) + duration).astimezone(moment.tzinfo)


def _later_clock(clock: dt.time, duration: dt.timedelta) -> dt.time:
    """Around midnight and on, as FEEL has it."""
    whole = dt.datetime(2000, 1, 1, clock.hour, clock.minute, clock.second, clock.microsecond)
    return (
        (whole + dt.timedelta(seconds=duration.seconds, microseconds=duration.microseconds))
        .time()
        .replace(tzinfo=clock.tzinfo)
    )


def _moment_of(day: dt.date) -> dt.datetime:
    return day if isinstance(day, dt.datetime) else dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def _elapsed(later: dt.datetime, earlier: dt.datetime) -> dt.timedelta | None:
    """Null when only one of them has a zone, as the standard says."""
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        return None
    return later - earlier if later.tzinfo is None else in_utc(later) - in_utc(earlier)


def _elapsed_mixed(later: dt.date, earlier: dt.date) -> dt.timedelta | None:
    """A date meets a date and time as its midnight in UTC, as the standard says."""
    return _elapsed(_moment_of(later), _moment_of(earlier))


def _elapsed_clock(later: dt.time, earlier: dt.time) -> dt.timedelta | None:
    day = dt.date(2000, 1, 1)
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        return None
    return dt.datetime.combine(day, later) - dt.datetime.combine(day, earlier)


def _joined(left: str, right: str) -> str | None:
    return left + right if len(left) + len(right) <= MAX_STRING else None


def _after_days(day: dt.date, duration: dt.timedelta) -> dt.date:
    return dt.date.fromordinal(day.toordinal() + micros_of(duration) // 86_400_000_000)


def _scaled(duration: dt.timedelta, factor: Decimal) -> dt.timedelta | None:
    return of_micros(int(NUMBERS.multiply(Decimal(micros_of(duration)), factor)))


def _scaled_months(months: Months, factor: Decimal) -> Months | None:
    count = NUMBERS.multiply(Decimal(months.count), factor)
    return Months(int(count)) if abs(count) < 10**15 else None


def _swapped(rule: _Rule) -> _Rule:
    return lambda left, right: rule(right, left)


def _of_negative(rule: _Rule) -> _Rule:
    return lambda left, right: rule(left, Months(-right.count) if isinstance(right, Months) else -right)


_N, _D, _T, _DT, _S, _M = Decimal, dt.date, dt.time, dt.datetime, dt.timedelta, Months

_shift: dict[_Pair, _Rule] = {
    (_D, _S): _after_days,
    (_T, _S): _later_clock,
    (_DT, _S): _later,
    (_D, _M): lambda day, months: shift_months(day, months.count),
    (_DT, _M): lambda day, months: shift_months(day, months.count),
}
add = _by_kinds(
    {
        (_N, _N): NUMBERS.add,
        (str, str): _joined,
        (_S, _S): lambda left, right: left + right,
        (_M, _M): lambda left, right: Months(left.count + right.count),
        **_shift,
        **{(other, one): _swapped(rule) for (one, other), rule in _shift.items()},
    }
)
subtract = _by_kinds(
    {
        (_N, _N): NUMBERS.subtract,
        (_S, _S): lambda left, right: left - right,
        (_M, _M): lambda left, right: Months(left.count - right.count),
        (_D, _D): lambda left, right: left - right,
        (_DT, _DT): _elapsed,
        (_DT, _D): _elapsed_mixed,
        (_D, _DT): _elapsed_mixed,
        (_T, _T): _elapsed_clock,
        **{pair: _of_negative(rule) for pair, rule in _shift.items()},
    }
)
multiply = _by_kinds(
    {
        (_N, _N): NUMBERS.multiply,
        (_S, _N): _scaled,
        (_N, _S): _swapped(_scaled),
        (_M, _N): _scaled_months,
        (_N, _M): _swapped(_scaled_months),
    }
)
divide = _by_kinds(
    {
        (_N, _N): NUMBERS.divide,
        (_S, _N): lambda left, right: of_micros(int(NUMBERS.divide(Decimal(micros_of(left)), right))),
        (_S, _S): lambda left, right: NUMBERS.divide(Decimal(micros_of(left)), Decimal(micros_of(right))),
        (_M, _N): lambda left, right: Months(int(NUMBERS.divide(Decimal(left.count), right))),
        (_M, _M): lambda left, right: NUMBERS.divide(Decimal(left.count), Decimal(right.count)),
    }
)


power = _by_kinds({(_N, _N): NUMBERS.power})


def negate(value: Any) -> Any:
    """`-x` of a number or a duration; otherwise null."""
    if type(value) is Decimal:
        return NUMBERS.subtract(Decimal(0), value)
    if type(value) is dt.timedelta:
        return subtract(dt.timedelta(), value)
    return Months(-value.count) if type(value) is Months else None


def local_now(now: dt.datetime | None) -> dt.datetime | None:
    """The injected moment (UTC) as people here read it."""
    return now.astimezone(SHANGHAI) if now else None
