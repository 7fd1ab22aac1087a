"""Event sub-processes: what a scope listens for while it is alive, and what it does when it happens.

A listener is a token of the scope itself that waits beside the flow from the moment the scope begins;
it never keeps the scope open. What it starts, the body, is a token of the same scope that holds a
sub-process of its own. An interrupting start cancels everything else in its scope first, the other
listeners included; a non-interrupting one may start any number of bodies (BPMN 2.0, 13.4.4 and 13.5.4).
"""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent, EventManager
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.stepping.nodes.events import BoundaryEvent, CatchEvent, Timer
from engine.bpmn.stepping.nodes.specs import SubProcess
from engine.bpmn.stepping.tokens import FINISHED, OPEN, Token


class Body(SubProcess):
    """The inside of an event sub-process, one token for each time it was started.

    A non-interrupting one leads nowhere: the flow it stands beside brings the scope to its end.
    """

    beside = False

    def stand_beside(self) -> None:
        self.beside = True


class Listener(CatchEvent):
    """The start event of an event sub-process, waiting in the scope around it."""

    listens = beside = True
    recorded = False  # the start event is recorded where the body begins

    def prepare(self, interrupting: bool) -> None:
        self.interrupting = interrupting

    def _predict_hook(self, my_task: Token) -> None:
        """What it starts stands beside it, not below."""

    def _update_hook(self, my_task: Token) -> bool:
        if not my_task._state & FINISHED:
            super()._update_hook(my_task)
        return False

    def catch(self, my_task: Token, event: Any = None) -> None:
        """Start a body, at once: nothing else of the scope may move in between."""
        scope = my_task.workflow
        if self.interrupting:
            for token in [t for t in scope.tasks.values() if t._state & OPEN]:
                token.cancel()
        elif isinstance(self.event_definition, Timer):
            my_task.cancel()  # a moment comes once
        body = scope.task_tree._add_child(self.outputs[0], TaskState.WAITING)
        body.triggered = True
        body.data = dict(my_task.data)
        if event is not None and event.payload:
            scope.top_workflow.assign(body, event.payload)
        body.task_spec._update(body)


class Coded(EventDefinition):  # type: ignore[misc]
    """An error or an escalation. It goes from scope to scope outwards, to the first that catches its code."""

    def __init__(self, kind: str, name: str, code: str) -> None:
        super().__init__(name=name)
        self.kind = kind
        self.code = code

    def catches(self, my_task: Token, event: Any = None) -> bool:
        return False  # it is thrown to one catcher, never called out to all

    def throw(self, my_task: Token) -> None:
        caught = _catcher(my_task, self)
        if caught is not None:
            caught.task_spec.catch(caught, BpmnEvent(self))
            caught.task_spec._update(caught)


def _catcher(thrower: Token, thrown: Coded) -> Token | None:
    """Who catches it: in each scope first its own listeners, then the boundary events around it."""
    run, scope, body = thrower.workflow.top_workflow, thrower.workflow, None
    while True:
        listeners = (
            t for t in scope.tasks.values() if t.task_spec.listens and t.task_spec.outputs[0] is not body
        )
        holder = run.token(scope.parent_task_id)
        found = _answering(listeners, thrown) or (holder and _answering(_edges(holder), thrown))
        if found is not None or holder is None:
            return found
        scope, body = holder.workflow, holder.task_spec


def _edges(holder: Token) -> Iterable[Token]:
    """The boundary events around the activity that holds a sub-process, or an instance of it."""
    activity = holder.task_spec.element.id
    for token in holder.workflow.tasks.values():
        spec = token.task_spec
        edge = isinstance(spec, BoundaryEvent) and spec.element and spec.element.attached_to == activity
        if edge and holder.is_descendant_of(token.parent):
            yield token


def _answering(tokens: Iterable[Token], thrown: Coded) -> Token | None:
    """The token that waits for this code, or else one that waits for any."""
    fitting = [
        t
        for t in tokens
        if t._state == TaskState.WAITING
        and isinstance(awaited := t.task_spec.event_definition, Coded)
        and awaited.kind == thrown.kind
        and awaited.code in ("", thrown.code)
    ]
    return max(fitting, key=lambda t: (t.task_spec.event_definition.code != "", -t.id), default=None)


class Called(BpmnEvent):  # type: ignore[misc]
    """A message or signal on its way; `only` are the tokens that may catch it, None for all."""

    def __init__(self, definition: Any, payload: Any, only: frozenset[int] | None) -> None:
        super().__init__(definition, payload)
        self.only = only


class Catchers(EventManager):  # type: ignore[misc]
    """What waits for a message or a signal. The order is the same in a run that was stored and read again."""

    def catch(self, event: Any, internal: bool = True) -> int:
        """Give the event to all that wait for it; returns how many did.

        What interrupts comes first, the outermost before the others, so that what it cancels catches nothing.
        """
        only = getattr(event, "only", None)
        found = [
            t
            for t in self.tasks.values()
            if t._state == TaskState.WAITING
            and (only is None or t.id in only)
            and t.task_spec.catches(t, event)
        ]
        for token in sorted(found, key=_turn):
            if token._state == TaskState.WAITING:
                token.task_spec.catch(token, event)
                token.task_spec._update(token)
        return len(found)


def _turn(token: Token) -> tuple[bool, int, bool, int]:
    spec = token.task_spec
    listens = isinstance(spec, Listener)
    interrupts = spec.interrupting if listens else isinstance(spec, BoundaryEvent) and spec.cancel_activity
    return (not interrupts, token.workflow.depth, not listens, token.id)
