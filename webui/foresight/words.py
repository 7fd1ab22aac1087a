"""What stands on a day of a story, in a sentence of the reader's language."""

from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _

from engine.clock import local
from engine.outlook.story import Entry
from webui.foresight.months import Month
from webui.present.words import fault

ICONS = {
    "event": "check2",
    "timer": "alarm-fill",
    "reminder": "bell-fill",
    "fault": "exclamation-triangle-fill",
    "deadline": "flag-fill",
}


def said(entry: Entry) -> str:
    """The entry in words."""
    name, data = entry.name, entry.data
    sentences = {
        "case.started": lambda: _("提交"),
        "task.completed": lambda: _("办完：%(step)s", step=name),
        "message.received": lambda: _("收到：%(what)s", what=data.get("message", "")),
        "case.ended": lambda: _("结束：%(status)s", status=data.get("status", "")),
        "clock.stopped": lambda: _("暂停计时：%(kind)s", kind=data.get("kind", "")),
        "clock.resumed": lambda: _("恢复计时"),
        "timer.fired": lambda: _("到时：%(step)s", step=name),
        "reminder.sent": lambda: _("提醒：%(step)s", step=name),
        "assessment.recorded": lambda: _("记入考核：%(what)s", what=fault(data.get("kind", ""))),
        "incident.raised": lambda: _("系统异常"),
        "met": lambda: _("时限：%(step)s（按时）", step=name),
        "late": lambda: _("时限：%(step)s（超期）", step=name),
        "cancelled": lambda: _("时限：%(step)s（已取消）", step=name),
        "open": lambda: _("时限：%(step)s", step=name),
    }
    sentence = sentences.get(entry.kind)
    return sentence() if sentence else name


def tone(entry: Entry) -> str:
    """The class of the style sheet."""
    if entry.what == "deadline":
        return f"last {entry.kind}"
    return "done" if entry.kind == "case.ended" else entry.what


def icon_of(entry: Entry) -> str:
    return ICONS[entry.what]


def hour(moment: datetime) -> str:
    """The hour of a moment, in Asia/Shanghai."""
    return f"{local(moment):%H:%M}"


def month_name(month: Month) -> str:
    return format_date(month.first, _("y年M月"))


def weekdays() -> list[str]:
    return [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")]
