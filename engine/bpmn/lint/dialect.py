"""What of BPMN runs here, as tables. What doesn't run is refused, never skipped in silence.

To lift a refusal (script tasks …) take its line out of a table.
"""

import re
from collections.abc import Iterator, Mapping

from engine import feel
from engine.bpmn.lint.context import LintContext, about, of_process, written
from engine.bpmn.model import ACTIVITIES, Diagram, Element
from engine.errors import Problem

# Element kinds that don't run, with the sentence for each.
REFUSED_KINDS: Mapping[str, str] = {
    "scriptTask": "lint.script-task",
    "transaction": "lint.transaction",
    "adHocSubProcess": "lint.ad-hoc",
    "complexGateway": "lint.complex-gateway",
}

# For each place of an event, the kinds that run there; `eventStart` begins an event sub-process.
RUNNING_EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none"}),
    "eventStart": frozenset({"message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset({"none", "terminate", "message", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation"}),
    "boundaryEvent": frozenset({"timer", "message", "signal", "error", "escalation"}),
}

# Sentences for particular events; any other event that doesn't run gets `lint.event`.
REFUSED_EVENTS: Mapping[tuple[str, str], str] = {
    ("startEvent", "message"): "lint.message-start",
    ("eventStart", "none"): "lint.event-sub-start",
    ("endEvent", "signal"): "lint.signal-end",
    ("intermediateCatchEvent", "none"): "lint.catch-nothing",
    ("boundaryEvent", "none"): "lint.catch-nothing",
}
REFUSED_EVENT_KINDS: Mapping[str, str] = {
    "link": "lint.link",
    "compensate": "lint.compensation",
    "conditional": "lint.conditional",
    "cancel": "lint.transaction",
    "multiple": "lint.multiple-events",
}

# Attributes that name code, or that would be skipped in silence.
REFUSED_ATTRIBUTES: Mapping[str, str] = {
    "class": "lint.code",
    "delegateExpression": "lint.code",
    "variableMappingClass": "lint.code",
    "variableMappingDelegateExpression": "lint.code",
    "calledElementBinding": "lint.attribute",
    "calledElementTenantId": "lint.attribute",
    "calledElementType": "lint.attribute",
    "calledElementVersion": "lint.attribute",
    "calledElementVersionTag": "lint.attribute",
    "caseRef": "lint.attribute",
    "inheritVariables": "lint.attribute",
    "expression": "lint.code",
    "decisionRefTenantId": "lint.attribute",
    "decisionRefVersion": "lint.attribute",
    "decisionRefBinding": "lint.attribute",
    "errorCodeVariable": "lint.attribute",
    "errorMessageVariable": "lint.attribute",
    "followUpDate": "lint.attribute",
    "formHandlerClass": "lint.attribute",
    "formRef": "lint.attribute",
    "instantiate": "lint.attribute",
    "parallelMultiple": "lint.attribute",
    "skipExpression": "lint.attribute",
}
# Attributes that are skipped in silence anywhere but here.
ATTRIBUTE_PLACES: Mapping[str, frozenset[str]] = {
    "formKey": frozenset({"userTask", "startEvent"}),
    "dueDate": frozenset({"userTask"}),
    "assignee": frozenset({"userTask"}),
    "candidateGroups": frozenset({"userTask"}),
    "candidateUsers": frozenset({"userTask"}),
    "topic": frozenset({"serviceTask"}),
    "decisionRef": frozenset({"businessRuleTask"}),
    "resultVariable": frozenset({"businessRuleTask"}),
    "mapDecisionResult": frozenset({"businessRuleTask"}),
}
_OFF = frozenset(
    {"", "false", "latest", "deployment", "key"}
)  # such a value asks for nothing beyond what happens anyway

REFUSED_EXTENSIONS: Mapping[str, str] = {
    "executionListener": "lint.listener",
    "taskListener": "lint.listener",
    "eventListener": "lint.listener",
    "connector": "lint.connector",
    "script": "lint.script-value",
    "list": "lint.nested-value",
    "map": "lint.nested-value",
    "formData": "lint.inner-form",
    "formProperty": "lint.inner-form",
}
# Retries belong to the platform's jobs, so that asking for them changes nothing.
HARMLESS_EXTENSIONS = frozenset({"failedJobRetryTimeCycle"})

COLUMN = 40  # characters of a case's status and of its number
_MARKS = {"date": 8, "year": 4}
_COUNT = 9  # digits that a count may come to, and be padded to
_IN_BRACES = re.compile(r"\{(date|year|seq(?::0?[1-9])?)\}", re.ASCII)

PROPERTY_VALUES: Mapping[str, frozenset[str]] = {
    "internal": frozenset({"true", "false"}),
}


def kinds(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Elements that don't run."""
    for element in diagram.elements.values():
        code = REFUSED_KINDS.get(element.kind)
        if code:
            yield about(code, element)
        if element.attributes.get("isForCompensation") == "true":
            yield about("lint.compensation", element)


def events(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Events that don't run where they stand."""
    for element in diagram.elements.values():
        place = _place(diagram, element)
        running = RUNNING_EVENTS.get(place)
        if running is None or element.event is None:
            continue
        kind = element.event.kind
        if kind not in running:
            code = REFUSED_EVENTS.get((place, kind)) or REFUSED_EVENT_KINDS.get(kind, "lint.event")
            yield about(code, element, kind=element.kind, event=kind)


def _place(diagram: Diagram, element: Element) -> str:
    """The element's kind, with the start of an event sub-process, which has an event by nature, apart."""
    around = diagram.elements.get(element.scope)
    begins = element.kind == "startEvent" and around is not None and around.by_event
    return "eventStart" if begins else element.kind


def code(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Listeners, scripts, connectors and classes: code belongs to the product, not to a diagram."""
    for element in diagram.elements.values():
        kind = _kind_at(diagram, element)
        for name, value in element.attributes.items():
            refused = REFUSED_ATTRIBUTES.get(name)
            if refused and value not in _OFF:
                yield about(refused, element, attribute=name, value=value)
            told = name == "formKey" and element.awaits  # a message that people send may bring a form
            if kind not in ATTRIBUTE_PLACES.get(name, {kind}) and not told:
                yield about("lint.attribute-place", element, attribute=name, kind=kind)
        for name in _extensions(element.attributes):
            yield about(REFUSED_EXTENSIONS.get(name, "lint.extension"), element, extension=name)
    for name in _extensions(diagram.attributes):
        yield of_process(REFUSED_EXTENSIONS.get(name, "lint.extension"), diagram, extension=name)


def _kind_at(diagram: Diagram, element: Element) -> str:
    """The kind, with the start of a sub-process apart: nobody fills in a form there."""
    inner = element.kind == "startEvent" and element.scope != diagram.process
    return "startEvent (subProcess)" if inner else element.kind


def _extensions(attributes: Mapping[str, str]) -> list[str]:
    return [n for n in attributes.get("extensions", "").split() if n not in HARMLESS_EXTENSIONS]


def loops(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Loops without a bound, and multi-instances that don't know over what."""
    for element in diagram.elements.values():
        loop = element.loop
        if loop is None or loop.signing is not None:
            continue
        if element.kind not in ACTIVITIES:
            yield about("lint.loop-place", element)
        elif loop.kind == "standard":
            if not loop.maximum or loop.maximum > context.limits.rounds:
                yield about("lint.loop-bound", element, limit=context.limits.rounds)
        elif bool(loop.collection) == bool(loop.cardinality):
            yield about("lint.loop-over", element)
        elif _too_many(loop.cardinality, context.limits.instances):
            yield about("lint.loop-count", element, count=loop.cardinality, limit=context.limits.instances)
        elif bool(loop.output_collection) != bool(loop.output_element):
            yield about("lint.loop-output", element)


def _too_many(cardinality: str, limit: int) -> bool:
    """A literal number of instances outside 1 … limit."""
    literal = cardinality.removeprefix("=").strip()
    return literal.isdecimal() and not (len(literal) < 9 and 1 <= int(literal) <= limit)


def properties(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Properties with a value that means nothing here."""
    for element in diagram.elements.values():
        for name, allowed in PROPERTY_VALUES.items():
            value = element.properties.get(name)
            if value is not None and value not in allowed:
                choices = " / ".join(sorted(allowed))
                yield about("lint.property", element, property=name, value=value, choices=choices)
        status = element.properties.get("status", "")
        if status.lstrip().startswith(("=", "$")):
            yield about("lint.status", element, value=status)
        elif len(status) > COLUMN:
            yield about("lint.status-long", element, value=status, limit=COLUMN)


def numbers(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The pattern of the case's number, and each that an operation is given literally, makes numbers."""
    own = diagram.properties.get("number")
    if own is not None and (code := _wrong_with(own)):
        yield of_process(code, diagram, value=own, limit=COLUMN)
    for element in diagram.elements.values():
        if element.attributes.get("topic") == "issue number":
            patterns = (given.expression for given in element.inputs if given.name == "pattern")
            for pattern in (one for text in patterns for one in _patterns(text, context)):
                if code := _wrong_with(pattern):
                    yield about(code, element, value=pattern, limit=COLUMN)


def _patterns(text: str, context: LintContext) -> list[str]:
    """The patterns in a text: itself, or those that an expression yields as they are written."""
    if feel.expression_in(text) is None:
        return [text]
    return [one.text for one in written(text, context) if one.whole]


def _wrong_with(pattern: str) -> str | None:
    """What keeps a pattern from making numbers: it counts, can be read, and fits the numbers' column."""
    if "{seq" not in pattern:
        return "lint.number"
    plain = _IN_BRACES.sub("", pattern)
    marks = _IN_BRACES.findall(pattern)
    if "{" in plain or "}" in plain or sum(mark.startswith("seq") for mark in marks) != 1:
        return "lint.number-form"
    if len(plain) + sum(_MARKS.get(mark, _COUNT) for mark in marks) > COLUMN:
        return "lint.number-long"
    return None


RULES = (kinds, events, code, loops, properties, numbers)
