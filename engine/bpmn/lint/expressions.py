"""Every expression of a diagram parses, and names only variables and functions that exist where it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine import feel
from engine.bpmn import calls
from engine.bpmn.lint.context import LintContext, about, nearest, of_process, spaced
from engine.bpmn.lint.variables import COUNTS, Variables, settings
from engine.bpmn.model import Diagram, Element, Flow
from engine.errors import Invalid, Problem

EVALUATED_ATTRIBUTES = ("assignee", "candidateUsers", "candidateGroups", "dueDate", "priority")
EVALUATED_PROPERTIES = ("title", "enterprise", "urgent", "type", "department", "confidential", "words")
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True)
class Text:
    """A text that may be an expression: where it stands, and the names that are seen there.

    `always`: conditions and collections are expressions with or without the mark in front.
    """

    text: str
    place: str
    thing: Element | Flow | None  # None: the process
    seen: frozenset[str]
    always: bool = False

    @property
    def foreign(self) -> bool:
        """Camunda's own language, or a template around it: here it would be taken for a plain text."""
        return "#{" in self.text or ("${" in self.text and feel.expression_in(self.text) is None)

    @property
    def source(self) -> str | None:
        found = feel.expression_in(self.text)
        return self.text.strip() if found is None and self.always else found


def expressions(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Expressions that don't parse, and unknown names in those that do."""
    variables = Variables(diagram, settings(diagram, context))
    for text in texts(diagram, context, variables):
        if text.foreign:
            yield _about("lint.foreign", diagram, text)
        elif text.text and text.source is not None:
            yield from _judge(diagram, context, text)


def _judge(diagram: Diagram, context: LintContext, text: Text) -> Iterator[Problem]:
    try:
        expression = feel.parse(text.source or "", spaced(context))
    except Invalid as error:
        yield _about(error.code, diagram, text, error.facts)
        return
    for name in sorted(expression.names - text.seen - context.functions):
        hint = nearest(name, text.seen)
        yield _about("lint.unknown-name", diagram, text, {"variable": name, "hint": hint})
    for name in sorted(expression.calls - context.functions):
        hint = nearest(name, context.functions)
        yield _about("lint.unknown-function", diagram, text, {"function": name, "hint": hint})


def _about(code: str, diagram: Diagram, text: Text, more: Mapping[str, object] = _NOTHING) -> Problem:
    facts = {"place": text.place, "expression": text.text, **more}
    return of_process(code, diagram, **facts) if text.thing is None else about(code, text.thing, **facts)


def texts(diagram: Diagram, context: LintContext, variables: Variables) -> Iterator[Text]:
    """Every text of the diagram that the engine may evaluate."""
    for name in EVALUATED_PROPERTIES:
        if diagram.properties.get(name):
            yield Text(diagram.properties[name], name, None, variables.at(None))
    if diagram.properties.get("take back"):
        yield Text(diagram.properties["take back"], "take back", None, variables.at(None), always=True)
    for flow in diagram.flows.values():
        seen = variables.at(diagram.elements[flow.source])
        yield Text(flow.condition, "conditionExpression", flow, seen, always=True)
    for element in diagram.elements.values():
        yield from _of_element(element, context, variables)
        yield from _of_loop(element, variables)
        yield from _of_call(diagram, element, context, variables)


def _of_element(element: Element, context: LintContext, variables: Variables) -> Iterator[Text]:
    seen = variables.at(element)
    for name in EVALUATED_ATTRIBUTES:
        yield Text(element.attributes.get(name, ""), name, element, seen)
    yield Text(element.properties.get("deadline", ""), "deadline", element, seen)
    if element.kind == "userTask":
        yield Text(element.properties.get("expected", ""), "expected", element, seen)
    if element.event is not None and element.event.expression:
        yield Text(element.event.expression, element.event.kind, element, seen)
    if element.awaits:
        yield Text(element.properties.get("senders", ""), "senders", element, seen)
        yield Text(element.properties.get("when", ""), "when", element, seen | {"actor"}, always=True)
    before = seen - {given.name for given in element.inputs} | variables.at(element, inside=False)
    for given in element.inputs:
        yield Text(given.expression, f"inputParameter {given.name}", element, before)
    after = seen | _results(element, context)
    for given in element.outputs:
        yield Text(given.expression, f"outputParameter {given.name}", element, after)


def _results(element: Element, context: LintContext) -> frozenset[str]:
    """The names that only an element's outputs see: the task and its actor, an operation's results."""
    if element.kind == "userTask":
        return frozenset({"task", "actor"})
    if element.awaits:
        return frozenset({"actor"})
    if element.kind == "businessRuleTask":
        return frozenset({"decisionResult"})
    operation = context.operations.get(element.attributes.get("topic", ""))
    return frozenset(operation.results) if operation is not None else frozenset()


def _of_loop(element: Element, variables: Variables) -> Iterator[Text]:
    loop = element.loop
    if loop is None:
        return
    inside, outside = variables.at(element), variables.at(element, inside=False)
    if loop.signing is not None:
        yield Text(loop.signing.signers, "signers", element, outside)
        yield Text(loop.signing.passing, "pass", element, outside)
    yield Text(loop.collection, "collection", element, outside, always=True)
    yield Text(loop.cardinality, "loopCardinality", element, outside, always=True)
    yield Text(loop.condition, "loopCondition", element, inside, always=True)
    yield Text(loop.completion_condition, "completionCondition", element, inside | COUNTS, always=True)
    yield Text(loop.output_element, "outputDataItem", element, inside, always=True)


def _of_call(
    diagram: Diagram, element: Element, context: LintContext, variables: Variables
) -> Iterator[Text]:
    """What is passed is seen where the call stands; what is returned, within the called process."""
    for given in element.passed:
        if given.name != "*":
            yield Text(given.expression, f"in {given.name}", element, variables.at(element))
    inner = calls.called(diagram, element)
    if inner is not None:
        passed = {given.name for given in element.passed}
        seen = Variables(inner, settings(inner, context)).at(None) | passed
        for given in element.returned:
            if given.name != "*":
                yield Text(given.expression, f"out {given.name}", element, seen)


def read_by_forms(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Forms read variables that exist where they are shown."""
    variables = Variables(diagram, settings(diagram, context))
    for element in diagram.elements.values():
        form = context.forms.get(element.attributes.get("formKey", ""))
        if form is not None:
            facts = {"form": element.attributes["formKey"]}
            yield from _missing(
                "lint.form-reads", element, set(form.variables_read()) - context.functions, variables, facts
            )


def read_by_decisions(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Decisions have their inputs where they are called."""
    variables = Variables(diagram, settings(diagram, context))
    for element in diagram.elements.values():
        decision = element.attributes.get("decisionRef", "")
        if decision in context.decisions:
            inputs = set(context.decisions[decision]) - context.functions
            yield from _missing("lint.decision-reads", element, inputs, variables, {"decision": decision})


def _missing(
    code: str, element: Element, read: Iterable[str], variables: Variables, facts: Mapping[str, object]
) -> Iterator[Problem]:
    seen = variables.at(element)
    for name in sorted(set(read) - seen):
        hint = nearest(name, seen)
        yield about(code, element, variable=name, hint=hint, **facts)


RULES = (expressions, read_by_forms, read_by_decisions)
