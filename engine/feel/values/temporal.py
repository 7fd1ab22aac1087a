"""Dates, times and durations: reading them from text, writing them, and their properties.

Years 1 to 9999 and microseconds, as far as Python's own types reach; anything else is null.
A zone is either an offset (`+08:00`, `Z`) or a name (`@Asia/Shanghai`), and is kept as written.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from engine.clock import SHANGHAI
from engine.feel.values.kinds import Months

_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+\-/]+)?"
_CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,20}))?"
_DAY = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_DATE = re.compile(_DAY)
_TIME = re.compile(f"T?{_CLOCK}{_ZONE}")
_DATE_TIME = re.compile(f"{_DAY}T{_CLOCK}{_ZONE}")
_MONTHS = re.compile(r"(-)?P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
_DAYS = re.compile(
    r"(-)?P(?:([0-9]{1,12})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,14})H)?(?:([0-9]{1,14})M)?(?:([0-9]{1,16})(?:\.([0-9]{0,20}))?S)?)?"
)
_MAX_OFFSET = dt.timedelta(hours=18)
_MIDNIGHT = dt.time()
_UNITS = (86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000)


def parse_date(text: str) -> dt.date | None:
    """An ISO date; null when there is no such day."""
    found = _DATE.fullmatch(text)
    return _date(found) if found else None


def parse_time(text: str) -> dt.time | None:
    """`10:30:00`, with fraction, offset or @zone; `24:00:00` is midnight."""
    found = _TIME.fullmatch(text)
    moment = _clock(found) if found else None
    return moment[0] if moment else None


def parse_date_time(text: str) -> dt.datetime | None:
    """`2026-03-11T17:00:00`, with fraction, offset or @zone; a date alone is its midnight."""
    found = _DATE_TIME.fullmatch(text)
    if not found:
        day = parse_date(text)
        return dt.datetime.combine(day, _MIDNIGHT) if day else None
    day, clock = _date(found), _clock(found)
    if day is None or clock is None:
        return None
    try:
        return dt.datetime.combine(day, clock[0]) + dt.timedelta(days=clock[1])
    except OverflowError:
        return None


def _date(found: "re.Match[str]") -> dt.date | None:
    try:
        return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _clock(found: "re.Match[str]") -> tuple[dt.time, int] | None:
    """The time, and 1 when it is 24:00:00 and so belongs to the next day."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"])
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    late = hour == 24 and not (minute or second or micro)
    zone = parse_zone(found["zone"]) if found["zone"] else None
    if found["zone"] and zone is None:
        return None
    try:
        return dt.time(0 if late else hour, minute, second, micro, zone), int(late)
    except ValueError:
        return None


def parse_zone(text: str) -> dt.tzinfo | None:
    """`Z`, `+08:00` or `@Asia/Shanghai`; null for a zone that does not exist."""
    if text == "Z":
        return dt.UTC
    if text.startswith("@"):
        return ZoneInfo(text[1:]) if text[1:] in _zones() else None
    parts = [int(part) for part in text[1:].split(":")]
    if any(part > 59 for part in parts[1:]):
        return None
    offset = dt.timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    return zone_of_offset(-offset if text[0] == "-" else offset)


_known_zones: set[str] = set()


def _zones() -> set[str]:
    if not _known_zones:
        _known_zones.update(available_timezones())
    return _known_zones


def zone_of_offset(offset: dt.timedelta) -> dt.tzinfo | None:
    """The zone of an offset from UTC; null beyond 18 hours."""
    if abs(offset) > _MAX_OFFSET:
        return None
    return dt.timezone(offset) if offset else dt.UTC


def parse_duration(text: str) -> Months | dt.timedelta | None:
    """`P1Y2M` or `P3DT4H5M6.7S`, with a minus sign before if negative."""
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        count = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-count if found[1] else count)
    found = _DAYS.fullmatch(text)
    if not found or not any(found.group(2, 3, 4, 5)):
        return None
    micros = sum(int(part or 0) * unit for part, unit in zip(found.group(2, 3, 4, 5), _UNITS, strict=True))
    micros += int((found[6] or "0")[:6].ljust(6, "0"))
    return of_micros(-micros if found[1] else micros)


def parse_any(text: str) -> Any:
    """What an `@"…"` literal means; null when it is neither date, time nor duration."""
    for parse in (parse_date, parse_date_time, parse_time, parse_duration):
        value = parse(text)
        if value is not None:
            return value
    return None


def of_micros(micros: int) -> dt.timedelta | None:
    """A days-and-time duration of so many microseconds; null beyond what one can be."""
    try:
        return dt.timedelta(microseconds=micros)
    except OverflowError:
        return None


def micros_of(duration: dt.timedelta) -> int:
    """The whole duration in microseconds."""
    return (duration.days * 86_400 + duration.seconds) * 1_000_000 + duration.microseconds


def in_utc(moment: dt.datetime) -> dt.datetime:
    """`moment` in UTC; one without a zone is read in Asia/Shanghai, as everywhere in the engine."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(dt.UTC)


def write(value: Any) -> str:
    """The FEEL text of a date, time, date and time or duration."""
    if isinstance(value, dt.datetime):
        return f"{value.date().isoformat()}T{_write_clock(value.timetz())}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return _write_clock(value)
    return _write_months(value.count) if isinstance(value, Months) else _write_days(micros_of(value))


def _write_clock(value: dt.time) -> str:
    text = f"{value.hour:02}:{value.minute:02}:{value.second:02}"
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return text + _write_zone(value.tzinfo)


def _write_zone(zone: dt.tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or dt.timedelta()
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    text = f"{'-' if offset < dt.timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{seconds:02}" if seconds else text


def _write_months(count: int) -> str:
    years, months = divmod(abs(count), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if count < 0 else "") + "P" + (text or "0M")


def _write_days(micros: int) -> str:
    rest, parts = abs(micros), []
    for unit, letter in zip(_UNITS[:3], "DHM", strict=True):
        amount, rest = divmod(rest, unit)
        parts.append(f"{amount}{letter}" if amount else "")
    if rest:
        seconds, fraction = divmod(rest, 1_000_000)
        parts.append(f"{seconds}" + (f".{fraction:06}".rstrip("0") if fraction else "") + "S")
    clock = "".join(parts[1:])
    text = parts[0] + (f"T{clock}" if clock else "")
    return ("-" if micros < 0 else "") + "P" + (text or "T0S")


def member(value: Any, name: str) -> Any:
    """A property such as `.year`, `.weekday` (1 is Monday), `.time offset`; null when there is none."""
    if isinstance(value, dt.date) and name in ("year", "month", "day", "weekday"):
        return Decimal(value.isoweekday() if name == "weekday" else getattr(value, name))
    if isinstance(value, dt.datetime | dt.time):
        return _clock_member(value, name)
    if isinstance(value, Months) and name in ("years", "months"):
        years = int(value.count / 12) if abs(value.count) < 2**50 else value.count // 12
        return Decimal(years if name == "years" else value.count - years * 12)
    return _duration_member(value, name) if isinstance(value, dt.timedelta) else None


def _clock_member(value: dt.datetime | dt.time, name: str) -> Any:
    if name in ("hour", "minute"):
        return Decimal(getattr(value, name))
    if name == "second":
        return Decimal(value.second) + (Decimal(value.microsecond) / 1_000_000).normalize()
    if name == "time offset":
        return value.utcoffset()
    if name == "timezone" and isinstance(value.tzinfo, ZoneInfo):
        return value.tzinfo.key
    return None


def _duration_member(value: dt.timedelta, name: str) -> Decimal | None:
    if name not in ("days", "hours", "minutes", "seconds"):
        return None
    micros = micros_of(value)
    sizes = {"days": 10**30, "hours": _UNITS[0], "minutes": _UNITS[1], "seconds": _UNITS[2]}
    units = dict(zip(sizes, _UNITS, strict=True))
    amount = abs(micros) % sizes[name]
    whole = Decimal(amount) / units["seconds"] if name == "seconds" else Decimal(amount // units[name])
    return (whole.normalize() + 0 if name == "seconds" else whole) * (-1 if micros < 0 and whole else 1)
