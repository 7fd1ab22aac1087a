"""The state of a case as the diagram viewer wants it: where it has been, where it is, how long it stayed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from .moments import duration


def picture(history: Iterable[Any], tasks: Iterable[Any], now: datetime) -> dict[str, Any]:
    """Ids of elements and flows passed, of the present place and of what is late; dwelling time in words."""
    passed: set[str] = set()
    flows: set[str] = set()
    for row in history:
        if row.kind == "path":
            passed.update(row.data.get("elements", ()))
            flows.update(row.data.get("flows", ()))
    stayed: dict[str, timedelta] = defaultdict(timedelta)
    present, late = set(), set()
    for task in tasks:
        stayed[task.element] += (task.closed_at or now) - task.opened_at
        if task.state == "open":
            present.add(task.element)
            if task.due_at is not None and task.due_at < now:
                late.add(task.element)
    return {
        "done": sorted(passed - present),
        "flows": sorted(flows),
        "now": sorted(present - late),
        "late": sorted(late),
        "stayed": {element: duration(time) for element, time in stayed.items()},
    }
