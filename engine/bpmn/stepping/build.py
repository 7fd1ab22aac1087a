"""A diagram becomes a program: SpiffWorkflow's specs, built once a definition and never changed.

Built from our own reading of the file, so there is one reading, no recursion over long chains and
no parser messages that nobody understands. The wiring (splits, joins, children) is SpiffWorkflow's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition

from engine import feel
from engine.bpmn.model import ACTIVITIES, CONTAINERS, Diagram, Element, EventDefinition
from engine.bpmn.stepping.expressions import Expressions, Value
from engine.bpmn.stepping.nodes import calls, events, joins, multi, scopes, signing, specs
from engine.bpmn.stepping.nodes.messages import MessageTexts, message_texts
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
    messages: dict[str, MessageTexts]
    flows: dict[tuple[str, str], str]
    phases: dict[str, Value]  # activities with a deadline of their own
    assigned: dict[str, tuple[tuple[str, Value], ...]]  # output parameters by element
    properties: dict[str, Value]  # the case's columns, as the process says them
    withdrawal: Value | None  # on what condition the applicant may withdraw the case
    watched: frozenset[str]  # the variables that those columns depend on
    followed: frozenset[str]  # the variables that any due moment depends on
    order: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    plans: dict[str, Any] = field(default_factory=dict)  # each scope's blocks, once a move has asked for them

    def number_specs(self) -> None:
        for name, scope in [(self.spec.name, self.spec), *self.subspecs.items()]:
            self.order[name] = list(scope.task_specs)
            self.numbers[name] = {spec: i for i, spec in enumerate(scope.task_specs)}


def build(diagram: Diagram, expressions: Expressions) -> Program:
    """Build the program of `diagram`, which lint has passed and which stands there with all that it calls.

    Invalid names an element that cannot run.
    """
    builder = _Builder(diagram, expressions)
    scopes = {key: specs.Process(key) for key in diagram.scopes}
    for key, scope in scopes.items():
        builder.fill(scope, key)
    spec = scopes.pop(diagram.process)
    texts = {e.id: _texts(e, expressions) for e in diagram.elements.values() if e.kind == "userTask"}
    told = message_texts(diagram, expressions)
    said = {
        name: expressions.value(diagram.properties[name]) for name in COLUMNS if name in diagram.properties
    }
    phases = {
        e.id: expressions.value(e.properties["deadline"])
        for e in diagram.elements.values()
        if e.kind in ACTIVITIES and feel.expression_in(e.properties.get("deadline"))
    }
    assigned = {
        node.element.id: node.outputs_
        for scope in (spec, *scopes.values())
        for node in scope.task_specs.values()
        if getattr(node, "element", None) is not None and node.outputs_
    }
    dues = [*phases.values(), *(t.due for t in texts.values()), *_timers((spec, *scopes.values()))]
    program = Program(
        diagram,
        spec,
        scopes,
        texts,
        told,
        builder.flows,
        phases,
        assigned,
        said,
        expressions.condition(diagram.properties["take back"]) if "take back" in diagram.properties else None,
        _names_of(said.values()),
        _names_of(dues),
    )
    program.number_specs()
    return program


def _names_of(values: Iterable[Value | None]) -> frozenset[str]:
    """The variables that any of these expressions names."""
    return frozenset().union(*(getattr(v.expression, "names", ()) for v in values if v is not None))


def _timers(scopes: Iterable[specs.Process]) -> Iterator[Value]:
    """The expression of every timer, those behind event gateways included."""
    for scope in scopes:
        for node in scope.task_specs.values():
            found = getattr(node, "event_definition", None)
            for definition in getattr(found, "event_definitions", (found,)):
                if isinstance(definition, events.Timer):
                    yield definition.value


def _texts(element: Element, expressions: Expressions) -> TaskTexts:
    given = element.attributes

    def one(name: str) -> Value | None:
        return expressions.value(given[name]) if given.get(name) else None

    return TaskTexts(
        one("assignee"),
        expressions.several(given.get("candidateGroups", "")),
        expressions.several(given.get("candidateUsers", "")),
        one("dueDate"),
        one("priority"),
    )


COLUMNS = ("title", "enterprise", "type", "department", "urgent", "confidential", "words")


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
            if element.by_event:
                self._listen(scope, element)
        for element in self.diagram.within(key):
            self._connect(scope, element)
            if element.kind == "startEvent":
                scope.start.connect(self.outer[element.id])

    def _add(self, scope: specs.Process, element: Element) -> None:
        spec = self._spec(scope, element)
        spec.describe(element, self.expressions)
        if self.diagram.beside(element.scope):
            spec.status = None  # what stands beside the case's flow says nothing of where the case is
        self.inner[element.id] = self.outer[element.id] = self._looped(scope, element, spec)
        if element.kind == "endEvent":
            spec.connect(scope.end)

    def _spec(self, scope: specs.Process, element: Element) -> Any:
        if element.kind in CONTAINERS:
            kind = scopes.Body if element.by_event else specs.SubProcess
            return kind(scope, element.id, subworkflow_spec=element.id)
        if element.kind == "callActivity" and element.id in self.diagram.scopes:
            return calls.Call(scope, element.id, subworkflow_spec=element.id)
        if element.kind in _PLAIN:
            return _PLAIN[element.kind](scope, element.id)
        if element.kind == "eventBasedGateway":
            return events.EventGateway(scope, element.id, MultipleEventDefinition())
        if element.kind in _EVENTS:
            return _EVENTS[element.kind](scope, element.id, self._within(element))
        raise Invalid("bpmn.not_executed", where=element.id, name=element.label, kind=element.kind)

    def _within(self, element: Element) -> Any:
        """The event of an element where it stands; that of an event sub-process's start is past by then."""
        around = self.diagram.elements.get(element.scope)
        begun = element.kind == "startEvent" and around is not None and around.by_event
        return NoneEventDefinition() if begun else self._definition(element)

    def _listen(self, scope: specs.Process, element: Element) -> None:
        """Let the scope wait for the start of one of its event sub-processes from its beginning on."""
        start = self.diagram.start(element.id)
        if start is None:
            raise Invalid("bpmn.not_executed", where=element.id, name=element.label, kind=element.kind)
        listener = scopes.Listener(scope, f"{element.id}.listener", self._definition(start))
        listener.element = start
        listener.prepare(start.interrupting)
        body = self.inner[element.id]
        scope.start.connect(listener)
        listener.connect(body)
        if start.interrupting:
            body.connect(scope.end)
        else:
            body.stand_beside()

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
        if event.kind in ("error", "escalation"):
            return scopes.Coded(event.kind, event.name or event.kind, event.code)
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
            around = _INSTANCES[loop.kind, loop.signing is not None](scope, element.id, task_spec=body)
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
_INSTANCES: dict[tuple[str, bool], Any] = {  # by the kind of the loop, and whether people sign together
    ("parallel", False): multi.ParallelMulti,
    ("sequential", False): multi.SequentialMulti,
    ("parallel", True): signing.ParallelSigning,
    ("sequential", True): signing.SequentialSigning,
}
_EVENTS: dict[str, Any] = {
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.CatchEvent,
    "intermediateThrowEvent": events.ThrowEvent,
    "receiveTask": events.ReceiveTask,
    "sendTask": events.SendTask,
}
