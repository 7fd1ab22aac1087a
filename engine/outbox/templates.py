"""What each notice says, in Chinese and English. Places in braces are filled from the notice's data.

A part in square brackets is left out where one of its places has nothing to stand in it. A sentence
names the case by its number alone and never quotes what somebody wrote: it may leave the platform.
Who opens the case there reads the rest; behind the bell what is to be supplied stands below the sentence.
"""

from collections.abc import Mapping
from datetime import datetime
from string import Formatter
from typing import Any

from engine.clock import as_utc, local
from engine.outbox.absences import ABSENCES

TEMPLATES: Mapping[str, tuple[str, str]] = {
    # the course of a case
    "received": ("已收到您的诉求 {number}", "We have received your appeal {number}"),
    "triage": ("诉求 {number} 待研判派发", "Appeal {number} waits for triage"),
    "triage-soon": ("诉求 {number} 半小时内须派发", "Appeal {number} must be dispatched within half an hour"),
    "triage-late": ("诉求 {number} 分派超时", "Appeal {number} was not dispatched in time"),
    "rejected": (
        "您的诉求 {number} 不予受理，理由见办件页",
        "Your appeal {number} was not accepted; its page says why",
    ),
    "dispatched": ("诉求 {number} 已派发", "Appeal {number} has been dispatched"),
    "returned": ("诉求 {number} 被部门退单，请重新研判", "Appeal {number} was returned by the department"),
    "ruling": ("诉求 {number} 退单有争议，请裁定", "The return of appeal {number} is disputed; please rule"),
    "sign-late": ("诉求 {number} 逾期未签收", "Appeal {number} was not signed for in time"),
    "contact-late": (
        "办件 {number} 逾期未联系企业",
        "The enterprise of case {number} was not contacted in time",
    ),
    "handled": (
        "您的诉求 {number} 已有办理结果，请等候回访",
        "Your appeal {number} has been answered; we will call you",
    ),
    "callback": ("诉求 {number} 待回访", "Appeal {number} waits for the call-back"),
    "callback-late": ("诉求 {number} 回访超期", "The call-back of appeal {number} is late"),
    "redispatched": ("诉求 {number} 企业不满意，重新派件", "Appeal {number} is dispatched again"),
    "supervised": ("诉求 {number} 列入督办件", "Appeal {number} is under supervision"),
    "supervision-late": ("督办件 {number} 落实不及时", "Supervised case {number} is late"),
    "supervision-ended": ("督办件 {number} 已销号", "Supervision of case {number} has ended"),
    "rate": ("诉求 {number} 已办理，请您评价", "Please rate the handling of appeal {number}"),
    "answered": ("办件 {number} 已答复", "Case {number} has been answered"),
    "to-do": (
        "办件 {number} [「{step}」]待您办理[，期限 {due}]",
        "Case {number} waits for you[ at {step}][, due {due}]",
    ),
    "not-solved": ("办件 {number} 未能解决，请继续办理", "Case {number} is not solved; please go on"),
    "closed": ("诉求 {number} 已办结", "Appeal {number} is closed"),
    # the course of a case that is no appeal
    "taken-up": ("已收到办件 {number}", "Case {number} has been received"),
    "in-hand": ("办件 {number} 正在办理[，期限 {due}]", "Case {number} is in hand[; it is due {due}]"),
    "list-asked": (
        "办件 {number} 逾期未答复，请挂牌督办",
        "Case {number} was not answered in time; please supervise it under your name",
    ),
    "unconfirmed": (
        "企业迟迟未确认办件 {number}，请跟进",
        "The enterprise has not confirmed case {number}; please follow it up",
    ),
    "finished": ("办件 {number} 已办结", "Case {number} is closed"),
    # reminders of a deadline
    "soon": (
        "办件 {number} [「{step}」]即将到期[，期限 {due}]",
        "Case {number}[, {step},] falls due soon[: {due}]",
    ),
    "today": (
        "办件 {number} [「{step}」]今日到期[，期限 {due}]",
        "Case {number}[, {step},] falls due today[: {due}]",
    ),
    "late": (
        "办件 {number} [「{step}」]已逾期[，期限 {due}]",
        "Case {number}[, {step},] is overdue[; it was due {due}]",
    ),
    "still-late": (
        "办件 {number} [「{step}」]仍未办理[，已逾期 {days}][，期限 {due}]",
        "Case {number}[, {step},] is still not done[, {days} late][; it was due {due}]",
    ),
    "late-leader": (
        "办件 {number} [「{step}」]严重逾期[，已逾期 {days}]，请领导督促[，期限 {due}]",
        "Case {number}[, {step},] is seriously overdue[ by {days}]; please see to it[; it was due {due}]",
    ),
    "deadline-moved": (
        "办件 {number} [「{step}」]的期限已调整[，原期限 {was}][，现期限 {due}]",
        "The deadline of case {number}[, {step},] has moved[ from {was}][ to {due}]",
    ),
    "clock-stopped": (
        "办件 {number} 已暂停计时[（{kind}）]，恢复后期限顺延",
        "The clock of case {number} has stopped[ ({kind})]; its deadlines move on when it runs again",
    ),
    "clock-stopped-needs": (
        "您的办件 {number} 需要补正，已暂停计时；要补充的内容见办件页，请尽快提交",
        "Your case {number} needs to be completed, and its clock has stopped; its page lists what to supply",
    ),
    "clock-resumed": (
        "办件 {number} 已恢复计时[，现期限 {due}]",
        "The clock of case {number} runs again[; it is due {due}]",
    ),
    # extensions
    "extension-asked": (
        "办件 {number} 申请延期，请审批",
        "An extension is asked for case {number}; please decide",
    ),
    "extension-granted": (
        "办件 {number} 的延期申请已批准[，现期限 {due}]",
        "The extension of case {number} was granted[; it is due {due}]",
    ),
    "extension-refused": (
        "办件 {number} 的延期申请未获批准[，期限仍为 {due}]",
        "The extension of case {number} was refused[; it is still due {due}]",
    ),
    # what somebody sent to a case
    "urged": ("企业催办：办件 {number}", "The enterprise urges case {number}"),
    "supplemented": ("企业补充了办件 {number} 的材料", "The enterprise has supplemented case {number}"),
    "supplement-asked": (
        "您的办件 {number} 需要补充材料，请在办件页提交",
        "Your case {number} lacks documents; please hand them in on its page",
    ),
    "withdrawn": ("企业已撤回办件 {number}", "The enterprise has withdrawn case {number}"),
    "redirected": ("办件 {number} 已改派", "Case {number} has been redirected"),
    # what officers do with a task
    "handed-on": (
        "办件 {number} [「{step}」]已转办给您[，期限 {due}]",
        "Case {number}[, {step},] has been handed on to you[; it is due {due}]",
    ),
    "delegated": (
        "办件 {number} [「{step}」]委派给您，办好后请交回[，期限 {due}]",
        "Case {number}[, {step},] is delegated to you; please hand back your answer[ by {due}]",
    ),
    "draft-dropped": (
        "办件 {number} [「{step}」]已转给他人，您没有提交的草稿作废",
        "Case {number}[, {step},] has gone to somebody else; the draft that you had not submitted is gone",
    ),
    "delegation-recalled": (
        "办件 {number} [「{step}」]的委派已收回，您无须再办",
        "Case {number}[, {step},] is no longer delegated to you; there is nothing left for you to do",
    ),
    "delegate-answered": (
        "办件 {number} [「{step}」]的委派已交回，请审核提交[，期限 {due}]",
        "What you delegated of case {number}[, {step},] has been answered; please complete it[ by {due}]",
    ),
    "signing-asked": (
        "办件 {number} [「{step}」]请您加签[，期限 {due}]",
        "You are asked to sign case {number}[ at {step}][, due {due}]",
    ),
    "signing-returned": (
        "办件 {number} [「{step}」]的加签已结束，请您继续办理[，期限 {due}]",
        "Nobody is left to sign case {number}[ at {step}]; please go on with it[, due {due}]",
    ),
    "signing-refused": (
        "办件 {number} [「{step}」]加签有人不同意，已退回给您[，期限 {due}]",
        "Somebody disagreed with case {number}[ at {step}]; it is with you again[, due {due}]",
    ),
    "signing-agreed": (
        "办件 {number} [「{step}」]加签都已同意，已按您填写的内容办结这一步",
        "All have agreed to case {number}[ at {step}]; the step is done as you filled it in",
    ),
    "signing-over": (
        "办件 {number} [「{step}」]不再需要您加签",
        "You need not sign case {number}[ at {step}] any more",
    ),
    "urge": (
        "办件 {number} [「{step}」]被催办，请尽快办理[，期限 {due}]",
        "Case {number}[, {step},] is urged; please see to it[; it is due {due}]",
    ),
    "copied": ("办件 {number} [「{step}」]抄送给您", "Case {number}[, {step},] was copied to you"),
    "followed": ("您关注的办件 {number} 有新进展", "There is news of case {number}, which you follow"),
    "sent-back": (
        "办件 {number} 已退回[「{step}」]，请您继续办理",
        "Case {number} was sent back[ to {step}]; please go on with it",
    ),
    "work-cancelled": (
        "办件 {number} [「{step}」]不再需要您办理：案件已回到前面的环节，原因见办件页",
        "Case {number}[: {step}] is no longer yours to do, as the case has gone back; its page says why",
    ),
    "approval-barred": (
        "办件 {number} [「{step}」]您先前填好的办理没有生效：您已办过它要复核的环节，请放回或转办",
        "Your approval in case {number}[, {step},] does not stand: you have since done what that step "
        "checks. Release or transfer it",
    ),
    "withdrawn-case": ("办件 {number} 已由提交人撤回", "Case {number} was withdrawn by who submitted it"),
    "terminated": (
        "办件 {number} 已终止，原因见办件页",
        "Case {number} was ended before its time; its page says why",
    ),
    # several offices, and higher ones
    "joint-asked": (
        "请协助办理：办件 {number} 需要贵部门提出意见[，期限 {due}]",
        "Your department's opinion is asked on case {number}[, due {due}]",
    ),
    "joint-late": ("办件 {number} 的协办意见逾期", "An opinion on case {number} is late"),
    "joint-done": ("办件 {number} 的协办意见已收齐", "All opinions on case {number} are in"),
    "escalated": ("办件 {number} 已上升到市级办理", "Case {number} has been taken up to city level"),
    "consult": ("办件 {number} 召集会诊", "A joint consultation is called on case {number}"),
    "confirm": ("请确认办件 {number} 是否已经解决", "Please confirm whether case {number} is solved"),
    "upgraded": (
        "办件 {number} 的复杂程度已上调[，现期限 {due}]",
        "Case {number} was found more complex[; it is due {due}]",
    ),
    "listed": (
        "办件 {number} 已列入领导挂牌督办[，期限 {due}]",
        "Case {number} is supervised by a leader[, due {due}]",
    ),
    # the assessment ledger
    "assessed": (
        "办件 {number} 记入考核[：{fault}]，有异议可申诉",
        "Case {number} was entered in the assessment ledger[: {fault}]; you may object",
    ),
    "objection-filed": (
        "办件 {number} 的考核记录有申诉，请裁定",
        "An assessment of case {number} is disputed; please decide",
    ),
    "objection-decided": (
        "办件 {number} 的考核申诉已有结论[：{decision}]",
        "The objection about case {number} has been decided[: {decision}]",
    ),
    **ABSENCES,
}
WORDS: Mapping[str, tuple[str, str]] = {  # data that is a word of ours, said in the reader's language
    "补正": ("补正", "documents to be completed"),
    "特别程序": ("特别程序", "special procedure"),
    "其他": ("其他", "other reason"),
    "upheld": ("维持", "upheld"),
    "revoked": ("撤销", "revoked"),
    "late_dispatch": ("分派超时", "late dispatch"),
    "late_sign": ("签收超时", "late signing"),
    "late_contact": ("联系企业超时", "late contact"),
    "late_handling": ("不按时答复", "late answer"),
    "late_callback": ("回访超时", "late call-back"),
    "late_supervision": ("督办件落实不及时", "late under supervision"),
    "late_joint": ("协办超时", "late opinion"),
    "not_done": ("未完成申请事项", "not done"),
    "unfinished": ("未完成申请事项", "not done"),
    "buck_passing": ("互相推诿", "passing the buck"),
    "perfunctory": ("处理问题简单", "perfunctory handling"),
    "dissatisfied": ("企业不满意", "dissatisfied enterprise"),
}
MOMENTS = frozenset({"due", "was", "until"})  # places that hold a moment
DAYS = (
    ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def render(template: str, data: Mapping[str, Any], language: str = "zh") -> str:
    """The notice's sentence; moments in Asia/Shanghai. A template that is not known shows its key."""
    english = language.startswith("en")
    text = TEMPLATES.get(template, (template, template))[english]
    facts = {name: said(name, value, language) for name, value in data.items() if value not in (None, "")}
    parts = (part for piece in text.split("[") for part in _parts(piece))
    return "".join(
        part.format_map(_Filled(facts)) for part, given in parts if not given or _fits(part, facts)
    )


def said(name: str, value: Any, language: str = "zh") -> str:
    """One of a notice's data as a sentence holds it."""
    english = language.startswith("en")
    if name in MOMENTS:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return _in_english(moment) if english else _in_chinese(moment)
    if name == "days":  # working days
        return (f"{value} working day" + ("" if value == 1 else "s")) if english else f"{value} 个工作日"
    word = WORDS.get(str(value))
    return word[english] if word else str(value)


def _parts(piece: str) -> list[tuple[str, bool]]:
    """(text, whether it may be left out) of what stands between two opening brackets."""
    optional, closed, rest = piece.partition("]")
    return [(optional, True), (rest, False)] if closed else [(piece, False)]


def _fits(part: str, facts: Mapping[str, str]) -> bool:
    return all(name is None or name in facts for _, name, _, _ in Formatter().parse(part))


class _Filled(dict[str, str]):
    """A place that has to be filled and is not shows its own name."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _in_chinese(moment: datetime) -> str:
    here = local(as_utc(moment))
    return f"{here.year}年{here.month}月{here.day}日（{DAYS[0][here.weekday()]}）{here:%H:%M}"


def _in_english(moment: datetime) -> str:
    here = local(as_utc(moment))
    return f"{DAYS[1][here.weekday()]} {here.day} {MONTHS[here.month - 1]} {here.year} {here:%H:%M}"
