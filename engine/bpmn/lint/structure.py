"""The shape of a diagram: size, starts and ends, flows, gateways, and loops in which nothing ever waits."""

from collections.abc import Iterator

from engine.bpmn import calls
from engine.bpmn.lint.context import LintContext, about, of_process, onward
from engine.bpmn.lint.dialect import REFUSED_KINDS
from engine.bpmn.model import GATEWAYS, Diagram, Element, Flow, Scope
from engine.errors import Problem

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
AFTER_EVENT_GATEWAY = frozenset({"intermediateCatchEvent", "receiveTask"})


def limits(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Not too many nodes and flows, not too deep."""
    counts = {
        "lint.nodes": (len(diagram.elements), context.limits.nodes),
        "lint.flows": (len(diagram.flows), context.limits.flows),
        "lint.depth": (calls.depth(diagram), context.limits.depth),
        "lint.call-size": (calls.size(diagram), context.limits.drawn),
    }
    for code, (count, limit) in counts.items():
        if count > limit:
            yield of_process(code, diagram, count=count, limit=limit)


def starts_and_ends(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Exactly one start event and at least one end event in the process and in each sub-process."""
    for scope in diagram.scopes.values():
        around = diagram.elements.get(scope.id)
        if around is not None and around.kind in REFUSED_KINDS:
            continue
        found = [e for e in diagram.within(scope.id) if e.kind == "startEvent"]
        if not found:
            yield _of_scope("lint.no-start", diagram, scope)
        for further in found[1:]:
            yield about("lint.second-start", further, first=found[0].label)
        if not any(e.kind == "endEvent" for e in diagram.within(scope.id)):
            yield _of_scope("lint.no-end", diagram, scope)


def _of_scope(code: str, diagram: Diagram, scope: Scope) -> Problem:
    around = diagram.elements.get(scope.id)
    return about(code, around) if around else of_process(code, diagram)


def ways(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Every node has a way in and a way out, as its kind demands, and just one way out unless a gateway."""
    for element in diagram.elements.values():
        entered = element.kind not in ("startEvent", "boundaryEvent")
        left = element.kind not in ("endEvent", "boundaryEvent")  # boundary events have a rule of their own
        free = element.by_event or element.attributes.get("isForCompensation") == "true"
        around = diagram.elements.get(element.scope)
        if free or (around is not None and around.kind == "adHocSubProcess"):
            continue
        if entered and not element.incoming:
            yield about("lint.no-way-in", element)
        if not entered and element.incoming:
            yield about("lint.way-into-event", element)
        if left and not element.outgoing:
            yield about("lint.no-way-out", element)
        if element.kind == "endEvent" and element.outgoing:
            yield about("lint.way-out-of-end", element)
        elif element.kind not in GATEWAYS and len(element.outgoing) > 1:
            yield about("lint.many-ways-out", element, count=len(element.outgoing))


def twins(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Two flows between the same two nodes: a join would count them as one."""
    seen: dict[tuple[str, str], Flow] = {}
    for flow in diagram.flows.values():
        first = seen.setdefault((flow.source, flow.target), flow)
        if first is not flow:
            names = (diagram.elements[flow.source].label, diagram.elements[flow.target].label)
            yield about("lint.flow-twice", flow, source=names[0], target=names[1])


def conditions(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Where a gateway chooses among several flows, all but the default have a condition; no others do."""
    for flow in diagram.flows.values():
        source = diagram.elements[flow.source]
        several = len(source.outgoing) > 1
        if flow.condition and source.kind not in CHOOSING:
            yield about("lint.condition-place", flow, source=source.label)
        elif flow.condition and not several:
            yield about("lint.condition-alone", flow, source=source.label)
        elif flow.condition and flow.id == source.default:
            yield about("lint.condition-default", flow, source=source.label)
        elif source.kind in CHOOSING and several and not flow.condition and flow.id != source.default:
            yield about("lint.no-condition", flow, source=source.label)


def defaults(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A gateway that chooses has a way for the case that no condition holds."""
    for element in diagram.elements.values():
        if element.kind in CHOOSING and len(element.outgoing) > 1 and not element.default:
            yield about("lint.no-default", element)
        elif element.default and element.kind not in CHOOSING:
            yield about("lint.default-place", element)


def event_gateways(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """After an event gateway stand at least two events that only it leads to."""
    for element in diagram.elements.values():
        if element.kind != "eventBasedGateway":
            continue
        after = [diagram.elements[diagram.flows[key].target] for key in element.outgoing]
        if len(after) < 2:
            yield about("lint.event-gateway-few", element)
        for target in after:
            if target.kind not in AFTER_EVENT_GATEWAY or len(target.incoming) > 1:
                yield about("lint.event-gateway-target", target, gateway=element.label)


def restless_loops(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A circle of nodes none of which waits would turn for ever within one step; of timers, step by step.

    Whether a call waits is seen in what it calls; a circle in there is that process's own problem.
    """
    drawn = calls.expand(diagram)
    for code, timers in (("lint.restless-loop", True), ("lint.timer-loop", False)):
        circling = [element for element in _circles(drawn, timers) if element.id in diagram.elements]
        if circling:
            names = "、".join(element.label for element in circling)
            yield about(code, circling[0], names=names)
            return


def _circles(diagram: Diagram, timers: bool) -> list[Element]:
    """The elements on circles, or between two circles, that a token runs through without waiting."""
    after = {key: onward(diagram, e, timers) for key, e in diagram.elements.items()}
    before: dict[str, set[str]] = {key: set() for key in after}
    for key, targets in after.items():
        for target in targets:
            before[target].add(key)
    _peel(before, after)
    _peel(after, before)
    return [element for key, element in diagram.elements.items() if key in after]


def _peel(side: dict[str, set[str]], other: dict[str, set[str]]) -> None:
    """Take away, again and again, the nodes with nothing on `side`; what is left lies on circles."""
    bare = [key for key, found in side.items() if not found]
    while bare:
        key = bare.pop()
        del side[key]
        for neighbour in other.pop(key):
            if neighbour in side:
                side[neighbour].discard(key)
                if not side[neighbour]:
                    bare.append(neighbour)


RULES = (
    limits,
    starts_and_ends,
    ways,
    twins,
    conditions,
    defaults,
    event_gateways,
    restless_loops,
)
