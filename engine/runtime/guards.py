"""Who may do what to a task, and the conflicts that say who was faster.

claim and release live here too, since they are guards with a memory: one row, one history event.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import history
from engine.clock import local
from engine.database import Moment, Prepared
from engine.errors import Conflict, NotAllowed, NotFound, ZhibanError
from engine.history import Event
from engine.identity import Actor, name_of
from engine.runtime.engine import Engine
from engine.runtime.tables import cases, task_candidates, tasks

_TASK = [c for c in tasks.c]
_read = Prepared(sa.select(*_TASK).where(tasks.c.id == bindparam("key")))
_candidates = Prepared(sa.select(task_candidates.c.name).where(task_candidates.c.task_id == bindparam("key")))
_set_assignee = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"), tasks.c.state == "open", tasks.c.version == bindparam("seen"))
    .values(assignee=bindparam("who"), version=tasks.c.version + 1, claimed_at=bindparam("at", type_=Moment))
)
_lock_head = Prepared(
    sa.select(cases.c.history_seq, cases.c.history_hash)
    .where(cases.c.id == bindparam("key"))
    .with_for_update()
)
_move_head = Prepared(
    sa.update(cases)
    .where(cases.c.id == bindparam("key"))
    .values(history_seq=bindparam("seq"), history_hash=bindparam("hash"))
)


def read_task(connection: Connection, task_id: str) -> dict[str, Any]:
    """The task's row. NotFound if there is none."""
    found = _read(connection, key=task_id)
    if not found:
        raise NotFound("runtime.no_task")
    return dict(zip((c.name for c in _TASK), found[0], strict=True))


def is_candidate(connection: Connection, task_id: str, actor: Actor) -> bool:
    """Whether the task waits for a group of this person's, or for the person."""
    mine = actor.groups | {actor.id}
    return any(name in mine for (name,) in _candidates(connection, key=task_id))


def guard_completion(
    connection: Connection, task: Mapping[str, Any], actor: Actor, version: int | None
) -> None:
    """Raise unless `actor` may complete `task` as it stands.

    A candidate may complete a task that nobody has claimed: that is claiming it on the way.
    """
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if task["assignee"] is not None and task["assignee"] != actor.id:
        raise NotAllowed("runtime.not_assignee", task=task["name"], **_facts(connection, task))
    if task["assignee"] is None and not is_candidate(connection, task["id"], actor):
        raise NotAllowed("runtime.not_candidate", task=task["name"])
    if version is not None and version != task["version"]:
        raise Conflict("runtime.task_changed", task=task["name"], **_facts(connection, task))


def closed_conflict(connection: Connection, task: Mapping[str, Any]) -> ZhibanError:
    """The conflict of a task that is no longer open: who closed it, how and when."""
    return Conflict("runtime.task_closed", task=task["name"], **_facts(connection, task))


def _facts(connection: Connection, task: Mapping[str, Any]) -> dict[str, Any]:
    """Who did what to the task last, and when (Asia/Shanghai)."""
    if task["state"] != "open":
        did = "办理" if task["state"] == "done" else "撤销"
        who, when = task["closed_by"], task["closed_at"]
    else:
        did = "认领" if task["assignee"] else "放回"
        who, when = task["assignee"] or _last_hand(connection, task), task["claimed_at"] or task["opened_at"]
    return {"who": name_of(connection, who), "who_id": who, "did": did, "when": _clock_face(when)}


def _last_hand(connection: Connection, task: Mapping[str, Any]) -> str:
    """Who released the task last; the system if it was never claimed."""
    query = sa.select(history.events.c.actor).where(
        history.events.c.chain == task["case_id"],
        history.events.c.element == task["element"],
        history.events.c.kind == "task.released",
    )
    found = connection.execute(query.order_by(history.events.c.seq.desc()).limit(1)).scalar()
    return str(found or "system")


def _clock_face(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def claim(
    engine: Engine, connection: Connection, *, actor: Actor, task_id: str, version: int | None = None
) -> int:
    """Take an unclaimed task for oneself; returns its new version. Claiming one's own again is no change.

    NotAllowed: not a candidate. Conflict: somebody else has it, or it is finished (who, when).
    """
    task = _locked(connection, task_id)
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if task["assignee"] == actor.id:
        return int(task["version"])
    if not is_candidate(connection, task_id, actor):
        raise NotAllowed("runtime.not_candidate", task=task["name"])
    if task["assignee"] is not None:
        raise Conflict("runtime.task_taken", task=task["name"], **_facts(connection, task))
    return _hand(engine, connection, task, actor, actor.id, "task.claimed", version)


def release(
    engine: Engine, connection: Connection, *, actor: Actor, task_id: str, version: int | None = None
) -> int:
    """Give one's task back to its candidates; returns its new version.

    NotAllowed: another's task, or one that has no candidates to go back to.
    """
    task = _locked(connection, task_id)
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if task["assignee"] != actor.id:
        raise NotAllowed("runtime.not_assignee", task=task["name"], **_facts(connection, task))
    if not _candidates(connection, key=task_id):
        raise NotAllowed("runtime.no_candidates", task=task["name"])
    return _hand(engine, connection, task, actor, None, "task.released", version)


def lock_case(connection: Connection, case_id: str) -> history.Head:
    """Hold the case until the transaction ends, and return its history's head.

    Every transaction takes this lock before those of the case's tasks and timers: two that took
    them in different orders would wait for each other for ever.
    """
    seq, before = _lock_head(connection, key=case_id)[0]
    return history.Head(seq, before)


def _locked(connection: Connection, task_id: str) -> dict[str, Any]:
    """The task as it is while its case is locked: who waits for a lock must look again behind it."""
    task = read_task(connection, task_id)
    lock_case(connection, task["case_id"])
    return read_task(connection, task_id)


def _hand(
    engine: Engine,
    connection: Connection,
    task: Mapping[str, Any],
    actor: Actor,
    to: str | None,
    kind: str,
    version: int | None,
) -> int:
    if version is not None and version != task["version"]:
        raise Conflict("runtime.task_changed", task=task["name"], **_facts(connection, task))
    now = engine.clock.now()
    _set_assignee(connection, key=task["id"], seen=task["version"], who=to, at=now)
    event = Event(
        kind, task["element"], {"task": task["id"], "name": task["name"], "from": task["assignee"], "to": to}
    )
    record(engine, connection, task["case_id"], [event], actor.id)
    return int(task["version"]) + 1


def record(engine: Engine, connection: Connection, case_id: str, happened: list[Event], actor: str) -> None:
    """Add events to a case's history outside a step. The warm run stays valid under the new hash."""
    before, now = lock_case(connection, case_id), engine.clock.now()
    head = history.append(connection, case_id, before, happened, at=now, actor=actor)
    _move_head(connection, key=case_id, seq=head.seq, hash=head.hash)
    run = engine.warm.take(case_id, before.hash)
    if run is not None:
        engine.warm.keep(case_id, head.hash, run)
