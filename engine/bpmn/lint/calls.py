"""Call activities: what they call exists and calls nobody back, and it is passed all that it needs."""

from collections.abc import Iterator

from engine import feel
from engine.bpmn.calls import SLASH, called, expand
from engine.bpmn.lint.context import LintContext, about, nearest, spaced
from engine.bpmn.lint.expressions import texts
from engine.bpmn.lint.variables import Variables, names_of, settings
from engine.bpmn.model import Assignment, Diagram, Element
from engine.errors import Invalid, Problem


def known(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """A call activity names a process that exists, and that does not call this one in turn."""
    for element in _calls(diagram):
        key = element.called_element
        if not key:
            yield about("lint.call-nothing", element)
        elif feel.expression_in(key) is not None or "#{" in key:
            yield about("lint.call-expression", element, value=key)
        elif key not in context.processes:
            hint = nearest(key, context.processes - {diagram.process})
            yield about("lint.call-unknown", element, process=key, hint=hint)
        elif called(diagram, element) is None:
            yield about("lint.call-circle", element, process=key)


def mappings(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Each `in` and `out` says what is passed and under which name, no name twice, none that is unknown."""
    for element in _calls(diagram):
        for word, given in (("in", element.passed), ("out", element.returned)):
            for one in given:
                if not one.name or not one.expression.strip("= "):
                    yield about("lint.call-mapping", element, place=word, value=one.name or one.expression)
            yield from _twice(element, word, given)
        inner = called(diagram, element)
        if inner is not None:
            own = names_of(inner, context)
            for name in sorted({one.name for one in element.passed} - own - {"", "*"}):
                facts = {"process": inner.name or inner.process, "variable": name, "hint": nearest(name, own)}
                yield about("lint.call-passed", element, **facts)


def _twice(element: Element, word: str, given: tuple[Assignment, ...]) -> Iterator[Problem]:
    names = [one.name for one in given if one.name]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield about("lint.set-twice", element, variable=name, place=word)


def needs(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """What the called process takes from its start form and reads is passed: nobody fills that form in."""
    for element in _calls(diagram):
        inner = called(diagram, element)
        if inner is None:
            continue
        passed = {one.name for one in element.passed}
        if "*" in passed:
            passed |= Variables(diagram, settings(diagram, context)).at(element)
        for name in sorted(_needed(inner, context) - passed):
            yield about("lint.call-needs", element, process=inner.name or inner.process, variable=name)


def _needed(inner: Diagram, context: LintContext) -> frozenset[str]:
    """The variables of the start form that something behind it reads. The case's columns are the caller's."""
    begin = inner.start()
    form = context.forms.get(begin.attributes.get("formKey", "")) if begin is not None else None
    if begin is None or form is None:
        return frozenset()
    read: set[str] = set()
    for text in texts(inner, context, Variables(inner, settings(inner, context))):
        if text.thing is not None and text.source:
            read |= _names(text.source, context)
    for element in inner.elements.values():
        shown = context.forms.get(element.attributes.get("formKey", "")) if element is not begin else None
        read |= set(shown.variables_read()) if shown is not None else set()
        read |= set(context.decisions.get(element.attributes.get("decisionRef", ""), ()))
    return frozenset(form.keys()) & read


def _names(source: str, context: LintContext) -> frozenset[str]:
    try:
        return frozenset(feel.parse(source, spaced(context)).names)
    except Invalid:
        return frozenset()  # the called process's own problem


def ids(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The rows of tasks and timers hold an element's id, with those of the calls around it."""
    for key in expand(diagram).elements:
        if len(key) > context.limits.id:
            own = diagram.elements[key.partition(SLASH)[0]]
            yield about("lint.id-long", own, value=key, length=len(key), limit=context.limits.id)
            return


def _calls(diagram: Diagram) -> Iterator[Element]:
    return (element for element in diagram.elements.values() if element.kind == "callActivity")


RULES = (known, mappings, needs, ids)
