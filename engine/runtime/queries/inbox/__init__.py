"""The inbox: what waits for a person, what the person may claim, and what the person has done."""

from engine.runtime.queries.inbox.filters import DUE, MARKS, Filters
from engine.runtime.queries.inbox.lists import (
    MOST,
    Occurring,
    count,
    counts,
    inbox,
    listed,
    occurring,
    rows_of,
)
from engine.runtime.queries.inbox.selecting import select_tasks, with_candidates
from engine.runtime.queries.inbox.tabs import SORTS, TABS

__all__ = [
    "DUE",
    "MARKS",
    "MOST",
    "SORTS",
    "TABS",
    "Occurring",
    "Filters",
    "occurring",
    "count",
    "counts",
    "inbox",
    "listed",
    "rows_of",
    "select_tasks",
    "with_candidates",
]
