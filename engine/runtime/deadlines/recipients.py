"""Whom the words of a reminder policy mean in a case: groups, or the account that has claimed the task."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn.model import Diagram, Element
from engine.database import Prepared
from engine.identity import absence
from engine.runtime.tables import IS_OPEN, task_candidates, tasks

_open_tasks = Prepared(
    sa.select(tasks.c.id, tasks.c.token, tasks.c.element, tasks.c.assignee, tasks.c.held).where(
        tasks.c.case_id == bindparam("key"), IS_OPEN
    )
)
_candidates = Prepared(sa.select(task_candidates.c.name).where(task_candidates.c.task_id == bindparam("key")))


def recipients_of(
    connection: Connection,
    case: Mapping[str, Any],
    diagram: Diagram,
    element: Element,
    words: Iterable[str],
    now: datetime,
    task: str | None = None,
) -> list[str]:
    """The groups and accounts that the words (see worktime.rules.RECIPIENTS) mean, each once.

    `task` is the one whose deadline it is: of several at one element only its own handler is meant.
    """
    meanings: Mapping[str, Callable[[], list[str]]] = {
        "handler": lambda: handlers_of(connection, case, diagram, element, now, task),
        "administrator": lambda: [f"admin@{case['department']}"] if case["department"] else [],
        "enterprise": lambda: enterprise_of(case),
    }
    found: list[str] = []
    for word in words:
        found += meanings[word]() if word in meanings else [word]
    return list(dict.fromkeys(found))


def everybody_of(connection: Connection, case: Mapping[str, Any], now: datetime) -> list[str]:
    """Whoever has an open task of the case, and its enterprise."""
    found: list[str] = []
    for task, _, _, assignee, _ in _open_tasks(connection, key=case["id"]):
        found += _names(connection, case, task, assignee, now)
    return list(dict.fromkeys([*found, *enterprise_of(case)]))


def handlers_of(
    connection: Connection,
    case: Mapping[str, Any],
    diagram: Diagram,
    element: Element,
    now: datetime,
    only: str | None = None,
) -> list[str]:
    """Who works on a task, or in a phase, at this moment: who has claimed it, with the deputy who shares it;
    else its candidates.

    While a task waits for signers who were added to it, they are meant and not its owner.
    A phase is answered for by whoever leads it: the items of a multi-instance are meant only where
    nobody else has a task in it.
    """
    rows = _open_tasks(connection, key=case["id"])
    here = {token for task, token, *_ in rows if task == only}  # those added at a task have its token
    found = [
        (where, _names(connection, case, task, assignee, now))
        for task, token, where, assignee, held in rows
        if not held and (token in here or (only is None and _within(diagram, where, element.id)))
    ]
    lead = [names for where, names in found if diagram.elements[where].loop is None]
    return list(dict.fromkeys(name for names in lead or [names for _, names in found] for name in names))


def _names(
    connection: Connection, case: Mapping[str, Any], task: str, assignee: str | None, now: datetime
) -> list[str]:
    if not assignee:
        return sorted(name for (name,) in _candidates(connection, key=task))
    rule = absence.deputy_of(connection, assignee, now, case["process"])
    return [assignee, rule.deputy] if rule is not None and rule.how == "share" else [assignee]


def enterprise_of(case: Mapping[str, Any]) -> list[str]:
    """The enterprise's own group."""
    return [f"enterprise@{case['enterprise']}"] if case["enterprise"] else []


def _within(diagram: Diagram, key: str, phase: str) -> bool:
    while key in diagram.elements:
        if key == phase:
            return True
        key = diagram.elements[key].scope
    return False
