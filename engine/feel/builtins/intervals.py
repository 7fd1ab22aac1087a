"""Built-in functions on intervals: Allen's relations between ranges and points, and `range`."""

from collections.abc import Callable
from typing import Any

from engine.errors import Invalid
from engine.feel.arithmetic import negate
from engine.feel.builtins.registry import BUILTINS, builtin
from engine.feel.operators import compare
from engine.feel.run import Run
from engine.feel.syntax.parser import parse_expression
from engine.feel.syntax.tree import Call, Literal, Name, Negate, Node, RangeOf
from engine.feel.values.kinds import Range

Bound = tuple[Any, int]
"""A value, and whether the bound lies just before (-1), on (0) or just behind (1) it."""


def _start(value: Any) -> Bound:
    return (value.start, 0 if value.start_included else 1) if type(value) is Range else (value, 0)


def _end(value: Any) -> Bound:
    return (value.end, 0 if value.end_included else -1) if type(value) is Range else (value, 0)


def _order(one: Bound, other: Bound) -> int:
    """-1, 0 or 1. Raises ValueError, which makes the call null, when the two have no order."""
    order = compare(one[0], other[0])
    if order is None:
        raise ValueError(one)
    return order or (one[1] > other[1]) - (one[1] < other[1])


Relation = Callable[[Any, Any], bool]


def _before(one: Any, other: Any) -> bool:
    return _order(_end(one), _start(other)) < 0


def _meets(one: Any, other: Any) -> bool:
    return _order(_end(one), _start(other)) == 0


def _overlaps(one: Any, other: Any) -> bool:
    return not _before(one, other) and not _before(other, one)


def _overlaps_before(one: Any, other: Any) -> bool:
    starts_first = _order(_start(one), _start(other)) < 0
    return starts_first and not _before(one, other) and _order(_end(one), _end(other)) <= 0


def _finishes(one: Any, other: Any) -> bool:
    return _order(_end(one), _end(other)) == 0 and _order(_start(one), _start(other)) >= 0


def _starts(one: Any, other: Any) -> bool:
    return _order(_start(one), _start(other)) == 0 and _order(_end(one), _end(other)) <= 0


def _includes(one: Any, other: Any) -> bool:
    return _order(_start(one), _start(other)) <= 0 and _order(_end(one), _end(other)) >= 0


def _coincides(one: Any, other: Any) -> bool:
    return _order(_start(one), _start(other)) == 0 and _order(_end(one), _end(other)) == 0


def _swapped(relation: Relation) -> Relation:
    return lambda one, other: relation(other, one)


_POINT = "number|string|date|time|date and time|days|months"
_SHAPES = {
    "pp": f"(point1: {_POINT}, point2: {_POINT})",
    "pr": f"(point: {_POINT}, range: range)",
    "rp": f"(range: range, point: {_POINT})",
    "rr": "(range1: range, range2: range)",
}
_RELATIONS: dict[str, tuple[Relation, tuple[str, ...]]] = {
    "before": (_before, ("pp", "pr", "rp", "rr")),
    "after": (_swapped(_before), ("pp", "pr", "rp", "rr")),
    "meets": (_meets, ("rr",)),
    "met by": (_swapped(_meets), ("rr",)),
    "overlaps": (_overlaps, ("rr",)),
    "overlaps before": (_overlaps_before, ("rr",)),
    "overlaps after": (_swapped(_overlaps_before), ("rr",)),
    "finishes": (_finishes, ("pr", "rr")),
    "finished by": (_swapped(_finishes), ("rp", "rr")),
    "includes": (_includes, ("rp", "rr")),
    "during": (_swapped(_includes), ("pr", "rr")),
    "starts": (_starts, ("pr", "rr")),
    "started by": (_swapped(_starts), ("rp", "rr")),
    "coincides": (_coincides, ("pp", "rr")),
}
for _name, (_relation, _shapes) in _RELATIONS.items():
    for _shape in _shapes:
        builtin(_name + _SHAPES[_shape])(_relation)

_ENDPOINT_FUNCTIONS = frozenset(("date", "time", "date and time", "duration"))


@builtin("range(from: string)")
def _range(text: str) -> Range | None:
    """The interval that a text such as `[1..3)` spells; its ends are literals of one kind, in order."""
    try:
        node = parse_expression(text)
    except Invalid:
        return None
    if not isinstance(node, RangeOf):
        return None
    start, end = _endpoint(node.start), _endpoint(node.end)
    order = compare(start, end)
    if order is None or order > 0:
        return None
    return Range(start, end, node.start_included, node.end_included)


def _endpoint(node: Node) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negate):
        value = _endpoint(node.operand)
        return negate(value)
    if not (isinstance(node, Call) and isinstance(node.target, Name) and len(node.positional) == 1):
        return None
    argument = node.positional[0]
    if node.target.name not in _ENDPOINT_FUNCTIONS or not isinstance(argument, Literal):
        return None
    return BUILTINS[node.target.name].invoke(Run({}, None), [argument.value], None)
