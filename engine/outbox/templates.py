"""What each notice says, in Chinese and English. Places in braces are filled from the case."""

from collections.abc import Mapping
from typing import Any

TEMPLATES: Mapping[str, tuple[str, str]] = {
    "received": ("已收到您的诉求 {number}《{title}》", "We have received your appeal {number}, {title}"),
    "triage": ("诉求 {number}《{title}》待研判派发", "Appeal {number}, {title}, waits for triage"),
    "triage-soon": ("诉求 {number} 半小时内须派发", "Appeal {number} must be dispatched within half an hour"),
    "triage-late": ("诉求 {number} 分派超时", "Appeal {number} was not dispatched in time"),
    "rejected": (
        "您的诉求 {number} 不予受理，理由见办件页",
        "Appeal {number} was not accepted; its page says why",
    ),
    "dispatched": ("诉求 {number}《{title}》已派发", "Appeal {number}, {title}, has been dispatched"),
    "returned": ("诉求 {number} 被部门退单，请重新研判", "Appeal {number} was returned by the department"),
    "sign-late": ("诉求 {number} 逾期未签收", "Appeal {number} was not signed for in time"),
    "contact-late": (
        "诉求 {number} 逾期未联系企业",
        "The enterprise of appeal {number} was not contacted in time",
    ),
    "soon": ("诉求 {number} 即将到期", "Appeal {number} falls due soon"),
    "late": ("诉求 {number} 办理已逾期", "Appeal {number} is overdue"),
    "handled": (
        "您的诉求 {number} 已有办理结果，请等候回访",
        "Appeal {number} has been answered; we will call you",
    ),
    "callback": ("诉求 {number} 待回访", "Appeal {number} waits for the call-back"),
    "callback-late": ("诉求 {number} 回访超期", "The call-back of appeal {number} is late"),
    "redispatched": ("诉求 {number} 企业不满意，重新派件", "Appeal {number} is dispatched again"),
    "supervised": ("诉求 {number} 列入督办件", "Appeal {number} is under supervision"),
    "supervision-late": ("督办件 {number} 落实不及时", "Supervised appeal {number} is late"),
    "supervision-ended": ("督办件 {number} 已销号", "Supervision of appeal {number} has ended"),
    "rate": ("诉求 {number} 已办理，请您评价", "Please rate the handling of appeal {number}"),
    "closed": ("诉求 {number}《{title}》已办结", "Appeal {number}, {title}, is closed"),
}


def render(template: str, data: Mapping[str, Any], language: str = "zh") -> str:
    """The notice's sentence; a template that is not known shows its key."""
    chinese, english = TEMPLATES.get(template, (template, template))
    text = english if language.startswith("en") else chinese
    for name, value in data.items():
        text = text.replace("{" + name + "}", str(value))
    return text
