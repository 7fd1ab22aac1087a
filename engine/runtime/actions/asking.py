"""催办 and 抄送: asking for a task that somebody else has, and showing its case to others."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.clock import local
from engine.database import Moment, Prepared, new_id
from engine.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.history import Event
from engine.identity import Actor, name_of
from engine.outbox import Notice
from engine.runtime.actions.people import colleagues
from engine.runtime.actions.taking import Hold, holds, notice, stands_for, take, tell
from engine.runtime.casework.stops import open_stop, stop_facts
from engine.runtime.deadlines.recipients import handlers_of
from engine.runtime.desk.tables import copies
from engine.runtime.engine import Engine
from engine.runtime.guards import closed_conflict
from engine.runtime.performing import guard_offered, guard_opinion, told
from engine.runtime.queries.cases import case, guard_case
from engine.runtime.tables import tasks

PAUSE = timedelta(hours=1)  # wall clock, between two urgings of one task by anybody
NOTE = 500  # characters
MOST = 50  # people that one copy may go to
_urge = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"))
    .values(urged_at=bindparam("at", type_=Moment), urged=tasks.c.urged + 1)
)


def urge(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    opinion: str = "",
    version: int | None = None,
) -> int:
    """Ask for an open task that somebody else has (催办), once an hour at most. Its version, unchanged.

    For whoever may see the case and has not the task; an enterprise urges what is not internal.
    NotFound, NotAllowed, Conflict (closed, its clock stands still, urged within the hour: when again).
    """
    hold = take(engine, connection, task_id)
    task = hold.task
    guard_urging(connection, hold, actor)
    text = guard_opinion(hold.element, "urge", opinion)
    again = next_urging(hold)
    if again is not None:
        facts = {"task": task["name"], "last": _face(task["urged_at"]), "again": _face(again)}
        raise Conflict("runtime.urged_already", **facts)
    _urge(connection, key=task_id, at=hold.now)
    to = _asked(connection, hold, actor)
    count = task["urged"] + 1
    data = {"task": task_id, "name": task["name"], "to": to, "count": count}
    said = told(opinion=text, represented=stands_for(connection, hold, actor))
    event = Event("task.urged", task["element"], {**data, **said})
    tell(engine, connection, hold, event, actor, [notice(hold, "urge", name, count) for name in to])
    return int(task["version"])


def _asked(connection: Connection, hold: Hold, actor: Actor) -> list[str]:
    """Who hears that a task is asked for: whoever is waited for now, and the deputies who share it."""
    if hold.task["parent"] is not None:
        return [hold.task["assignee"]]
    found = handlers_of(connection, hold.case, hold.diagram, hold.element, hold.now, hold.task["id"])
    return [name for name in found if name != actor.id]


def guard_urging(connection: Connection, hold: Hold, actor: Actor) -> None:
    """Raise unless this person may ask for the task as it stands, whenever it was asked for last."""
    task = hold.task
    if actor.kind == "enterprise" and task["internal"]:
        raise NotFound("runtime.no_task")
    guard_case(connection, actor, case(connection, task["case_id"]))
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    guard_offered(connection, task, hold.element, "urge")
    if task["assignee"] == actor.id or (task["assignee"] is None and holds(connection, hold, actor)):
        raise NotAllowed("runtime.own_task", task=task["name"])
    stop = open_stop(hold.case["stops"])
    if stop is not None and task["opened_at"] <= stop.since:
        raise Conflict("runtime.clock_stopped", **stop_facts(stop, task["name"]))


def next_urging(hold: Hold) -> datetime | None:
    """When the task may be urged again (UTC); None if it may be now."""
    last: datetime | None = hold.task["urged_at"]
    return last + PAUSE if last is not None and hold.now < last + PAUSE else None


def _face(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def copy(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    to: Collection[str],
    note: str = "",
    version: int | None = None,
) -> int:
    """Show the task's case to other officers (抄送): they may read it, and find it among their copies.

    For who has the task, may take it, or has done it. The task's version, unchanged.
    NotFound, NotAllowed, Invalid (nobody chosen, somebody unknown, a note too long or missing).
    """
    hold = take(engine, connection, task_id)
    guard_copying(connection, hold, actor)
    text = guard_opinion(hold.element, "copy", note)
    known = colleagues(connection, ids=set(to)) if to else []
    _guard_copies(to, {person.id for person in known}, text)
    rows = [_copy(hold, actor, person.id, text) for person in known]
    _forget_unread(connection, hold.case["id"], [row["account"] for row in rows])
    connection.execute(sa.insert(copies), rows)
    task = hold.task
    data = {"task": task_id, "name": task["name"], "to": [person.id for person in known]}
    said = told(opinion=text, represented=stands_for(connection, hold, actor))
    event = Event("task.copied", task["element"], {**data, **said})
    notices = [
        Notice(row["account"], "copied", f"copied:{row['id']}", {"step": task["name"]}) for row in rows
    ]
    tell(engine, connection, hold, event, actor, notices)
    return int(task["version"])


def _forget_unread(connection: Connection, case_id: str, people: list[str]) -> None:
    """Who has not read an earlier copy of the case needs only the last one."""
    unread = sa.and_(copies.c.case_id == case_id, copies.c.read_at.is_(None))
    connection.execute(sa.delete(copies).where(unread, copies.c.account.in_(people)))


def guard_copying(connection: Connection, hold: Hold, actor: Actor) -> None:
    """Raise unless this person may show the case to others by this task."""
    task = hold.task
    if task["state"] == "cancelled":
        raise closed_conflict(connection, task)
    own = holds(connection, hold, actor) if task["state"] == "open" else task["closed_by"] == actor.id
    if not own or actor.kind == "enterprise":
        who = name_of(connection, task["assignee"] or "system")
        raise NotAllowed("runtime.not_to_copy", task=task["name"], who=who)
    guard_offered(connection, hold.task, hold.element, "copy")


def _guard_copies(to: Collection[str], known: set[str], note: str) -> None:
    problems = []
    if not to or set(to) - known:
        problems.append(Problem("runtime.choose_person", "to"))
    if len(known) > MOST:
        problems.append(Problem("runtime.copy_fewer", "to", {"most": MOST}))
    if len(note) > NOTE:
        problems.append(Problem("runtime.note_long", "opinion", {"most": NOTE}))
    if problems:
        raise Invalid("runtime.bad_copy", problems=problems)


def _copy(hold: Hold, actor: Actor, account: str, note: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": hold.case["id"],
        "task_id": hold.task["id"],
        "account": account,
        "by": actor.id,
        "at": hold.now,
        "note": note,
        "read_at": None,
    }
