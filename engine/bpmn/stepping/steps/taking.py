"""One step: the picture before, what the event does, everything that follows, and what became different."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Element
from engine.bpmn.stepping.effects import (
    Closed,
    Host,
    Opened,
    PhaseClosed,
    PhaseOpened,
    Step,
    TimerCleared,
    TimerSet,
)
from engine.bpmn.stepping.expressions import Value, names
from engine.bpmn.stepping.nodes import events, messages
from engine.bpmn.stepping.nodes.messages import awaited
from engine.bpmn.stepping.nodes.signing import signer_of
from engine.bpmn.stepping.prune import prune
from engine.bpmn.stepping.recount import follow
from engine.bpmn.stepping.run import MOST, Run
from engine.bpmn.stepping.steps.pictures import Picture, picture
from engine.bpmn.stepping.tokens import Token
from engine.errors import Invalid


@contextmanager
def taking(
    run: Run, host: Host, completed: int | None = None, fired: tuple[int, str] | None = None
) -> Iterator[Step]:
    """Take the picture before, let the event act, run on, and say what has become different."""
    before, told = picture(run), awaited(run)
    run.host, run.step, run.most = host, Step(), run.issued + MOST
    try:
        yield run.step
        run.move()
    except WorkflowException as error:
        raise Invalid("bpmn.stopped", reason=str(error)) from error
    except RecursionError as error:
        raise Invalid("bpmn.too_deep") from error
    run.step.moved = follow(run, host)
    after = picture(run)
    _compare(run, before, after, completed, fired)
    _compare_phases(run, before.phases, after.phases)
    messages.compare(run, told)
    prune(run)
    run.bpmn_events.clear()  # thrown and caught by nobody: the step has recorded them
    run.host = None


def _compare(
    run: Run, before: Picture, after: Picture, completed: int | None, fired: tuple[int, str] | None
) -> None:
    step, elements = run.step, run.program.diagram.elements
    for token_id, token in before.tasks.items():
        if token_id not in after.tasks:
            step.closed.append(Closed(token_id, token.task_spec.element, token_id == completed))
    for token_id, token in after.tasks.items():
        if token_id not in before.tasks:
            step.opened.append(_opened(run, token))
    for key in before.timers:
        if key not in after.timers:
            step.timers_cleared.append(TimerCleared(key[0], elements[key[1]], key == fired))
    for key, due in after.timers.items():
        if key not in before.timers:
            step.timers_set.append(TimerSet(key[0], elements[key[1]], due))
    step.ended = run.is_completed()


def _compare_phases(run: Run, before: dict[int, Token], after: dict[int, Token]) -> None:
    """Say which phases ended and which began; a new one's deadline is computed as the step ends."""
    step = run.step
    for token_id, token in before.items():
        if token_id not in after:
            ended = token._state == TaskState.COMPLETED
            step.phases_closed.append(PhaseClosed(token_id, token.task_spec.element, ended))
    for token_id, token in after.items():
        if token_id not in before:
            element = token.task_spec.element
            due = _due(run, token, element, run.program.phases[element.id])
            token.internal_data["phase"] = due
            step.phases_opened.append(PhaseOpened(token_id, element, due))


def _due(run: Run, token: Token, element: Element, value: Value) -> datetime:
    """The moment that `value` gives at `token`, kept with the moment it was asked at. Invalid if none."""
    assert run.host is not None
    moment = events.moment_of(value.at(run, token), run.host)
    if moment is None:
        raise Invalid("bpmn.no_moment", name=element.label)
    token.internal_data["since"] = run.host.now
    return moment


def _opened(run: Run, token: Token) -> Opened:
    element = token.task_spec.element
    texts = run.program.texts[element.id]
    assignee = texts.assignee.at(run, token) if texts.assignee else None
    priority = texts.priority.at(run, token) if texts.priority else None
    moment = _due(run, token, element, texts.due) if texts.due else None
    if moment is not None:
        token.internal_data["due"] = moment
    groups, barred = names(run, token, texts.groups), tuple[str, ...]()
    if element.loop is not None and element.loop.signing is not None:
        assignee, groups, barred = signer_of(run, token)
    return Opened(
        token=token.id,
        element=element,
        assignee=str(assignee) if assignee else None,
        groups=groups,
        users=names(run, token, texts.users),
        due=moment,
        priority=_priority(priority),
        local=dict(token.data),
        call=token.workflow.call,
        barred=barred,
    )


def _priority(value: Any) -> int:
    """A whole number as it is, whether written or computed; the middle for anything else."""
    number = Decimal(value) if isinstance(value, str) and value.strip().isdecimal() else value
    whole = isinstance(number, Decimal) and number == int(number) and abs(number) <= 1_000_000
    return int(number) if whole else 50
