"""From tree to closures: every node becomes a function of the scope, made once and called often."""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from engine.errors import Invalid
from engine.feel import calls, loops
from engine.feel.arithmetic import negate
from engine.feel.builtins import BUILTINS
from engine.feel.operators import BINARY, between, make_range, passes, test_range, weighed
from engine.feel.run import Scope, missing
from engine.feel.syntax import tree
from engine.feel.values.types import Type, is_instance, resolve

Closure: TypeAlias = Callable[[Scope], Any]

MAX_DEPTH = 120
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))


class Compiler:
    """Compiles one text, and notes which names and functions it takes from outside."""

    def __init__(self, text: str, declared: Iterable[str]) -> None:
        self.names: set[str] = set()
        self.calls: set[str] = set()
        self.uses_input = False
        self.size = 0
        self._text = text
        self._declared = frozenset(declared)
        self._bound: list[str] = []
        self._in_filter = 0
        self._depth = 0

    def compile(self, node: tree.Node) -> Closure:
        """The closure of `node`. Raises Invalid("feel.too_deep")."""
        self._depth += 1
        self.size += 1
        if self._depth > MAX_DEPTH:
            raise Invalid("feel.too_deep", text=self._text[:120], limit=MAX_DEPTH)
        closure = _FORMS[type(node)](self, node)
        self._depth -= 1
        return closure

    def compile_within(self, node: tree.Node, names: Iterable[str]) -> tuple[Closure, int]:
        """The closure of a body in which `names` are bound, and the body's size in steps."""
        names, before = list(names), self.size
        self._bound += names
        closure = self.compile(node)
        del self._bound[len(self._bound) - len(names) :]
        return closure, self.size - before

    def compile_filter(self, node: tree.Node) -> tuple[Closure, int]:
        """Within a filter a name may be a member of the item, so it is free only if declared."""
        self._in_filter += 1
        result = self.compile_within(node, ("item",))
        self._in_filter -= 1
        return result

    def note_name(self, name: str) -> None:
        if name == "?":
            self.uses_input = True
        if name in self._bound or (self._in_filter and name not in self._declared):
            return
        if name not in BUILTINS or name in self._declared:
            self.names.add(name)

    def note_call(self, name: str) -> None:
        if name not in self._bound and name not in BUILTINS:
            self.calls.add(name)


def _literal(_: Compiler, node: tree.Literal) -> Closure:
    value = node.value
    return lambda scope: value


def _name(compiler: Compiler, node: tree.Name) -> Closure:
    name = node.name
    compiler.note_name(name)
    builtin = BUILTINS.get(name)

    def find(scope: Scope) -> Any:
        value = scope.find(name)
        if missing(value):
            return builtin or scope.run.functions.get(name)
        return value

    return find


def _chain(compiler: Compiler, node: tree.Chain) -> Closure:
    first = compiler.compile(node.first)
    rest = [(sign in _COMPARISONS, BINARY[sign], compiler.compile(right)) for sign, right in node.rest]
    if len(rest) == 1:
        return _binary(first, *rest[0])

    def fold(scope: Scope) -> Any:
        value = first(scope)
        for compares, apply, right in rest:
            other = right(scope)
            if compares:
                weighed(scope.run, value, other)
            value = apply(value, other)
            if type(value) is str:
                scope.run.weigh(value)
        return value

    return fold


def _binary(left: Closure, compares: bool, apply: Callable[[Any, Any], Any], right: Closure) -> Closure:
    def compute(scope: Scope) -> Any:
        one, other = left(scope), right(scope)
        if type(one) in _WEIGHED:
            weighed(scope.run, one, other)
        return apply(one, other)

    return compute


_WEIGHED = frozenset((list, dict, str))


def _negate(compiler: Compiler, node: tree.Negate) -> Closure:
    operand = compiler.compile(node.operand)
    return lambda scope: negate(operand(scope))


def _logic(compiler: Compiler, node: tree.Logic) -> Closure:
    """Three-valued: one decisive operand decides, else anything that is not a boolean makes null."""
    operands = [compiler.compile(one) for one in node.operands]
    decisive = node.operator == "or"

    def decide(scope: Scope) -> bool | None:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return bool(decisive)
            if type(value) is not bool:
                result = None
        return result

    return decide


def _between(compiler: Compiler, node: tree.Between) -> Closure:
    value, low, high = (compiler.compile(one) for one in (node.value, node.low, node.high))
    return lambda scope: between(value(scope), low(scope), high(scope))


def _in(compiler: Compiler, node: tree.In) -> Closure:
    value = compiler.compile(node.value)
    tests = [compiler.compile(test) for test in node.tests]

    def contained(scope: Scope) -> bool | None:
        own = value(scope)
        result: bool | None = False
        for test in tests:
            wanted = test(scope)
            weighed(scope.run, own, wanted)
            passed = passes(own, wanted)
            if passed:
                return True
            if passed is None:
                result = None
        return result

    return contained


def _test(compiler: Compiler, node: tree.Test) -> Closure:
    operator, operand = node.operator, compiler.compile(node.operand)
    return lambda scope: test_range(operator, operand(scope))


def _instance_of(compiler: Compiler, node: tree.InstanceOf) -> Closure:
    value, written = compiler.compile(node.value), node.type
    fixed = resolve(written, {})

    def check(scope: Scope) -> bool | None:
        wanted: Type | None = resolve(written, scope.run.types) if scope.run.types else fixed
        own = value(scope)
        if wanted is None:
            return None
        scope.run.weigh(own)
        return own is None if wanted.name == "Null" else is_instance(own, wanted)

    return check


def _if(compiler: Compiler, node: tree.If) -> Closure:
    branches = [(compiler.compile(condition), compiler.compile(then)) for condition, then in node.branches]
    otherwise = compiler.compile(node.otherwise)

    def choose(scope: Scope) -> Any:
        for condition, then in branches:
            if condition(scope) is True:
                return then(scope)
        return otherwise(scope)

    return choose


def _list(compiler: Compiler, node: tree.ListOf) -> Closure:
    items = [compiler.compile(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _range(compiler: Compiler, node: tree.RangeOf) -> Closure:
    start, end = compiler.compile(node.start), compiler.compile(node.end)
    included = node.start_included, node.end_included
    return lambda scope: make_range(start(scope), end(scope), *included)


_FORMS: dict[type, Callable[[Compiler, Any], Closure]] = {
    tree.Literal: _literal,
    tree.Name: _name,
    tree.Chain: _chain,
    tree.Negate: _negate,
    tree.Logic: _logic,
    tree.Between: _between,
    tree.In: _in,
    tree.Test: _test,
    tree.InstanceOf: _instance_of,
    tree.If: _if,
    tree.ListOf: _list,
    tree.RangeOf: _range,
    tree.Path: calls.path,
    tree.ContextOf: calls.context,
    tree.FunctionOf: calls.function,
    tree.Call: calls.call,
    tree.Filter: loops.filtered,
    tree.For: loops.for_each,
    tree.Quantified: loops.quantified,
}
