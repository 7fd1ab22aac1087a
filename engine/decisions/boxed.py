"""Boxed expressions, each compiled to a closure: literal, context, list, relation, invocation, loop …"""

from collections.abc import Callable
from typing import Any

from lxml import etree

from engine.decisions.reader import Reader, fitted, nothing, variable_name
from engine.decisions.tables import compile_table
from engine.decisions.xml import child, children, identity, local_name, refused, text_of
from engine.errors import Problem
from engine.feel.calls import user_function
from engine.feel.compiler import Closure
from engine.feel.loops import NotIterable, domain_of, matching
from engine.feel.run import Scope
from engine.feel.values.kinds import Callee

MAX_BOXES = 40

NOT_EXPRESSIONS = frozenset(
    {"description", "extensionElements", "variable", "question", "allowedAnswers", "parameter", "typeRef"}
    | {"informationRequirement", "knowledgeRequirement", "authorityRequirement", "formalParameter"}
    | {"supportedObjective", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner"}
    | {"usingProcess", "usingTask"}
)


def compile_content(parent: etree._Element | None, reader: Reader, name: str = "") -> Closure:
    """The one expression within an element."""
    if parent is None:
        return nothing
    found = [one for one in children(parent) if local_name(one) not in NOT_EXPRESSIONS]
    if not found:
        reader.problem("decisions.empty", parent)
        return nothing
    return compile_boxed(found[0], reader, name)


def has_content(parent: etree._Element) -> bool:
    """Whether the element holds an expression at all."""
    return any(local_name(one) not in NOT_EXPRESSIONS for one in children(parent))


def compile_boxed(element: etree._Element, reader: Reader, name: str = "") -> Closure:
    """The closure of a boxed expression; `name` is what a table is called in a message."""
    kind = local_name(element)
    if kind == "decisionTable":
        return compile_table(element, reader, name)
    form = _FORMS.get(kind)
    if form is None:
        reader.problem("decisions.unknown_element", element, found=kind)
        return nothing
    reader.size += 1
    reader.depth += 1
    if reader.depth > MAX_BOXES:
        raise refused(
            identity(element), Problem("decisions.too_deep", identity(element), {"limit": MAX_BOXES})
        )
    closure = form(element, reader)
    reader.depth -= 1
    return fitted(closure, reader.declared(element))


def _literal(element: etree._Element, reader: Reader) -> Closure:
    text = text_of(child(element, "text"))
    if not text:
        return nothing
    return reader.expression(text, element)


def _context(element: etree._Element, reader: Reader) -> Closure:
    """Each entry sees the ones before it; an entry without a name is the result of the whole."""
    entries: list[tuple[str, Closure]] = []
    result: Closure | None = None
    names: list[str] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        with reader.binding(names):
            value = compile_content(entry, reader)
        if variable is None:
            result = value
            continue
        names.append(variable_name(entry))
        entries.append((names[-1], fitted(value, reader.declared(variable))))

    def build(scope: Scope) -> Any:
        inner = Scope({}, scope, scope.run)
        for name, value in entries:
            inner.values[name] = value(inner)
        return inner.values if result is None else result(inner)

    return build


def _list(element: etree._Element, reader: Reader) -> Closure:
    items = [
        compile_boxed(item, reader) for item in children(element) if local_name(item) not in NOT_EXPRESSIONS
    ]
    return lambda scope: [item(scope) for item in items]


def _relation(element: etree._Element, reader: Reader) -> Closure:
    columns = [" ".join(column.get("name", "").split()) for column in children(element, "column")]
    rows: list[list[Closure]] = []
    for row in children(element, "row"):
        cells = [compile_boxed(cell, reader) for cell in children(row)]
        if len(cells) != len(columns):
            reader.problem(
                "decisions.cells", row, rule=len(rows) + 1, found=len(cells), expected=len(columns)
            )
        rows.append(cells)

    def build(scope: Scope) -> list[dict[str, Any]]:
        return [{column: cell(scope) for column, cell in zip(columns, cells, strict=False)} for cells in rows]

    return build


def _invocation(element: etree._Element, reader: Reader) -> Closure:
    called = [one for one in children(element) if local_name(one) not in {*NOT_EXPRESSIONS, "binding"}]
    target = compile_boxed(called[0], reader) if called else nothing
    bindings: dict[str, Closure] = {}
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = parameter.get("name", "") if parameter is not None else ""
        value = compile_content(binding, reader) if len(children(binding)) > 1 else nothing
        bindings[" ".join(name.split())] = fitted(value, reader.declared(parameter))

    def invoke(scope: Scope) -> Any:
        callee = target(scope)
        named = {name: value(scope) for name, value in bindings.items()}
        if type(callee) is not Callee:
            return None
        return callee.invoke(scope.run, [], named) if named else callee.invoke(scope.run, [], None)

    return invoke


def function_parts(
    element: etree._Element, reader: Reader
) -> tuple[tuple[str, ...], tuple[Any, ...], Closure, int]:
    """Parameters, their types, body and size of a function definition."""
    language = element.get("kind", "FEEL")
    if language != "FEEL":
        reader.problem("decisions.external", element, language=language)
        return (), (), nothing, 0
    formal = children(element, "formalParameter")
    names = tuple(" ".join(one.get("name", "").split()) for one in formal)
    before = reader.size
    with reader.binding(names):
        body = compile_content(element, reader)
    return names, tuple(reader.declared(one) for one in formal), body, reader.size - before


def _function(element: etree._Element, reader: Reader) -> Closure:
    names, types, body, size = function_parts(element, reader)
    return lambda scope: user_function(names, types, body, scope, size)


def _conditional(element: etree._Element, reader: Reader) -> Closure:
    condition, then, otherwise = (
        compile_content(child(element, part), reader) for part in ("if", "then", "else")
    )

    def choose(scope: Scope) -> Any:
        value = condition(scope)
        if value is not None and type(value) is not bool:
            return None
        return then(scope) if value is True else otherwise(scope)

    return choose


def _loop(element: etree._Element, reader: Reader, body: str) -> tuple[str, Closure, Closure, int]:
    name = element.get("iteratorVariable", "")
    domain = compile_content(child(element, "in"), reader)
    before = reader.size
    with reader.binding((name, "partial", "item")):
        closure = compile_content(child(element, body), reader)
    return name, domain, closure, reader.size - before


def _for(element: etree._Element, reader: Reader) -> Closure:
    name, domain, body, size = _loop(element, reader, "return")

    def collect(scope: Scope) -> list[Any] | None:
        partial: list[Any] = []
        try:
            for value in domain_of(domain(scope), None, False):
                scope.run.spend(size + 1)
                partial.append(body(Scope({name: value, "partial": partial}, scope, scope.run)))
        except NotIterable:
            return None
        return partial

    return collect


def _quantified(every: bool) -> Callable[[etree._Element, Reader], Closure]:
    def compile_quantified(element: etree._Element, reader: Reader) -> Closure:
        name, domain, body, size = _loop(element, reader, "satisfies")

        def decide(scope: Scope) -> bool | None:
            results = []
            try:
                for value in domain_of(domain(scope), None, False):
                    scope.run.spend(size + 1)
                    results.append(body(Scope({name: value}, scope, scope.run)))
            except NotIterable:
                return None
            if any(result is not every for result in results if type(result) is bool):
                return not every
            return every if all(type(result) is bool for result in results) else None

        return decide

    return compile_quantified


def _filter(element: etree._Element, reader: Reader) -> Closure:
    _, domain, condition, size = _loop(element, reader, "match")

    def choose(scope: Scope) -> Any:
        value = domain(scope)
        if value is None:
            return []
        return matching(value if type(value) is list else [value], condition, size, scope)

    return choose


_FORMS: dict[str, Callable[[etree._Element, Reader], Closure]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "for": _for,
    "every": _quantified(True),
    "some": _quantified(False),
    "filter": _filter,
}
