"""Counting a case's dates on the calendar in force, when that has changed since they were counted.

Whoever takes a case in hand does it first, so that nothing fires, and nothing is late, by a calendar
that holds no more; and a job does it for those that nobody takes in hand (runtime.clocks.recounting).
"""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import worktime
from engine.bpmn import stepping
from engine.bpmn.stepping import Moved
from engine.clock import local
from engine.database import Prepared
from engine.errors import Conflict, ZhibanError
from engine.history import Event
from engine.outbox import Notice
from engine.runtime.casework.loading import counting_of, host_of, keep
from engine.runtime.casework.mishaps import mended
from engine.runtime.deadlines.recipients import enterprise_of, handlers_of
from engine.runtime.deadlines.rows import move_deadlines
from engine.runtime.engine import Engine
from engine.runtime.operations import StepHost
from engine.runtime.tables import cases
from engine.runtime.write import Loaded, persist

_stands_on = Prepared(
    sa.update(cases).where(cases.c.id == bindparam("key")).values(calendar=bindparam("revision"))
)


def ready(engine: Engine, connection: Connection, case: Loaded) -> StepHost:
    """The host of a step at this moment, once the case's dates stand on the calendar in force.

    Conflict if they cannot be counted: the step would go by dates that hold no more.
    """
    host = host_of(engine, connection, case)
    if case.row["calendar"] >= host.calendar.revision or case.row["state"] != "open":
        return host
    try:
        recount_case(engine, connection, case, host)
    except sa.exc.SQLAlchemyError:
        raise
    except Exception as error:  # whatever a diagram's expression may raise
        why = error.say() if isinstance(error, ZhibanError) else f"{type(error).__name__}: {error}"
        raise Conflict("runtime.not_counted", number=case.row["number"], why=why) from error
    return host_of(engine, connection, case)


def recount_case(engine: Engine, connection: Connection, case: Loaded, host: StepHost) -> list[Moved]:
    """Count the case's dates anew on the host's calendar, and tell whom it concerns. Returns what moved."""
    row, revision = case.row, host.calendar.revision
    counted = counting_of(connection, row, worktime.load_revision(connection, row["calendar"]))
    step = stepping.recount(case.run, replace(host, counting=counted, events=[], notices=[]), host)
    mending = mended(connection, case.id, host.now)
    data = {"from": row["calendar"], "to": revision, "unsure": [m.name or m.element for m in step.unsure]}
    row["calendar"] = revision
    if step.moved or step.unsure or mending:
        host.events.extend(mending)
        host.notices.extend(moved_notices(connection, case, step.moved, f"calendar:{revision}", host.now))
        persist(connection, case, step, host, Event("case.recounted", data=data), "system", {}, "calendar")
    else:
        _stands_on(connection, key=case.id, revision=revision)
        move_deadlines(connection, case.id, (), host, anew=True)
    keep(engine, case)
    return step.moved


def moved_notices(
    connection: Connection, case: Loaded, moved: list[Moved], cause: str, now: datetime
) -> list[Notice]:
    """Who is told of moved deadlines: those who handle them, and the enterprise of what it may see."""
    elements = case.run.program.diagram.elements
    told: dict[str, Notice] = {}
    for one in moved:
        if one.kind not in ("task", "phase"):
            continue
        element = elements[one.element]
        data = {"due": local(one.after), "was": local(one.before), "step": element.label}
        recipients = handlers_of(connection, case.row, case.run.program.diagram, element, now)
        if element.properties.get("internal") != "true":
            recipients += enterprise_of(case.row)
        for group in recipients:
            dedupe = f"{case.id}:moved:{cause}:{group}"
            told.setdefault(group, Notice(group, "deadline-moved", dedupe, data))
    return list(told.values())
