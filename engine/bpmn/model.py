"""What a diagram says, as plain data: the one reading that lint, stepping and pages share.

It knows BPMN's words and the Camunda 7 attributes, and nothing of XML or of any engine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ACTIVITIES = frozenset(
    [
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
        "subProcess",
        "transaction",
        "adHocSubProcess",
        "callActivity",
    ]
)
GATEWAYS = frozenset(
    ["exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"]
)
EVENTS = frozenset(
    ["startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"]
)
CATCHING = frozenset(["startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"])
CONTAINERS = frozenset(["subProcess", "transaction", "adHocSubProcess"])


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws.

    kind: none, timer, message, signal, error, escalation, terminate, cancel, conditional,
    compensate, link or multiple. `name` is the name of the message, signal … referred to;
    `code` an error's or escalation's code. A timer has `timer_kind` (date, duration, cycle)
    and `expression`; a conditional event has `expression`.
    """

    kind: str
    reference: str = ""
    name: str = ""
    code: str = ""
    timer_kind: str = ""
    expression: str = ""


@dataclass(frozen=True)
class Signing:
    """会签 and its kin, as a user task declares it: who signs, and by which rule that passes or not.

    kind: all (会签), any (或签), vote (票签) or turn (依次); empty where the word means none of them.
    The rest is as written: `passing` a ratio, `vote` the form's field that holds the decision, `result`
    the variable that is set to 通过 or 不通过.
    """

    kind: str
    signers: str
    passing: str = ""
    veto: bool = False
    vote: str = "decision"
    result: str = ""

    @property
    def opinions(self) -> str:
        """The variable in which everybody's decision and opinion are gathered."""
        return f"{self.result}_opinions"


@dataclass(frozen=True)
class Loop:
    """Standard loop (`kind="standard"`) or multi-instance (`kind="parallel"` or `"sequential"`).

    With `signing` it is one instance for each signer, whom the variable `signer` names.
    """

    kind: str
    cardinality: str = ""
    collection: str = ""  # a variable's name or an expression
    element_variable: str = ""
    output_collection: str = ""
    output_element: str = ""
    completion_condition: str = ""
    maximum: int | None = None
    condition: str = ""
    test_before: bool = False
    signing: Signing | None = None


@dataclass(frozen=True)
class Assignment:
    """One `camunda:inputParameter`, `outputParameter`, `in` or `out`: a name and its expression."""

    name: str
    expression: str


@dataclass(frozen=True)
class Element:
    """A node of the diagram: activity, gateway or event."""

    id: str
    kind: str
    name: str = ""
    scope: str = ""  # id of the process or sub-process it stands in
    lane: str = ""
    incoming: tuple[str, ...] = ()  # flow ids, in the order of the file
    outgoing: tuple[str, ...] = ()
    default: str = ""
    attached_to: str = ""  # boundary events
    interrupting: bool = True  # boundary events, and start events of event sub-processes
    event: EventDefinition | None = None  # for events, and messageRef of send and receive tasks
    loop: Loop | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)  # camunda: (or flowable:) ones, bare names
    properties: Mapping[str, str] = field(default_factory=dict)  # camunda:properties
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    called_element: str = ""
    passed: tuple[
        Assignment, ...
    ] = ()  # `camunda:in` of a call activity: what the called process begins with
    returned: tuple[Assignment, ...] = ()  # `camunda:out`: what is taken back; `*` for everything
    by_event: bool = False  # an event sub-process
    documentation: str = ""
    line: int = 0
    y: float = 0.0  # from the diagram's shapes; 0 where there are none

    @property
    def awaits(self) -> str:
        """The name of the message it waits for; empty where it waits for none."""
        told = self.event is not None and self.event.kind == "message" and self.kind in CATCHING
        return self.event.name if told and self.event is not None else ""

    @property
    def label(self) -> str:
        """How a person finds it: its name, else its id."""
        return self.name or self.id


@dataclass(frozen=True)
class Flow:
    """A sequence flow; `condition` is the expression as written, empty where there is none."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    line: int = 0


@dataclass(frozen=True)
class Scope:
    """A process or an embedded sub-process: what stands directly in it, in the order of the file."""

    id: str
    name: str
    elements: tuple[str, ...]
    parent: str = ""  # the scope around a sub-process; empty for a process


@dataclass(frozen=True)
class Lane:
    id: str
    name: str
    elements: tuple[str, ...]


@dataclass(frozen=True)
class Diagram:
    """One BPMN file. `process` is the id of its one executable process."""

    process: str
    name: str
    scopes: Mapping[str, Scope]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)  # camunda:properties of the process
    attributes: Mapping[str, str] = field(default_factory=dict)  # camunda: attributes of the process
    messages: tuple[str, ...] = ()
    documentation: str = ""
    called: Mapping[str, "Diagram"] = field(default_factory=dict)  # by key, once bound (engine.bpmn.calls)

    @cached_property
    def said(self) -> frozenset[str]:
        """The names of the properties that any element has."""
        return frozenset(name for element in self.elements.values() for name in element.properties)

    @cached_property
    def kept_from(self) -> dict[str, frozenset[str]]:
        """What `engine.bpmn.desk` has found out about each element, so that no step looks for it again."""
        return {}

    def within(self, scope: str) -> Iterator[Element]:
        """The elements that stand directly in `scope`."""
        return (self.elements[key] for key in self.scopes[scope].elements)

    def boundary_events(self, element: str) -> list[Element]:
        """The boundary events attached to `element`, in the order of the file."""
        return [e for e in self.elements.values() if e.attached_to == element]

    def event_sub_processes(self, scope: str) -> list[Element]:
        """The event sub-processes that stand directly in `scope`, in the order of the file."""
        return [e for e in self.within(scope) if e.by_event]

    def beside(self, scope: str) -> bool:
        """Whether `scope` lies within a non-interrupting event sub-process: beside the case's own flow."""
        while scope in self.elements:
            start = self.start(scope) if self.elements[scope].by_event else None
            if start is not None and not start.interrupting:
                return True
            scope = self.elements[scope].scope
        return False

    def start(self, scope: str | None = None) -> Element | None:
        """The start event of `scope` (the process, unless said otherwise)."""
        for element in self.within(scope or self.process):
            if element.kind == "startEvent":
                return element
        return None
