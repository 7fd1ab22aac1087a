"""The tree that the parser makes of an expression; the compiler turns it into closures."""

from dataclasses import dataclass, field
from typing import Any


class Node:
    """One piece of an expression."""

    __slots__ = ()


@dataclass(slots=True)
class Literal(Node):
    value: Any


@dataclass(slots=True)
class Name(Node):
    name: str


@dataclass(slots=True)
class Path(Node):
    source: Node
    member: str


@dataclass(slots=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(slots=True)
class Call(Node):
    target: Node
    positional: list[Node] = field(default_factory=list)
    named: dict[str, Node] | None = None


@dataclass(slots=True)
class Chain(Node):
    """Binary operators applied from left to right: `a + b * c` is Chain(a, [(+, Chain(b, [(*, c)]))])."""

    first: Node
    rest: list[tuple[str, Node]]


@dataclass(slots=True)
class Negate(Node):
    operand: Node


@dataclass(slots=True)
class Logic(Node):
    """`and` or `or` over two or more operands."""

    operator: str
    operands: list[Node]


@dataclass(slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    value: Node
    tests: list[Node]


@dataclass(slots=True)
class Test(Node):
    """A comparison with its left side left out, as `< 10` in a decision table's cell."""

    operator: str
    operand: Node


@dataclass(slots=True)
class InstanceOf(Node):
    value: Node
    type: "TypeName"


@dataclass(slots=True)
class TypeName(Node):
    """A type as written: `list<number>` is TypeName("list", [TypeName("number")])."""

    name: str
    arguments: list["TypeName"] = field(default_factory=list)
    fields: dict[str, "TypeName"] | None = None
    result: "TypeName | None" = None


@dataclass(slots=True)
class If(Node):
    branches: list[tuple[Node, Node]]
    otherwise: Node


@dataclass(slots=True)
class For(Node):
    iterators: list[tuple[str, Node, Node | None]]
    body: Node


@dataclass(slots=True)
class Quantified(Node):
    every: bool
    iterators: list[tuple[str, Node, Node | None]]
    body: Node


@dataclass(slots=True)
class ListOf(Node):
    items: list[Node]


@dataclass(slots=True)
class ContextOf(Node):
    entries: list[tuple[str, Node]]


@dataclass(slots=True)
class FunctionOf(Node):
    parameters: list[tuple[str, TypeName | None]]
    body: Node


@dataclass(slots=True)
class RangeOf(Node):
    start: Node
    end: Node
    start_included: bool
    end_included: bool
