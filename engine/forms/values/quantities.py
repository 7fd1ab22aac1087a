"""Numbers, dates, times and moments: how people write them, what they mean, and their bounds.

A moment without an offset is one in Asia/Shanghai; a clean moment is always aware and stands there.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.clock import as_utc, local
from engine.forms.model import Component, as_text
from engine.forms.visit import Visit

_NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,6})?)?")
_MOMENT = re.compile(r"(\S+?)[T ](\S+?)(Z|[+-][0-9]{2}:[0-9]{2})?", re.IGNORECASE)
_YEARS = range(1900, 2200)
_PRECISION = 34  # digits of a FEEL number
_LONGEST = 80  # characters of anything that could be a quantity


class OutOfRange(Exception):
    """What was entered is no such quantity, or lies outside its bounds."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def read(component: Component, raw: Any) -> Any:
    """The number, date, time or moment that `raw` says. Raises OutOfRange."""
    if component.type == "number":
        return _number(raw, component.digits)
    read_one, code = _READERS[component.subtype]
    try:
        value = read_one(_tidy(raw))
        as_utc(value) if isinstance(value, datetime) else None  # the edges of the calendar overflow here
    except (ValueError, OverflowError):
        raise OutOfRange(code) from None
    if isinstance(value, date) and value.year not in _YEARS:
        raise OutOfRange("forms.year")
    return local(as_utc(value)) if isinstance(value, datetime) else value


def check(component: Component, value: Any, visit: Visit) -> None:
    """Raises OutOfRange when `value` lies outside its bounds, as they are at this visit."""
    lowest = _comparable(visit.bound(component.rules.minimum), value)
    highest = _comparable(visit.bound(component.rules.maximum), value, last=True)
    dated = component.type == "datetime"
    if lowest is not None and value < lowest:
        raise OutOfRange("forms.too_early" if dated else "forms.too_small", limit=_limit(lowest))
    if highest is not None and value > highest:
        raise OutOfRange("forms.too_late" if dated else "forms.too_large", limit=_limit(highest))
    if component.no_past and visit.now is not None:
        present = _comparable(local(as_utc(visit.now)), value)
        if present is not None and value < present:
            raise OutOfRange("forms.passed")


def date_bound(text: str) -> date | time | None:
    """A bound written as a date, a moment or a time; None when it is none of them."""
    for read_one, _ in _READERS.values():
        try:
            bound: date | time = read_one(text)
            return bound
        except ValueError:
            continue
    return None


def shown(value: Any, separator: str = " ") -> str:
    """A quantity as a person reads it, or as an HTML input takes it (`separator="T"`)."""
    if isinstance(value, datetime):
        whole = local(as_utc(value)).replace(tzinfo=None)
        return whole.isoformat(separator, "auto" if whole.second or whole.microsecond else "minutes")
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    return value.isoformat() if isinstance(value, date) else as_text(value)


def _limit(value: Any) -> str:
    """A bound as a sentence names it: of a moment, such as the present, the minute."""
    return shown(value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value)


def _tidy(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    return unicodedata.normalize("NFKC", raw).strip() if len(raw) <= _LONGEST else ""


def _number(raw: Any, digits: int | None) -> Decimal:
    value = _decimal(_tidy(raw))
    if value is None or not value.is_finite() or abs(value.adjusted()) >= 30:
        raise OutOfRange("forms.not_number")
    written = format(value, "f")
    if sum(c.isdigit() for c in written) > _PRECISION:
        raise OutOfRange("forms.not_number")
    if digits is not None and len(written.partition(".")[2].rstrip("0")) > digits:
        raise OutOfRange("forms.digits", limit=digits)
    return Decimal(written)


def _decimal(raw: Any) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, Decimal):
        return raw
    if isinstance(raw, int):
        return Decimal(raw) if abs(raw) < 10**30 else None
    if isinstance(raw, float):
        return Decimal(repr(raw))
    if not isinstance(raw, str):
        return None
    text = raw.replace(",", "") if _GROUPED.fullmatch(raw) else raw
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _date(raw: Any) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    found = _DATE.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise ValueError(raw)
    year, month, day = found.groups()
    return date(int(year), int(month), int(day))


def _time(raw: Any) -> time:
    if isinstance(raw, time) and raw.tzinfo is None:
        return raw
    found = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise ValueError(raw)
    hour, minute, second, fraction = found.groups()
    microsecond = int((fraction or ".0")[1:].ljust(6, "0"))
    return time(int(hour), int(minute), int(second or 0), microsecond)


def _moment(raw: Any) -> datetime:
    if isinstance(raw, datetime):
        return raw
    found = _MOMENT.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise ValueError(raw)
    day, clock, offset = found.groups()
    moment = datetime.combine(_date(day), _time(clock))
    if offset is None:
        return moment
    return datetime.fromisoformat(f"{moment.isoformat()}{offset.upper().replace('Z', '+00:00')}")


def _comparable(bound: Any, value: Any, *, last: bool = False) -> Any:
    """`bound` in the kind of `value`, a day meaning its first or its `last` moment. None: no bound."""
    if isinstance(bound, str):
        bound = date_bound(bound)
    if isinstance(value, Decimal):
        number = isinstance(bound, int | float | Decimal) and not isinstance(bound, bool)
        return Decimal(str(bound)) if number else None
    if isinstance(value, time):
        found = local(as_utc(bound)).time() if isinstance(bound, datetime) else bound
        return found if isinstance(found, time) and found.tzinfo is None else None
    if isinstance(value, datetime):
        if isinstance(bound, date) and not isinstance(bound, datetime):
            bound = datetime.combine(bound, time.max if last else time.min)
        return as_utc(bound) if isinstance(bound, datetime) else None
    if isinstance(bound, datetime):
        return local(as_utc(bound)).date()
    return bound if isinstance(bound, date) else None


_READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "date": (_date, "forms.not_date"),
    "time": (_time, "forms.not_time"),
    "datetime": (_moment, "forms.not_datetime"),
}
