"""Objections to an assessment and their decision: each once, each an event of the case."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import outbox, worktime
from engine.clock import as_utc
from engine.errors import Conflict, Invalid, NotAllowed, Problem
from engine.history import Event
from engine.identity import Actor
from engine.runtime.engine import Engine
from engine.runtime.guards import lock_case, record
from engine.runtime.ledger import messages as messages
from engine.runtime.ledger.reading import Assessment, answers_for, one, speaker
from engine.runtime.ledger.tables import assessments

WITHIN = 5  # working days in which an objection may be made; a rule of this project
LONGEST = 2000  # characters of an objection's or a decision's reasons
DECIDES = "control-centre"


def object_until(assessment: Assessment, calendar: worktime.Calendar) -> datetime:
    """The last moment of objecting, in UTC: the close of the fifth working day after it was recorded."""
    return as_utc(calendar.closes(calendar.add_workdays(worktime.day_of(assessment.at), WITHIN)))


def may_object(actor: Actor, assessment: Assessment, calendar: worktime.Calendar, now: datetime) -> bool:
    """Whether this person may object now."""
    speaks = assessment.state == "standing" and answers_for(actor, assessment.answerable)
    return speaks and now <= object_until(assessment, calendar)


def may_decide(actor: Actor, assessment: Assessment) -> bool:
    """Whether this person may decide on the objection now."""
    return assessment.state == "objected" and DECIDES in actor.roles


def file_objection(
    engine: Engine, connection: Connection, *, actor: Actor, assessment_id: str, text: str
) -> None:
    """Object to an assessment, for who is answerable, within five working days.

    NotFound; NotAllowed: not answerable; Conflict: too late, or objected already; Invalid: no reasons.
    """
    now, found, reasons = _begin(engine, connection, actor, assessment_id, text)
    if not answers_for(actor, found.answerable):
        raise NotAllowed("ledger.not_answerable")
    if found.state != "standing":
        raise Conflict("ledger.objected_already")
    if now > object_until(found, worktime.load(connection)):
        raise Conflict("ledger.too_late", days=WITHIN)
    told = {"state": "objected", "objection": reasons, "objected_by": actor.id, "objected_at": now}
    data = {"assessment": found.id, "kind": found.kind, "answerable": found.answerable, "text": reasons}
    _finish(engine, connection, actor, found, told, Event("assessment.objected", found.element, data))
    _tell(engine, connection, found, DECIDES, "objection-filed", {})


def decide(
    engine: Engine, connection: Connection, *, actor: Actor, assessment_id: str, revoke: bool, text: str
) -> None:
    """Decide on an objection: `revoke` the assessment or uphold it, with reasons.

    NotFound; NotAllowed: not the control centre; Conflict: no objection waits; Invalid: no reasons.
    """
    now, found, reasons = _begin(engine, connection, actor, assessment_id, text)
    if DECIDES not in actor.roles:
        raise NotAllowed("ledger.not_deciding")
    if found.state != "objected":
        raise Conflict("ledger.nothing_to_decide")
    state = "revoked" if revoke else "upheld"
    told = {"state": state, "decision": reasons, "decided_by": actor.id, "decided_at": now}
    data = {"assessment": found.id, "kind": found.kind, "answerable": found.answerable, "decision": state}
    event = Event("assessment.decided", found.element, {**data, "text": reasons})
    _finish(engine, connection, actor, found, told, event)
    _tell(engine, connection, found, speaker(found.answerable), "objection-decided", {"decision": state})


def _begin(
    engine: Engine, connection: Connection, actor: Actor, assessment_id: str, text: str
) -> tuple[datetime, Assessment, str]:
    """The moment, the row as it is while its case is locked, and the reasons that were given."""
    now = engine.clock.now()
    lock_case(connection, one(connection, actor, assessment_id, now).case_id)
    reasons = text.strip()
    if not 0 < len(reasons) <= LONGEST:
        raise Invalid("ledger.rejected", problems=[Problem("ledger.reasons", "text", {"most": LONGEST})])
    return now, one(connection, actor, assessment_id, now), reasons


def _finish(
    engine: Engine,
    connection: Connection,
    actor: Actor,
    found: Assessment,
    told: dict[str, Any],
    event: Event,
) -> None:
    changing = sa.and_(assessments.c.id == found.id, assessments.c.state == found.state)
    assert connection.execute(sa.update(assessments).where(changing).values(told)).rowcount == 1
    record(engine, connection, found.case_id, [event], actor.id)


def _tell(
    engine: Engine, connection: Connection, found: Assessment, group: str, template: str, data: dict[str, Any]
) -> None:
    notice = outbox.Notice(group, template, f"{found.id}:{template}", data)
    said = {"number": found.number, "title": found.title}
    now, channels = engine.clock.now(), tuple(engine.channels)
    outbox.queue(connection, found.case_id, [notice], said, now, channels=channels)
