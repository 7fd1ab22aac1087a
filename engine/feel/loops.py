"""Filters, `for`, `some` and `every`: whatever goes over many values pays for each of them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.operators import compare
from engine.feel.run import Scope
from engine.feel.syntax import tree
from engine.feel.values.kinds import Range

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

_DAY = dt.timedelta(days=1)


def filtered(compiler: "Compiler", node: tree.Filter) -> "Closure":
    """`list[condition]`, or `list[n]` for one item, counted from 1 or from the end."""
    source = compiler.compile(node.source)
    condition, size = compiler.compile_filter(node.condition)
    fixed = node.condition.value if isinstance(node.condition, tree.Literal) else None
    index = fixed if isinstance(fixed, Decimal) else None
    negative = isinstance(node.condition, tree.Negate)

    def choose(scope: Scope) -> Any:
        value = source(scope)
        if value is None:
            return None if index is not None or negative else []
        items = value if type(value) is list else [value]
        if index is not None:
            return _at(items, index)
        return matching(items, condition, size, scope)

    return choose


def matching(items: list[Any], condition: "Closure", size: int, scope: Scope) -> Any:
    """The items for which the condition is true; a number picks one item instead."""
    kept = []
    if not items:
        position = condition(Scope({"item": None}, scope, scope.run))
        return None if type(position) is Decimal else []
    for item in items:
        scope.run.spend(size + 1)
        members = {"item": item, **item} if type(item) is dict else {"item": item}
        result = condition(Scope(members, scope, scope.run))
        if type(result) is Decimal:
            return _at(items, result)
        if result is True:
            kept.append(item)
    return kept


def _at(items: list[Any], position: Decimal) -> Any:
    """1 is the first, -1 the last; null beyond the ends or between two places."""
    if position != position.to_integral_value() or not 0 < abs(position) <= len(items):
        return None
    place = int(position)
    return items[place - 1 if place > 0 else place]


class NotIterable(Exception):
    """A domain over which one cannot go; the loop is null."""


def domain_of(value: Any, until: Any, ranged: bool) -> Iterator[Any]:
    """The values of one iterator: a list, `a..b` up or down, or a closed range of numbers or dates."""
    if ranged:
        return _count(value, until)
    if type(value) is list:
        return iter(value)
    if type(value) is Range:
        return _count_range(value)
    if value is None:
        raise NotIterable
    return iter([value])


def _count_range(value: Range) -> Iterator[Any]:
    if value.start is None or value.end is None:
        raise NotIterable
    for item in _count(value.start, value.end):
        excluded = (not value.start_included and item == value.start) or (
            not value.end_included and item == value.end
        )
        if not excluded:
            yield item


def _count(start: Any, end: Any) -> Iterator[Any]:
    whole = type(start) is Decimal and start == start.to_integral_value()
    if type(start) is not type(end) or not (whole or type(start) is dt.date):
        raise NotIterable
    down = compare(start, end) == 1
    step: Any = _DAY if type(start) is dt.date else Decimal(1)
    item = start
    while (item >= end) if down else (item <= end):
        yield item
        try:
            item = item - step if down else item + step
        except OverflowError:
            return


def _combinations(
    iterators: list[tuple[str, "Closure", "Closure | None"]], scope: Scope, extra: dict[str, Any]
) -> Iterator[Scope]:
    """A scope for each combination, the last iterator fastest; a later domain sees the earlier values."""
    (name, domain, until), rest = iterators[0], iterators[1:]
    for value in domain_of(domain(scope), until(scope) if until else None, until is not None):
        scope.run.spend(1)
        inner = Scope({**extra, name: value}, scope, scope.run)
        if rest:
            yield from _combinations(rest, inner, {})
        else:
            yield inner


def _compile_iterators(
    compiler: "Compiler", node: tree.For | tree.Quantified
) -> tuple[list[tuple[str, "Closure", "Closure | None"]], list[str]]:
    compiled: list[tuple[str, Closure, Closure | None]] = []
    names: list[str] = []
    for name, domain, until in node.iterators:
        end = compiler.compile_within(until, names)[0] if until else None
        compiled.append((name, compiler.compile_within(domain, names)[0], end))
        names.append(name)
    return compiled, names


def for_each(compiler: "Compiler", node: tree.For) -> "Closure":
    """`for a in x, b in y return …`; `partial` is the list so far."""
    iterators, names = _compile_iterators(compiler, node)
    body, size = compiler.compile_within(node.body, [*names, "partial"])

    def collect(scope: Scope) -> list[Any] | None:
        partial: list[Any] = []
        try:
            for inner in _combinations(iterators, scope, {"partial": partial}):
                scope.run.spend(size)
                partial.append(body(inner))
        except NotIterable:
            return None
        return partial

    return collect


def quantified(compiler: "Compiler", node: tree.Quantified) -> "Closure":
    """`some` and `every`, three-valued as `or` and `and`."""
    iterators, names = _compile_iterators(compiler, node)
    body, size = compiler.compile_within(node.body, names)
    decisive = not node.every

    def decide(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        try:
            for inner in _combinations(iterators, scope, {}):
                scope.run.spend(size)
                value = body(inner)
                if value is decisive:
                    return bool(decisive)
                if type(value) is not bool:
                    result = None
        except NotIterable:
            return None
        return result

    return decide
