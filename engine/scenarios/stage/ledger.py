"""Objecting to an assessment of the case, and deciding on the objection."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from engine import identity
from engine.runtime.ledger import disputes
from engine.runtime.ledger.reading import Assessment, Wanted, listed
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

MOST = 1000  # assessments of one case


def of_case(connection: Connection, number: str, now: datetime) -> list[Assessment]:
    """The assessments of the case with that number, newest first."""
    found = listed(connection, identity.SYSTEM, Wanted(text=number), now, limit=MOST)
    return [one for one in found if one.number == number]


def object_to(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Mapping[str, Any]
) -> None:
    """Object, with the reasons in `text`."""
    found = _meant(stage, connection, step)
    text = str(values.get("text", ""))
    disputes.file_objection(stage.engine, connection, actor=actor, assessment_id=found.id, text=text)


def decide(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Mapping[str, Any]
) -> None:
    """Decide: `revoke` true takes the assessment back; the reasons are in `text`."""
    found = _meant(stage, connection, step)
    revoke, text = values.get("revoke") is True, str(values.get("text", ""))
    disputes.decide(stage.engine, connection, actor=actor, assessment_id=found.id, revoke=revoke, text=text)


def _meant(stage: "Stage", connection: Connection, step: Step) -> Assessment:
    """The newest assessment of that kind, of who is answerable if the step says so."""
    every = of_case(connection, stage.number(connection), stage.clock.now())
    for one in every:
        if one.kind == step.target and step.of in ("", one.answerable):
            return one
    known = "、".join(f"{one.kind} {one.answerable}" for one in every) or "—"
    raise Mistake("scenarios.no_assessment", word=step.target, known=known)
