"""What happened to a case, told in sentences from its history; it says what the diagram shows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from engine.runtime.queries import HistoryRow, TaskRow

from .answers import Answer
from .words import fault


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


def _step(row: HistoryRow) -> str:
    return str(row.element_name or row.element)


TELL: Mapping[str, Callable[[HistoryRow], tuple[str, str]]] = {
    "case.started": lambda row: (_("已提交"), "done"),
    "task.completed": lambda row: (_step(row), "done"),
    "task.claimed": lambda row: (_("认领：%(step)s", step=_step(row)), "quiet"),
    "task.released": lambda row: (_("放回：%(step)s", step=_step(row)), "quiet"),
    "task.cancelled": lambda row: (_("取消：%(step)s", step=_step(row)), "quiet"),
    "timer.fired": lambda row: (_("到时：%(step)s", step=_step(row)), "plain"),
    "message.received": lambda row: (_("收到：%(what)s", what=row.data.get("message", "")), "plain"),
    "assessment.recorded": lambda row: (_("记入考核：%(what)s", what=fault(row.data.get("kind", ""))), "bad"),
    "case.ended": lambda row: (_("结束：%(status)s", status=row.data.get("status", "")), "done"),
    "incident.raised": lambda row: (_("系统异常，等待管理员处理"), "bad"),
}

BY_PEOPLE = frozenset(kind for kind in TELL if kind.startswith(("case.started", "task.", "message.")))


def timeline(
    history: Iterable[HistoryRow],
    open_tasks: Iterable[TaskRow],
    answers_of: Callable[[HistoryRow], list[Answer]],
    holder: Callable[[TaskRow], str],
    most: int | None = None,
) -> tuple[list[Entry], int]:
    """What the reader may know, oldest first, with what is waiting at the end.

    With `most`, a longer course shows its beginning and its last entries; the number says how many
    are left out between them.
    """
    told = _counted(row for row in history if row.kind in TELL)
    kept = told if most is None or len(told) <= most else told[:1] + told[-(most - 1) :]
    entries = [_entry(row, again, answers_of(row)) for row, again in kept]
    return entries + [_waiting(task, holder(task)) for task in open_tasks], len(told) - len(kept)


def _counted(rows: Iterable[HistoryRow]) -> list[tuple[HistoryRow, int]]:
    """Each row with how often its step was finished by then; 1 for what is not the end of a step."""
    seen: Counter[str] = Counter()
    counted = []
    for row in rows:
        if row.kind == "task.completed":
            seen[row.element] += 1
        counted.append((row, seen[row.element] if row.kind == "task.completed" else 1))
    return counted


def _entry(row: HistoryRow, again: int, entered: list[Answer]) -> Entry:
    title, tone = TELL[row.kind](row)
    return Entry(row.at, title, tone, row.actor_name if row.kind in BY_PEOPLE else "", again, entered)


def _waiting(task: TaskRow, who: str) -> Entry:
    return Entry(task.opened_at, _("正在：%(step)s", step=task.name), "now", who, due_at=task.due_at)
