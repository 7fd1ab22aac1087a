"""What lint must know of the house around a diagram: forms, decisions, operations, groups, functions.

Only the shapes are fixed here, so that lint depends on none of the packages that provide them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from engine import feel
from engine.bpmn.model import CONTAINERS, Diagram, Element, Flow
from engine.errors import Invalid, Problem


class Form(Protocol):
    """A form file: the variables it sets, those its own expressions read, and what a field that must be
    filled in offers to choose from (None: there is no such field)."""

    def keys(self) -> Iterable[str]: ...
    def variables_read(self) -> Iterable[str]: ...
    def choices_of(self, key: str) -> Iterable[str] | None: ...


class Operation(Protocol):
    """What a service task may call: its parameters (and whether each must be given) and its results.

    `alone`: it is of use without parameters and outputs.
    """

    @property
    def parameters(self) -> Mapping[str, bool]: ...
    @property
    def results(self) -> tuple[str, ...]: ...
    @property
    def alone(self) -> bool: ...


@dataclass(frozen=True)
class Limits:
    """How large a diagram may be. Beyond these a person can't read it, and steps get slow."""

    nodes: int = 400
    flows: int = 1200
    depth: int = 8  # levels of sub-processes
    rounds: int = 1000  # of a standard loop
    instances: int = 1000  # of a multi-instance with a literal number
    drawn: int = 2000  # nodes of the diagram and of all it calls, each as often as it is called
    id: int = 120  # characters of a node's id, with those of the call activities around it


@dataclass(frozen=True)
class LintContext:
    """`forms` by form key, `decisions` (id -> names of the inputs), `operations` by topic.

    `groups` says whether a literal group exists; None where that isn't known yet. `functions` are the
    names of the host's FEEL functions; among what forms and decisions read they are no variables.
    `processes` are the keys that a call activity may name.
    """

    forms: Mapping[str, Form] = field(default_factory=dict)
    decisions: Mapping[str, Iterable[str]] = field(default_factory=dict)
    operations: Mapping[str, Operation] = field(default_factory=dict)
    groups: Callable[[str], bool] | None = None
    functions: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    limits: Limits = Limits()


Rule = Callable[[Diagram, LintContext], Iterator[Problem]]


def about(code: str, thing: Element | Flow, **facts: object) -> Problem:
    """A problem of one element or flow, with its name and line among the facts."""
    name = thing.name or thing.id
    return Problem(code, thing.id, {"name": name, "line": thing.line, **facts})


def of_process(code: str, diagram: Diagram, **facts: object) -> Problem:
    """A problem of the process as a whole."""
    return Problem(code, diagram.process, {"name": diagram.name or diagram.process, "line": 0, **facts})


def nearest(name: str, known: Iterable[str]) -> str:
    """What to write instead of `name`: the known name most like it, else the first few, else a dash."""
    names = sorted(known)
    return "、".join(get_close_matches(name, names, n=1, cutoff=0.5) or names[:5]) or "—"


def written(text: str, context: LintContext) -> tuple[feel.Text, ...]:
    """The texts that an expression yields as they are written; none if it is none, or a wrong one."""
    source = feel.expression_in(text)
    try:
        return feel.texts(source, spaced(context)) if source else ()
    except Invalid:
        return ()  # told by the rule about expressions


def spaced(context: LintContext) -> tuple[str, ...]:
    """The functions whose names FEEL reads as one only if it is told of them."""
    return tuple(sorted(name for name in context.functions if not name.isidentifier()))


WAITING = frozenset(
    {"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "callActivity"}
)


def waits(diagram: Diagram, element: Element, timers: bool = True) -> bool:
    """Whether a case always stands still at `element`, for a person or a message; with `timers`, a moment."""
    loop = element.loop
    if loop is not None and loop.signing is None and (loop.kind != "standard" or loop.test_before):
        return False  # the list may be empty, the condition false from the start
    if _holds(diagram, element):
        reached = (diagram.elements[key] for key in at_once(diagram, element.id, timers))
        ends = {element.id} | {e.id for e in diagram.event_sub_processes(element.id)}
        return not any(e.kind == "endEvent" and e.scope in ends and not _is(e, "error") for e in reached)
    return element.kind in WAITING and (timers or not _is(element, "timer"))


def _holds(diagram: Diagram, element: Element) -> bool:
    """Whether something stands in the element: a sub-process, or a call in a diagram that was expanded."""
    return element.kind in CONTAINERS or element.id in diagram.scopes


def at_once(diagram: Diagram, scope: str, timers: bool = True) -> set[str]:
    """What is reached from the start of `scope` before anything waits, in its sub-processes too."""
    start = diagram.start(scope)
    found: set[str] = set()
    ahead = {start.id} if start is not None else set()
    while ahead:
        key = ahead.pop()
        found.add(key)
        if _holds(diagram, diagram.elements[key]):
            found |= at_once(diagram, key, timers)
        ahead |= onward(diagram, diagram.elements[key], timers) - found
    for aside in diagram.event_sub_processes(scope):
        begin = diagram.start(aside.id)
        if begin is not None and any(_throws(diagram.elements[key], begin) for key in found):
            found |= at_once(diagram, aside.id, timers)
    return found


def onward(diagram: Diagram, element: Element, timers: bool = True) -> set[str]:
    """The nodes to which a token that comes to `element` may go without waiting there."""
    waiting = waits(diagram, element, timers)
    found = set() if waiting else {diagram.flows[key].target for key in element.outgoing}
    edges = diagram.boundary_events(element.id) if _holds(diagram, element) else []
    if edges:
        reached = [diagram.elements[key] for key in at_once(diagram, element.id, timers)]
        found |= {edge.id for edge in edges if any(_throws(e, edge) for e in reached)}
    return found


def _throws(element: Element, catcher: Element) -> bool:
    """Whether an element throws an error or escalation such as the other waits for."""
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    return throws and any(_is(element, kind) and _is(catcher, kind) for kind in ("error", "escalation"))


def _is(element: Element, kind: str) -> bool:
    return element.event is not None and element.event.kind == kind
