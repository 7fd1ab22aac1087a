"""Reading: rows in, plain data out. Nothing here deserialises a run or changes anything."""

from engine.runtime.queries.cases import (
    case,
    case_by_number,
    cases_for,
    count_cases,
    guard_case,
    history,
    notices,
    open_tasks,
    task,
    tasks_of_case,
)
from engine.runtime.queries.inbox import TABS, counts, inbox
from engine.runtime.queries.rows import CaseRow, HistoryRow, NoticeRow, TaskRow

__all__ = [
    "TABS",
    "CaseRow",
    "HistoryRow",
    "NoticeRow",
    "TaskRow",
    "case",
    "case_by_number",
    "cases_for",
    "count_cases",
    "counts",
    "guard_case",
    "history",
    "inbox",
    "notices",
    "open_tasks",
    "task",
    "tasks_of_case",
]
