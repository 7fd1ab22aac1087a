"""What a diagram says, as plain data: the one reading that lint, stepping and pages share.

It knows BPMN's words and the Camunda 7 attributes, and nothing of XML or of any engine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

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
class Loop:
    """Standard loop (`kind="standard"`) or multi-instance (`kind="parallel"` or `"sequential"`)."""

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
    by_event: bool = False  # an event sub-process
    documentation: str = ""
    line: int = 0
    y: float = 0.0  # from the diagram's shapes; 0 where there are none

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

    def within(self, scope: str) -> Iterator[Element]:
        """The elements that stand directly in `scope`."""
        return (self.elements[key] for key in self.scopes[scope].elements)

    def boundary_events(self, element: str) -> list[Element]:
        """The boundary events attached to `element`, in the order of the file."""
        return [e for e in self.elements.values() if e.attached_to == element]

    def start(self, scope: str | None = None) -> Element | None:
        """The start event of `scope` (the process, unless said otherwise)."""
        for element in self.within(scope or self.process):
            if element.kind == "startEvent":
                return element
        return None
