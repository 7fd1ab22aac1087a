"""Stepping: a program and an event go in, plain facts come out.

`start`, `complete`, `fire`, `deliver` and `terminate` move a run until everything waits and return
the Step: tasks opened and closed, timers set and cleared, the way taken, the variables changed.
They know no clock, no database and no user. After an exception the run must be thrown away.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.stepping.build import Program, build
from engine.bpmn.stepping.codec import load, load_variables, store_tokens, store_variables
from engine.bpmn.stepping.effects import Closed, Host, Opened, Step, TimerCleared, TimerSet
from engine.bpmn.stepping.expressions import Expressions
from engine.bpmn.stepping.nodes import events
from engine.bpmn.stepping.prune import prune
from engine.bpmn.stepping.run import MOST, Run
from engine.bpmn.stepping.tokens import Token
from engine.errors import Conflict, Invalid

__all__ = [
    "Closed",
    "Expressions",
    "Host",
    "Opened",
    "Program",
    "Run",
    "Step",
    "TimerCleared",
    "TimerSet",
    "build",
    "complete",
    "deliver",
    "fire",
    "load",
    "load_variables",
    "start",
    "store_tokens",
    "store_variables",
    "terminate",
]

_Timers = dict[tuple[int, str], datetime]


def start(
    program: Program, context: Mapping[str, Any], variables: Mapping[str, Any], host: Host
) -> tuple[Run, Step]:
    """A new run with its first step. `context` is what expressions see beside the variables (`case`)."""
    run = Run(program, context)
    run.variables = _own(variables)
    with _stepping(run, host) as step:
        step.changed.update(run.variables)
        run.plant()
    return run, step


def complete(run: Run, token_id: int, values: Mapping[str, Any], host: Host, **extra: Any) -> Step:
    """Complete the user task at `token_id` with `values`. `extra` (task, actor) is seen by its outputs.

    Conflict if no task waits there.
    """
    token = run.token(token_id)
    if token is None or token._state != TaskState.READY or not token.task_spec.manual:
        raise Conflict("bpmn.not_waiting", token=token_id)
    with _stepping(run, host, token_id) as step:
        run.context.update(extra)
        run.assign(token, _own(values))
        token.run()
    for name in extra:
        run.context.pop(name, None)
    return step


def fire(run: Run, token_id: int, element_id: str, host: Host) -> Step:
    """Fire the timer of `element_id` that waits at `token_id`. Conflict if it no longer waits."""
    token = run.token(token_id)
    if token is None or (token_id, element_id) not in _timers(run):
        raise Conflict("bpmn.not_waiting", token=token_id)
    with _stepping(run, host, fired=(token_id, element_id)):
        spec = token.task_spec
        if isinstance(spec, events.EventGateway):
            spec.choose(token, element_id)
        else:
            spec.event_definition.catch(token)
        spec._update(token)
    return run.step


def deliver(run: Run, kind: str, name: str, values: Mapping[str, Any], host: Host) -> Step:
    """Give a message or signal (`kind`) to whatever in the case waits for it. Conflict if nothing does."""
    event = BpmnEvent(events.Named(kind, name), payload=_own(values))
    with _stepping(run, host) as step:
        if run.event_manager.catch(event, internal=False) == 0:
            raise Conflict("bpmn.not_expected", message=name)
    return step


def terminate(run: Run, host: Host) -> Step:
    """Cancel everything that is open; the run has ended."""
    with _stepping(run, host) as step:
        run.cancel()
    return step


def _own(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as FEEL has them, and the case's own: nobody else can change them afterwards."""
    copied: dict[str, Any] = feel.normalise(values)
    return copied


@contextmanager
def _stepping(
    run: Run, host: Host, completed: int | None = None, fired: tuple[int, str] | None = None
) -> Iterator[Step]:
    """Take the picture before, let the event act, run on, and say what has become different."""
    before, timers = _waiting(run), _timers(run)
    run.host, run.step, run.most = host, Step(), run.issued + MOST
    try:
        yield run.step
        run.move()
    except WorkflowException as error:
        raise Invalid("bpmn.stopped", reason=str(error)) from error
    except RecursionError as error:
        raise Invalid("bpmn.too_deep") from error
    _compare(run, before, timers, completed, fired)
    prune(run)
    run.bpmn_events.clear()  # thrown and caught by nobody: the step has recorded them
    run.host = None


def _compare(
    run: Run, before: dict[int, Token], timers: _Timers, completed: int | None, fired: tuple[int, str] | None
) -> None:
    step, after, later = run.step, _waiting(run), _timers(run)
    elements = run.program.diagram.elements
    for token_id, token in before.items():
        if token_id not in after:
            step.closed.append(Closed(token_id, token.task_spec.element, token_id == completed))
    for token_id, token in after.items():
        if token_id not in before:
            step.opened.append(_opened(run, token))
    for key in timers:
        if key not in later:
            step.timers_cleared.append(TimerCleared(key[0], elements[key[1]], key == fired))
    for key, due in later.items():
        if key not in timers:
            step.timers_set.append(TimerSet(key[0], elements[key[1]], due))
    step.ended = run.is_completed()


def _waiting(run: Run) -> dict[int, Token]:
    """The user tasks that wait for a person."""
    return {t.id: t for t in run.all_tokens() if t._state == TaskState.READY and t.task_spec.manual}


def _timers(run: Run) -> _Timers:
    """The timers that wait, with their due moments."""
    found: _Timers = {}
    for token in run.all_tokens():
        if token._state == TaskState.WAITING and token.internal_data:
            due = token.internal_data.get("due")
            if due is not None:
                found[token.id, token.task_spec.element.id] = due
            for branch, moment in token.internal_data.get("branches", {}).items():
                found[token.id, branch] = moment
    return found


def _opened(run: Run, token: Token) -> Opened:
    element = token.task_spec.element
    texts = run.program.texts[element.id]
    assignee = texts.assignee.at(run, token) if texts.assignee else None
    due = texts.due.at(run, token) if texts.due else None
    priority = texts.priority.at(run, token) if texts.priority else None
    assert run.host is not None
    moment = events.moment_of(due, run.host)
    if texts.due is not None and moment is None:
        raise Invalid("bpmn.no_moment", name=element.label)
    return Opened(
        token=token.id,
        element=element,
        assignee=str(assignee) if assignee else None,
        groups=_names(run, token, texts.groups),
        users=_names(run, token, texts.users),
        due=moment,
        priority=_priority(priority),
        local=dict(token.data),
    )


def _priority(value: Any) -> int:
    """A whole number as it is, whether written or computed; the middle for anything else."""
    number = Decimal(value) if isinstance(value, str) and value.strip().isdecimal() else value
    whole = isinstance(number, Decimal) and number == int(number) and abs(number) <= 1_000_000
    return int(number) if whole else 50


def _names(run: Run, token: Token, values: tuple[Any, ...]) -> tuple[str, ...]:
    """Group or user names: each value is a name or a list of names; nulls are left out."""
    found: list[str] = []
    for value in values:
        given = value.at(run, token)
        found.extend(str(v) for v in (given if isinstance(given, list) else [given]) if v)
    return tuple(dict.fromkeys(found))
