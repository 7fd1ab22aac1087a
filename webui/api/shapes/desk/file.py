"""What the API answers of a case's file."""

from marshmallow import Schema

from webui.api.shapes.answers import known, listed, moment, plain, text, whole
from webui.api.shapes.fields import Body


class Fact(Schema):
    label = text("名称", "What it is, in the process's words.")
    text = text("内容", "What is known of it.")


class CaseRound(Schema):
    number = whole("轮次", "1 for the first.")
    since = moment("开始", "When it began.")
    until = moment("结束", "When the next one began; null for the present one.")
    facts = listed(Fact, "事项", "What the process tells of each round.")


class Opinion(Schema):
    at = moment("时间", "When it was given.")
    who = text("谁", "Who gave it.")
    behalf = known("代谁", "For whom it was given, if for somebody else.")
    step = text("环节", "At which step.")
    outcome = known("结论", "What was decided or done, in the caller's language or the form's words.")
    text = text("意见", "What was said.")


class Paper(Schema):
    id = text("文件", "Id of the file.")
    name = text("名称", "Its name.")
    size = whole("大小", "In bytes.")
    who = text("谁", "Who added it; to an enterprise, which department.")
    at = moment("时间", "When it was uploaded.")
    step = known("环节", "The step in which it was first handed in.")


class Rounds(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    items = listed(CaseRound, "各轮", "Oldest first.")


class Opinions(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    items = listed(Opinion, "意见", "Oldest first.")


class Papers(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    items = listed(Paper, "附件", "Oldest first.")


class Values(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    values = plain("值", "By name of the variable.")


class AgainBody(Body):
    """Nothing is asked: an empty object, or no body."""


class SentAgain(Schema):
    id = text("消息", "Id of the message.")
    state = text("状态", "queued.")
