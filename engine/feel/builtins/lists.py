"""Built-in functions on lists, and `not`, `is`, `sort`."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.arithmetic import add, divide, multiply
from engine.feel.builtins.registry import builtin
from engine.feel.builtins.strings import place
from engine.feel.operators import compare, equal, identity
from engine.feel.run import Run
from engine.feel.values.kinds import NUMBERS, Callee, kind

Items = list[Any]


def _over_items(written: str, item: str) -> Callable[[Callable[[Items], Any]], Callable[[Items], Any]]:
    """Declare a function both for one list and for the items as separate arguments."""

    def declare(call: Callable[[Items], Any]) -> Callable[[Items], Any]:
        builtin(f"{written}(list: list)")(call)
        builtin(f"{written}({item}...: Any)")(lambda *items: call(list(items)) if len(items) > 1 else None)
        return call

    return declare


def _numbers(items: Items) -> bool:
    return bool(items) and all(type(item) is Decimal for item in items)


@builtin("count(list: list)")
def _count(items: Items) -> Decimal:
    return Decimal(len(items))


def _extreme(items: Items, wanted: int) -> Any:
    if not items:
        return None
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            return None
        best = item if order == wanted else best
    return best


@_over_items("min", "c")
def _min(items: Items) -> Any:
    return _extreme(items, -1)


@_over_items("max", "c")
def _max(items: Items) -> Any:
    return _extreme(items, 1)


def _folded(items: Items, apply: Callable[[Any, Any], Any]) -> Any:
    if not items or kind(items[0]) not in ("number", "days and time duration", "years and months duration"):
        return None
    total = items[0]
    for item in items[1:]:
        total = apply(total, item) if type(item) is type(total) else None
        if total is None:
            return None
    return total


@_over_items("sum", "n")
def _sum(items: Items) -> Any:
    return _folded(items, add)


@_over_items("mean", "n")
def _mean(items: Items) -> Any:
    return divide(_folded(items, add), Decimal(len(items)))


@_over_items("product", "n")
def _product(items: Items) -> Any:
    return _folded(items, multiply) if _numbers(items) else None


@_over_items("median", "n")
def _median(items: Items) -> Any:
    if not _numbers(items):
        return None
    ordered, middle = sorted(items), len(items) // 2
    if len(items) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_over_items("stddev", "n")
def _stddev(items: Items) -> Any:
    """The sample's standard deviation; null for fewer than two numbers."""
    if not _numbers(items) or len(items) < 2:
        return None
    mean = _mean(items)
    squares = [NUMBERS.power(NUMBERS.subtract(item, mean), Decimal(2)) for item in items]
    return NUMBERS.sqrt(NUMBERS.divide(_folded(squares, add), Decimal(len(items) - 1)))


@_over_items("mode", "n")
def _mode(items: Items) -> Items | None:
    if items and not _numbers(items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _quantifier(decisive: bool) -> Callable[[Items], bool | None]:
    def decide(items: Items) -> bool | None:
        if any(item is decisive for item in items):
            return decisive
        return (not decisive) if all(type(item) is bool for item in items) else None

    return decide


_over_items("all", "b")(_quantifier(False))
_over_items("any", "b")(_quantifier(True))


@builtin("not(negand: boolean)")
def _not(value: bool) -> bool:
    return not value


@builtin("is(value1?: Any, value2?: Any)")
def _is(left: Any, right: Any) -> bool:
    return type(left) is type(right) and identity(left) == identity(right)


@builtin("list contains(list: list, element: Any)")
def _list_contains(items: Items, element: Any) -> bool:
    return any(equal(item, element) is True for item in items)


@builtin("index of(list: list, match: Any)")
def _index_of(items: Items, match: Any) -> Items:
    return [Decimal(index) for index, item in enumerate(items, 1) if equal(item, match) is True]


@builtin("sublist(list: list, start position: number, length?: number|null)")
def _sublist(items: Items, start: Decimal, length: Decimal | None) -> Items | None:
    first = place(start, len(items))
    if first is None or (length is not None and not 0 <= length <= len(items) - first):
        return None
    return items[first:] if length is None else items[first : first + int(length)]


@builtin("append(list: list, item...: Any)")
def _append(items: Items, *added: Any) -> Items:
    return [*items, *added]


@builtin("concatenate(list...: list)")
def _concatenate(*lists: Items) -> Items:
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: Any)")
def _insert_before(items: Items, position: Decimal, item: Any) -> Items | None:
    at = place(position, len(items))
    return None if at is None else [*items[:at], item, *items[at:]]


@builtin("remove(list: list, position: number)")
def _remove(items: Items, position: Decimal) -> Items | None:
    at = place(position, len(items))
    return None if at is None else items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: Any)")
def _list_replace(items: Items, position: Decimal, item: Any) -> Items | None:
    at = place(position, len(items))
    return None if at is None else [*items[:at], item, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any)", run=True)
def _list_replace_where(run: Run, items: Items, match: Callee, new: Any) -> Items | None:
    found = [match.invoke(run, [item, new], None) for item in items]
    if any(type(one) is not bool for one in found):
        return None
    return [new if one else item for item, one in zip(items, found, strict=True)]


@builtin("reverse(list: list)")
def _reverse(items: Items) -> Items:
    return items[::-1]


@builtin("distinct values(list: list)")
def _distinct_values(items: Items) -> Items:
    seen: dict[Any, Any] = {}
    for item in items:
        seen.setdefault(identity(item), item)
    return list(seen.values())


@builtin("union(list...: list)")
def _union(*lists: Items) -> Items:
    return _distinct_values([item for items in lists for item in items])


@builtin("flatten(list: list)", run=True)
def _flatten(run: Run, items: Items) -> Items:
    flat: Items = []
    waiting = items[::-1]
    while waiting:
        run.spend(1)
        item = waiting.pop()
        if type(item) is list:
            waiting += item[::-1]
        else:
            flat.append(item)
    return flat


@builtin("sort(list: list, precedes?: function)", run=True)
def _sort(run: Run, items: Items, precedes: Callee | None) -> Items | None:
    """Stable. Without a function by natural order, which all items must share."""
    if precedes is None:
        if any(compare(item, items[0]) is None for item in items):
            return None
        return sorted(items, key=cmp_to_key(lambda one, other: compare(one, other) or 0))

    def order(one: Any, other: Any) -> int:
        if precedes.invoke(run, [one, other], None) is True:
            return -1
        return 1 if precedes.invoke(run, [other, one], None) is True else 0

    return sorted(items, key=cmp_to_key(order))
