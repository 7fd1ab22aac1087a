"""Events and deadlines: timers have a moment, messages have a name, boundary events lead somewhere."""

from collections.abc import Iterator
from datetime import date, timedelta

from engine import feel
from engine.bpmn import calls
from engine.bpmn.lint.context import LintContext, about, nearest
from engine.bpmn.model import CATCHING, Diagram, Element, EventDefinition
from engine.errors import Invalid, Problem

NAMED = frozenset({"message", "signal"})  # matched by name
# Matched by code, and thrown from within a sub-process, by nothing else.
CODED = frozenset({"error", "escalation"})
CATCH_ANY = frozenset({"boundaryEvent", "startEvent"})  # here a missing code means any code
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
        elif event.kind in CODED and not event.code and (event.reference or element.kind not in CATCH_ANY):
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
    """An error that is thrown is caught in a scope around it, or at the edge of one."""
    caught = {
        e.id: e.event.code
        for e in diagram.elements.values()
        if e.kind in CATCH_ANY and e.event and e.event.kind == "error"
    }
    for element in diagram.elements.values():
        event = element.event
        if element.kind != "endEvent" or event is None or event.kind != "error":
            continue
        if not any(caught.get(key) in ("", event.code) for key in _catchers(diagram, element)):
            hint = nearest(event.code, caught.values())
            yield about(
                "lint.error-uncaught",
                element,
                error=event.name or event.code,
                error_code=event.code,
                hint=hint,
            )


def unheard(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """What is thrown is caught in the same diagram or in what it calls: it never leaves its case."""
    named = [e for e in diagram.elements.values() if e.event and e.event.kind in NAMED and e.event.name]
    inner = (e for d in calls.innermost_first(diagram).values() for e in d.elements.values())
    caught = {(e.event.kind, e.event.name) for e in (*named, *inner) if e.event and e.kind in CATCHING}
    for element in named:
        event = element.event or EventDefinition("none")
        throws = element.kind in THROWING and (element.kind, event.kind) != ("endEvent", "signal")
        if throws and (event.kind, event.name) not in caught:
            yield about("lint.thrown-to-nobody", element, kind=event.kind, event=event.name)


def _catchers(diagram: Diagram, element: Element) -> Iterator[str]:
    """The ids of what could catch an element's error, from scope to scope outwards.

    What begins an event sub-process no longer listens, nor do its neighbours, once that one interrupts.
    """
    scope, within = element.scope, diagram.elements.get(element.id)
    while scope:
        begun = within is not None and within.by_event and diagram.start(within.id)
        if not (begun and begun.interrupting):
            for one in diagram.event_sub_processes(scope):
                start = diagram.start(one.id)
                if start is not None and one is not within:
                    yield start.id
        yield from (edge.id for edge in diagram.boundary_events(scope))
        within = diagram.elements.get(scope)
        scope = diagram.scopes[scope].parent


RULES = (timers, due_dates, names, boundaries, uncaught, unheard)
