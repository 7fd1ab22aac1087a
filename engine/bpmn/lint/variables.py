"""Which variables exist where: what forms, outputs, decisions, messages and loops set.

As the engine keeps them: a variable set inside a multi-instance stays with its item, an input
parameter stays with its element, everything else belongs to the case.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine import feel
from engine.bpmn import calls
from engine.bpmn.lint.context import LintContext, about, spaced
from engine.bpmn.model import Diagram, Element
from engine.errors import Invalid, Problem

SIGNING = "signing"  # what a signer's instance knows of the others: see engine.bpmn.stepping.nodes.signing
OPINIONS = "result_opinions"
RESERVED = frozenset({"case", "task", "actor", "item", "loopCounter", "partial"})
RESERVED_PREFIXES = ("_", "zhiban")
KEYWORDS = frozenset(
    {
        "and", "between", "else", "every", "external", "false", "for", "function", "if", "in",
        "instance", "not", "null", "of", "or", "return", "satisfies", "some", "then", "true",
    }
)  # fmt: skip
EVERYWHERE = frozenset({"case", "item", "partial"})  # the case's context, and FEEL's own two names
MOMENTS = frozenset(
    {
        "workdays", "workdays before", "next workday", "fixed date", "cutoff",
        "working hours", "hours", "minutes", "rule due",
    }
)  # fmt: skip  # functions of the host that yield a moment
COUNTS = frozenset({"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"})


@dataclass(frozen=True)
class Setting:
    """A variable that `element` sets: `by` which BPMN word, and in which multi-instance (`item`) it stays."""

    name: str
    element: Element
    by: str
    item: str = ""


@dataclass
class Variables:
    """The names that expressions may use, by the multi-instance they are local to (empty: the case's)."""

    diagram: Diagram
    settings: list[Setting]
    names: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for setting in self.settings:
            self.names.setdefault(setting.item, set()).add(setting.name)

    def at(self, element: Element | None, *, inside: bool = True) -> frozenset[str]:
        """What is seen at `element`: within one of its instances, or (`inside=False`) before them.

        Input parameters of the element count as seen, and those of the sub-processes around it.
        """
        found = set(EVERYWHERE) | self.names.get("", set())
        if element is None:
            return frozenset(found)
        for item in items_around(self.diagram, element, inside=inside):
            found |= self.names.get(item, set()) | {"loopCounter"}
        for around in _with_scopes(self.diagram, element, inside=inside):
            found |= {given.name for given in around.inputs}
        return frozenset(found)


def items_around(diagram: Diagram, element: Element, *, inside: bool = True) -> list[str]:
    """The ids of the multi-instances that an element runs in, the innermost first."""
    around = _with_scopes(diagram, element, inside=inside)
    return [e.id for e in around if e.loop is not None and e.loop.kind != "standard"]


def _with_scopes(diagram: Diagram, element: Element, *, inside: bool) -> Iterator[Element]:
    if inside:
        yield element
    scope = element.scope
    while scope in diagram.elements:
        yield diagram.elements[scope]
        scope = diagram.elements[scope].scope


def settings(diagram: Diagram, context: LintContext) -> list[Setting]:
    """Every variable the process sets, in the order of the file."""
    found: list[Setting] = []
    for element in diagram.elements.values():
        within = next(iter(items_around(diagram, element)), "")
        outside = next(iter(items_around(diagram, element, inside=False)), "")
        for by, name in _set_by(diagram, element, context):
            found.append(Setting(name, element, by, within))
        if element.loop is not None and element.loop.element_variable:
            found.append(Setting(element.loop.element_variable, element, "elementVariable", within))
        if element.loop is not None and element.loop.output_collection:
            found.append(Setting(element.loop.output_collection, element, "loopDataOutputRef", outside))
        if element.loop is not None and element.loop.signing is not None:
            found.append(Setting(element.loop.signing.result, element, "result", outside))
            found.append(Setting(element.loop.signing.opinions, element, OPINIONS, outside))
            found.append(Setting(SIGNING, element, "signing", within))
    return found


def names_of(diagram: Diagram, context: LintContext) -> frozenset[str]:
    """The variables that a process has of its own, outside its multi-instances."""
    return frozenset(setting.name for setting in settings(diagram, context) if not setting.item)


def _set_by(diagram: Diagram, element: Element, context: LintContext) -> Iterator[tuple[str, str]]:
    form = context.forms.get(element.attributes.get("formKey", ""))
    for key in form.keys() if form is not None else ():
        yield "formKey", key
    for given in element.outputs:
        yield "outputParameter", given.name
    if element.kind == "businessRuleTask" and element.attributes.get("resultVariable"):
        yield "resultVariable", element.attributes["resultVariable"]
    for name in brought(element):
        yield "variables", name
    for given in element.returned:
        inner = calls.called(diagram, element)
        everything = names_of(inner, context) if given.name == "*" and inner is not None else ()
        for name in sorted(everything) or [given.name]:
            if name not in ("", "*"):
                yield "out", name


def brought(element: Element) -> list[str]:
    """The variables that a caught message brings along, as its property `variables` lists them."""
    if element.event is None or element.event.kind != "message":
        return []
    return [name.strip() for name in element.properties.get("variables", "").split(",") if name.strip()]


def reserved(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """Names that belong to the engine or to FEEL, and names that no expression could write."""
    for setting in settings(diagram, context):
        if setting.by == OPINIONS:
            continue  # named after the result, which is judged
        yield from _judge(setting.element, setting.name, setting.by)
    for element in diagram.elements.values():
        for given in element.inputs:
            if element.kind != "serviceTask":  # there they are the operation's parameters
                yield from _judge(element, given.name, "inputParameter")


def _judge(element: Element, name: str, by: str) -> Iterator[Problem]:
    if name in RESERVED or name.startswith(RESERVED_PREFIXES):
        yield about("lint.reserved", element, variable=name, place=by)
    elif name in KEYWORDS or not name.isidentifier():
        yield about("lint.variable-name", element, variable=name, place=by)


def duplicates(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """One element sets a variable twice, or one that an input parameter of the same name hides."""
    for element in diagram.elements.values():
        for side, given in (("inputParameter", element.inputs), ("outputParameter", element.outputs)):
            for name, count in Counter(one.name for one in given).items():
                if count > 1:
                    yield about("lint.set-twice", element, variable=name, place=side)
        around = _with_scopes(diagram, element, inside=True)
        hidden = {given.name for one in around for given in one.inputs}
        for name in sorted(hidden.intersection(name for _, name in _set_by(diagram, element, context))):
            yield about("lint.set-hidden", element, variable=name)


def overwritten(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The list that a multi-instance gathers is set by nothing else: it begins empty each time."""
    every = settings(diagram, context)
    for gathering in every:
        others = [s.element.label for s in every if s.name == gathering.name and s is not gathering]
        if gathering.by == "loopDataOutputRef" and others:
            facts = {"variable": gathering.name, "other": others[0]}
            yield about("lint.gathered-twice", gathering.element, **facts)


def self_counted(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """No date is counted from the variable's own last value, also by way of another: what it was counted
    from would be gone, and no other calendar and no stop could move it (engine.bpmn.stepping.recount)."""
    found = [  # what stays with an item of a multi-instance is not counted anew
        (element, given, _origins(given.expression, context))
        for element in diagram.elements.values()
        if not items_around(diagram, element)
        for given in element.outputs
    ]
    sources: dict[str, set[str]] = {}
    for _, given, origins in found:
        sources.setdefault(given.name, set()).update(origins.counted | origins.copied)
    for element, given, origins in found:
        if given.name in _reached(origins.counted, sources):
            facts = {"variable": given.name, "expression": given.expression}
            yield about("lint.counts-from-itself", element, **facts)


def _origins(text: str, context: LintContext) -> feel.Origins:
    source = feel.expression_in(text)
    try:
        return feel.origins(source or "null", MOMENTS, spaced(context))
    except Invalid:
        return feel.origins("null", MOMENTS)  # told by the rule about expressions


def _reached(names: Iterable[str], sources: Mapping[str, set[str]]) -> set[str]:
    """The names, and all they come from."""
    found: set[str] = set()
    pending = set(names)
    while pending:
        name = pending.pop()
        found.add(name)
        pending |= sources.get(name, set()) - found
    return found


RULES = (reserved, duplicates, overwritten, self_counted)
