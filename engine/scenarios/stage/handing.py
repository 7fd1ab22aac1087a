"""What people do with a task that moves no token: handing it on, asking for it, showing it; ending a case."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from engine import identity
from engine.runtime import actions, queries
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

Values = Mapping[str, Any]


def transfer(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """`to` is the account, `opinion` why."""
    facts = _facts(actor, task, values)
    actions.transfer(stage.engine, connection, to=str(values.get("to", "")), **facts)


def delegate(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """`to` is the account, `opinion` what it is asked."""
    facts = _facts(actor, task, values)
    actions.delegate(stage.engine, connection, to=str(values.get("to", "")), **facts)


def answer(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """`values` are those of the form, for the owner's draft."""
    given = values.get("values") or {}
    actions.answer_delegate(stage.engine, connection, values=given, **_facts(actor, task, values))


def recall(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """`opinion` is why."""
    actions.recall(stage.engine, connection, **_facts(actor, task, values))


def urge(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """`opinion` is why."""
    actions.urge(stage.engine, connection, **_facts(actor, task, values))


def copy(
    stage: "Stage", connection: Connection, actor: identity.Actor, task: queries.TaskRow, values: Values
) -> None:
    """`to` lists accounts, `note` is what they are told."""
    to, note = [str(one) for one in values.get("to") or []], str(values.get("note", ""))
    actions.copy(stage.engine, connection, actor=actor, task_id=task.id, to=to, note=note)


def follow(stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values) -> None:
    """The case that was started last; `不再` unfollows it."""
    verb = actions.unfollow if step.target == "不再" else actions.follow
    verb(stage.engine, connection, actor=actor, case_id=stage.case())


def terminate(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    """What the step says is the reason."""
    actions.terminate(stage.engine, connection, actor=actor, case_id=stage.case(), opinion=step.target)


def _facts(actor: identity.Actor, task: queries.TaskRow, values: Values) -> dict[str, Any]:
    opinion = str(values.get("opinion", ""))
    return {"actor": actor, "task_id": task.id, "opinion": opinion, "version": task.version}
