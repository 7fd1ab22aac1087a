"""终止: whoever the process names ends a running case before its time, and says why."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from engine.bpmn import desk, stepping
from engine.bpmn.model import Diagram
from engine.errors import Conflict, NotAllowed
from engine.history import Event
from engine.identity import Actor
from engine.outbox import Notice
from engine.runtime.casework.loading import host_of, keep, load
from engine.runtime.deadlines.recipients import everybody_of
from engine.runtime.engine import Engine
from engine.runtime.performing import guard_opinion
from engine.runtime.queries.cases import case as case_row
from engine.runtime.queries.cases import guard_case
from engine.runtime.write import persist

STATUS = "已终止"


def may_terminate(diagram: Diagram, case: Mapping[str, Any], actor: Actor) -> bool:
    """Whether this person may end the case before its time."""
    return case["state"] == "open" and (actor.kind == "system" or _is_terminator(diagram, actor))


def _is_terminator(diagram: Diagram, actor: Actor) -> bool:
    return not actor.groups.isdisjoint(desk.terminators(diagram))


def terminate(engine: Engine, connection: Connection, *, actor: Actor, case_id: str, opinion: str) -> int:
    """End the case: everything open is cancelled, its deadlines too, and whom it concerns is told.

    Returns the case's new version. NotFound. NotAllowed: not one of the process's terminators, or not to see.
    Conflict: it has ended already. Invalid: no opinion.
    """
    loaded = load(engine, connection, case_id)
    host = host_of(engine, connection, loaded)
    guard_case(connection, actor, case_row(connection, case_id))
    if actor.kind != "system" and not _is_terminator(host.definition.diagram, actor):
        raise NotAllowed("runtime.no_terminator")
    if loaded.row["state"] != "open":
        raise Conflict("runtime.case_ended")
    text = guard_opinion(None, "terminate", opinion)
    told, before = everybody_of(connection, loaded.row, host.now), loaded.row["status"]
    step = stepping.terminate(loaded.run, host)
    step.statuses.append(STATUS)
    step.ended = True
    host.notices.extend(Notice(name, "terminated", f"{case_id}:terminated:{name}") for name in told)
    event = Event("case.terminated", data={"from": before, "opinion": text})
    persist(connection, loaded, step, host, event, actor.id, {}, "terminate")
    keep(engine, loaded)
    return int(loaded.row["version"])
