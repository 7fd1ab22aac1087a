"""Event sub-processes: they stand alone in their scope, begin with an event, and don't begin themselves."""

from collections.abc import Iterator

from engine.bpmn.lint.context import LintContext, about
from engine.bpmn.lint.events import NAMED, THROWING
from engine.bpmn.model import Diagram, Element
from engine.errors import Problem

Begun = tuple[str, str]  # what begins it: the event's kind, and its name or code


def alone(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """No flow leads to or from it, no event sits on its edge, and it isn't repeated: events do that."""
    for element in diagram.elements.values():
        if not element.by_event:
            continue
        if element.incoming or element.outgoing:
            yield about("lint.event-sub-flow", element)
        if element.loop is not None:
            yield about("lint.event-sub-loop", element)
        for boundary in diagram.boundary_events(element.id):
            yield about("lint.event-sub-boundary", boundary, host=element.label)


def starts(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """In one scope no two begin by the same event; what an error begins always interrupts."""
    for scope in diagram.scopes:
        seen: dict[Begun, Element] = {}
        for start in _starts(diagram, scope):
            begun = _begun(start)
            if start.event and start.event.kind == "error" and not start.interrupting:
                yield about("lint.error-interrupts", start)
            if begun[0] != "timer" and begun[1] and begun in seen:
                yield about("lint.event-sub-twice", start, first=seen[begun].label, event=begun[1])
            seen.setdefault(begun, start)


def statuses(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """What runs beside the case's flow must not say where the case is: it would stay said afterwards."""
    for element in diagram.elements.values():
        if element.properties.get("status") and diagram.beside(element.scope):
            yield about("lint.event-sub-status", element, value=element.properties["status"])


def circles(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """None calls out, itself or by way of others, what begins it anew beside the flow."""
    calls: dict[str, set[str]] = {}
    begun: dict[Begun, list[Element]] = {}
    for scope in diagram.scopes:
        for start in _starts(diagram, scope):
            if not start.interrupting:
                begun.setdefault(_begun(start), []).append(diagram.elements[start.scope])
    for element in diagram.elements.values():
        event = element.event
        if event and element.kind in THROWING and event.kind in NAMED:
            for scope in _around(diagram, element.scope):
                calls.setdefault(scope, set()).update(e.id for e in begun.get((event.kind, event.name), ()))
    for found in begun.values():
        for element in found:
            if element.id in _reached(calls, element.id):
                yield about("lint.event-sub-itself", element)


def _starts(diagram: Diagram, scope: str) -> Iterator[Element]:
    """The start events of the event sub-processes that stand directly in `scope`."""
    for element in diagram.event_sub_processes(scope):
        yield from (e for e in diagram.within(element.id) if e.kind == "startEvent")


def _begun(start: Element) -> Begun:
    event = start.event
    return (event.kind, event.name if event.kind in NAMED else event.code or "*") if event else ("none", "")


def _around(diagram: Diagram, scope: str) -> Iterator[str]:
    while scope in diagram.elements:
        yield scope
        scope = diagram.elements[scope].scope


def _reached(calls: dict[str, set[str]], start: str) -> set[str]:
    """What a body leads to, by one call or several."""
    found: set[str] = set()
    ahead = set(calls.get(start, ()))
    while ahead:
        key = ahead.pop()
        found.add(key)
        ahead |= calls.get(key, set()) - found
    return found


RULES = (alone, starts, statuses, circles)
