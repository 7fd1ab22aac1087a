"""What the API takes and answers about working time, and about timers and clocks that failed."""

from marshmallow import Schema, fields

from webui.api.shapes.answers import flag, known, listed, moment, nested, plain, text, whole
from webui.api.shapes.fields import Body, choice, number
from webui.api.shapes.fields import text as given


def rows(chinese: str, english: str) -> fields.List[fields.Dict]:
    return fields.List(fields.Dict(), metadata={"title": chinese, "description": english})


class YearQuery(Body):
    year = number("年份", "The year; this one if left out.", least=2000, most=2100, load_default=None)


class ArrangedDay(Schema):
    date = text("日期", "The day, as YYYY-MM-DD.")
    worked = flag("上班", "Whether it is worked; days that are not listed follow their weekday.")
    note = text("说明", "What stands beside it, for example the festival.")


class Hours(Schema):
    department = text("部门编码", "Code of the department; empty for the house.")
    opening = text("办公时段", "Opening periods, for example `09:00-12:00 13:30-17:30`.")
    closing = text("截止", "The hour at which the last day of a limit ends.")


class YearAnswer(Schema):
    year = whole("年份", "The year.")
    revision = whole("版次", "Revision of the calendar in force.")
    published = flag("已公布", "Whether its arrangement is published; else deadlines in it are provisional.")
    source = text("依据", "What it was published after; empty where it is not.")
    workdays = whole("工作日", "How many working days it has.")
    days = listed(ArrangedDay, "安排", "The arranged days, in order.")
    hours = listed(Hours, "办公时间", "The house's hours, then those of departments that keep their own.")


class RulesItem(Schema):
    revision = whole("版次", "0 for the rules built in.")
    effective_from = moment("生效", "From when they hold; null for those built in.")
    note = text("原因", "Why they were made.")
    limits = rows("时限", "The rows of limits in their order: the first that fits counts.")
    reminders = plain("提醒", "The steps of each reminder policy.")


class RulesAnswer(Schema):
    in_force = nested(RulesItem, "现在执行", "The rules that hold now.")
    planned = listed(RulesItem, "将要执行", "Those published for later, the next first.")


class DeadlineItem(Schema):
    name = text("环节", "Name of the step or phase.")
    element = text("节点", "Id of the node.")
    kind = text("类别", "task or phase.")
    state = text("状态", "running, stopped, met, late or cancelled.")
    since_at = moment("起算", "From when it counts.")
    due_at = moment("期限", "When it is due.")
    first_due_at = moment("原期限", "When it was due before anything moved it.")
    provisional = flag("暂定", "Whether it rests on a year that is not published.")
    unit = text("单位", "workdays, working hours, hours, minutes; empty where the diagram gives a date.")
    closed_at = moment("结束", "When it ended.")
    words = text("说法", "How it stands, in the caller's language; empty once it has ended.")


class DeadlineList(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    items = listed(DeadlineItem, "期限", "In the order in which they began; for an enterprise the open ones.")


class StopBody(Body):
    kind = choice("种类", "Why the clocks stand still.", ("补正", "特别程序", "其他"), required=True)
    reason = given("原因", "The reason in words; officers read it.", most=500, required=True)
    needs = given(
        "要补充的",
        "With 补正: what the enterprise is to supply. It is told the enterprise as it is written.",
        most=2000,
        load_default="",
    )


class ResumeBody(Body):
    """Nothing is asked: an empty object, or no body."""


class ClockAnswer(Schema):
    stopped = flag("已暂停计时", "Whether the case's clocks stand still.")


class IncidentItem(Schema):
    id = text("异常", "Id of the incident.")
    kind = text(
        "类别",
        "timer (it failed several times), calendar (dates not counted anew), reminder, or task (for nobody).",
    )
    case_id = known("办件", "Id of the case; null where the caller may not read it.")
    number = text("编号", "Number of the case.")
    title = known("标题", "The case's title; null where the caller may not read the case.")
    step = text("环节", "Name of the node it happened at; empty where it concerns the whole case.")
    what = text("发生了什么", "In words of the caller's language.")
    todo = text("怎么办", "What to do, in words.")
    due_at = moment("原定", "When the timer was due; null for anything else.")
    detail = text("技术原因", "The error as the program says it.")
    raised_at = moment("开始", "Since when it waits.")


class Incidents(Schema):
    items = listed(IncidentItem, "异常", "The open ones, oldest first; 200 at most.")


class RetryBody(Body):
    """Nothing is asked: an empty object, or no body."""


class Retried(Schema):
    retried = flag("已重试", "What it holds tries again within seconds; if it fails, a new incident says so.")
