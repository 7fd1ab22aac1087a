"""What the API answers about cases and tasks."""

from marshmallow import Schema

from webui.api.shapes.answers import Form, flag, known, listed, moment, nested, plain, text, texts, whole


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
    claimed_at = moment(
        "签收", "When whoever has it got it; null while it is unclaimed, and to an enterprise."
    )
    acting_for = known(
        "代谁办理账号", "Account for whom a deputy has it; this and what follows to officers only."
    )
    acting_for_name = known("代谁办理", "Their name.")
    delegated_by = known("委派人账号", "Account that delegated it and gets it back.")
    delegated_by_name = known("委派人", "Their name.")
    held = known("等待加签", "before or after, while it waits for added signers.")
    urged = whole("催办次数", "How often it was asked for.")
    returned = flag("退回来的", "Whether it was sent back, rejected or taken back to here; in lists only.")
    stopped = flag(
        "已暂停计时", "Whether its clock stands still: the case was stopped after the task had opened."
    )
    draft_at = moment("草稿保存时间", "When the caller's own draft of it was saved.")
    closed_at = moment("结束", "When it was finished or cancelled.")
    closed_by = known("办结人账号", "Account that closed it.")
    closed_by_name = known("办结人", "To an enterprise: the department.")


class TaskPage(Schema):
    tab = text("页签", "The tab asked for.")
    total = whole("总数", "How many there are; 1000 means that many or more.")
    limit = whole("条数", "As asked.")
    offset = whole("跳过", "As asked.")
    items = listed(Task, "任务", "Open ones by urgency, then deadline; finished ones newest first.")


class Candidate(Schema):
    id = text("候选", "A group, such as `handler@market`, or an account's id.")
    name = text("名称", "What it is called in the caller's language.")
    kind = text("类别", "group or account.")


class TaskDetail(Task):
    candidates = listed(Candidate, "候选", "Whose it is to claim while it is open; none to an enterprise.")
    owner = known("原办理人账号", "Account that had it first.")
    owner_name = known("原办理人", "Their name.")
    delegation = known("委派状态", "`pending` while a delegate has it and has not answered; else null.")
    parent = known("上级任务", "Of an added signer's task: the task that it serves.")
    urged_at = moment("最近催办", "When it was last asked for.")
    may_claim = flag("可签收", "Whether the caller may claim it.")
    may_release = flag("可放回", "Whether the caller may give it back to its candidates.")
    may_complete = flag("可办理", "Whether the caller may complete it now.")
    may_answer = flag("可交回", "Whether the caller may answer it now as a delegate.")
    why_not = text(
        "为何不能", "Why it takes no answer now though it is the caller's: its clock stands still."
    )
    form = nested(Form, "表单", "Its form, for whoever may fill it in, also while its clock stands still.")


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
    stop = nested(Standstill, "暂停计时", "The stop that lasts, or null. Earlier tasks have `stopped`.")
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
