"""What those who handed a task on wrote to who has it, and why it came back."""

from collections.abc import Iterable

from engine.runtime.queries import HistoryRow, TaskRow
from webui.present.timeline import Entry, entry

TO_HOLDER = (
    "task.transferred",
    "task.delegated",
    "task.answered",
    "task.recalled",
    "task.moved",
    "task.urged",
)
LED_HERE = ("task.sent_back", "task.rejected")
MOST = 5  # the last ones


def handed(rows: Iterable[HistoryRow], task: TaskRow) -> list[Entry]:
    """The events with an opinion that brought the open task to its holder or urge it, oldest first.

    `rows` are those that the reader may know. What led back to the step counts until it is done again.
    """
    found: list[HistoryRow] = []
    for row in rows:
        if row.kind == "task.completed" and row.element == task.element:
            found = [one for one in found if one.kind not in LED_HERE]
        elif row.data.get("opinion") and _concerns(row, task):
            found.append(row)
    return [entry(row) for row in found[-MOST:]]


def _concerns(row: HistoryRow, task: TaskRow) -> bool:
    if row.kind in LED_HERE:
        return row.data.get("to") == task.element and task.parent is None
    return row.kind in TO_HOLDER and row.data.get("task") == task.id
