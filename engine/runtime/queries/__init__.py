"""Reading: rows in, plain data out. Nothing here deserialises a run or changes anything."""

from engine.runtime.queries.cases import (
    case,
    case_by_number,
    confidential,
    guard_case,
    last_done,
    open_tasks,
    task,
    tasks_of_case,
    titles,
    unattended,
)
from engine.runtime.queries.course import Stay, finished, history, lately, passed, statuses, stays
from engine.runtime.queries.deadlines import deadlines_of, deadlines_of_task, last_over, open_deadlines_of
from engine.runtime.queries.inbox import TABS, Filters, count, counts, inbox, listed, occurring
from engine.runtime.queries.notices import last_notices, notices
from engine.runtime.queries.rows import CaseRow, DeadlineRow, HistoryRow, NoticeRow, Sending, TaskRow
from engine.runtime.queries.signing import Round, Said, round_of, rounds

__all__ = [
    "TABS",
    "CaseRow",
    "DeadlineRow",
    "Filters",
    "HistoryRow",
    "NoticeRow",
    "Round",
    "Said",
    "Sending",
    "Stay",
    "TaskRow",
    "case",
    "case_by_number",
    "confidential",
    "listed",
    "occurring",
    "count",
    "counts",
    "deadlines_of",
    "deadlines_of_task",
    "finished",
    "guard_case",
    "history",
    "inbox",
    "lately",
    "last_done",
    "last_notices",
    "last_over",
    "notices",
    "round_of",
    "rounds",
    "open_deadlines_of",
    "open_tasks",
    "passed",
    "statuses",
    "stays",
    "task",
    "tasks_of_case",
    "titles",
    "unattended",
]
