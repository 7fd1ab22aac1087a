"""The bodies and queries that the API takes."""

from engine.runtime.queries.inbox import DUE, MARKS, SORTS
from webui.api.shapes.fields import Body, boolean, choice, number, several, text, values


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
    values = values(
        "携带的变量",
        "The values of its form; without a form, the variables the diagram lists.",
        load_default=dict,
    )


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
    opinion = text(
        "意见",
        "What the performer says; mandatory where asked for.",
        least=0,
        most=2000,
        load_default="",
    )


class Page(Body):
    limit = number("条数", "How many at most.", least=1, most=200, load_default=50)
    offset = number("跳过", "How many to skip.", least=0, most=1_000_000, load_default=0)


TAB = (
    "页签",
    "todo: yours; claimable: your groups'; done: finished by you; closed: done, and the case has ended.",
    ("todo", "claimable", "done", "closed"),
)


class TabQuery(Body):
    tab = choice(*TAB, load_default="todo")


class Narrowing(Body):
    """What a list of the inbox is narrowed by, and its order."""

    process = text("流程标识", "Tasks of this process only.", most=80, load_default="")
    step = text("环节", "Tasks of this name only.", most=200, load_default="")
    department = text("主办部门", "Code of the department in charge.", most=40, load_default="")
    status = text("状态", "Tasks of cases of this status only.", most=40, load_default="")
    urgent = boolean("加急", "Urgent ones only.", load_default=False)
    due = choice(
        "期限", "late, today, soon (by the next working day), normal, or none.", DUE, load_default=""
    )
    mark = several(
        "标记",
        "held: waits for added signers; returned: sent back; urged; draft: with one of yours; stopped: its "
        "clock stands still; deputy: done for somebody else. Given several times, all must hold.",
        MARKS,
        load_default=list,
    )
    sort = choice(
        "排序",
        "The order, with - backwards; else open ones by urgency and deadline, finished ones newest first.",
        (*SORTS, *(f"-{name}" for name in SORTS)),
        load_default="",
    )
    text = text("查找", "Words, as GET /cases takes them.", most=120, load_default="")


class TaskQuery(Page, Narrowing):
    tab = choice(*TAB, load_default="todo")


class FacetQuery(Body):
    state = choice("状态类别", "Open or ended cases only.", ("open", "ended"), load_default=None)
    status = text("状态", "Cases of this status only, for example 待回访.", most=40, load_default=None)
    department = text("承办部门", "Code of the department that has the case.", most=40, load_default=None)
    type = text("类型", "Cases of this type only, for example 税费.", most=80, load_default=None)
    due = choice(
        "期限",
        "Open cases whose nearest deadline is past (late), ends today, by the end of the next working day "
        "(soon) or later (normal), stands still (stopped), or is missing (none).",
        ("late", "today", "soon", "normal", "stopped", "none"),
        load_default=None,
    )
    urgent = boolean("加急", "Urgent cases only.", load_default=False)
    sort = choice(
        "排序",
        "new: newest first; due: by deadline, only open cases that have one.",
        ("new", "due"),
        load_default="new",
    )
    text = text(
        "查找",
        "Words: part of a number, an enterprise's name or whole credit code, words of the title and of what "
        "was submitted. Parts between spaces must all be found, each as it stands.",
        most=120,
        load_default=None,
    )


class CaseQuery(Page, FacetQuery):
    """What is asked for, and the page of it."""


class VersionQuery(Body):
    version = number("版本", "A version of the process; the newest if left out.", least=1, load_default=None)
