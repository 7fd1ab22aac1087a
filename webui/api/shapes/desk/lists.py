"""What the API takes and answers about the desk's other lists: copies, cases followed, kept filters."""

from marshmallow import Schema

from engine.runtime.desk.filters import NAME
from webui.api.shapes.answers import flag, known, listed, moment, nested, plain, texts, whole
from webui.api.shapes.answers import text as said
from webui.api.shapes.bodies import Narrowing, Page
from webui.api.shapes.fields import Body, boolean, choice, text

TABS = ("todo", "claimable", "done", "closed", "copied", "followed")


class Choice(Schema):
    value = said("值", "What to ask for.")
    label = said("名称", "What it is called.")


class TaskFacets(Schema):
    tab = said("页签", "The tab asked for.")
    process = listed(Choice, "流程", "Processes, by key.")
    step = listed(Choice, "环节", "Names of steps.")
    department = listed(Choice, "主办部门", "Departments in charge, by code.")
    status = listed(Choice, "状态", "Statuses of the cases.")


class KeptQuery(Page):
    process = text("流程标识", "Cases of this process only.", most=80, load_default="")
    department = text("主办部门", "Code of the department in charge.", most=40, load_default="")
    status = text("状态", "Cases of this status only.", most=40, load_default="")
    urgent = boolean("加急", "Urgent ones only.", load_default=False)
    text = text("查找", "Words, as GET /cases takes them.", most=120, load_default="")


class CopyQuery(KeptQuery):
    unread = boolean("只看未读", "Only those the caller has not read.", load_default=False)


class FollowedCase(Schema):
    case_id = said("办件", "Id of the case.")
    number = said("编号", "Its number.")
    title = said("标题", "What it is about.")
    enterprise_name = said("企业", "Name of the enterprise.")
    process = said("流程标识", "Key of the process.")
    department = said("部门编码", "The department in charge.")
    status = said("状态", "Its status in words.")
    state = said("状态类别", "open or ended.")
    urgent = flag("加急", "Whether it is urgent.")
    stopped = flag("暂停计时", "Whether its clocks stand still.")
    due_at = moment("最近时限", "The nearest deadline of its open tasks.")
    at = moment("时间", "When it was copied, or followed.")


class CopiedCase(FollowedCase):
    id = said("抄送", "Id of the copy.")
    sender = said("抄送人", "Who sent it.")
    note = known("附言", "What was said with it.")
    read_at = moment("已读", "When the caller read it; null while it is unread.")


class FollowedPage(Schema):
    total = whole("总数", "How many there are; 1000 means that many or more.")
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    items = listed(FollowedCase, "关注的办件", "The last one followed first.")


class CopiedPage(Schema):
    total = whole("总数", "How many there are; 1000 means that many or more.")
    unread = whole("未读数", "How many copies the caller has not read, whatever is asked for.")
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    items = listed(CopiedCase, "抄送", "The newest first.")


class CopyReadBody(Body):
    case = text("办件", "Id or number of the case; all copies if left out.", most=64, load_default="")


class CopiesUnread(Schema):
    unread = whole("未读数", "How many are unread now; 1000 means that many or more.")


class FilterBody(Narrowing):
    name = text("名称", "What it is called; unlike one's other filters.", most=NAME, required=True)
    shared_with = text(
        "共享给", "A group of the caller's, or `@` and the own department's code; nobody if left out.",
        most=80, load_default="",
    )  # fmt: skip
    tab = choice("页签", "The tab of the inbox that it narrows.", TABS, load_default="todo")
    unread = boolean("只看未读", "Of copies only those unread.", load_default=False)


class FilterQuery(Body):
    counts = boolean("带数量", "Whether to count what each filter finds.", load_default=False)


class Filter(Schema):
    id = said("筛选", "Id of the filter.")
    name = said("名称", "What it is called.")
    mine = flag("自己的", "Whether it is the caller's own, to change and delete.")
    owner = said("所有者", "Name of whoever keeps it.")
    shared_with = known("共享给", "The group it is shared with.")
    query = known("地址条件", "What it asks for as the query of the page /inbox.")
    asks = plain(
        "条件", "The same by name: tab, text, process, step, department, status, urgent, due, mark, …"
    )
    count = whole("数量", "How many rows it finds for the caller; null unless asked for.", allow_none=True)


class Filters(Schema):
    items = listed(
        Filter, "筛选", "One's own, the oldest first; then those shared with one's groups, by name."
    )
    groups = texts("可共享给", "The groups one may share a filter with.")


class Sheet(Schema):
    task_id = said("任务", "Id of the task.")
    values = plain("填写的值", "What was typed, by field key, unchecked.")
    saved_at = moment("保存时间", "When it was saved.")


class Present(Schema):
    id = said("账号", "Id of the account.")
    name = said("姓名", "Its name.")


class PresenceAnswer(Schema):
    others = listed(Present, "还有谁", "Who else has the task open: gave a sign within a minute.")
    version = whole("版本", "Its version now.")
    state = said("任务状态", "open, done or cancelled.")
    changed = known("变化", "Who did what to it since `version`, in words; null where nobody did anything.")


class Facet(Schema):
    value = said("值", "What to ask for.")
    label = said("名称", "What it is called.")
    count = whole("数量", "How many cases have it, among the first 1000.")
    chosen = flag("已选", "Whether it is asked for now.")


class Facets(Schema):
    status = listed(Facet, "状态", "Statuses.")
    department = listed(Facet, "承办部门", "Departments, by code.")
    type = listed(Facet, "类型", "Types.")
    due = listed(Facet, "期限", "late, today, soon, normal, stopped or none.")
    urgent = listed(Facet, "加急", "`urgent`: ask with urgent=true.")


class CaseFacets(Schema):
    total = whole("总数", "How many there are, counted up to 1000.")
    more = flag("还有更多", "Whether there are more than `total`.")
    facets = nested(Facets, "可按什么筛选", "What to narrow by, the most frequent first.")
    least = texts("至少", "The facets that were counted among the first 1000 of more: numbers are a least.")
