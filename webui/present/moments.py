"""Moments as people in Asia/Shanghai read them: 2026年3月11日 17:00 周三."""

from datetime import UTC, date, datetime, timedelta

from flask import g
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from engine import clock


def moment(value: datetime | None) -> str:
    """The whole moment, with the day of the week; a dash where there is none."""
    return format_datetime(value, _("y年M月d日 HH:mm EEE")) if value else "—"


def wall_clock(value: datetime) -> str:
    """A moment that somebody wrote without a zone: it is shown as it was written."""
    return format_datetime(value.replace(tzinfo=None), _("y年M月d日 HH:mm EEE"), rebase=False)


def clock_face(text: str) -> str:
    """A moment of Shanghai that a sentence of the engine holds as 2026-03-11 10:00, as people write it."""
    try:
        return format_datetime(datetime.fromisoformat(text), _("y年M月d日 HH:mm"), rebase=False)
    except ValueError:
        return text


def short_moment(value: datetime | None) -> str:
    """The moment without the year, for lists."""
    return format_datetime(value, _("M月d日 HH:mm")) if value else "—"


def near_moment(value: datetime | None) -> str:
    """Like `short_moment`; with the year where it is not this one: a deadline may lie beyond its turn."""
    if value is None or clock.local(value).year == clock.local(g.now).year:
        return short_moment(value)
    return format_datetime(value, _("y年M月d日 HH:mm"))


def day(value: date | datetime | None) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return format_datetime(value, _("y年M月d日"))
    return format_date(value, _("y年M月d日"))


def weekday(value: date) -> str:
    return format_date(value, "EEE")


def duration(value: timedelta) -> str:
    """Wall-clock time in its largest two units."""
    minutes = int(value.total_seconds()) // 60
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    if days and not hours:
        return _("%(days)s 天", days=days)
    if days:
        return _("%(days)s 天 %(hours)s 小时", days=days, hours=hours)
    if hours and not left:
        return _("%(hours)s 小时", hours=hours)
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分", hours=hours, minutes=left)
    return _("%(minutes)s 分钟", minutes=left)


def machine(value: datetime) -> str:
    """For the `datetime` attribute of a `time` element."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def workdays(count: int) -> str:
    """A number of working days in words; none is less than one of them."""
    if count == 0:
        return _("不足 1 个工作日")
    return _("1 个工作日") if count == 1 else _("%(n)s 个工作日", n=count)
