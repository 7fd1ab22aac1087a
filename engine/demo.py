"""A dozen demonstration cases in different states, made by the real engine on a clock of the past.

Every person, enterprise and phone number is fictional. Loading twice adds nothing: the cases are
made only on a platform that has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import identity, runtime, worktime
from engine.clock import SHANGHAI, ControlledClock, as_utc, local
from engine.identity.tables import accounts
from engine.runtime.tables import cases, timers

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """Somebody completes the open task at `element`, `back` working days before today, at `at`.

    A `back` below zero counts minutes before now, on any day. Without values the task is only claimed.
    """

    back: int
    at: str
    who: str
    element: str
    values: Values | None = None


@dataclass(frozen=True)
class Story:
    """An appeal: who filed it, when, what about, and what was done with it since."""

    who: str
    back: int
    at: str
    type: str
    title: str
    content: str
    acts: tuple[Act, ...] = ()
    more: Values = field(default_factory=dict)


_CALLED = {"contact_method": "电话", "contact_finding": "已核实，情况属实。"}


def _dispatch(back: int, at: str, department: str, type_: str, **more: Any) -> Act:
    values = {"outcome": "派发", "type": type_, "complexity": "一般", "department": department, **more}
    return Act(back, at, "platform", "triage", values)


def _round(back: int, department: str, answer: str, *, days: int = 1) -> tuple[Act, ...]:
    """Sign and contact on one day, answer `days` later."""
    return (
        Act(back, "09:20", f"{department}-admin", "sign", {"sign": "签收"}),
        Act(back, "10:05", f"{department}-1", "contact", _CALLED),
        Act(back - days, "15:40", f"{department}-1", "handle", {"result": "已解决", "answer": answer}),
    )


def _call(back: int, satisfaction: str, *, element: str = "callback", at: str = "10:30") -> Act:
    content = satisfaction in ("非常满意", "满意", "基本满意")
    values = {
        "reached": "接通",
        "contacted_by_department": "是",
        "solved": "已解决" if content else "未解决",
        "satisfaction": satisfaction,
    }
    return Act(
        back, at, "platform", element, values if content else {**values, "dissatisfaction_reasons": ["结果"]}
    )


def _again(back: int, department: str) -> Act:
    values = {"department": department, "redispatch_requirement": "请再次核实，并给出可行的办法。"}
    return Act(back, "11:30", "platform", "redispatch", values)


_MISSED = {"reached": "未接通", "callback_note": "无人接听"}
STORIES: tuple[Story, ...] = (
    Story("jingmi", -40, "", "用工社保", "外地员工社保转移接续", "新招的 12 名外地员工，社保转移材料被退回两次。"),
    Story("yunqi", -25, "", "税费", "研发费用加计扣除备查资料", "想确认今年的备查资料清单。", (
        Act(-10, "", "platform", "triage"),), more={"urgent": True, "urgent_reason": "申报期只剩三天"}),
    Story("boda", 1, "09:00", "环保", "危废转移联单补录", "系统升级期间的两份联单需要补录。", (
        _dispatch(1, "09:30", "ecology", "环保"),
        Act(1, "10:00", "ecology-admin", "sign", {"sign": "签收"}),
        Act(1, "11:00", "ecology-1", "contact", _CALLED), Act(0, "09:00", "ecology-1", "handle"),)),
    Story("lvneng", 1, "17:10", "环保", "新增生产线环评类别", "新增一条生产线，属于报告表还是登记表？", (
        _dispatch(0, "09:05", "ecology", "环保"),)),
    Story("haifeng", 1, "14:20", "市场监管", "冷链食品标签整改", "抽检后要求整改标签，希望明确具体条款。", (
        _dispatch(1, "15:00", "market", "市场监管"),
        Act(0, "09:00", "market-admin", "sign", {"sign": "签收"}),)),
    Story("boda", 3, "09:30", "工程建设", "厂房消防验收预约", "验收预约排到了下个月，影响投产。", (
        _dispatch(3, "10:00", "housing", "工程建设"),
        *_round(2, "housing", "已协调提前验收。")[:2], Act(2, "14:00", "housing-1", "handle"),)),
    Story("yuanhang", 6, "15:10", "融资", "应急转贷资金申请", "银行贷款本月到期，申请使用应急转贷资金。", (
        _dispatch(6, "16:00", "industry", "融资"),
        *_round(5, "industry", "已转交转贷中心。")[:2], Act(4, "09:00", "industry-1", "handle"),), more={"urgent": True, "urgent_reason": "贷款月底到期"}),
    Story("jingmi", 5, "09:05", "市场监管", "经营范围变更", "变更经营范围时系统提示异常。", (
        _dispatch(5, "09:40", "market", "市场监管"), *_round(4, "market", "系统故障已排除，变更已办结。"),
        Act(1, "09:10", "platform", "callback"),)),
    Story("lvneng", 9, "10:00", "工程建设", "园区供水压力不足", "午间用水高峰时压力不足，影响清洗工序。", (
        _dispatch(9, "10:30", "housing", "工程建设"), *_round(8, "housing", "已检修加压泵。"),
        _call(5, "不满意"),)),
    Story("haifeng", 24, "09:00", "环保", "排污许可证延续", "延续申请提交一个月没有答复。", (
        _dispatch(24, "09:30", "ecology", "环保"), *_round(23, "ecology", "材料已受理。"),
        _call(21, "不满意"), _again(21, "ecology"), *_round(20, "ecology", "正在审查。"),
        _call(18, "非常不满意"), _again(18, "ecology"), *_round(17, "ecology", "请耐心等待。"),
        _call(15, "不满意"),)),
    Story("yunqi", 8, "11:00", "审批服务", "人才公寓申请", "申请人才公寓缺少哪些材料？", (
        _dispatch(8, "11:20", "hrss", "审批服务"), *_round(7, "hrss", "已列出清单并协助补齐。"),
        _call(4, "满意"),)),
    Story("boda", 15, "14:00", "用工社保", "稳岗返还未到账", "稳岗返还公示后一直没有到账。", (
        _dispatch(15, "14:30", "hrss", "用工社保"), *_round(14, "hrss", "账户信息有误，更正后已拨付。"),
        _call(12, "非常满意"),
        Act(11, "09:10", "boda", "rate_service", {"process_rating": "非常满意", "result_rating": "非常满意"}),
        Act(11, "10:10", "hrss-admin", "rate_enterprise", {"cooperation_rating": "非常配合"}),)),
    Story("yuanhang", 7, "16:30", "其他", "邻里停车纠纷", "厂区门口停车纠纷。", (
        Act(7, "16:50", "platform", "triage", {"outcome": "不予受理", "type": "其他",
            "rejection_reason": "不属于涉企诉求受理范围，请拨打 12345 或向属地派出所反映。"}),)),
    Story("jingmi", 8, "09:00", "政策咨询", "技改补贴申报条件", "设备投资多少可以申报？", (
        Act(8, "09:20", "platform", "triage", {"outcome": "直接答复", "type": "政策咨询", "complexity": "一般"}),
        Act(8, "10:20", "platform-2", "direct_answer", {"result": "解释说明", "answer": "投资额 200 万元以上可以申报。"}),
        Act(8, "14:00", "platform", "callback", _MISSED), Act(7, "09:30", "platform", "callback", _MISSED),
        Act(7, "15:00", "platform", "callback", _MISSED),)),
    Story("lvneng", 5, "10:00", "其他", "跨部门审批顺序", "消防与环保要求的先后顺序不一致。", (
        _dispatch(5, "10:30", "housing", "其他"),
        Act(4, "09:30", "housing-admin", "sign", {"sign": "退单", "return_reason": "主责在环保。", "return_basis": "三定规定"}),
        _dispatch(4, "11:00", "ecology", "其他"),
        Act(3, "09:30", "ecology-admin", "sign", {"sign": "退单", "return_reason": "主责在住建。", "return_basis": "三定规定"}),)),
)  # fmt: skip


def load_cases(engine: runtime.Engine) -> int:
    """Make the demonstration cases if the platform has none; returns how many were made."""
    with engine.reading() as connection:
        if connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one():
            return 0
        calendar, people = worktime.load(connection), _people(connection)
    now = engine.clock.now()
    plan = sorted(_plan(calendar, now), key=lambda entry: entry[0])
    past = runtime.Engine(engine.database, ControlledClock(plan[0][0]), engine.operations)
    made: dict[int, str] = {}
    for moment, number, act in plan:
        _advance(past, moment)
        with past.writing() as connection:
            if act is None:
                made[number] = _start(past, connection, people, STORIES[number], calendar, now)
            else:
                _do(past, connection, people, made[number], act)
    _advance(past, now)
    return len(made)


def _plan(calendar: worktime.Calendar, now: datetime) -> list[tuple[datetime, int, Act | None]]:
    """Everything that happens, with its moment; what would lie in the future is left out."""
    found: list[tuple[datetime, int, Act | None]] = []
    for number, story in enumerate(STORIES):
        found.append((_moment(calendar, now, story.back, story.at), number, None))
        found += [(_moment(calendar, now, act.back, act.at), number, act) for act in story.acts]
    return found


def _moment(calendar: worktime.Calendar, now: datetime, back: int, at: str) -> datetime:
    """`back` working days before the last day whose morning's work is over; below zero, minutes before now."""
    if back < 0:
        return now + timedelta(minutes=back)
    today = local(now).date()
    worked = calendar.is_workday(today) and local(now).time() >= time(10)
    last = today if worked else calendar.add_workdays(today, -1)
    day = calendar.add_workdays(last, -back) if back else last
    return as_utc(datetime.combine(day, time.fromisoformat(at), SHANGHAI))


def _people(connection: Connection) -> dict[str, identity.Actor]:
    rows = connection.execute(sa.select(accounts.c.id, accounts.c.username))
    return {row.username: identity.load_actor(connection, row.id) for row in rows}


def _start(
    engine: runtime.Engine,
    connection: Connection,
    people: Mapping[str, identity.Actor],
    story: Story,
    calendar: worktime.Calendar,
    now: datetime,
) -> str:
    actor = people[story.who]
    enterprise = identity.enterprise(connection, actor.enterprise or "")
    values = {
        "uscc": enterprise.uscc,
        "contact": enterprise.contact,
        "phone": enterprise.phone,
        "channel": "网页",
        "type": story.type,
        "title": story.title,
        "content": story.content,
        **story.more,
    }
    return runtime.start_case(engine, connection, actor=actor, process="appeal", values=values).case_id


def _do(
    engine: runtime.Engine,
    connection: Connection,
    people: Mapping[str, identity.Actor],
    case_id: str,
    act: Act,
) -> None:
    open_ = runtime.queries.open_tasks(connection, case_id)
    task = next(task for task in open_ if task.element == act.element)
    if act.values is None:
        runtime.claim(engine, connection, actor=people[act.who], task_id=task.id)
        return
    values = dict(act.values)
    if act.element == "contact":
        values["contacted_at"] = f"{local(engine.clock.now()):%Y-%m-%dT%H:%M}"
        values["contact_person"] = identity.enterprise(connection, task.enterprise).contact
    if act.element == "triage" and values.get("outcome") == "派发" and task.urgent:
        values["urgent_approved"] = True
    runtime.complete(engine, connection, actor=people[act.who], task_id=task.id, values=values)


def _advance(engine: runtime.Engine, moment: datetime) -> None:
    """Move the clock to `moment`, letting each timer on the way fire at its own moment."""
    clock = engine.clock
    assert isinstance(clock, ControlledClock)
    waiting = sa.select(sa.func.min(timers.c.retry_at)).where(timers.c.state == "waiting")
    while True:
        with engine.reading() as connection:
            due = connection.execute(waiting.where(timers.c.retry_at <= moment)).scalar()
        if due is None:
            break
        clock.move_to(max(due, clock.now()))
        runtime.fire_due(engine)
    clock.move_to(max(moment, clock.now()))
