"""What happened to a case, told in sentences from its history; it says what the diagram shows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from engine.runtime.queries import HistoryRow, TaskRow
from engine.worktime import Stop

from .answers import Answer
from .moments import moment
from .words import dispute, fault, stop_kind


@dataclass(frozen=True)
class Entry:
    """One line. `tone`: done, now, bad, plain or quiet. `again` is 2 or more where a step is repeated."""

    at: datetime
    title: str
    tone: str = "plain"
    who: str = ""
    again: int = 1
    answers: list[Answer] = field(default_factory=list)
    due_at: datetime | None = None
    stop: Stop | None = None  # what holds the deadline
    opinion: str = ""


def _step(row: HistoryRow) -> str:
    return str(row.element_name or row.element)


def _decision(row: HistoryRow) -> str:
    return f"{fault(row.data.get('kind', ''))} {dispute(row.data.get('decision', ''))}"


def _moved(row: HistoryRow) -> str:
    """A deadline's old and new moment, as far as the reader may know them."""
    step, now = row.data.get("name") or _step(row), _face(row.data.get("to"))
    if "from" not in row.data:
        return _("期限调整：%(step)s，现为 %(now)s", step=step, now=now)
    return _("期限调整：%(step)s，由 %(was)s 改为 %(now)s", step=step, was=_face(row.data["from"]), now=now)


def _stopped(row: HistoryRow) -> str:
    kind, reason = stop_kind(str(row.data.get("kind", ""))), row.data.get("reason", "")
    return (
        _("暂停计时（%(kind)s）：%(reason)s", kind=kind, reason=reason)
        if reason
        else _("暂停计时（%(kind)s）", kind=kind)
    )


def _face(text: object) -> str:
    """A moment that the record holds as text."""
    try:
        return moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return str(text or "")


def _to(row: HistoryRow) -> str:
    who, stead = str(row.data.get("to_name") or ""), row.data.get("stead_name")
    return _("%(who)s（代%(other)s）", who=who, other=stead) if stead else who


def _sent_back(row: HistoryRow) -> str:
    step = row.data.get("name") or ""
    if not step:
        return _("退回到“%(to)s”重新办理", to=_to(row))
    return _("退回：%(step)s，到“%(to)s”重新办理", step=step, to=_to(row))


def _signed(row: HistoryRow) -> str:
    words = _("同意") if row.data.get("outcome") == "agree" else _("不同意")
    return _("加签意见（%(outcome)s）：%(step)s", outcome=words, step=_step(row))


# What people do with a task besides finishing it.
DESK: Mapping[str, Callable[[HistoryRow], tuple[str, str]]] = {
    "task.transferred": lambda row: (_("转办给%(who)s：%(step)s", who=_to(row), step=_step(row)), "plain"),
    "task.delegated": lambda row: (_("委派给%(who)s：%(step)s", who=_to(row), step=_step(row)), "plain"),
    "task.answered": lambda row: (_("委派已答复：%(step)s", step=_step(row)), "plain"),
    "task.recalled": lambda row: (_("收回委派：%(step)s", step=_step(row)), "plain"),
    "task.moved": lambda row: (_("因不在岗转%(who)s办理：%(step)s", who=_to(row), step=_step(row)), "quiet"),
    "task.urged": lambda row: (_("催办：%(step)s", step=_step(row)), "plain"),
    "task.copied": lambda row: (_("抄送%(who)s", who=_to(row)), "quiet"),
    "task.sent_back": lambda row: (_sent_back(row), "bad"),
    "task.rejected": lambda row: (_("驳回：%(step)s", step=_step(row)), "bad"),
    "task.taken_back": lambda row: (_("撤回重办：%(step)s", step=_step(row)), "plain"),
    "signer.added": lambda row: (_("请%(who)s加签：%(step)s", who=_to(row), step=_step(row)), "plain"),
    "signer.decided": lambda row: (_signed(row), "plain"),
    "signer.removed": lambda row: (_("减签：%(step)s", step=_step(row)), "quiet"),
    "signer.returned": lambda row: (_("加签完毕，回到%(who)s", who=_to(row)), "quiet"),
    "case.withdrawn": lambda row: (_("撤回办件"), "bad"),
    "case.terminated": lambda row: (_("终止办件"), "bad"),
}
TELL: Mapping[str, Callable[[HistoryRow], tuple[str, str]]] = {
    "case.started": lambda row: (_("已提交"), "done"),
    "task.completed": lambda row: (_step(row), "done"),
    "task.claimed": lambda row: (_("认领：%(step)s", step=_step(row)), "quiet"),
    "task.released": lambda row: (_("放回：%(step)s", step=_step(row)), "quiet"),
    "task.cancelled": lambda row: (_("取消：%(step)s", step=_step(row)), "quiet"),
    "timer.fired": lambda row: (_("到时：%(step)s", step=_step(row)), "plain"),
    "message.received": lambda row: (
        _("收到：%(what)s", what=_step(row) or row.data.get("message", "")),
        "plain",
    ),
    "deadline.moved": lambda row: (_moved(row), "plain"),
    "clock.stopped": lambda row: (_stopped(row), "plain"),
    "clock.resumed": lambda row: (_("恢复计时，期限顺延"), "plain"),
    "reminder.sent": lambda row: (_("已提醒：%(step)s", step=row.data.get("name") or _step(row)), "quiet"),
    "assessment.recorded": lambda row: (_("记入考核：%(what)s", what=fault(row.data.get("kind", ""))), "bad"),
    "assessment.objected": lambda row: (
        _("考核申诉：%(what)s", what=fault(row.data.get("kind", ""))),
        "plain",
    ),
    "assessment.decided": lambda row: (_("考核裁定：%(what)s", what=_decision(row)), "plain"),
    "case.ended": lambda row: (_("结束：%(status)s", status=row.data.get("status", "")), "done"),
    "incident.raised": lambda row: (
        _("没有人能办理“%(step)s”，等待控制中心安排", step=_step(row))
        if "task" in row.data
        else _("系统异常，等待管理员处理"),
        "bad",
    ),
    **DESK,
}

BY_PEOPLE = frozenset(
    kind
    for kind in TELL
    if kind.startswith(
        (
            "case.started",
            "task.",
            "message.",
            "clock.",
            "assessment.o",
            "assessment.d",
            "signer.",
            "case.t",
            "case.w",
        )
    )
)


def timeline(
    history: Iterable[HistoryRow],
    open_tasks: Iterable[TaskRow],
    answers_of: Callable[[HistoryRow], list[Answer]],
    holder: Callable[[TaskRow], str],
    most: int | None = None,
    *,
    before: Mapping[str, int] | None = None,
) -> tuple[list[Entry], int]:
    """What the reader may know, oldest first, with what is waiting at the end.

    With `most`, a longer course shows its beginning and its last entries; the number says how many
    are left out between them. `before` says how often each step was done in what is not in `history`.
    """
    told = _counted((row for row in history if row.kind in TELL and not _timers_own(row)), before or {})
    kept = told if most is None or len(told) <= most else told[:1] + told[-(most - 1) :]
    entries = [entry(row, again, answers_of(row)) for row, again in kept]
    return entries + [_waiting(task, holder(task)) for task in open_tasks], len(told) - len(kept)


def _timers_own(row: HistoryRow) -> bool:
    """Whether only a timer of the diagram was moved, which people know by the deadline it belongs to."""
    return row.kind == "deadline.moved" and row.data.get("kind") not in ("task", "phase")


def _counted(rows: Iterable[HistoryRow], before: Mapping[str, int]) -> list[tuple[HistoryRow, int]]:
    """Each row with how often its step was finished by then; 1 for what is not the end of a step."""
    seen = Counter(before)
    counted = []
    for row in rows:
        if row.kind == "task.completed":
            seen[row.element] += 1
        counted.append((row, seen[row.element] if row.kind == "task.completed" else 1))
    return counted


def entry(row: HistoryRow, again: int = 1, entered: Sequence[Answer] = ()) -> Entry:
    """One event of `TELL` in words."""
    title, tone = TELL[row.kind](row)
    who = row.actor_name if row.kind in BY_PEOPLE else ""
    if who and row.data.get("for_name"):
        who = _("%(who)s（代%(other)s）", who=who, other=row.data["for_name"])
    opinion = str(row.data.get("opinion") or "")
    if row.data.get("needs"):
        opinion = _("需要补充：") + f"\n{row.data['needs']}"
    return Entry(row.at, title, tone, who, again, list(entered), opinion=opinion)


def _waiting(task: TaskRow, who: str) -> Entry:
    return Entry(
        task.opened_at, _("正在：%(step)s", step=task.name), "now", who, due_at=task.due_at, stop=task.stop
    )
