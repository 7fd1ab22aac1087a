"""Events and deadlines: timers have a moment, messages have a name, boundary events lead somewhere."""

from collections.abc import Iterator
from datetime import date, timedelta

from engine import feel
from engine.bpmn.lint.context import LintContext, about, nearest
from engine.bpmn.model import Diagram, Element, EventDefinition
from engine.errors import Invalid, Problem

NAMED = frozenset({"message", "signal"})  # matched by name
# Matched by code, and thrown from within a sub-process, by nothing else.
CODED = frozenset({"error", "escalation"})
CATCHING = frozenset({"intermediateCatchEvent", "boundaryEvent", "receiveTask"})
THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
HOSTS_THAT_WAIT = frozenset(
    {"userTask", "receiveTask", "subProcess", "transaction", "adHocSubProcess", "callActivity"}
)
HOSTS_THAT_THROW = frozenset({"subProcess", "transaction", "callActivity"})


def is_moment(text: str) -> bool:
    """Whether a literal is an ISO 8601 date, date and time, or duration."""
    if '"' in text or "\\" in text:
        return False
    try:
        value = feel.parse(f'@"{text.strip()}"').evaluate({})
    except Invalid:
        return False
    return isinstance(value, date | timedelta | feel.Months)


def timers(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A timer has one moment: an expression, or an ISO 8601 literal. Cycles don't run."""
    for element in diagram.elements.values():
        event = element.event
        if event is None or event.kind != "timer":
            continue
        if not event.expression:
            yield about("lint.timer-empty", element)
        elif event.timer_kind == "cycle":
            yield about("lint.timer-cycle", element, value=event.expression)
        elif feel.expression_in(event.expression) is None and not is_moment(event.expression):
            yield about(
                "lint.moment", element, place=f"time{event.timer_kind.title()}", value=event.expression
            )


def due_dates(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A literal due date is an ISO 8601 date or duration."""
    for element in diagram.elements.values():
        due = element.attributes.get("dueDate", "")
        if due and feel.expression_in(due) is None and not is_moment(due):
            yield about("lint.moment", element, place="dueDate", value=due)


def names(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Messages and signals are named, errors and escalations coded; send and receive tasks have a message."""
    for element in diagram.elements.values():
        event = element.event or EventDefinition("none")
        if element.kind in ("receiveTask", "sendTask") and event.kind != "message":
            yield about("lint.no-message", element)
        elif event.kind in NAMED and not event.name:
            yield about("lint.no-name", element, kind=event.kind)
        elif event.kind in CODED and not event.code and (event.reference or element.kind != "boundaryEvent"):
            yield about("lint.no-code", element, kind=event.kind, event=event.name)


def boundaries(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A boundary event leads somewhere, and stands where it can happen."""
    for element in diagram.elements.values():
        if element.kind != "boundaryEvent" or element.event is None:
            continue
        kind, host = element.event.kind, diagram.elements[element.attached_to]
        if not element.outgoing and kind != "compensate":
            yield about("lint.boundary-nowhere", element, host=host.label)
        if kind in CODED:
            if host.kind not in HOSTS_THAT_THROW:
                yield about("lint.boundary-unthrown", element, host=host.label)
            elif kind == "error" and not element.interrupting:
                yield about("lint.error-interrupts", element)
        elif host.kind not in HOSTS_THAT_WAIT:
            yield about("lint.boundary-never", element, host=host.label)


def uncaught(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """An error that is thrown is caught at the edge of a sub-process around it."""
    caught = {
        e.id: e.event.code
        for e in diagram.elements.values()
        if e.kind == "boundaryEvent" and e.event and e.event.kind == "error"
    }
    for element in diagram.elements.values():
        event = element.event
        if element.kind != "endEvent" or event is None or event.kind != "error":
            continue
        edges = (b for scope in _around(diagram, element) for b in diagram.boundary_events(scope))
        if not any(caught.get(edge.id) in ("", event.code) for edge in edges):
            hint = nearest(event.code, caught.values())
            yield about(
                "lint.error-uncaught",
                element,
                error=event.name or event.code,
                error_code=event.code,
                hint=hint,
            )


def unheard(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """What is thrown is caught in the same diagram: a message or signal never leaves its case."""
    named = [e for e in diagram.elements.values() if e.event and e.event.kind in NAMED and e.event.name]
    caught = {(e.event.kind, e.event.name) for e in named if e.event and e.kind in CATCHING}
    for element in named:
        event = element.event or EventDefinition("none")
        throws = element.kind in THROWING and (element.kind, event.kind) != ("endEvent", "signal")
        if throws and (event.kind, event.name) not in caught:
            yield about("lint.thrown-to-nobody", element, kind=event.kind, event=event.name)


def _around(diagram: Diagram, element: Element) -> Iterator[str]:
    """The sub-processes around an element, the innermost first."""
    scope = element.scope
    while scope in diagram.elements:
        yield scope
        scope = diagram.elements[scope].scope


RULES = (timers, due_dates, names, boundaries, uncaught, unheard)
