"""What the API takes and answers about absences and handing over."""

from marshmallow import Schema

from engine.identity.absence import HOW
from webui.api.shapes.answers import flag, known, listed, moment, whole
from webui.api.shapes.answers import text as said
from webui.api.shapes.fields import Body, boolean, choice, many, text

MOST = 200  # tasks of one request


class AbsenceQuery(Body):
    account = text("账号", "Whose absences; the caller's own if left out.", most=32, load_default="")
    department = text(
        "部门编码", "Those of a department's people, or `-` of who belongs to none.", most=40, load_default=""
    )
    deputising = boolean("我代理的", "Those in which the caller deputises instead.", load_default=False)


class AbsenceBody(Body):
    account = text("不在岗者账号", "Who is away; the caller if left out.", most=32, load_default="")
    deputy = text("代理人账号", "Who deputises; the stand-in (B 岗) if left out.", most=32, load_default="")
    since = text(
        "开始", "A day such as `2026-03-12`, or a minute such as `2026-03-12 09:30` (Asia/Shanghai).",
        most=32, required=True,
    )  # fmt: skip
    until = text("结束", "Likewise; of a day all of it is meant.", most=32, required=True)
    how = choice("方式", "`move` what arrives, or `share` it.", HOW, load_default="move")
    process = text("流程", "Key of the one process it holds for; all if left out.", most=80, load_default="")
    reason = text("事由", "Why; the department's administrator reads it.", most=200, load_default="")


class EndBody(Body):
    """Nothing is asked: an empty object, or no body."""


class AbsenceItem(Schema):
    id = said("代理安排", "Id of the absence.")
    account = said("不在岗者账号", "Who is away.")
    account_name = said("不在岗者", "Their name.")
    deputy = said("代理人账号", "Who deputises.")
    deputy_name = said("代理人", "Their name.")
    how = said("方式", "`move` or `share`.")
    process = known("流程", "Key of the process it holds for; null for all.")
    since_at = moment("开始", "From when it holds.")
    until_at = moment("结束", "Before when it holds.")
    reason = known("事由", "Why.")
    made_at = moment("设定时间", "When it was made.")
    ended_at = moment("提前结束", "When it was ended before its time.")


class AbsenceList(Schema):
    items = listed(AbsenceItem, "代理安排", "Those that hold now or later, by their beginning.")


class HangingItem(Schema):
    id = said("任务", "Id of the task.")
    case_id = said("办件", "Id of its case.")
    number = said("编号", "Number of its case.")
    process = said("流程", "Key of its process.")
    name = said("环节", "Name of the step.")
    due_at = moment("期限", "When it is due.")
    acting_for = known("代谁", "Account for whom the holder has it.")


class ReceiverItem(Schema):
    id = said("账号", "Id of the account.")
    name = said("姓名", "Their name.")


class Hanging(Schema):
    items = listed(HangingItem, "待办", "The open tasks, by deadline.")
    receivers = listed(ReceiverItem, "可接手的人", "Who may get them.")


class HandOverBody(Body):
    tasks = many("任务", "Ids of the tasks to hand over.", most=MOST, required=True)
    to = many(
        "接手人", "Accounts among whom they are dealt out; `-` is the groups that a task waits for.",
        most=50, required=True,
    )  # fmt: skip
    reason = text("原因", "Why; it stands in each case's history.", most=500, load_default="")


class HandedItem(Schema):
    task_id = said("任务", "Id of the task.")
    number = said("编号", "Number of its case.")
    done = flag("已移交", "Whether it changed hands.")
    to = known("现由", "Account that has it now; null where it waits for its groups.")
    why = known("未移交原因", "Why it stayed, in the caller's language.")


class HandedList(Schema):
    done = whole("已移交", "How many changed hands.")
    failed = whole("未移交", "How many stayed.")
    items = listed(HandedItem, "结果", "A result for each task that was still the person's.")
