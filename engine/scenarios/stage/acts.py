"""What somebody does in a step: on the case that was started last, and on its tasks."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from engine import identity, runtime
from engine.runtime import clocks, queries, waiting
from engine.scenarios.stage import absences, desk, handing, ledger, settings, signing
from engine.scenarios.stage.mistakes import Mistake
from engine.scenarios.words import Step

if TYPE_CHECKING:
    from engine.scenarios.stage import Stage

Values = Mapping[str, Any]
Act = Callable[["Stage", Connection, identity.Actor, Step, Values], None]


def act(stage: "Stage", step: Step) -> None:
    """Do what the step says, in one transaction. ZhibanError if it is refused."""
    if stage.actor is None:
        raise Mistake("scenarios.no_actor")
    with stage.engine.writing() as connection:
        _ACTS[step.action](stage, connection, stage.actor, step, stage.resolved(step.values))


def _start(stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values) -> None:
    started = runtime.start_case(
        stage.engine, connection, actor=actor, process=step.target, values=dict(values)
    )
    stage.case_id, stage.seen_history, stage.seen_notices = started.case_id, 0, 0


def _message(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    waiting.send(
        stage.engine, connection, actor=actor, case_id=stage.case(), message=step.target, values=dict(values)
    )


def _claim(stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values) -> None:
    task = task_meant(stage, connection, step.target, step.of)
    runtime.claim(stage.engine, connection, actor=actor, task_id=task.id, version=task.version)


def _release(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    task = task_meant(stage, connection, step.target, step.of)
    runtime.release(stage.engine, connection, actor=actor, task_id=task.id, version=task.version)


def _complete(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    task = task_meant(stage, connection, step.target, step.of)
    runtime.complete(
        stage.engine, connection, actor=actor, task_id=task.id, values=dict(values), version=task.version
    )


def _stop_clock(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    said = {name: str(values.get(name, "")) for name in ("reason", "needs")}
    clocks.stop(stage.engine, connection, actor=actor, case_id=stage.case(), kind=step.target, **said)


def _resume_clock(
    stage: "Stage", connection: Connection, actor: identity.Actor, step: Step, values: Values
) -> None:
    clocks.resume(stage.engine, connection, actor=actor, case_id=stage.case())


def _on_task(
    action: Callable[["Stage", Connection, identity.Actor, queries.TaskRow, Values], None],
) -> Act:
    """An act on the open task that the step names."""
    return lambda stage, connection, actor, step, values: action(
        stage, connection, actor, task_meant(stage, connection, step.target, step.of), values
    )


_ACTS: Mapping[str, Act] = {
    "start": _start,
    "message": _message,
    "claim": _claim,
    "release": _release,
    "complete": _complete,
    "stop clock": _stop_clock,
    "resume clock": _resume_clock,
    "save draft": _on_task(desk.save_draft),
    "send back": _on_task(desk.send_back),
    "reject": _on_task(desk.reject),
    "take back": desk.take_back,
    "withdraw": desk.withdraw,
    "transfer": _on_task(handing.transfer),
    "delegate": _on_task(handing.delegate),
    "answer": _on_task(handing.answer),
    "recall": _on_task(handing.recall),
    "urge": _on_task(handing.urge),
    "copy": _on_task(handing.copy),
    "follow": handing.follow,
    "terminate": handing.terminate,
    "absence": absences.begin,
    "end absence": absences.end,
    "stand-in": absences.stand_in,
    "hand over": absences.hand_over,
    "give back": _on_task(absences.give_back),
    "take home": _on_task(absences.take_home),
    "object": ledger.object_to,
    "decide": signing.decide,
    "sign before": _on_task(signing.sign_before),
    "sign after": _on_task(signing.sign_after),
    "remove signer": signing.remove_signer,
    "publish year": settings.publish_year,
    "edit day": settings.edit_day,
    "set rules": settings.set_rules,
}


def task_meant(stage: "Stage", connection: Connection, name: str, of: str = "") -> queries.TaskRow:
    """The open task called `name`, or of that element, which is `of` a department, group or assignee.

    Mistake if there is none, or if several are called so.
    """
    waiting = queries.open_tasks(connection, stage.case())
    found = [task for task in waiting if name == task.name or (name == task.element and task.parent is None)]
    if of:
        found = [task for task in found if is_of(stage, task, of)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Mistake("scenarios.several_tasks", word=name, count=len(found))
    names = "、".join(task.name for task in waiting) or "—"
    raise Mistake("scenarios.no_task", word=name, of=f" ({of})" if of else "", tasks=names)


def is_of(stage: "Stage", task: queries.TaskRow, of: str) -> bool:
    """Whether a task belongs to a department, a group or an assignee, as a scenario writes them."""
    owner = stage.usernames.get(task.assignee or "", task.assignee)
    return of == owner or any(of in (group, group.partition("@")[2]) for group in task.candidates)
