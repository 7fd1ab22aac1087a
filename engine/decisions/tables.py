"""Decision tables with every hit policy of DMN.

A violated policy is never hidden: UNIQUE with two rules that hold, and ANY with different outputs,
raise Invalid("decisions.hit_policy") with the rules' numbers. No rule that holds gives the default
outputs, else null (an empty list for the policies that make lists).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from engine.decisions.reader import Reader, nothing
from engine.decisions.xml import child, children, identity, text_of
from engine.errors import Invalid
from engine.feel.builtins import BUILTINS
from engine.feel.compiler import Closure
from engine.feel.expression import UnaryTests
from engine.feel.operators import equal
from engine.feel.run import Scope
from engine.feel.values.text import string_of

POLICIES = frozenset(("UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"))
_LISTS = frozenset(("OUTPUT ORDER", "RULE ORDER", "COLLECT"))


@dataclass(frozen=True)
class Input:
    label: str
    value: Closure
    allowed: UnaryTests


@dataclass(frozen=True)
class Output:
    name: str
    allowed: UnaryTests | None
    default: Closure | None


@dataclass(frozen=True)
class Rule:
    number: int
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Closure, ...]


@dataclass(frozen=True)
class Table:
    name: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


def compile_table(element: etree._Element, reader: Reader, name: str) -> Closure:
    """The closure of a decision table; `name` is what messages call it."""
    policy = element.get("hitPolicy") or "UNIQUE"
    aggregation = element.get("aggregation") or ""
    if policy not in POLICIES or aggregation not in ("", *_AGGREGATIONS):
        reader.problem("decisions.policy", element, found=f"{policy} {aggregation}".strip())
    inputs = tuple(_input(one, reader) for one in children(element, "input"))
    outputs = tuple(_output(one, element, reader) for one in children(element, "output"))
    if aggregation and len(outputs) > 1:
        reader.problem("decisions.aggregation", element)
    rules = tuple(
        _rule(number, one, element, reader) for number, one in enumerate(children(element, "rule"), 1)
    )
    table = Table(name or identity(element), policy, aggregation, inputs, outputs, rules)
    return lambda scope: evaluate(table, scope)


def _input(element: etree._Element, reader: Reader) -> Input:
    """A column. Its `typeRef` is a hint of the modeller's (Camunda: `integer`, `long` …), not a condition."""
    expression = child(element, "inputExpression")
    text = text_of(expression)
    value = reader.expression(text, expression) if expression is not None and text else nothing
    label = element.get("label") or text or identity(element)
    return Input(label, value, reader.tests(child(element, "inputValues")))


def _output(element: etree._Element, table: etree._Element, reader: Reader) -> Output:
    name = element.get("name") or element.get("label") or element.get("id") or ""
    values, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
    allowed = reader.tests(values) if text_of(values) else None
    if allowed is None:
        allowed = _allowed_by_type(element.get("typeRef") or _type_around(table), reader)
    entry = reader.expression(text_of(default), default) if default is not None and text_of(default) else None
    return Output(" ".join(name.split()), allowed, entry)


def _type_around(table: etree._Element) -> str | None:
    parent = table.getparent()
    variable = child(parent, "variable") if parent is not None else None
    return variable.get("typeRef") if variable is not None else None


def _allowed_by_type(reference: str | None, reader: Reader) -> UnaryTests | None:
    return reader.types.allowed.get((reference or "").rpartition(":")[2])


def _rule(number: int, element: etree._Element, table: etree._Element, reader: Reader) -> Rule:
    cells, results = children(element, "inputEntry"), children(element, "outputEntry")
    expected = len(children(table, "input")), len(children(table, "output"))
    if (len(cells), len(results)) != expected:
        found = len(cells) + len(results)
        reader.problem("decisions.cells", element, rule=number, found=found, expected=sum(expected))
    tests = tuple(reader.tests(cell, ("?",)) for cell in cells)
    outputs = tuple(
        reader.expression(text_of(one), one) if text_of(one) not in ("", "-") else nothing for one in results
    )
    return Rule(number, tests, outputs)


def evaluate(table: Table, scope: Scope) -> Any:
    """The table's result. Raises Invalid("decisions.hit_policy" | "decisions.not_allowed")."""
    values = [_checked(table, one, one.value(scope), scope) for one in table.inputs]
    hits = []
    for rule in table.rules:
        scope.run.spend(1)
        if all(test.within(value, scope) is True for test, value in zip(rule.tests, values, strict=False)):
            hits.append(rule)
            if table.policy == "FIRST":
                break
    return _resolve(table, hits, scope) if hits else _default(table, scope)


def _checked(table: Table, column: Input, value: Any, scope: Scope) -> Any:
    if value is not None and column.allowed.tests and column.allowed.within(value, scope) is False:
        raise Invalid("decisions.not_allowed", table=table.name, input=column.label, value=string_of(value))
    return value


def _default(table: Table, scope: Scope) -> Any:
    if any(output.default for output in table.outputs):
        return _shaped(table, [output.default(scope) if output.default else None for output in table.outputs])
    if table.aggregation == "COUNT":
        return Decimal(0)
    return [] if table.policy in _LISTS and not table.aggregation else None


def _shaped(table: Table, values: list[Any]) -> Any:
    """One output is its value, several are a context."""
    if len(table.outputs) == 1:
        return values[0] if values else None
    return {output.name: value for output, value in zip(table.outputs, values, strict=False)}


def _resolve(table: Table, hits: list[Rule], scope: Scope) -> Any:
    if table.policy == "UNIQUE" and len(hits) > 1:
        raise violated(table, hits)
    rows = [[output(scope) for output in rule.outputs] for rule in hits]
    if table.policy == "ANY" and any(not _same(row, rows[0]) for row in rows):
        raise violated(table, hits)
    if table.policy in ("PRIORITY", "OUTPUT ORDER"):
        rows.sort(key=lambda row: _priority(table, row, scope))
    if table.policy not in _LISTS:
        return _shaped(table, rows[0])
    results = [_shaped(table, row) for row in rows]
    return _AGGREGATIONS[table.aggregation](results, scope) if table.aggregation else results


def violated(table: Table, hits: list[Rule]) -> Invalid:
    """The error that names the table, its policy and the rules that hold at once."""
    return Invalid(
        "decisions.hit_policy",
        table=table.name,
        policy=table.policy,
        rules=", ".join(str(rule.number) for rule in hits),
    )


def _same(one: list[Any], other: list[Any]) -> bool:
    return all(equal(left, right) is True for left, right in zip(one, other, strict=True))


def _priority(table: Table, row: list[Any], scope: Scope) -> list[int]:
    """The place of each output among its allowed values; one that is not among them comes last."""
    places = []
    for output, value in zip(table.outputs, row, strict=False):
        place = output.allowed.position(value, scope) if output.allowed else None
        places.append(len(table.rules) + 1_000 if place is None else place)
    return places


def _aggregate(name: str) -> Callable[[list[Any], Scope], Any]:
    return lambda results, scope: BUILTINS[name].invoke(scope.run, [results], None)


_AGGREGATIONS: dict[str, Callable[[list[Any], Scope], Any]] = {
    "SUM": _aggregate("sum"),
    "MIN": _aggregate("min"),
    "MAX": _aggregate("max"),
    "COUNT": _aggregate("count"),
}
