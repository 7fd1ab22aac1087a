"""Stopping a case's clocks with a reason, and letting them run again, as people do it.

Diagrams do the same with the operations `stop clock` and `resume clock`.
"""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.bpmn import desk
from engine.bpmn.stepping import Step
from engine.errors import Conflict, Invalid, NotAllowed
from engine.history import Event
from engine.identity import Actor
from engine.runtime.casework import stops
from engine.runtime.casework.loading import keep, load
from engine.runtime.casework.recount import ready
from engine.runtime.casework.standstill import hold, let_go
from engine.runtime.deadlines.policies import ENTERPRISE
from engine.runtime.engine import Engine
from engine.runtime.guards import hands_of
from engine.runtime.operations import StepHost
from engine.runtime.tables import IS_OPEN, cases, task_candidates, tasks
from engine.runtime.write import Loaded, persist

WATCHING = frozenset({"control-centre", "supervisor"})  # roles that may stop the clock of any case
REASON = 500  # characters
NEEDS = 2000


def may_stop(engine: Engine, connection: Connection, actor: Actor, case_id: str) -> bool:
    """Whether this person may stop and resume the case's clocks: who works on it now, or watches over it.

    Not who is only asked: added signers, and the joint handlers of a department that does not lead.
    """
    if actor.kind != "person":
        return actor.kind == "system"
    if actor.roles & WATCHING:
        return True
    mine = sorted({actor.id, *(g for g in actor.groups if not g.startswith(ENTERPRISE))})
    waits = sa.exists().where(task_candidates.c.task_id == tasks.c.id, task_candidates.c.name.in_(mine))
    hands = hands_of(connection, actor, engine.clock.now(), case_id)
    query = sa.select(tasks.c.element).where(
        tasks.c.case_id == case_id,
        IS_OPEN,
        tasks.c.parent.is_(None),
        sa.or_(tasks.c.assignee.in_(sorted(hands)), sa.and_(tasks.c.assignee.is_(None), waits)),
    )
    return any(not _joint(engine, connection, case_id, key) for key in connection.execute(query).scalars())


def _joint(engine: Engine, connection: Connection, case_id: str, element: str) -> bool:
    found = connection.execute(sa.select(cases.c.definition_id).where(cases.c.id == case_id)).scalar_one()
    return desk.joint(engine.definitions.get(connection, found).diagram.elements[element])


def stop(
    engine: Engine,
    connection: Connection,
    *,
    actor: Actor,
    case_id: str,
    kind: str,
    reason: str,
    needs: str = "",
) -> None:
    """Let the clocks stand still until `resume`: nothing fires, nobody is reminded, no date moves meanwhile.

    `reason` is for officers; `needs`, what the enterprise is to supply, is told to the enterprise as it is.
    Invalid: a kind that is not in `stops.KINDS`, no reason. NotAllowed. Conflict: ended, or stopped already.
    """
    if kind not in stops.KINDS or not reason.strip() or len(reason) > REASON or len(needs) > NEEDS:
        raise Invalid("runtime.bad_stop", kinds="、".join(stops.KINDS), most=REASON, needs=NEEDS)
    told = {"needs": needs.strip()} if needs.strip() else {}
    case, host = _taken(engine, connection, actor, case_id)
    if stops.open_stop(case.row["stops"]) is not None:
        raise Conflict("runtime.stopped_already")
    hold(connection, case.row, host.now, kind, reason.strip(), actor.id, needs.strip())
    host.clock.append(("clock-stopped", {"kind": kind, **told}))
    event = Event("clock.stopped", data={"kind": kind, "reason": reason.strip(), **told})
    persist(connection, case, Step(), host, event, actor.id, {})
    keep(engine, case)


def resume(engine: Engine, connection: Connection, *, actor: Actor, case_id: str) -> None:
    """Let the clocks run again: every date that began before the stop is counted anew, without that time.

    NotAllowed. Conflict: the case has ended, or its clocks run.
    """
    case, host = _taken(engine, connection, actor, case_id)
    held = stops.open_stop(case.row["stops"])
    if held is None:
        raise Conflict("runtime.not_stopped")
    let_go(connection, case.row, host.now)
    host.count_by(replace(host.counting, stops=stops.read(case.row["stops"])))
    host.clock.append(("clock-resumed", {}))
    event = Event("clock.resumed", data={"kind": held.kind, "since": held.since.isoformat()})
    persist(connection, case, Step(), host, event, actor.id, {}, "resume")
    keep(engine, case)


def _taken(engine: Engine, connection: Connection, actor: Actor, case_id: str) -> tuple[Loaded, StepHost]:
    case = load(engine, connection, case_id)
    if not may_stop(engine, connection, actor, case_id):
        raise NotAllowed("runtime.may_not_stop")
    if case.row["state"] != "open":
        raise Conflict("runtime.case_ended")
    return case, ready(engine, connection, case)
