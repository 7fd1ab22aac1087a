"""The bodies and queries that the API takes."""

from webui.api.shapes.fields import Body, choice, number, text, values


class TokenBody(Body):
    username = text("用户名", "The account's user name.", most=64, required=True)
    password = text("密码", "Its password.", most=500, required=True, load_only=True)
    label = text("用途", "What the token is for; shown to its owner.", most=100, load_default="API")
    days = number("有效天数", "Calendar days until it expires.", least=1, most=366, load_default=30)


class StartBody(Body):
    process = text("流程标识", "Key of the process, for example `appeal`.", most=80, required=True)
    values = values(
        "开始表单的值",
        "Values of the start form by field key; files by the ids of POST /files.",
        required=True,
    )


class MessageBody(Body):
    name = text("消息名称", "Name of the message, as the diagram writes it.", most=120, required=True)
    values = values("携带的变量", "What it brings: only the variables the diagram lists.", load_default=dict)


class HandBody(Body):
    version = number("任务版本", "The version you saw; a task changed since then is refused.", least=1)


class CompleteBody(Body):
    version = number(
        "任务版本",
        "The version you saw; a task changed since then is refused with 409.",
        least=1,
        required=True,
    )
    values = values("表单的值", "Values of the task's form by field key.", load_default=dict)


class Page(Body):
    limit = number("条数", "How many at most.", least=1, most=200, load_default=50)
    offset = number("跳过", "How many to skip.", least=0, most=1_000_000, load_default=0)


class TaskQuery(Page):
    tab = choice(
        "页签",
        "todo: yours; claimable: your groups'; done: finished by you; closed: done, and the case has ended.",
        ("todo", "claimable", "done", "closed"),
        load_default="todo",
    )


class CaseQuery(Page):
    state = choice("状态类别", "Open or ended cases only.", ("open", "ended"), load_default=None)
    status = text("状态", "Cases of this status only, for example 待回访.", most=40, load_default=None)
    text = text("查找", "Part of a number, a title or an enterprise's name.", most=120, load_default="")


class VersionQuery(Body):
    version = number("版本", "A version of the process; the newest if left out.", least=1, load_default=None)
