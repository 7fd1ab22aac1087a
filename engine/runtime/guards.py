"""Who may do what to a task, and the conflicts that say who was faster.

claim and release live here too, since they are guards with a memory: one row, one history event.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import history
from engine.clock import local
from engine.database import Moment, Prepared
from engine.errors import Conflict, NotAllowed, NotFound, ZhibanError
from engine.history import Event
from engine.identity import Actor, absence, name_of
from engine.runtime.casework.closing import awaited
from engine.runtime.desk import leaving
from engine.runtime.engine import Engine
from engine.runtime.performing import excluded, guard_eyes, guard_voice, speaks
from engine.runtime.tables import cases, task_candidates, tasks

_TASK = [c for c in tasks.c]
_NAMES = [c.name for c in _TASK]
_read = Prepared(sa.select(*_TASK).where(tasks.c.id == bindparam("key")))
_candidates = Prepared(sa.select(task_candidates.c.name).where(task_candidates.c.task_id == bindparam("key")))
_set_assignee = Prepared(
    sa.update(tasks)
    .where(tasks.c.id == bindparam("key"), tasks.c.state == "open", tasks.c.version == bindparam("seen"))
    .values(
        assignee=bindparam("who"),
        acting_for=None,  # who claims it does so in the own name, and what is released is nobody's
        version=tasks.c.version + 1,
        claimed_at=bindparam("at", type_=Moment),
    )
)
_lock_head = Prepared(
    sa.select(cases.c.history_seq, cases.c.history_hash)
    .where(cases.c.id == bindparam("key"))
    .with_for_update()
)
_process = Prepared(sa.select(cases.c.process).where(cases.c.id == bindparam("key")))
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
    return dict(zip(_NAMES, found[0], strict=True))


def hands_of(connection: Connection, actor: Actor, now: datetime, case_id: str) -> frozenset[str]:
    """The accounts whose tasks of the case this person may act on now: one's own, and whose deputy one is."""
    process = _process(connection, key=case_id)[0][0]
    return absence.principals(connection, actor.id, now, process) | {actor.id}


def is_candidate(connection: Connection, task_id: str, actor: Actor) -> bool:
    """Whether the task waits for a group of this person's, or for the person, who may perform it: four eyes
    allow it, and the person has not signed there."""
    if not _waits_for(connection, task_id, actor) or actor.id in excluded(connection, task_id):
        return False
    return not speaks(connection, task_id, actor.id)


def _waits_for(connection: Connection, task_id: str, actor: Actor) -> bool:
    mine = actor.groups | {actor.id}
    return any(name in mine for (name,) in _candidates(connection, key=task_id))


def candidates(connection: Connection, task_id: str) -> list[str]:
    """The groups and accounts that an open task waits for."""
    return sorted(name for (name,) in _candidates(connection, key=task_id))


def guard_completion(
    connection: Connection, task: Mapping[str, Any], actor: Actor, version: int | None, now: datetime
) -> str | None:
    """Raise unless `actor` may complete `task` as it stands; returns for whom it is done, if for another.

    A candidate may complete a task that nobody has claimed: that is claiming it on the way. A delegate
    answers its owner instead.
    """
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    represented = guard_hand(connection, task, actor, version, now)
    guard_free(connection, task)
    return represented


def guard_hand(
    connection: Connection, task: Mapping[str, Any], actor: Actor, version: int | None, now: datetime
) -> str | None:
    """Raise unless the open task is `actor`'s to act on, and as `version` has it.

    Returns on whose behalf that is, if on another's: a deputy acts for who has the task.
    """
    holder = task["assignee"]
    if holder not in (None, actor.id) and holder not in hands_of(connection, actor, now, task["case_id"]):
        guard_version(connection, task, version)  # it was theirs as they saw it: who has it since, and when
        raise not_holder(connection, task)
    represented: str | None = holder if holder not in (None, actor.id) else task["acting_for"]
    guard_eyes(connection, task, (actor.id, represented))
    if holder is None and not _waits_for(connection, task["id"], actor):  # four eyes have been asked
        raise NotAllowed("runtime.not_candidate", task=task["name"])
    if holder != actor.id:
        guard_voice(connection, task, (actor.id,))
    guard_version(connection, task, version)
    return represented


def guard_version(connection: Connection, task: Mapping[str, Any], version: int | None) -> None:
    """Conflict if the task is no longer as somebody saw it who names its version."""
    if version is not None and version != task["version"]:
        raise changed_conflict(connection, task)


def changed_conflict(connection: Connection, task: Mapping[str, Any]) -> ZhibanError:
    """The conflict of a task that changed since it was seen: who did what, and when."""
    return Conflict("runtime.task_changed", task=task["name"], **_facts(connection, task))


def not_holder(connection: Connection, task: Mapping[str, Any]) -> ZhibanError:
    """The refusal to somebody who does not hold the task: who does."""
    who = task["assignee"] or "system"
    facts = {**_facts(connection, task), "who": name_of(connection, who), "who_id": who}
    return NotAllowed("runtime.not_assignee", task=task["name"], **facts)


def guard_unchanged(connection: Connection, task_id: str, version: int | None) -> None:
    """Conflict if the task is closed, or no longer as somebody saw it who names its version."""
    task = read_task(connection, task_id)
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    guard_version(connection, task, version)


def guard_free(connection: Connection, task: Mapping[str, Any]) -> None:
    """Raise unless the task can be handed on or closed by whoever has it: every writer asks this.

    Conflict: it waits for its added signers; it is an added signer's own, who only decides; or it was
    delegated, and its answer goes back.
    """
    guard_unheld(connection, task)
    if task["parent"] is not None:
        raise Conflict("runtime.only_decides", task=task["name"])
    if task["delegated_by"]:
        raise Conflict("runtime.delegated", task=task["name"], who=name_of(connection, task["delegated_by"]))


def guard_unheld(connection: Connection, task: Mapping[str, Any]) -> None:
    """Conflict if the task waits for its added signers: who they are."""
    if task["held"]:
        who = "、".join(awaited(connection, task["id"]))
        raise Conflict("runtime.task_held", task=task["name"], who=who)


def closed_conflict(connection: Connection, task: Mapping[str, Any]) -> ZhibanError:
    """The conflict of a task that is no longer open: who closed it, how and when."""
    return Conflict("runtime.task_closed", task=task["name"], **_facts(connection, task))


def _facts(connection: Connection, task: Mapping[str, Any]) -> dict[str, Any]:
    """Who did what to the task last, and when (Asia/Shanghai)."""
    if task["state"] != "open":
        did = "办理" if task["state"] == "done" else "撤销"
        who, when = task["closed_by"], task["closed_at"]
    else:
        who, did, when = _last_hand(connection, task)
    return {"who": name_of(connection, who), "who_id": who, "did": did, "when": _clock_face(when)}


HANDS = {  # how a task comes from one hand into another
    "task.claimed": "认领",
    "task.released": "放回",
    "task.transferred": "转办",
    "task.delegated": "委派",
    "task.answered": "交回",
    "task.recalled": "收回委派",
    "task.moved": "移交",
    "signer.added": "加签",
    "signer.removed": "减签",
}


def _last_hand(connection: Connection, task: Mapping[str, Any]) -> tuple[str, str, datetime]:
    """Who handed the task on last, how and when."""
    events = history.events
    query = sa.select(events.c.actor, events.c.kind, events.c.at, events.c.data).where(
        events.c.chain == task["case_id"], events.c.element == task["element"], events.c.kind.in_(HANDS)
    )
    for row in connection.execute(query.order_by(events.c.seq.desc())):
        if orjson.loads(row.data).get("task") == task["id"]:
            return row.actor, HANDS[row.kind], row.at
    return "system", "派发", task["opened_at"]


def _clock_face(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}"


def claim(
    engine: Engine, connection: Connection, *, actor: Actor, task_id: str, version: int | None = None
) -> int:
    """Take an unclaimed task for oneself; returns its new version. Claiming one's own again is no change.

    NotAllowed: not a candidate. Conflict: somebody else has it, or it is finished (who, when).
    """
    task = locked(connection, task_id)
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if task["assignee"] == actor.id:
        return int(task["version"])
    guard_eyes(connection, task, (actor.id,))
    if not _waits_for(connection, task_id, actor):
        raise NotAllowed("runtime.not_candidate", task=task["name"])
    if task["assignee"] is not None:
        raise Conflict("runtime.task_taken", task=task["name"], **_facts(connection, task))
    guard_voice(connection, task, (actor.id,))
    return _hand(engine, connection, task, actor, actor.id, "task.claimed", version)


def release(
    engine: Engine, connection: Connection, *, actor: Actor, task_id: str, version: int | None = None
) -> int:
    """Give one's task back to its candidates; returns its new version.

    NotAllowed: another's task, or one that has no candidates to go back to.
    """
    task = locked(connection, task_id)
    if task["state"] != "open":
        raise closed_conflict(connection, task)
    if task["assignee"] != actor.id:
        raise not_holder(connection, task)
    guard_free(connection, task)
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


def locked(connection: Connection, task_id: str) -> dict[str, Any]:
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
    guard_version(connection, task, version)
    now = engine.clock.now()
    _set_assignee(connection, key=task["id"], seen=task["version"], who=to, at=now)
    if task["assignee"] is not None:
        leaving.lost(connection, task, to, actor.id)
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
