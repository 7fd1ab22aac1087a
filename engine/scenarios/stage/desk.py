"""What people do with a task besides completing it: keeping a draft, moving it back, rejecting it, taking
their own back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import identity
from engine.runtime import moves, queries
from engine.runtime.desk import drafts
from engine.runtime.guards import hands_of
from engine.runtime.tables import tasks
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

Values = Mapping[str, Any]


def save_draft(
    stage: "Stage",
    connection: Connection,
    actor: identity.Actor,
    task: queries.TaskRow,
    values: Values,
) -> None:
    """`values` are kept as they are typed; the task stays open."""
    now = stage.clock.now()
    also = hands_of(connection, actor, now, task.case_id)
    drafts.save(connection, actor, task.id, values, now, also, task.version)


def send_back(
    stage: "Stage",
    connection: Connection,
    actor: identity.Actor,
    task: queries.TaskRow,
    values: Values,
) -> None:
    """`to` says where, `opinion` why."""
    moves.send_back(
        stage.engine,
        connection,
        actor=actor,
        task_id=task.id,
        to=str(values.get("to", "")),
        opinion=_opinion(values),
        version=task.version,
    )


def reject(
    stage: "Stage",
    connection: Connection,
    actor: identity.Actor,
    task: queries.TaskRow,
    values: Values,
) -> None:
    """Where it leads is the node's to say."""
    moves.reject(
        stage.engine,
        connection,
        actor=actor,
        task_id=task.id,
        opinion=_opinion(values),
        version=task.version,
    )


def take_back(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    """The actor's own, of several done tasks of that name; the last of them."""
    query = sa.select(tasks.c.id, tasks.c.closed_by, tasks.c.acting_for).where(
        tasks.c.case_id == stage.case(),
        tasks.c.state == "done",
        tasks.c.parent.is_(None),
        sa.or_(tasks.c.name == step.target, tasks.c.element == step.target),
    )
    found = list(connection.execute(query.order_by(tasks.c.closed_at, tasks.c.id)))
    own = [row for row in found if actor.id in (row.closed_by, row.acting_for)]
    if not found:
        raise Mistake("scenarios.none_done", word=step.target)
    chosen = (own or found)[-1].id
    moves.take_back(stage.engine, connection, actor=actor, task_id=chosen, opinion=_opinion(values))


def withdraw(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    """What the step says is the reason."""
    moves.withdraw(stage.engine, connection, actor=actor, case_id=stage.case(), opinion=step.target)


def _opinion(values: Values) -> str:
    return str(values.get("opinion", ""))
