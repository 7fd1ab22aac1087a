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
    counts = plain(
        "任务数",
        "How many rows each tab of the inbox holds, up to 1000: those of GET /tasks; for officers also "
        "`copied` (unread ones) and `followed`.",
    )


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


class File(Schema):
    id = text("文件", "Id to use as a value of a file field.")
    name = text("名称", "Its clean name.")
    content_type = text("类型", "Found out from the content.")
    size = whole("大小", "In bytes.")
    sha256 = text("SHA-256", "Of the content.")
