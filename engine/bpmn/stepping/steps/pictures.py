"""What waits, and what is under way, at one moment: the two pictures that a step lies between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import LIVE, Token

Timers = dict[tuple[int, str], datetime]


@dataclass(frozen=True)
class Picture:
    """What waits, and what is under way, at one moment.

    `tasks` wait for a person, `timers` for their due moments. `phases` are the activities with a deadline
    of their own; each item of a multi-instance is one.
    """

    tasks: dict[int, Token]
    timers: Timers
    phases: dict[int, Token]


def picture(run: Run) -> Picture:
    """The picture of this moment, in one look at each token."""
    tasks: dict[int, Token] = {}
    timers: Timers = {}
    phases: dict[int, Token] = {}
    for token in run.all_tokens():
        state = token._state
        if not state & LIVE:
            continue
        spec = token.task_spec
        if state == TaskState.READY and spec.manual:
            tasks[token.id] = token
        if state == TaskState.WAITING and token.internal_data:
            timers.update(_timers_of(token))
        element = spec.element
        if element is not None and element.id in run.program.phases and _is_body(token):
            phases[token.id] = token
    return Picture(tasks, timers, phases)


def _timers_of(token: Token) -> Iterator[tuple[tuple[int, str], datetime]]:
    """What a waiting token waits for: one moment, or those of the branches behind it."""
    due = token.internal_data.get("due")
    if due is not None:
        yield (token.id, token.task_spec.element.id), due
    for branch, moment in token.internal_data.get("branches", {}).items():
        yield (token.id, branch), moment


def _is_body(token: Token) -> bool:
    """Whether the token stands for the activity itself, and not for the loop around it."""
    return not hasattr(token.task_spec, "prepare")
