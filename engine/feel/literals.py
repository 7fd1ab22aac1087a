"""What an expression can yield, as it is written, for whoever checks it before it runs.

`if urgent then "leader" else ["platform", "handler@" + department]` yields “leader” and “platform” as they
stand, and a text that begins with “handler@”. What is only compared, or computed, is no such text. And
`workdays(2, due)` yields a moment that is counted from `due`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from typing import Any

from engine.feel.syntax.parser import parse_expression
from engine.feel.syntax.tree import Call, Chain, Filter, For, If, ListOf, Literal, Name, Node

_JOINING = frozenset({"append", "concatenate", "distinct values", "flatten", "union"})  # their items are kept


@dataclass(frozen=True)
class Text:
    """A text as it is written; `whole` unless something is added behind it."""

    text: str
    whole: bool


def texts(text: str, names: Iterable[str] = ()) -> tuple[Text, ...]:
    """The texts that the expression yields by itself or in a list, in its order, once each.

    Raises Invalid as `parse` does.
    """
    return tuple(dict.fromkeys(_texts(parse_expression(text, tuple(names), ()))))


def _texts(node: Node) -> Iterator[Text]:
    if isinstance(node, Literal):
        if isinstance(node.value, str):
            yield Text(node.value, True)
    elif isinstance(node, Chain):
        first = node.first
        if isinstance(first, Literal) and isinstance(first.value, str) and node.rest[0][0] == "+":
            yield Text(first.value, False)
    else:
        for inner in _yielded(node):
            yield from _texts(inner)


def _yielded(node: Node) -> list[Node]:
    """The parts of which one, or each, is what the node yields."""
    if isinstance(node, If):
        return [*(value for _, value in node.branches), node.otherwise]
    if isinstance(node, ListOf):
        return node.items
    if isinstance(node, For):
        return [node.body]
    if isinstance(node, Filter):
        return [node.source]
    if isinstance(node, Call) and isinstance(node.target, Name) and node.target.name in _JOINING:
        return node.positional
    return []


@dataclass(frozen=True)
class Origins:
    """The variables that a moment comes from: counted from, or taken as they are."""

    counted: frozenset[str]
    copied: frozenset[str]


def origins(text: str, moments: Collection[str], names: Iterable[str] = ()) -> Origins:
    """What the moment that the expression may yield comes from: by one of the functions `moments`, as a sum
    with a duration, or by the variable itself. Raises Invalid as `parse` does.
    """
    counted: set[str] = set()
    copied: set[str] = set()
    pending = [parse_expression(text, tuple(names), ())]
    while pending:
        node = pending.pop()
        if _counts(node, moments):
            counted |= _names(node)
        elif isinstance(node, Name):
            copied.add(node.name)
        else:
            pending += _yielded(node)
    return Origins(frozenset(counted), frozenset(copied))


def _counts(node: Node, moments: Collection[str]) -> bool:
    if isinstance(node, Call):
        return isinstance(node.target, Name) and node.target.name in moments
    if not isinstance(node, Chain) or any(operator not in ("+", "-") for operator, _ in node.rest):
        return False
    return any(_lasts(part) for part in (node.first, *(part for _, part in node.rest)))


def _lasts(node: Node) -> bool:
    """Whether the part is a duration by its look."""
    if isinstance(node, Call):
        return isinstance(node.target, Name) and node.target.name == "duration"
    return isinstance(node, Literal) and isinstance(node.value, timedelta)


def _names(part: Any) -> set[str]:
    """Every name in a piece of the tree."""
    if isinstance(part, Name):
        return {part.name}
    if isinstance(part, dict):
        return set().union(*map(_names, part.values()))
    if isinstance(part, list | tuple):
        return set().union(*map(_names, part))
    return (
        set().union(*(_names(getattr(part, f.name)) for f in fields(part))) if is_dataclass(part) else set()
    )
