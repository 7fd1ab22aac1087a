"""Taking an added signer away again (减签), with whatever hangs below."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.errors import Conflict, NotAllowed
from engine.history import Event
from engine.identity import Actor
from engine.runtime.casework.closing import cancel_added
from engine.runtime.casework.loading import keep
from engine.runtime.engine import Engine
from engine.runtime.guards import guard_version, hands_of, record
from engine.runtime.performing import excluded, guard_opinion, told
from engine.runtime.signers.deciding import remove_below, settle
from engine.runtime.signers.family import Family, Row
from engine.runtime.signers.taking import taken, tell
from engine.runtime.steps import Done
from engine.runtime.tables import cases, task_candidates

WATCHING = "control-centre"  # may take away any signer
_department = Prepared(sa.select(cases.c.department).where(cases.c.id == bindparam("key")))
_candidates = Prepared(sa.select(task_candidates.c.name).where(task_candidates.c.task_id == bindparam("key")))


def may_remove(
    connection: Connection, actor: Actor, found: Family, task: Mapping[str, Any], now: datetime
) -> bool:
    """Whether this person may take away the signer whose row `task` is.

    Who asked, which is whoever has the task that waits for the signature, or a deputy who may do it as well
    and is not kept from it; the control centre; and an administrator of the department that the
    step or the case is with.
    """
    if actor.kind == "system" or WATCHING in actor.roles:
        return True
    holder = found.row(task["parent"])["assignee"]
    shares = holder != actor.id and holder in hands_of(connection, actor, now, task["case_id"])
    if holder == actor.id or (shares and actor.id not in excluded(connection, task["parent"])):
        return True
    groups = [name for (name,) in _candidates(connection, key=found.root["id"])]
    own = {name.partition("@")[2] for name in groups} | {_department(connection, key=task["case_id"])[0][0]}
    return any(f"admin@{code}" in actor.groups for code in own if code)


def remove_signer(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    task_id: str,
    opinion: str = "",
    version: int | None = None,
) -> Done:
    """Take away the added signer whose open task this is, and cancel what hangs below; returns what follows.

    What was not approved is not completed by it: the task returns to its owner when nobody is left to
    ask. One that its owner has approved already completes.

    NotAllowed: see `may_remove`. Conflict: decided already, changed, no added signer's task.
    """
    at = taken(engine, connection, task_id, actor)
    keep(engine, at.case)
    task: Row = at.task
    if task["parent"] is None and task["assignee"] == actor.id:
        raise Conflict("signers.not_added", task=task["name"])
    if task["parent"] is None or not may_remove(connection, actor, at.family, task, at.host.now):
        raise NotAllowed("signers.not_removing", task=task["name"])
    guard_version(connection, task, version)
    said = told(opinion=guard_opinion(at.element, "remove signer", opinion))
    cancel_added(connection, task_id, at.host.now, actor.id)
    data = {"task": task_id, "name": task["name"], "from": task["assignee"], "to": "", **said}
    record(engine, connection, at.case.id, [Event("signer.removed", task["element"], data)], actor.id)
    tell(connection, at, "signing-over", {task["assignee"]} - {actor.id})
    remove_below(engine, connection, at, at.family, task_id, actor.id)
    return settle(engine, connection, at, task["parent"], actor.id)
