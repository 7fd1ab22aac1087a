"""Built-in functions on dates, times and durations. `now` and `today` are the injected moment."""

import datetime as dt
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import local_now
from engine.feel.builtins.registry import builtin
from engine.feel.run import Run
from engine.feel.values.kinds import Months
from engine.feel.values.temporal import (
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    parse_zone,
    zone_of_offset,
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("now()", run=True)
def _now(run: Run) -> dt.datetime | None:
    return local_now(run.now)


@builtin("today()", run=True)
def _today(run: Run) -> dt.date | None:
    moment = local_now(run.now)
    return moment.date() if moment else None


@builtin("date(from: string|date|date and time)")
def _date(value: str | dt.date) -> dt.date | None:
    if isinstance(value, str):
        return parse_date(value)
    return value.date() if isinstance(value, dt.datetime) else value


@builtin("date(year: number, month: number, day: number)")
def _date_of(year: Decimal, month: Decimal, day: Decimal) -> dt.date:
    return dt.date(_whole(year), _whole(month), _whole(day))


def _whole(number: Decimal) -> int:
    """A whole number of moderate size. Raises ValueError, which makes the call null."""
    if abs(number) > 10_000 or number != number.to_integral_value():
        raise ValueError(number)
    return int(number)


@builtin("time(from: string|time|date|date and time)")
def _time(value: Any) -> dt.time | None:
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, dt.datetime):
        return value.timetz()
    return value if isinstance(value, dt.time) else dt.time(tzinfo=dt.UTC)


@builtin("time(hour: number, minute: number, second: number, offset?: days|null)")
def _time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: dt.timedelta | None) -> dt.time | None:
    zone = None if offset is None else zone_of_offset(offset)
    if offset is not None and zone is None:
        return None
    return dt.time(_whole(hour), _whole(minute), *_seconds(second), tzinfo=zone)


def _seconds(second: Decimal) -> tuple[int, int]:
    if not 0 <= second < 60:
        raise ValueError(second)
    whole = int(second)
    return whole, int((second - whole) * 1_000_000)


@builtin("date and time(from: string|date and time)")
def _date_and_time(value: str | dt.datetime) -> dt.datetime | None:
    return parse_date_time(value) if isinstance(value, str) else value


@builtin("date and time(from: date)")
def _date_and_time_of_date(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day)


@builtin("date and time(date: date|date and time, time: time)")
def _date_and_time_of(day: dt.date, clock: dt.time) -> dt.datetime:
    return dt.datetime.combine(dt.date(day.year, day.month, day.day), clock)


@builtin("date and time(date: date and time, timezone: string)")
def _date_and_time_in(moment: dt.datetime, zone: str) -> dt.datetime | None:
    wanted = parse_zone(f"@{zone}")
    if wanted is None:
        return None
    return moment.astimezone(wanted) if moment.tzinfo else moment.replace(tzinfo=wanted)


@builtin(
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number, "
    "offset?: days|string|null)"
)
def _date_and_time_of_parts(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: dt.timedelta | str | None,
) -> dt.datetime | None:
    zone: dt.tzinfo | None = None
    if offset is not None:
        zone = parse_zone(f"@{offset}") if isinstance(offset, str) else zone_of_offset(offset)
        if zone is None:
            return None
    clock = dt.time(_whole(hour), _whole(minute), *_seconds(second), tzinfo=zone)
    return dt.datetime.combine(_date_of(year, month, day), clock)


@builtin("duration(from: string|days|months)")
def _duration(value: Any) -> Months | dt.timedelta | None:
    return parse_duration(value) if isinstance(value, str) else value


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def _years_and_months_duration(start: dt.date, end: dt.date) -> Months | None:
    """Whole months between the two, towards zero."""
    one, other = _comparable(start), _comparable(end)
    sign = 1 if one <= other else -1
    one, other = min(one, other), max(one, other)
    count = (other.year - one.year) * 12 + other.month - one.month
    early = (other.day, other.time()) < (one.day, one.time())
    return Months(sign * (count - early))


def _comparable(value: dt.date) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value.replace(tzinfo=None)
    return dt.datetime(value.year, value.month, value.day)


@builtin("day of year(date: date|date and time)")
def _day_of_year(day: dt.date) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week(date: date|date and time)")
def _day_of_week(day: dt.date) -> str:
    return _WEEKDAYS[day.weekday()]


@builtin("month of year(date: date|date and time)")
def _month_of_year(day: dt.date) -> str:
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date|date and time)")
def _week_of_year(day: dt.date) -> Decimal:
    return Decimal(day.isocalendar().week)


@builtin("last day of month(date: date|date and time)")
def _last_day_of_month(day: dt.date) -> Decimal:
    following = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return Decimal((following - dt.timedelta(days=1)).day)
