"""Tasks for people and the platform, messages that people send: forms, groups, deadlines, operations."""

from collections.abc import Iterator, Mapping

from engine import feel
from engine.bpmn.lint.context import LintContext, Operation, about, nearest, of_process, written
from engine.bpmn.model import CONTAINERS, Diagram, Element
from engine.errors import Problem

CANDIDATES = ("assignee", "candidateGroups", "candidateUsers")
# Roles that live in a place: alone they are nobody's group, though anybody who holds them may start a case.
PLACED: Mapping[str, str] = {
    "admin": '= "admin@" + department',
    "handler": '= "handler@" + department',
    "enterprise": '= "enterprise@" + uscc',
}
SAID = ("senders", "when", "otherwise", "label", "variables")  # properties of what waits for a message
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
        signed = "signing" in element.properties  # its signers are said there
        if not signed and not any(element.attributes.get(name) for name in CANDIDATES):
            yield about("lint.no-candidate", element)
        groups = element.attributes.get("candidateGroups", "")
        for group in unknown_groups(groups, context):
            yield about("lint.group-unknown", element, group=group)
        for group in literal_groups(groups, context):
            if group in PLACED:
                yield about("lint.group-place", element, group=group, mend=PLACED[group])


def starters(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Who may start a case is said by literal groups that exist."""
    groups = diagram.attributes.get("candidateStarterGroups", "")
    if groups.lstrip().startswith(("=", "$", "#")):
        yield of_process("lint.starter-expression", diagram, value=groups)
    else:
        for group in unknown_groups(groups, context):
            yield of_process("lint.group-unknown", diagram, group=group)
    users = diagram.attributes.get("candidateStarterUsers", "")
    if users:
        yield of_process("lint.starter-users", diagram, value=users)


def literal_groups(text: str, context: LintContext) -> list[str]:
    """The groups of a comma-separated text; of an expression those that it yields as they are written."""
    if feel.expression_in(text) is not None:
        return [one.text for one in written(text, context) if one.whole]
    return [name for name in map(str.strip, text.split(",")) if name]


def unknown_groups(text: str, context: LintContext) -> list[str]:
    """The literal groups that don't exist; and of `"handlr@" + department` the beginning with such a role."""
    exists = context.groups
    if exists is None:
        return []
    begun = [one.text for one in written(text, context) if not one.whole and "@" in one.text]
    unknown = [name for name in literal_groups(text, context) if not exists(name)]
    return unknown + [name for name in begun if not exists(name.partition("@")[0])]


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


WITH_PHASES = CONTAINERS | {"userTask", "receiveTask", "callActivity"}  # activities that last
_POLICY = 40  # characters of a reminder policy's name


def phases(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The property deadline is `none` on a task for people, or a phase's moment on an activity that lasts;
    reminders name the policy of a deadline that is there."""
    for element in diagram.elements.values():
        value = element.properties.get("deadline")
        computed = feel.expression_in(value) is not None
        if value is not None and value != "none" and not computed:
            choices = "none / = workdays(3)"
            yield about("lint.property", element, property="deadline", value=value, choices=choices)
        elif value is not None and element.kind not in (WITH_PHASES if computed else {"userTask"}):
            yield about("lint.deadline-place", element, value=value, kind=element.kind)
        policy = element.properties.get("reminders")
        if policy is None:
            continue
        if not (computed or element.attributes.get("dueDate")):
            yield about("lint.reminders-place", element, policy=policy)
        elif not policy or len(policy) > _POLICY or policy.lstrip().startswith(("=", "$", "#")):
            choices = "standard / none"
            yield about("lint.property", element, property="reminders", value=policy, choices=choices)


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
    yield from _empty_handed(element, topic, operation)


def _empty_handed(element: Element, topic: str, operation: Operation) -> Iterator[Problem]:
    """An operation that takes nothing is there for its outputs; without any it does nothing."""
    if not operation.parameters and not operation.alone and not element.outputs:
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


def message_places(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """What is said of a message stands where one is waited for."""
    for element in diagram.elements.values():
        if not element.awaits:
            for name in SAID:
                if name in element.properties:
                    yield about("lint.property-place", element, property=name)


def senders(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Literal groups exist; a form, a condition or a label is for somebody who may send the message."""
    for element in diagram.elements.values():
        if not element.awaits:
            continue
        given = element.properties.get("senders", "")
        for group in unknown_groups(given, context):
            yield about("lint.group-unknown", element, group=group)
        for group in literal_groups(given, context):
            if group in PLACED:
                yield about("lint.group-place", element, group=group, mend=PLACED[group])
        idle = [name for name in ("when", "label") if element.properties.get(name)]
        if element.attributes.get("formKey"):
            idle.append("formKey")
        if idle and not given.strip():
            yield about("lint.no-senders", element, property=idle[0])


def sending_conditions(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A condition comes with the sentence that is shown while it doesn't hold, and the other way round."""
    for element in diagram.elements.values():
        when, otherwise = (bool(element.properties.get(name)) for name in ("when", "otherwise"))
        if element.awaits and when != otherwise:
            yield about("lint.no-otherwise", element)


RULES = (
    forms,
    candidates,
    starters,
    deadlines,
    phases,
    operations,
    decisions,
    message_places,
    senders,
    sending_conditions,
)
