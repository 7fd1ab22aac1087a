"""The texts that an expression can yield as they are written, for whoever checks them before it runs.

`if urgent then "leader" else ["platform", "handler@" + department]` yields “leader” and “platform” as they
stand, and a text that begins with “handler@”. What is only compared, or computed, is no such text.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
