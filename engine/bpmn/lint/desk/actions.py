"""What people may do with a task besides completing it: every word is known, every place exists."""

from collections.abc import Iterator, Mapping

from engine.bpmn import desk
from engine.bpmn.lint.context import LintContext, about, nearest, of_process
from engine.bpmn.model import Diagram, Element
from engine.bpmn.stepping.moving import rejectable, returnable
from engine.errors import Problem

END = "end"
OF_TASKS = ("actions", "opinion", "reject", desk.NOT_PERFORMED, desk.SEND_BACK_TO)  # said of user tasks alone


def placed(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """What is said about the desk is said of user tasks; elsewhere nobody would heed it."""
    for element in diagram.elements.values():
        if element.kind != "userTask":
            for name in OF_TASKS:
                if name in element.properties:
                    yield about("lint.desk-place", element, property=name)


def words(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The actions that a node offers, and those that ask for an opinion, are such as there are."""
    for element in _tasks(diagram):
        yield from _unknown(element, "actions", {**desk.ACTIONS, desk.NONE: "无"})
        yield from _unknown(element, "opinion", desk.OPINIONS)
        said = {desk.canonical(word, desk.ACTIONS) for word in _said(element, "actions")}
        if desk.NONE in said and len(said) > 1:
            yield about("lint.action-none", element, value=element.properties["actions"])


def rejections(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A rejection leads where work can be led to, and is offered exactly where it leads somewhere."""
    for element in _tasks(diagram):
        said = element.properties.get("reject", "").strip()
        offered = "reject" in desk.offered(element)
        if offered and not said:
            yield about("lint.reject-nowhere", element)
        if not said:
            continue
        if not offered:
            yield about("lint.reject-idle", element, value=said)
        if said.lower() == END:
            continue
        found = desk.called_so(diagram, element, said)
        if not found:
            hint = nearest(said, _names(diagram, rejectable(diagram, element.id)))
            yield about("lint.desk-unknown", element, property="reject", value=said, hint=hint)
        elif found[0] not in rejectable(diagram, element.id):
            choices = nearest("", _names(diagram, rejectable(diagram, element.id)))
            yield about("lint.reject-way", element, value=said, hint=choices)


def returns(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A task is sent back to nodes before it, where it offers to be."""
    for element in _tasks(diagram):
        said = _said(element, desk.SEND_BACK_TO)
        if not said:
            continue
        if "send back" not in desk.offered(element):
            yield about("lint.send-back-idle", element)
        before = returnable(diagram, element.id)
        for word in said:
            if not before.intersection(desk.called_so(diagram, element, word)):
                hint = nearest(word, _names(diagram, before))
                yield about("lint.send-back-way", element, value=word, hint=hint)


def eyes(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Four eyes look at user tasks and at messages that people send, and never at the very same task."""
    tasks = {element.id: element for element in _tasks(diagram)}
    done = {*tasks, *(e.id for e in diagram.elements.values() if e.event and e.event.kind == "message")}
    for element in _tasks(diagram):
        for word in _said(element, desk.NOT_PERFORMED):
            found = [key for key in desk.called_so(diagram, element, word) if key in done]
            if not found:
                hint = nearest(word, _names(diagram, frozenset(tasks) - {element.id}))
                facts = {"property": desk.NOT_PERFORMED, "value": word, "hint": hint}
                yield about("lint.desk-unknown", element, **facts)
            elif element.id in found:
                yield about("lint.eyes-own", element)


def terminators(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The groups that may end a case before its time exist."""
    for name in desk.words(diagram.properties.get("terminators", "")):
        if context.groups is not None and not context.groups(name):
            yield of_process("lint.terminators", diagram, group=name)


def _tasks(diagram: Diagram) -> Iterator[Element]:
    return (element for element in diagram.elements.values() if element.kind == "userTask")


def _said(element: Element, name: str) -> list[str]:
    return desk.words(element.properties.get(name, ""))


def _unknown(element: Element, name: str, known: Mapping[str, str]) -> Iterator[Problem]:
    for word in _said(element, name):
        if desk.canonical(word, known) not in known:
            hint = nearest(word, [*known, *known.values()])
            yield about("lint.desk-unknown", element, property=name, value=word, hint=hint)


def _names(diagram: Diagram, keys: frozenset[str]) -> list[str]:
    return [diagram.elements[key].label for key in keys]


RULES = (placed, words, rejections, returns, eyes, terminators)
