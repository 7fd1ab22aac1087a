"""What the API answers: the schemas that write rows of the engine as JSON and describe them in OpenAPI.

Moments are ISO 8601 in UTC. An absent value is null.
"""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, fields


class Moment(fields.Field[Any]):
    """A moment as ISO 8601 in UTC, to the second."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **_: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(chinese: str, english: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"title": chinese, "description": english}, **options}


def text(chinese: str, english: str, **options: Any) -> fields.String:
    return fields.String(**_told(chinese, english, options))


def whole(chinese: str, english: str, **options: Any) -> fields.Integer:
    return fields.Integer(**_told(chinese, english, options))


def flag(chinese: str, english: str, **options: Any) -> fields.Boolean:
    return fields.Boolean(**_told(chinese, english, options))


def moment(chinese: str, english: str, **options: Any) -> Moment:
    return Moment(**_told(chinese, english, {"allow_none": True, **options}))


def plain(chinese: str, english: str, **options: Any) -> fields.Dict:
    return fields.Dict(**_told(chinese, english, options))


class Known(fields.String):
    """A text; empty is null."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return super()._serialize(value, attr, obj, **more) if value else None


def known(chinese: str, english: str) -> Known:
    return Known(**_told(chinese, english, {"allow_none": True}))


def texts(chinese: str, english: str, **options: Any) -> fields.List[Any]:
    return fields.List(fields.String(), **_told(chinese, english, options))


def listed(schema: type[Schema], chinese: str, english: str) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), **_told(chinese, english, {}))


def nested(schema: type[Schema], chinese: str, english: str) -> fields.Nested:
    return fields.Nested(schema, **_told(chinese, english, {"allow_none": True}))


class ProblemItem(Schema):
    where = text("位置", "A field's path, or an element's id.")
    code = text("代码", "A stable code, for example `forms.required`.")
    detail = text("说明", "What is wrong and what to do, in the caller's language.")
    name = text("元素名称", "Name of the diagram's element, where there is one.")
    line = whole("行号", "Line in the file, where known.")


class ProblemDocument(Schema):
    type = text("类型", "`urn:zhiban:` and the code.")
    code = text("代码", "A stable code, for example `runtime.task_closed`.")
    title = text("标题", "The kind of error in the caller's language.")
    status = whole("HTTP 状态", "The HTTP status.")
    detail = text("说明", "What happened and what to do next.")
    instance = text("请求编号", "Id of the request, for the administrator.")
    problems = listed(ProblemItem, "逐条问题", "Each thing to mend.")
    facts = plain("事实", "Facts of the error; for conflicts who, did, when (Asia/Shanghai) and task.")


class Token(Schema):
    token = text("令牌", "The secret, shown only now: send it as `Authorization: Bearer …`.")
    expires_at = moment("失效时间", "When it expires.")


class Place(Schema):
    code = text("编码", "A department's code or an enterprise's credit code.")
    name = text("名称", "Its name.")


class Me(Schema):
    id = text("账号", "Id of the account.")
    name = text("姓名", "Its name.")
    kind = text("类别", "person or enterprise.")
    roles = texts("角色", "Roles held.")
    groups = texts("组", "Groups whose tasks it may claim.")
    department = nested(Place, "部门", "Department of an officer.")
    enterprise = nested(Place, "企业", "Enterprise of an enterprise's account.")
    counts = plain("任务数", "How many tasks each tab of GET /tasks holds, up to 1000.")


class DefinitionItem(Schema):
    key = text("流程标识", "Key of the process.")
    name = text("名称", "Its name.")
    version = whole("版本", "The newest version.")
    startable = flag("可发起", "Whether the caller may start a case of it.")


class Definitions(Schema):
    items = listed(DefinitionItem, "流程", "The newest version of each process, by name.")


class Form(Schema):
    key = text("表单", "Key of the form.")
    title = text("标题", "Its title.")
    schema = plain(
        "字段", "The fields as JSON Schema, as they stand for the values shown; hidden ones are marked."
    )
    values = plain("预填的值", "What the form shows at first, by field key.")


class Definition(DefinitionItem):
    form = nested(Form, "开始表单", "The start form; null where it has none.")


class Deployed(Schema):
    id = text("定义", "Id of the definition.")
    key = text("流程标识", "Key of the process.")
    version = whole("版本", "Its version now.")
    unchanged = flag("未变", "Whether this content was the latest version already.")
    warnings = listed(ProblemItem, "提醒", "What could not be proven.")


class Task(Schema):
    id = text("任务", "Id of the task; null where it is not the caller's to open.", allow_none=True)
    case_id = text("办件", "Id of its case.")
    number = text("编号", "The case's number.")
    title = text("标题", "The case's title.")
    enterprise = text("企业代码", "Credit code of the enterprise.")
    enterprise_name = text("企业", "Its name.")
    process = text("流程标识", "Key of the process.")
    element = text("节点", "Id of the node in the diagram.")
    name = text("名称", "Name of the node.")
    status = text("状态", "The case's status.")
    state = text("任务状态", "open, done or cancelled.")
    version = whole("版本", "Send it back when you claim, release or complete.")
    waits_for = texts("等待谁", "For whom it waits, in words.")
    assignee = known("办理人账号", "Account that has claimed it.")
    assignee_name = known("办理人", "To an enterprise: the department.")
    opened_at = moment("到达", "When it opened.")
    due_at = moment("时限", "When it is due.")
    provisional = flag(
        "暂定", "Whether the year's calendar is not published yet, so that the deadline may move."
    )
    urgent = flag("加急", "Whether the case is urgent.")
    priority = whole("优先级", "Higher comes first.")
    stopped = flag(
        "已停表", "Whether its clock stands still: the case was stopped after the task had opened."
    )
    closed_at = moment("结束", "When it was finished or cancelled.")
    closed_by = known("办结人账号", "Account that closed it.")
    closed_by_name = known("办结人", "To an enterprise: the department.")


class TaskPage(Schema):
    tab = text("页签", "The tab asked for.")
    total = whole("总数", "How many there are; 1000 means that many or more.")
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    items = listed(Task, "任务", "Open ones by urgency, then deadline; finished ones newest first.")


class TaskDetail(Task):
    may_claim = flag("可签收", "Whether the caller may claim it.")
    may_complete = flag("可办理", "Whether the caller may complete it now.")
    why_not = text(
        "为何不能", "Why it takes no answer now though it is the caller's: its clock stands still."
    )
    form = nested(Form, "表单", "Its form, for whoever it waits for, also while its clock stands still.")


class Held(Schema):
    id = text("任务", "Id of the task.")
    version = whole("版本", "Its version now.")


class Started(Schema):
    id = text("办件", "Id of the case.")
    number = text("编号", "The number people quote.")


class Done(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    status = text("状态", "Its status now.")
    state = text("状态类别", "open or ended.")
    opened = listed(Task, "新的任务", "The tasks that opened, as far as the caller may see them.")


class Case(Schema):
    id = text("办件", "Id of the case.")
    number = text("编号", "The number people quote.")
    title = text("标题", "What it is about.")
    process = text("流程标识", "Key of the process.")
    process_name = text("流程", "Its name.")
    definition_version = whole("版本", "The version this case runs on.")
    enterprise = text("企业代码", "Credit code of the enterprise.")
    enterprise_name = text("企业", "Its name.")
    type = text("类型", "Kind of the matter.")
    department = text("部门编码", "The department in charge.")
    urgent = flag("加急", "Whether it is urgent.")
    confidential = flag("保密", "Whether the enterprise asked for confidentiality.")
    status = text("状态", "Its status in words.")
    state = text("状态类别", "open or ended.")
    started_at = moment("提交", "When it was started.")
    started_by = known("提交账号", "Account that started it.")
    ended_at = moment("办结", "When it ended.")
    due_at = moment("最近时限", "The nearest deadline of its open tasks.")


class CasePage(Schema):
    total = whole("总数", "How many there are, counted up to 1000.")
    more = flag("还有更多", "Whether there are more than `total`.")
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    items = listed(Case, "办件", "In the order asked for.")


class Round(Schema):
    round = whole("轮次", "The first time, the second …")
    tasks = listed(Task, "任务", "The tasks of this round, oldest first.")


class Standstill(Schema):
    kind = text("类别", "补正, 特别程序 or 其他.")
    since = moment("开始", "Since when.")
    needs = text("要补充的", "What the enterprise is to supply, as an officer wrote it.")


class CaseDetail(Case):
    stop = nested(Standstill, "停表", "The stop that lasts, or null. Tasks from before it have `stopped`.")
    tasks = listed(Task, "待办任务", "Its open tasks.")
    rounds = listed(Round, "各轮", "All tasks, by how often their node had been reached.")
    messages = texts("可发消息", "Messages the caller may send now by POST /cases/{case}/messages.")


class Message(Schema):
    message = text("消息", "Its name, to be given as `name` when it is sent.")
    label = text("按钮", "What the diagram calls sending it.")
    allowed = flag("可发送", "Whether it can be sent now.")
    why_not = text("原因", "Why it can't be sent now; empty where it can.")
    form = nested(Form, "表单", "Its form; null where it is sent without one.")


class Messages(Schema):
    case_id = text("办件", "Id of the case.")
    items = listed(Message, "消息", "In the order in which the case began to wait for them.")


class Event(Schema):
    seq = whole("序号", "Place in the chain; to an enterprise, in what it sees.")
    at = moment("时间", "When it happened.")
    actor = known("账号", "Account that acted.")
    actor_name = text("谁", "To an enterprise: the department.")
    kind = text("事件", "What happened, for example task.completed.")
    element = text("节点", "Id of the diagram's node, where there is one.")
    element_name = text("节点名称", "Its name.")
    data = plain("内容", "What belongs to it.")
    hash = text("哈希", "Hash of the event and of all before it; for auditors.")


class History(Schema):
    case_id = text("办件", "Id of the case.")
    number = text("编号", "Its number.")
    items = listed(Event, "经过", "In order.")


class Course(Schema):
    process = text("流程标识", "Key of the process.")
    version = whole("版本", "Version whose diagram this is about: GET /definitions/{key}/diagram?version=…")
    passed = texts("已经过", "Ids of the nodes passed.")
    flows = texts("已走的连线", "Ids of the flows passed.")
    present = texts("当前", "Ids of the nodes where it waits.")
    late = texts("已超期", "Those of the present ones that are overdue.")


class File(Schema):
    id = text("文件", "Id to use as a value of a file field.")
    name = text("名称", "Its clean name.")
    content_type = text("类型", "Found out from the content.")
    size = whole("大小", "In bytes.")
    sha256 = text("SHA-256", "Of the content.")
