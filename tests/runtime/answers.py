"""Valid answers to every task of the appeal: drawn at random, or the short way to its end."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from engine.clock import local
from engine.runtime.queries import TaskRow
from tests.runtime.stage import Platform

TYPES = ("政策咨询", "审批服务", "市场监管", "用工社保", "税费", "工程建设", "环保", "融资", "其他")
DEPARTMENTS = ("market", "hrss", "tax", "housing", "industry", "ecology")
RESULTS = ("已解决", "部分解决", "解释说明", "暂不能解决")
SATISFACTION = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
REASONS = ("态度", "时效", "结果", "推诿", "处理简单")
COOPERATION = ("非常配合", "配合", "基本配合", "不配合", "非常不配合")

# what a person may type: quotes, marks of expressions, names that look like the engine's own
TEXTS = (
    '他说"好的"，然后挂了',
    "= 1 + 1",
    "${task}",
    "typename",
    "__class__",
    "a\nb\tc",
    "𠮷野家 🏭",
    "x" * 600,
)


def text(chance: Random) -> str:
    return chance.choice(TEXTS) + str(chance.randrange(1000))


def submit(chance: Random) -> dict[str, Any]:
    return {
        "type": chance.choice(TYPES),
        "title": text(chance)[:60],
        "content": text(chance),
        "urgent": chance.random() < 0.3,
        "urgent_reason": text(chance)[:500],
        "confidential": chance.random() < 0.3,
    }


def _triage(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {
        "outcome": chance.choice(("派发", "派发", "派发", "直接答复", "不予受理")),
        "type": chance.choice(TYPES),
        "complexity": chance.choice(("一般", "较复杂", "特别复杂")),
        "urgent_approved": chance.random() < 0.5,
        "department": chance.choice(DEPARTMENTS),
        "triage_note": text(chance),
        "rejection_reason": text(chance),
    }


def _sign(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    variables = platform.variables(task.case_id)
    returns = not variables["ruled"] and chance.random() < 0.4
    officers = [name for name in platform.actors if name.startswith(f"{variables['department']}-")]
    handler = platform.actors[chance.choice([o for o in officers if not o.endswith("admin")])].id
    return {
        "sign": "退单" if returns else "签收",
        "handler": handler if chance.random() < 0.5 else None,
        "return_reason": text(chance),
        "return_basis": text(chance)[:1000],
    }


def _contact(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {
        "contacted_at": f"{local(platform.clock.now()):%Y-%m-%dT%H:%M}",
        "contact_method": chance.choice(("电话", "上门", "约见", "微信", "视频")),
        "contact_person": "罗婷",
        "contact_finding": text(chance),
    }


def _handle(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    later = local(platform.clock.now()) + timedelta(days=chance.randrange(1, 60))
    return {
        "result": chance.choice(RESULTS),
        "answer": "答复：" + text(chance),
        "planned_completion": f"{later:%Y-%m-%d}",
    }


def _direct(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {"result": chance.choice(RESULTS), "answer": "答复：" + text(chance)}


def _callback(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {
        "reached": chance.choice(("接通", "接通", "未接通")),
        "contacted_by_department": chance.choice(("是", "否")),
        "solved": chance.choice(("已解决", "部分解决", "未解决")),
        "satisfaction": chance.choice(SATISFACTION),
        "dissatisfaction_reasons": chance.sample(REASONS, chance.randrange(1, 4)),
        "callback_note": text(chance),
    }


def _ruling(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {
        "department": chance.choice(DEPARTMENTS),
        "ruling_reason": text(chance),
        "ruling_basis": text(chance)[:1000],
    }


def _redispatch(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    # often the same department, so that walks come into supervision
    department = platform.variables(task.case_id)["department"]
    if department is None or chance.random() < 0.3:
        department = chance.choice(DEPARTMENTS)
    return {"department": department, "redispatch_requirement": text(chance)}


def _check(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {
        "check_opinion": text(chance),
        "supervision_score": chance.randrange(101),
        "check_result": chance.choice(("通过", "通过", "退回")),
    }


def _rate_service(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {"process_rating": chance.choice(SATISFACTION), "result_rating": chance.choice(SATISFACTION)}


def _rate_online(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {
        "satisfaction": chance.choice(SATISFACTION),
        "dissatisfaction_reasons": chance.sample(REASONS, chance.randrange(3)),
        "online_comment": text(chance)[:1000],
    }


def _rate_enterprise(chance: Random, platform: Platform, task: TaskRow) -> dict[str, Any]:
    return {"cooperation_rating": chance.choice(COOPERATION), "cooperation_comment": text(chance)}


Answer = Callable[[Random, Platform, TaskRow], dict[str, Any]]
RANDOM: dict[str, Answer] = {
    "triage": _triage,
    "direct_answer": _direct,
    "sign": _sign,
    "contact": _contact,
    "handle": _handle,
    "callback": _callback,
    "supervision_callback": _callback,
    "ruling": _ruling,
    "redispatch": _redispatch,
    "supervision_handle": _handle,
    "supervision_check": _check,
    "rate_service": _rate_service,
    "rate_online": _rate_online,
    "rate_enterprise": _rate_enterprise,
}
SHORT: dict[str, dict[str, Any]] = {  # laid over the random answer, these lead to the end
    "triage": {"outcome": "派发", "department": "tax", "complexity": "一般"},
    "sign": {"sign": "签收", "handler": None},
    "callback": {"reached": "接通", "satisfaction": "满意", "solved": "已解决"},
    "supervision_callback": {"reached": "接通", "satisfaction": "满意", "solved": "已解决"},
    "supervision_check": {"check_result": "通过"},
    "rate_online": {"satisfaction": "满意"},
}


def short(platform: Platform, task: TaskRow) -> dict[str, Any]:
    """Always the same answer to a task, one that leads on to the end."""
    return {**RANDOM[task.element](Random(1), platform, task), **SHORT.get(task.element, {})}


def finish(platform: Platform, case_id: str) -> int:
    """Complete task after task until the case has ended; returns how many it took."""
    for done in range(40):
        waiting = platform.open(case_id)
        if not waiting:
            assert platform.case(case_id).state == "ended"
            return done
        platform.complete(case_id, waiting[0].element, **short(platform, waiting[0]))
    raise AssertionError("the case does not come to its end")


def lead_to(platform: Platform, element: str, **values: Any) -> str:
    """A new case that waits at `element`."""
    case_id = platform.start(**values)
    for _ in range(20):
        waiting = platform.open(case_id)
        if any(task.element == element for task in waiting):
            return case_id
        platform.complete(case_id, waiting[0].element, **short(platform, waiting[0]))
    raise AssertionError(f"the short way does not come by {element}")
