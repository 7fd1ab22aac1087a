"""Limits, reminders and office hours as people say them."""

from collections.abc import Mapping
from datetime import date, time

from flask import g
from flask_babel import format_date
from flask_babel import gettext as _

from engine import runtime
from engine.identity import ROLES, SYSTEM
from engine.worktime import DayChange, OfficeHours
from engine.worktime.rules import Limit, ReminderStep
from webui.edge.language import language
from webui.present.moments import workdays


def limit_names() -> dict[str, str]:
    """What a limit may be called in a diagram, and what people call it. Others stay as they are written."""
    return {
        "handling": _("办理"),
        "contact": _("联系企业"),
        "sign": _("签收"),
        "callback": _("回访"),
        "supervision": _("督办办理"),
        "extension": _("延期"),
    }


def limit_name(name: str) -> str:
    return limit_names().get(name, name)


def units() -> dict[str, str]:
    return {
        "workdays": _("个工作日"),
        "working hours": _("个工作小时"),
        "hours": _("小时（自然时间）"),
        "minutes": _("分钟（自然时间）"),
    }


def amount(limit: Limit) -> str:
    """The limit's length: 3 个工作日."""
    said = {
        "workdays": workdays(limit.count),
        "working hours": _("%(n)s 个工作小时", n=limit.count),
        "hours": _("%(n)s 小时", n=limit.count),
        "minutes": _("%(n)s 分钟", n=limit.count),
    }
    return said[limit.unit]


def conditions(limit: Limit) -> str:
    """For which cases the limit holds."""
    urgent = {True: _("加急"), False: _("不加急"), None: ""}[limit.urgent]
    parts = (process_name(limit.process), limit.type, limit.complexity, urgent)
    return _("、").join(part for part in parts if part) or _("其余全部")


def process_names() -> dict[str, str]:
    """Key -> name of every process there is."""
    if "process_names" not in g:
        g.process_names = {key: name for key, name, _id in runtime.startable(g.connection, SYSTEM)}
    found: dict[str, str] = g.process_names
    return found


def process_name(key: str) -> str:
    return process_names().get(key, key) if key else ""


def whens() -> dict[str, str]:
    return {
        "before": _("到期前几个工作日"),
        "day": _("到期当天"),
        "due": _("到期时刻"),
        "after": _("超期后第几个工作日"),
        "daily": _("超期后每个工作日"),
    }


def when(step: ReminderStep) -> str:
    """When a reminder is sent, in one sentence."""
    at = f"{step.at:%H:%M}"
    said = {
        "before": _("到期前 %(n)s 个工作日 %(at)s", n=step.days, at=at),
        "day": _("到期当天 %(at)s", at=at),
        "due": _("到期时刻"),
        "after": _("超期后第 %(n)s 个工作日 %(at)s", n=step.days, at=at),
        "daily": _("超期后每个工作日 %(at)s", at=at),
    }
    return said[step.when]


def recipients() -> dict[str, str]:
    """The recipient words of `worktime.rules`; a department's own administrator is not the platform's."""
    index = 1 if language() == "en" else 0
    names = {word: ROLES[word][index] for word in ("handler", "control-centre", "leader")}
    names |= {word: ROLES[word][index] for word in ("platform", "supervisor", "enterprise")}
    return {**names, "administrator": ROLES["admin"][index]}


def to(step: ReminderStep) -> str:
    return _("、").join(recipients().get(word, word) for word in step.to)


def templates() -> dict[str, str]:
    """The notices that are reminders, by what they say."""
    return {
        "soon": _("即将到期"),
        "today": _("今日到期"),
        "late": _("已经逾期"),
        "still-late": _("仍未办理"),
        "late-leader": _("严重逾期，请领导督促"),
        "triage-late": _("分派超时"),
        "sign-late": _("逾期未签收"),
        "contact-late": _("逾期未联系企业"),
        "joint-late": _("协办意见逾期"),
        "callback": _("待回访"),
        "callback-late": _("回访超期"),
        "supervision-late": _("督办件落实不及时"),
    }


def template(name: str) -> str:
    return templates().get(name, name)


def policy_name(name: str) -> str:
    """What the policies that come with the platform are called; others as they were named."""
    return {
        "standard": _("标准方案"),
        "none": _("不提醒"),
        "dispatch": _("派发"),
        "signing": _("签收"),
        "contact": _("联系企业"),
        "joint": _("协办"),
        "callback": _("回访"),
        "supervision": _("督办办理"),
    }.get(name, name)


def hours(hours: OfficeHours) -> str:
    """09:00–12:00、13:30–17:30."""
    return _("、").join(f"{_hour(start)}–{_hour(end)}" for start, end in hours.opening)


def month_name(number: int) -> str:
    return format_date(date(2000, number, 1), "LLL")


def weekdays() -> list[str]:
    """The days of a week in a calendar's head, Monday first."""
    return [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")]


def festival_name(name: str) -> str:
    """A festival in the reader's language; what somebody else wrote beside a day stays as it is."""
    names = {
        "元旦": _("元旦"),
        "春节": _("春节"),
        "清明": _("清明"),
        "清明节": _("清明"),
        "劳动节": _("劳动节"),
        "端午": _("端午"),
        "端午节": _("端午"),
        "中秋": _("中秋"),
        "中秋节": _("中秋"),
        "国庆节": _("国庆节"),
        "休": _("休"),
    }
    return names.get(name, name)


def edition_kind(kind: str) -> str:
    return {
        "seed": _("系统自带"),
        "import": _("公布一年"),
        "day": _("调整一天"),
        "hours": _("办公时间"),
    }.get(kind, kind)


def day_change(change: DayChange) -> str:
    """What became of one day: 2月14日 周六：休息改为上班（春节调休上班）."""
    words = {True: _("上班"), False: _("休息")}
    day = format_date(change.day, _("y年M月d日 EEE"))
    if change.before != change.after:
        said = _("%(day)s：%(was)s改为%(now)s", day=day, was=words[change.before], now=words[change.after])
    else:
        said = _("%(day)s：仍为%(now)s，说明有变", day=day, now=words[change.after])
    return _("%(said)s（%(note)s）", said=said, note=festival_name(change.note)) if change.note else said


def _hour(hour: time) -> str:
    return f"{hour:%H:%M}"


FILTERS: Mapping[str, object] = {
    "limit_name": limit_name,
    "limit_amount": amount,
    "limit_conditions": conditions,
    "process_name": process_name,
    "step_when": when,
    "step_to": to,
    "step_template": template,
    "policy_name": policy_name,
    "office_hours": hours,
    "calendar_month": month_name,
    "festival_name": festival_name,
    "edition_kind": edition_kind,
    "day_change": day_change,
}
