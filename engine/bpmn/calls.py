"""Call activities: which process each one calls, and the diagram with all of them drawn in.

A called process runs inside the case that calls it. So a bound diagram is opened up before it runs: what
stands in the called process stands below the call activity, as in a sub-process, with ids `<call>/<id>`.
A slash can't stand in an id of a file, so that these never meet another one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.bpmn.model import Diagram, Element, Flow, Scope

SLASH = "/"


def keys(diagram: Diagram) -> tuple[str, ...]:
    """The processes that a diagram calls itself, in the order of the file."""
    named = (e.called_element for e in diagram.elements.values() if e.kind == "callActivity")
    return tuple(dict.fromkeys(key for key in named if key))


def bind(diagram: Diagram, known: Mapping[str, Diagram]) -> Diagram:
    """The diagram with the processes it calls, bound themselves.

    What is unknown, or calls in a circle, is left out.
    """
    return _bind(diagram, known, {}, (diagram.process,))


def _bind(
    diagram: Diagram, known: Mapping[str, Diagram], bound: dict[str, Diagram], above: tuple[str, ...]
) -> Diagram:
    for key in keys(diagram):
        if key in known and key not in bound and key not in above:
            bound[key] = _bind(known[key], known, bound, (*above, key))
    return replace(diagram, called={k: bound[k] for k in keys(diagram) if k in bound and k not in above})


def innermost_first(diagram: Diagram) -> dict[str, Diagram]:
    """Every process called below a bound diagram, once, each after those it calls itself."""
    found: dict[str, Diagram] = {}
    _gather(diagram, found)
    return found


def _gather(diagram: Diagram, found: dict[str, Diagram]) -> None:
    for key, inner in diagram.called.items():
        if key not in found:
            _gather(inner, found)
            found[key] = inner


def size(diagram: Diagram) -> int:
    """How many nodes `expand` would give."""
    sizes: dict[str, int] = {}
    for key, inner in innermost_first(diagram).items():
        sizes[key] = len(inner.elements) + sum(sizes[k] for k in _calls(inner))
    return len(diagram.elements) + sum(sizes[key] for key in _calls(diagram))


def depth(diagram: Diagram) -> int:
    """How many sub-processes and calls stand in one another."""
    depths: dict[str, int] = {}
    for key, inner in [*innermost_first(diagram).items(), ("", diagram)]:
        levels = {scope: _level(inner, scope) for scope in inner.scopes}
        ends = [
            levels[e.scope] + 1 + depths[e.called_element]
            for e in inner.elements.values()
            if called(inner, e) is not None
        ]
        depths[key] = max([*levels.values(), *ends])
    return depths[""]


def _level(diagram: Diagram, scope: str) -> int:
    level = 0
    while diagram.scopes[scope].parent:
        level, scope = level + 1, diagram.scopes[scope].parent
    return level


def _calls(diagram: Diagram) -> Iterator[str]:
    """The bound process of each call activity, as often as it is called."""
    return (e.called_element for e in diagram.elements.values() if called(diagram, e) is not None)


def called(diagram: Diagram, element: Element) -> Diagram | None:
    """The process that `element` calls; None if it is no call activity, or not bound."""
    return diagram.called.get(element.called_element) if element.kind == "callActivity" else None


def expand(diagram: Diagram) -> Diagram:
    """The diagram with every called process below its call activity, as often as it is called."""
    if not diagram.called:
        return diagram
    drawn = _Drawing()
    drawn.add(diagram, None)
    messages = (message for inner in innermost_first(diagram).values() for message in inner.messages)
    return replace(
        diagram,
        scopes=drawn.scopes,
        elements=drawn.elements,
        flows=drawn.flows,
        messages=tuple(dict.fromkeys([*diagram.messages, *messages])),
        called={},
    )


@dataclass
class _Drawing:
    scopes: dict[str, Scope] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def add(self, diagram: Diagram, call: Element | None) -> None:
        """Draw a process in, below `call` if there is one, and then what it calls itself."""

        def own(key: str) -> str:
            if call is None or not key:
                return key
            return call.id if key == diagram.process else f"{call.id}{SLASH}{key}"

        for key, scope in diagram.scopes.items():
            parent = call.scope if call is not None and key == diagram.process else own(scope.parent)
            inside = tuple(own(element) for element in scope.elements)
            self.scopes[own(key)] = replace(scope, id=own(key), elements=inside, parent=parent)
        for key, flow in diagram.flows.items():
            source, target = own(flow.source), own(flow.target)
            self.flows[own(key)] = replace(flow, id=own(key), source=source, target=target)
        hidden = call is not None and call.properties.get("internal") == "true"
        drawn = [_drawn(element, own, hidden) for element in diagram.elements.values()]
        self.elements.update((element.id, element) for element in drawn)
        for element in drawn:
            inner = called(diagram, element)
            if inner is not None:
                self.add(inner, element)


def _drawn(element: Element, own: Callable[[str], str], hidden: bool) -> Element:
    """An element under its new id. What an internal call activity calls is internal, too."""
    return replace(
        element,
        id=own(element.id),
        scope=own(element.scope),
        incoming=tuple(own(flow) for flow in element.incoming),
        outgoing=tuple(own(flow) for flow in element.outgoing),
        default=own(element.default),
        attached_to=own(element.attached_to),
        properties={**element.properties, "internal": "true"} if hidden else element.properties,
    )
