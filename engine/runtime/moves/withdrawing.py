"""撤回 by the applicant: the case ends at its submitter's wish, while the process allows it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from engine.bpmn import stepping
from engine.errors import Conflict, NotAllowed, ZhibanError
from engine.history import Event
from engine.identity import Actor
from engine.outbox import Notice
from engine.runtime.casework.loading import host_of, load, look
from engine.runtime.deadlines.recipients import everybody_of
from engine.runtime.engine import Engine
from engine.runtime.moves.acting import cancelled, guard_open, written
from engine.runtime.operations import StepHost
from engine.runtime.performing import guard_opinion, told
from engine.runtime.steps import Done
from engine.runtime.write import Loaded

WITHDRAWN = "已撤回"


def withdraw(engine: Engine, connection: Connection, *, actor: Actor, case_id: str, opinion: str) -> Done:
    """End one's own case before its time (撤回); everything open is cancelled, and whom it concerns is told.

    NotFound. NotAllowed: another's case. Conflict: it has ended, or `take back` of the process says no.
    """
    case = load(engine, connection, case_id)
    host = host_of(engine, connection, case)
    _guard(case, host, actor)
    text = guard_opinion(None, "withdraw", opinion)
    people, before = everybody_of(connection, case.row, host.now), case.row["status"]
    step = stepping.terminate(case.run, host)
    step.statuses.append(WITHDRAWN)
    host.notices.extend(
        Notice(name, "withdrawn-case", f"{case_id}:withdrawn:{name}") for name in people if name != actor.id
    )
    data = {"from": before, "to": WITHDRAWN, "cancelled": cancelled(step), **told(opinion=text)}
    return written(engine, connection, case, host, step, Event("case.withdrawn", data=data), actor, {})


def may_withdraw(engine: Engine, connection: Connection, actor: Actor, case_id: str) -> bool:
    """Whether this person may withdraw the case now. NotFound if there is none."""
    case = look(engine, connection, case_id)
    try:
        _guard(case, host_of(engine, connection, case), actor)
    except ZhibanError:
        return False
    return True


def _guard(case: Loaded, host: StepHost, actor: Actor) -> None:
    if not _is_own(case.row, actor):
        raise NotAllowed("runtime.not_own_case")
    guard_open(case)
    if not stepping.withdrawable(case.run, host):
        raise Conflict("runtime.not_withdrawable")


def _is_own(row: Mapping[str, Any], actor: Actor) -> bool:
    """The enterprise's own case; of one that concerns no enterprise, that of who started it."""
    if row["enterprise"]:
        return actor.kind == "enterprise" and actor.enterprise == row["enterprise"]
    return bool(row["started_by"] == actor.id)
