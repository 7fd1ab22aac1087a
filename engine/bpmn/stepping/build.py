"""A diagram becomes a program: SpiffWorkflow's specs, built once a definition and never changed.

Built from our own reading of the file, so there is one reading, no recursion over long chains and
no parser messages that nobody understands. The wiring (splits, joins, children) is SpiffWorkflow's.
"""

from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition

from engine.bpmn.model import CONTAINERS, Diagram, Element, EventDefinition
from engine.bpmn.stepping.expressions import Expressions, Value
from engine.bpmn.stepping.nodes import events, joins, multi, specs
from engine.errors import Invalid


@dataclass(frozen=True)
class TaskTexts:
    """The expressions of a user task that are evaluated when it opens."""

    assignee: Value | None
    groups: tuple[Value, ...]
    users: tuple[Value, ...]
    due: Value | None
    priority: Value | None


@dataclass
class Program:
    """A definition, ready to run. `order` gives each scope's spec names their numbers for the codec."""

    diagram: Diagram
    spec: specs.Process
    subspecs: dict[str, specs.Process]
    texts: dict[str, TaskTexts]
    flows: dict[tuple[str, str], str]
    properties: dict[str, Value]  # the case's columns, as the process says them
    watched: frozenset[str]  # the variables that those columns depend on
    order: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)

    def number_specs(self) -> None:
        for name, scope in [(self.spec.name, self.spec), *self.subspecs.items()]:
            self.order[name] = list(scope.task_specs)
            self.numbers[name] = {spec: i for i, spec in enumerate(scope.task_specs)}


def build(diagram: Diagram, expressions: Expressions) -> Program:
    """Build the program of `diagram`, which lint has passed. Invalid names an element that cannot run."""
    builder = _Builder(diagram, expressions)
    scopes = {key: specs.Process(key) for key in diagram.scopes}
    for key, scope in scopes.items():
        builder.fill(scope, key)
    spec = scopes.pop(diagram.process)
    texts = {e.id: _texts(e, expressions) for e in diagram.elements.values() if e.kind == "userTask"}
    said = {
        name: expressions.value(diagram.properties[name]) for name in COLUMNS if name in diagram.properties
    }
    watched = frozenset().union(*(getattr(v.expression, "names", ()) for v in said.values()))
    program = Program(diagram, spec, scopes, texts, builder.flows, said, watched)
    program.number_specs()
    return program


def _texts(element: Element, expressions: Expressions) -> TaskTexts:
    given = element.attributes

    def one(name: str) -> Value | None:
        return expressions.value(given[name]) if given.get(name) else None

    def several(name: str) -> tuple[Value, ...]:
        text = given.get(name, "")
        if text.lstrip().startswith(("=", "${")):
            return (expressions.value(text.strip()),)
        return tuple(Value(part.strip()) for part in text.split(",") if part.strip())

    return TaskTexts(
        one("assignee"),
        several("candidateGroups"),
        several("candidateUsers"),
        one("dueDate"),
        one("priority"),
    )


COLUMNS = ("title", "enterprise", "type", "department", "urgent", "confidential")


class _Builder:
    """Holds what the wiring of one diagram shares: the flows found, and the specs by element."""

    def __init__(self, diagram: Diagram, expressions: Expressions) -> None:
        self.diagram = diagram
        self.expressions = expressions
        self.flows: dict[tuple[str, str], str] = {}
        self.inner: dict[str, Any] = {}  # what a flow leaves: the activity, its loop, its gateway
        self.outer: dict[str, Any] = {}  # what a flow enters: the split before boundary events, if any

    def fill(self, scope: specs.Process, key: str) -> None:
        elements = [e for e in self.diagram.within(key) if e.kind != "boundaryEvent"]
        for element in elements:
            self._add(scope, element)
        for element in elements:
            self._attach_boundary(scope, element)
        for element in self.diagram.within(key):
            self._connect(scope, element)
            if element.kind == "startEvent":
                scope.start.connect(self.outer[element.id])

    def _add(self, scope: specs.Process, element: Element) -> None:
        spec = self._spec(scope, element)
        spec.describe(element, self.expressions)
        self.inner[element.id] = self.outer[element.id] = self._looped(scope, element, spec)
        if element.kind == "endEvent":
            spec.connect(scope.end)

    def _spec(self, scope: specs.Process, element: Element) -> Any:
        if element.kind in CONTAINERS and not element.by_event:
            return specs.SubProcess(scope, element.id, subworkflow_spec=element.id)
        if element.kind in _PLAIN:
            return _PLAIN[element.kind](scope, element.id)
        if element.kind == "eventBasedGateway":
            return events.EventGateway(scope, element.id, MultipleEventDefinition())
        if element.kind in _EVENTS:
            return _EVENTS[element.kind](scope, element.id, self._definition(element))
        raise Invalid("bpmn.not_executed", where=element.id, name=element.label, kind=element.kind)

    def _definition(self, element: Element) -> Any:
        event = element.event or EventDefinition("none")
        if event.kind == "none":
            return NoneEventDefinition()
        if event.kind == "timer":
            return events.Timer(self.expressions.value(event.expression), element.label)
        if event.kind in ("message", "signal"):
            return events.Named(event.kind, event.name or event.reference)
        if event.kind == "terminate":
            return TerminateEventDefinition()
        if event.kind == "error":
            return ErrorEventDefinition(event.name or "error", code=event.code or None)
        if event.kind == "escalation":
            return EscalationEventDefinition(event.name or "escalation", code=event.code or None)
        raise Invalid("bpmn.not_executed", where=element.id, name=element.label, kind=event.kind)

    def _looped(self, scope: specs.Process, element: Element, spec: Any) -> Any:
        """Put a loop around `spec`; the flows then belong to the loop and the body stands below it."""
        loop = element.loop
        if loop is None:
            return spec
        body = f"{element.id} [child]"
        del scope.task_specs[element.id]
        spec.name = body
        scope.task_specs[body] = spec
        if loop.kind == "standard":
            around = multi.StandardLoop(scope, element.id, body, loop.maximum, None, loop.test_before)
        else:
            kind = multi.SequentialMulti if loop.kind == "sequential" else multi.ParallelMulti
            around = kind(scope, element.id, task_spec=body)
        around.prepare(loop, self.expressions)
        spec._inputs = [around.name]
        spec.completed_event.connect(around.merge_child)
        around.status, around.element, spec.recorded = spec.status, element, False
        return around

    def _attach_boundary(self, scope: specs.Process, element: Element) -> None:
        attached = self.diagram.boundary_events(element.id)
        if not attached:
            return
        split = specs.Split(scope, f"{element.id}.split")
        join = specs.Join(scope, f"{element.id}.join", split_task=split.name, cancel=True)
        activity = self.inner[element.id]
        split.connect(activity)
        activity.connect(join)
        for boundary in attached:
            spec = events.BoundaryEvent(scope, boundary.id, self._definition(boundary), boundary.interrupting)
            spec.describe(boundary, self.expressions)
            self.inner[boundary.id] = self.outer[boundary.id] = spec
            split.connect(spec)
            spec.connect(join)
        self.outer[element.id] = split

    def _connect(self, scope: specs.Process, element: Element) -> None:
        source = self.inner[element.id]
        outgoing = [self.diagram.flows[f] for f in element.outgoing]
        for flow in outgoing:
            target = self.outer[flow.target]
            self.flows.setdefault((source.name, target.name), flow.id)
            lone = len(outgoing) == 1 and not flow.condition
            if (
                element.kind in ("exclusiveGateway", "inclusiveGateway")
                and flow.id != element.default
                and not lone
            ):
                source.connect_if(specs.Condition(self.expressions.condition(flow.condition)), target)
            else:
                source.connect(target)


_PLAIN: dict[str, Any] = {
    "task": specs.PassTask,
    "manualTask": specs.PassTask,
    "userTask": specs.UserTask,
    "serviceTask": specs.ServiceTask,
    "businessRuleTask": specs.DecisionTask,
    "exclusiveGateway": specs.ExclusiveGateway,
    "inclusiveGateway": joins.InclusiveGateway,
    "parallelGateway": joins.ParallelGateway,
}
_EVENTS: dict[str, Any] = {
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "receiveTask": events.ReceiveTask,
    "sendTask": events.SendTask,
}
