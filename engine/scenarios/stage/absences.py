"""Being away: making and ending absences, handing over what somebody has, giving back and taking home."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from engine import identity
from engine.identity import absence
from engine.runtime import deputies, handover, queries
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

Values = Mapping[str, Any]


def begin(stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values) -> None:
    """`from` and `until` are days or minutes; without a `deputy` the stand-in (B 岗) is meant."""
    since, until = absence.period(str(values.get("from", "")), str(values.get("until", "")))
    deputies.begin_absence(
        stage.engine,
        connection,
        actor=actor,
        account=stage.id_of(step.target),
        since=since,
        until=until,
        how=str(values.get("how", "move")),
        deputy=str(values.get("deputy", "")),
        process=str(values.get("process", "")),
        reason=str(values.get("reason", "")),
    )


def end(stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values) -> None:
    """The person's first absence that is not over."""
    now = stage.clock.now()
    found = absence.listed(connection, account=stage.id_of(step.target), after=now)
    if not found:
        raise Mistake("scenarios.no_absence", word=step.target)
    deputies.end_absence(stage.engine, connection, actor=actor, absence_id=found[0].id)


def stand_in(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    """`backup` is who stands in for the person (B 岗)."""
    backup = str(values.get("backup", ""))
    absence.set_backup(connection, actor=actor, account=stage.id_of(step.target), backup=backup or None)


def hand_over(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    """All open tasks of the person, dealt out to those in `to`; the first refusal is the step's."""
    to = values.get("to", [])
    account, names = stage.id_of(step.target), [str(one) for one in (to if isinstance(to, list) else [to])]
    found = handover.hanging(connection, account, str(values.get("process", "")))
    shares, reason = handover.split(found, names), str(values.get("reason", ""))
    who = handover.guard_hand_over(connection, actor, account, shares, reason)
    for task in found:
        handover.hand_task(stage.engine, connection, actor, who, task.id, shares[task.id], reason)


def give_back(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """To the person for whom the actor has it."""
    handover.give_back(stage.engine, connection, actor=actor, task_id=task.id)


def take_home(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """From the deputy who has it for the actor."""
    handover.take_home(stage.engine, connection, actor=actor, task_id=task.id)
