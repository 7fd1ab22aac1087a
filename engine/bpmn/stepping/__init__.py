"""Stepping: a program and an event go in, plain facts come out.

`start`, `complete`, `fire`, `deliver`, `send_back`, `reopen` and `terminate` move a run until everything
waits and return the Step: tasks opened and closed, timers set and cleared, the way taken, the variables
changed. They know no clock, no database and no user. After an exception the run must be thrown away.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.stepping.build import Program, build
from engine.bpmn.stepping.codec import load, load_variables, store_tokens, store_variables
from engine.bpmn.stepping.effects import (
    Closed,
    Host,
    Moved,
    Opened,
    PhaseClosed,
    PhaseOpened,
    Step,
    TimerCleared,
    TimerSet,
    Voted,
)
from engine.bpmn.stepping.expressions import Expressions
from engine.bpmn.stepping.moving import Finished, following, reject, reopen, send_back, targets, withdrawable
from engine.bpmn.stepping.nodes import events
from engine.bpmn.stepping.nodes.messages import awaited, holds, senders
from engine.bpmn.stepping.nodes.scopes import Called
from engine.bpmn.stepping.recount import recount
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.steps.pictures import picture
from engine.bpmn.stepping.steps.taking import taking
from engine.errors import Conflict

__all__ = [
    "Closed",
    "Expressions",
    "Finished",
    "Host",
    "Moved",
    "Opened",
    "PhaseClosed",
    "PhaseOpened",
    "Program",
    "Run",
    "Step",
    "TimerCleared",
    "TimerSet",
    "Voted",
    "awaited",
    "build",
    "complete",
    "deliver",
    "fire",
    "following",
    "holds",
    "load",
    "load_variables",
    "recount",
    "reject",
    "reopen",
    "send_back",
    "senders",
    "start",
    "store_tokens",
    "store_variables",
    "targets",
    "terminate",
    "withdrawable",
]


def start(
    program: Program, context: Mapping[str, Any], variables: Mapping[str, Any], host: Host
) -> tuple[Run, Step]:
    """A new run with its first step. `context` is what expressions see beside the variables (`case`)."""
    run = Run(program, context)
    run.variables = _own(variables)
    with taking(run, host) as step:
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
    with taking(run, host, token_id) as step:
        run.context.update(extra)
        run.assign(token, _own(values))
        token.run()
    for name in extra:
        run.context.pop(name, None)
    return step


def fire(run: Run, token_id: int, element_id: str, host: Host) -> Step:
    """Fire the timer of `element_id` that waits at `token_id`. Conflict if it no longer waits."""
    token = run.token(token_id)
    if token is None or (token_id, element_id) not in picture(run).timers:
        raise Conflict("bpmn.not_waiting", token=token_id)
    with taking(run, host, fired=(token_id, element_id)):
        spec = token.task_spec
        if isinstance(spec, events.EventGateway):
            spec.choose(token, element_id)
        else:
            spec.catch(token, None)
        spec._update(token)
    return run.step


def deliver(
    run: Run,
    kind: str,
    name: str,
    values: Mapping[str, Any],
    host: Host,
    only: frozenset[int] | None = None,
    **extra: Any,
) -> Step:
    """Give a message or signal (`kind`) to whatever in the case waits for it. Conflict if nothing does.

    `only` are the tokens that may take it, None for all; `extra` (actor) is seen by outputs.
    """
    event = Called(events.Named(kind, name), _own(values), only)
    with taking(run, host) as step:
        run.context.update(extra)
        if run.event_manager.catch(event, internal=False) == 0:
            raise Conflict("bpmn.not_expected", message=name)
    for one in extra:
        run.context.pop(one, None)
    return step


def terminate(run: Run, host: Host) -> Step:
    """Cancel everything that is open; the run has ended."""
    with taking(run, host) as step:
        run.cancel()
    return step


def _own(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as FEEL has them, and the case's own: nobody else can change them afterwards."""
    copied: dict[str, Any] = feel.normalise(values)
    return copied
