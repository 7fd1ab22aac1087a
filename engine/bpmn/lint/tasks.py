"""Tasks for people and for the platform: forms, candidates, deadlines, operations and decisions."""

from collections.abc import Iterator, Mapping

from engine import feel
from engine.bpmn.lint.context import LintContext, Operation, about, nearest, of_process
from engine.bpmn.model import Diagram, Element
from engine.errors import Problem

CANDIDATES = ("assignee", "candidateGroups", "candidateUsers")
# Roles that live in a place: alone they are nobody's group, though anybody who holds them may start a case.
PLACED: Mapping[str, str] = {
    "admin": '= "admin@" + department',
    "handler": '= "handler@" + department',
    "enterprise": '= "enterprise@" + uscc',
}
DECISION_RESULTS = frozenset({"", "singleEntry", "singleResult", "collectEntries", "resultList"})


def forms(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Every user task has a form; every form named exists."""
    for element in diagram.elements.values():
        key = element.attributes.get("formKey", "")
        if key and key not in context.forms:
            yield about("lint.form-unknown", element, form=key, hint=nearest(key, context.forms))
        elif not key and element.kind == "userTask":
            yield about("lint.no-form", element)


def candidates(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Every user task belongs to somebody, and literal groups exist."""
    for element in diagram.elements.values():
        if element.kind != "userTask":
            continue
        if not any(element.attributes.get(name) for name in CANDIDATES):
            yield about("lint.no-candidate", element)
        groups = element.attributes.get("candidateGroups", "")
        for group in _unknown_groups(groups, context):
            yield about("lint.group-unknown", element, group=group)
        for group in _literal_groups(groups):
            if group in PLACED:
                yield about("lint.group-place", element, group=group, mend=PLACED[group])


def starters(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Who may start a case is said by literal groups that exist."""
    groups = diagram.attributes.get("candidateStarterGroups", "")
    if groups.lstrip().startswith(("=", "$", "#")):
        yield of_process("lint.starter-expression", diagram, value=groups)
    else:
        for group in _unknown_groups(groups, context):
            yield of_process("lint.group-unknown", diagram, group=group)
    users = diagram.attributes.get("candidateStarterUsers", "")
    if users:
        yield of_process("lint.starter-users", diagram, value=users)


def _literal_groups(text: str) -> list[str]:
    """The groups of a comma-separated text; none of an expression."""
    if feel.expression_in(text) is not None:
        return []
    return [name for name in map(str.strip, text.split(",")) if name]


def _unknown_groups(text: str, context: LintContext) -> list[str]:
    """The literal groups in a comma-separated text that don't exist."""
    exists = context.groups
    return [] if exists is None else [name for name in _literal_groups(text) if not exists(name)]


def deadlines(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Every user task has a deadline, or says that it has none; a literal priority is 0 to 100."""
    for element in diagram.elements.values():
        if element.kind != "userTask":
            continue
        due, none = element.attributes.get("dueDate"), element.properties.get("deadline") == "none"
        if not due and not none:
            yield about("lint.no-deadline", element)
        elif due and none:
            yield about("lint.two-deadlines", element, due=due)
        priority = element.attributes.get("priority", "").strip()
        if priority and feel.expression_in(priority) is None and not _is_priority(priority):
            yield about("lint.priority", element, value=priority)


def _is_priority(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100


def operations(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Every service task names a registered operation and gives it the parameters it wants."""
    for element in diagram.elements.values():
        if element.kind != "serviceTask":
            continue
        topic = element.attributes.get("topic", "")
        if element.attributes.get("type") != "external" or not topic:
            yield about("lint.no-operation", element)
        elif topic not in context.operations:
            hint = nearest(topic, context.operations)
            yield about("lint.operation-unknown", element, operation=topic, hint=hint)
        else:
            yield from _parameters(element, topic, context.operations[topic])


def _parameters(element: Element, topic: str, operation: Operation) -> Iterator[Problem]:
    given = {parameter.name: parameter.expression for parameter in element.inputs}
    for name, required in operation.parameters.items():
        if required and not given.get(name):
            yield about("lint.parameter-missing", element, operation=topic, parameter=name)
    for name in sorted(given.keys() - operation.parameters.keys()):
        hint = nearest(name, operation.parameters)
        yield about("lint.parameter-unknown", element, operation=topic, parameter=name, hint=hint)
    yield from _empty_handed(element, topic, operation.parameters)


def _empty_handed(element: Element, topic: str, parameters: Mapping[str, bool]) -> Iterator[Problem]:
    """An operation that takes nothing is there for its outputs; without any it does nothing."""
    if not parameters and not element.outputs:
        yield about("lint.no-output", element, operation=topic)


def decisions(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Every business rule task names a decision that exists, and keeps its result."""
    for element in diagram.elements.values():
        if element.kind != "businessRuleTask":
            continue
        decision = element.attributes.get("decisionRef", "")
        if not decision:
            yield about("lint.no-decision", element)
        elif decision not in context.decisions:
            hint = nearest(decision, context.decisions)
            yield about("lint.decision-unknown", element, decision=decision, hint=hint)
        mapping = element.attributes.get("mapDecisionResult", "")
        if mapping not in DECISION_RESULTS:
            yield about("lint.decision-mapping", element, value=mapping)
        if not element.attributes.get("resultVariable") and not element.outputs:
            yield about("lint.decision-lost", element)


RULES = (forms, candidates, starters, deadlines, operations, decisions)
