"""Added signers in a scenario: asking before or after, deciding, taking away."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from engine import identity
from engine.runtime import queries, signers
from engine.scenarios.stage import ledger
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

Values = Mapping[str, Any]


def sign_before(
    stage: "Stage",
    connection: Connection,
    actor: identity.Actor,
    task: queries.TaskRow,
    values: Values,
) -> None:
    """`people` are asked first; `opinion` is what they are told."""
    _add(stage, connection, actor, task, "before", values)


def sign_after(
    stage: "Stage",
    connection: Connection,
    actor: identity.Actor,
    task: queries.TaskRow,
    values: Values,
) -> None:
    """What the owner approves stands in `values`, as the form has it."""
    _add(stage, connection, actor, task, "after", values)


def _add(
    stage: "Stage",
    connection: Connection,
    actor: identity.Actor,
    task: queries.TaskRow,
    how: str,
    values: Values,
) -> None:
    given = values.get("people") or []
    people = [str(one) for one in (given if isinstance(given, list) else [given])]
    signers.add_signers(
        stage.engine,
        connection,
        actor=actor,
        task_id=task.id,
        people=people,
        how=how,
        values=values.get("values"),
        opinion=str(values.get("opinion", "")),
        version=task.version,
    )


def decide(stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values) -> None:
    """With an `outcome`, what the actor says as an added signer; else the decision on an objection."""
    if "outcome" not in values:
        ledger.decide(stage, connection, actor, step, values)
        return
    task = _signers_task(stage, connection, step, actor.id)
    said = {name: str(values.get(name, "")) for name in ("outcome", "opinion")}
    signers.decide(stage.engine, connection, actor=actor, task_id=task.id, version=task.version, **said)


def remove_signer(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    """`of` says whose signature is asked no more, where several are awaited."""
    task = _signers_task(stage, connection, step, "")
    opinion = str(values.get("opinion", ""))
    signers.remove_signer(
        stage.engine, connection, actor=actor, task_id=task.id, opinion=opinion, version=task.version
    )


def _signers_task(stage: "Stage", connection: Connection, step: Step, own: str) -> queries.TaskRow:
    """The open task of an added signer: of several of that name the actor's `own`, or whose `of` says."""
    waiting = queries.open_tasks(connection, stage.case())
    named = [task for task in waiting if task.parent and step.target in (task.name, task.element)]
    if step.of:
        found = [task for task in named if stage.usernames.get(task.assignee or "") == step.of]
    else:
        found = [task for task in named if task.assignee == own] or named
    if len(found) == 1:
        return found[0]
    if found:
        raise Mistake("scenarios.several_tasks", word=step.target, count=len(found))
    names = "、".join(task.name for task in waiting) or "—"
    of = f" ({step.of})" if step.of else ""
    raise Mistake("scenarios.no_task", word=step.target, of=of, tasks=names)
