"""Events: what is waited for and what is thrown, with timers and messages of our own.

A timer's moment is computed once, when its token arrives, from the working calendar; it is a row
that the runtime fires. The library's timers, which ask the machine's clock, are never built.
"""

from datetime import date, datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.stepping.effects import Host
from engine.bpmn.stepping.expressions import Value
from engine.bpmn.stepping.nodes.specs import Node
from engine.bpmn.stepping.tokens import FINISHED, Token
from engine.clock import as_utc
from engine.errors import Invalid


def moment_of(value: Any, host: Host) -> datetime | None:
    """What a deadline means, in UTC: a moment, a day (its closing), a duration from now, or ISO text.

    None for anything else, and for what lies beyond the calendar.
    """
    try:
        return _moment_of(value, host)
    except OverflowError:
        return None


def _moment_of(value: Any, host: Host) -> datetime | None:
    if isinstance(value, str):
        value = feel.parse(f'@"{value}"').evaluate({}) if '"' not in value else None
    if isinstance(value, datetime):
        return as_utc(value)
    if isinstance(value, date):
        return host.closing(value)
    if isinstance(value, timedelta):
        return host.later(value)
    if isinstance(value, feel.Months):
        later = feel.parse("now() + d").evaluate({"d": value}, now=host.now)
        return host.later(as_utc(later) - host.now) if isinstance(later, datetime) else None
    return None


class Timer(EventDefinition):  # type: ignore[misc]
    """Fires when the runtime says so; `due` is kept with the token and never computed twice."""

    def __init__(self, value: Value, label: str) -> None:
        super().__init__(name=label)
        self.value = value

    def catches(self, my_task: Token, event: Any = None) -> bool:
        return False  # a timer is fired by its token, never by an event that happens to look alike

    def update_task(self, my_task: Token) -> None:
        if "due" not in my_task.internal_data:
            my_task.internal_data["due"] = self.due(my_task)
            my_task.internal_data["since"] = my_task.workflow.top_workflow.host.now

    def due(self, my_task: Token) -> datetime:
        run = my_task.workflow.top_workflow
        due = moment_of(self.value.at(run, my_task), run.host)
        if due is None:
            raise Invalid("bpmn.no_moment", name=self.name)
        return due

    def reset(self, my_task: Token) -> None:
        my_task.internal_data.pop("due", None)
        my_task.internal_data.pop("since", None)
        super().reset(my_task)


class Named(EventDefinition):  # type: ignore[misc]
    """A message or a signal, matched by its name. What it carries becomes variables of the case."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(name=name)
        self.kind = kind

    def throw(self, my_task: Token) -> None:
        run = my_task.workflow.top_workflow
        run.step.messages.append(self.name)
        run.catch(BpmnEvent(self))

    def catch(self, my_task: Token, event: Any = None) -> None:
        super().catch(my_task, event)
        if event is not None and event.payload:
            my_task.workflow.top_workflow.assign(my_task, event.payload)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and (self.kind, self.name) == (other.kind, other.name)

    def __hash__(self) -> int:
        return hash((self.kind, self.name))


class _Catching(Node):
    """A catching event runs once and is done. (The stock hook resets its definition on the way.)"""

    def _run_hook(self, my_task: Token) -> bool:
        return True

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.event_manager.remove_task(my_task)


class StartEvent(_Catching, defaults.StartEvent):  # type: ignore[misc]
    pass


class CatchEvent(_Catching, defaults.IntermediateCatchEvent):  # type: ignore[misc]
    pass


class ReceiveTask(_Catching, defaults.ReceiveTask):  # type: ignore[misc]
    pass


class BoundaryEvent(_Catching, defaults.BoundaryEvent):  # type: ignore[misc]
    """An event at the edge of an activity. One that interrupts does so at once: nothing within moves on."""

    def catch(self, my_task: Token, event: Any = None) -> None:
        super().catch(my_task, event)
        if self.cancel_activity:
            for token in my_task.parent.children:
                if not isinstance(token.task_spec, BoundaryEvent) and not token._state & FINISHED:
                    token.cancel()


class EndEvent(Node, defaults.EndEvent):  # type: ignore[misc]
    pass


class ThrowEvent(Node, defaults.IntermediateThrowEvent):  # type: ignore[misc]
    pass


class SendTask(Node, defaults.SendTask):  # type: ignore[misc]
    pass


class EventGateway(_Catching, defaults.EventBasedGateway):  # type: ignore[misc]
    """The first event decides. Each waiting branch keeps its own due moment, so two timers are two timers."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._inherit_data()
        if "chosen" in my_task.internal_data:
            return True
        my_task._set_state(TaskState.WAITING)
        my_task.workflow.top_workflow.event_manager.add_task(my_task)
        if "branches" not in my_task.internal_data:
            my_task.internal_data["branches"] = {
                name: definition.due(my_task) for name, definition in self.timers()
            }
            if my_task.internal_data["branches"]:
                my_task.internal_data["since"] = my_task.workflow.top_workflow.host.now
        return False

    def timers(self) -> list[tuple[str, Timer]]:
        """The branches that wait for a moment, by the id of their event."""
        return [(name, definition) for name, definition in self._events() if isinstance(definition, Timer)]

    def _events(self) -> list[tuple[str, EventDefinition]]:
        return list(zip(self._outputs, self.event_definition.event_definitions, strict=True))

    def catches(self, my_task: Token, event: Any) -> bool:
        return any(definition.catches(my_task, event) for _, definition in self._events())

    def catch(self, my_task: Token, event: Any) -> None:
        for name, definition in self._events():
            if definition.catches(my_task, event):
                definition.catch(my_task, event)
                self.choose(my_task, name)
                return

    def choose(self, my_task: Token, branch: str) -> None:
        my_task.internal_data["chosen"] = branch
        my_task.internal_data.pop("event_fired", None)

    def _predict_hook(self, my_task: Token) -> None:
        """Which branch goes on is known only when an event comes."""

    def _run_hook(self, my_task: Token) -> bool:
        chosen = my_task.workflow.spec.task_specs[my_task.internal_data["chosen"]]
        my_task._sync_children([chosen], TaskState.FUTURE)
        return True
