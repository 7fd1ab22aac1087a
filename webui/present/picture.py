"""The state of a case as the diagram viewer wants it: where it has been, where it is, how long it stayed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from engine.bpmn.calls import SLASH
from engine.runtime.queries import Stay

from .moments import duration


def picture(passed: set[str], flows: set[str], tasks: Iterable[Stay], now: datetime) -> dict[str, Any]:
    """Ids of elements and flows passed, of the present place and of what is late; dwelling time in words.

    What goes on within a called process is shown at its call activity: that is what the diagram draws.
    """
    stayed: dict[str, timedelta] = defaultdict(timedelta)
    until: dict[str, datetime] = {}  # within a call tasks may be open side by side: each hour counts once
    present, late = set(), set()
    for task in sorted(tasks, key=lambda one: one.opened_at):
        place, _, inner = task.element.partition(SLASH)
        closed = task.closed_at or now
        since = max(task.opened_at, until.get(place, task.opened_at)) if inner else task.opened_at
        stayed[place] += max(closed - since, timedelta())
        until[place] = max(closed, until.get(place, closed))
        if task.state == "open":
            present.add(place)
            if task.due_at is not None and task.due_at < now:
                late.add(place)
    return {
        "done": sorted(_drawn(passed) - present),
        "flows": sorted(_drawn(flows)),
        "now": sorted(present - late),
        "late": sorted(late),
        "stayed": {element: duration(time) for element, time in stayed.items()},
    }


def _drawn(ids: set[str]) -> set[str]:
    """Those that the case's own diagram draws."""
    return {key for key in ids if SLASH not in key}
