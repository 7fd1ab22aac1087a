"""What opens for somebody who is away: it goes to the deputy in the very step that opens it.

A step that assigns nobody asks nothing of the database here. Whatever absences there are, a task has one
active assignee who may perform it, or waits for groups.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn.stepping import Opened
from engine.database import Prepared
from engine.history import Event
from engine.identity import absence
from engine.outbox import Notice
from engine.runtime.deputies.placing import Placed, place
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.operations import StepHost
from engine.runtime.tables import tasks

_excluded = Prepared(
    sa.select(task_exclusions.c.account).where(task_exclusions.c.task_id == bindparam("task"))
)
_put = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(assignee=bindparam("who"), acting_for=bindparam("person"))
)
_wait_for = Prepared(
    sa.text("INSERT INTO task_candidates (name, task_id) VALUES (:name, :task) ON CONFLICT DO NOTHING")
)


def arrive(
    connection: Connection, ids: Iterable[str], opened: Sequence[Opened], host: StepHost
) -> list[Event]:
    """Give the tasks that have just opened to whoever is to hold them; the events that say so.

    `ids` are the tasks', in the order of `opened`; their rows, candidates and exclusions are written. Queues
    what the people concerned are told.
    """
    found: list[Event] = []
    for task, one in zip(ids, opened, strict=True):
        if one.users:
            _stand_in(connection, task, one, host)
        if one.assignee:
            found += _one(connection, task, one, host, _beside(one, opened))
    return found


def _beside(opened: Opened, others: Sequence[Opened]) -> set[str]:
    """Who has an item of the same node: nobody signs there for oneself and for another."""
    return {str(one.assignee) for one in others if one.element.id == opened.element.id} - {opened.assignee}


def _one(connection: Connection, task: str, opened: Opened, host: StepHost, beside: set[str]) -> list[Event]:
    person = str(opened.assignee)
    kept = {account for (account,) in _excluded(connection, task=task)} | beside
    placed = place(connection, person, host.now, host.row["process"], kept)
    name = opened.element.label
    host.notices.extend(told(host.row["id"], task, name, person, placed))
    if placed.assignee == person:
        return []
    _put(connection, key=task, who=placed.assignee, person=placed.acting_for)
    if placed.assignee is None and not (opened.groups or opened.users):
        _wait_for(connection, name=placed.keepers, task=task)
    return [Event("task.moved", opened.element.id, moved(task, name, person, placed))]


def moved(task: str, name: str, person: str, placed: Placed) -> dict[str, Any]:
    """What the record says of a task that went to somebody else than it was meant for."""
    data: dict[str, Any] = {"task": task, "name": name, "from": person, "to": placed.assignee}
    if placed.acting_for is not None:
        data["for"] = placed.acting_for
    if placed.rule is not None:
        data |= {"absence": placed.rule.id, "for_name": placed.rule.account_name}
    return data


def _stand_in(connection: Connection, task: str, opened: Opened, host: StepHost) -> None:
    """Let the deputies of candidates who are named one by one claim it too."""
    for user in opened.users:
        found = absence.standing(connection, user, host.now, host.row["process"])
        if found is not None and found.holder != user:
            _wait_for(connection, name=found.holder, task=task)


def besides(case_id: str, task: str, name: str, person: str, placed: Placed) -> list[Notice]:
    """Who hears, besides its new holder, that a task which somebody chose for `person` went elsewhere."""
    return [one for one in told(case_id, task, name, person, placed) if one.template != "moved-here"]


def told(case_id: str, task: str, name: str, person: str, placed: Placed) -> list[Notice]:
    """Who hears of it: the deputy and the person; or, where nobody is left, those who have charge of them."""
    notices: list[tuple[str, str, Mapping[str, Any]]] = []
    rule = placed.rule
    if placed.acting_for is not None and rule is not None:
        notices = [
            (str(placed.assignee), "moved-here", {"step": name, "person": rule.account_name}),
            (person, "moved-away", {"step": name, "deputy": placed.name}),
        ]
    elif placed.sharer is not None and rule is not None:
        notices = [(placed.sharer, "shared-here", {"step": name, "person": rule.account_name})]
    elif placed.deserted or placed.assignee is None:
        notices = [(placed.keepers, "deserted", {"step": name, "person": rule.account_name if rule else ""})]
    return [Notice(to, kind, f"{case_id}:{task}:{kind}:{to}", data) for to, kind, data in notices]
