"""What the API answers about what is ahead of a case."""

from marshmallow import Schema, fields, validate

from webui.api.shapes.answers import flag, known, listed, moment, text, texts, whole


class AheadStep(Schema):
    element = text("节点", "Id of the node in the diagram.")
    name = text("名称", "Name of the node.")
    who = texts("由谁办理", "For whom it will wait, in words.")
    people = whole(
        "可办的人数", "How many people may do it; 0 for one person, for nobody and for enterprises."
    )
    due = moment("时限", "Its last moment; null where it has no deadline.")
    at = moment(
        "推算的完成时间", "When it is taken to be done: at its last moment, never before the step before."
    )
    provisional = flag("暂定", "Whether the year's calendar is not published yet.")
    missed = flag("预计超期", "Whether the deadline is over when the steps before it take all their time.")
    timer = flag("到时自动结束", "Whether nobody does it and a timer ends it.")
    assumed = texts("假定的选择", "What is taken to be chosen, in words.")
    task_id = text("任务", "Id of the task, where it is open already.", allow_none=True)


class OutlookAnswer(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    steps = listed(AheadStep, "以后各步", "The steps still to come, in order, each done at its last moment.")
    stopped = flag("已暂停计时", "Whether its clock stands still: the dates are as if it ran again now.")
    ends = moment("推算的办结时间", "When the case would end; null where that is not foreseen.")
    status = known("推算的结果", "The status it would end with.")
    why = known(
        "为何没有推算到底", "steps (too many), waits (for a message only), stopped (no usual value), or null."
    )


class LimitQuery(Schema):
    row = fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=1000),
        metadata={"title": "第几条", "description": "Which limit of the rules in force, from 0."},
    )
    count = fields.Integer(
        required=True,
        validate=validate.Range(min=0, max=10_000),
        metadata={"title": "改为", "description": "The count it would have, in the limit's own unit."},
    )
    month = fields.String(
        required=True,
        validate=validate.Length(max=7),
        metadata={"title": "月份", "description": "The month in which the clocks began, such as 2026-03."},
    )


class LimitShare(Schema):
    department = known("部门", "Code of the department; null is the platform.")
    type = known("类型", "Type of the cases.")
    total = whole("合计", "How many clocks.")
    late = whole("实际超期", "How many were late.")
    would_be_late = whole("改后超期", "How many would have been late.")


class LimitVerdict(Schema):
    number = known("编号", "The case's number; null for who may not see cases.")
    name = text("步骤", "The task or phase.")
    department = known("部门", "Code of the department; null is the platform.")
    type = known("类型", "Type of the case.")
    since = moment("开始", "When the clock began.")
    due = moment("实际时限", "When it was due.")
    would_be = moment("改后时限", "When it would have been due.")
    done = moment("办完", "When it was done; null while it is open.")
    was_late = flag("实际超期", "Whether it was late.")
    would_be_late = flag("改后超期", "Whether it would have been.")


class LimitEffect(Schema):
    name = text("时限", "The limit's name.")
    count = whole("改为", "The count that was tried.")
    unit = text("单位", "workdays, working hours, hours or minutes.")
    total = whole("合计", "Clocks of the month that this limit decided.")
    late = whole("实际超期", "Late as it was; what is open counts at this moment.")
    would_be_late = whole("改后超期", "Late as it would have been.")
    kept = whole("另有改动", "Deadlines that had been moved otherwise and stay.")
    stopped = whole(
        "正在暂停计时", "Clocks that stand still: judged as they stood, they move on when they run again."
    )
    cut = flag("未算完", "Whether there were more than could be counted.")
    shares = listed(LimitShare, "按部门和类型", "Those first for which most changes.")
    changed = listed(LimitVerdict, "结论有变的", "The clocks whose verdict changes.")
