"""What the rest of the engine holds in its hands: expressions and unary tests, parsed once."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.feel.calls import host_function
from engine.feel.compiler import Closure, Compiler
from engine.feel.operators import passes
from engine.feel.run import Exhausted, HostScope, Run, Scope
from engine.feel.syntax.parser import parse_expression, parse_tests
from engine.feel.syntax.tree import Test
from engine.feel.values.kinds import Callee

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Function:
    """A function that the host offers to expressions; its name may have spaces.

    `call` receives FEEL values (numbers are Decimal) in the order of `parameters`, of which the last
    `optional` may be missing; where a call by names leaves one out, `missing` stands for it. Its
    ValueError, TypeError, LookupError or arithmetic error becomes null.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    optional: int = 0
    missing: Any = None
    callee: Callee = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        callee = host_function(self.name, self.parameters, self.call, self.optional, self.missing)
        object.__setattr__(self, "callee", callee)


@dataclass(frozen=True)
class Expression:
    """A parsed expression; immutable, may be evaluated from many threads."""

    text: str
    names: frozenset[str]
    calls: frozenset[str]
    size: int = field(repr=False)
    closure: Closure = field(repr=False, compare=False)

    def evaluate(
        self,
        variables: Mapping[str, Any],
        functions: Mapping[str, Function] = _NOTHING,
        now: dt.datetime | None = None,
    ) -> Any:
        """The value; null wherever DMN says so, and when it would need more steps than one may spend.

        `now` is the present moment in UTC for now() and today(); without it both are null.
        """
        wanted = self.calls or not self.names.isdisjoint(functions)
        run = start_run(functions if wanted else _NOTHING, now)
        return self.within(HostScope(variables, run))

    def within(self, scope: Scope) -> Any:
        """The value in a scope that is already there, sharing its purse."""
        try:
            value = self.closure(scope)
            if type(value) is list or type(value) is dict:
                scope.run.weigh(value)
            return value
        except (Exhausted, RecursionError):
            return None


@dataclass(frozen=True)
class UnaryTests:
    """A decision table's cell: `< 10`, `"a", "b"`, `not([1..3])`, `contains(?, "x")`, `-`."""

    text: str
    names: frozenset[str]
    calls: frozenset[str]
    negated: bool
    size: int = field(repr=False)
    tests: tuple[tuple[bool, Closure], ...] = field(repr=False, compare=False)

    def matches(
        self,
        value: Any,
        variables: Mapping[str, Any],
        functions: Mapping[str, Function] = _NOTHING,
        now: dt.datetime | None = None,
    ) -> bool | None:
        """Whether `value` (also known as `?`) passes; null when that cannot be said."""
        run = start_run(functions, now)
        outer = HostScope({**variables, "?": value}, run)
        return self.within(outer.find("?"), outer)

    def within(self, value: Any, outer: Scope) -> bool | None:
        """The same in a scope that is already there."""
        if not self.tests:
            return True
        scope = Scope({"?": value}, outer, outer.run)
        try:
            result = self._any(value, scope)
        except (Exhausted, RecursionError):
            return None
        return result if not self.negated or result is None else not result

    def _any(self, value: Any, scope: Scope) -> bool | None:
        result: bool | None = False
        for uses_input, test in self.tests:
            passed = _passes(value, uses_input, test, scope)
            if passed:
                return True
            if passed is None:
                result = None
        return result

    def position(self, value: Any, outer: Scope) -> int | None:
        """Which of the tests is the first that `value` passes, from 0; null when none."""
        scope = Scope({"?": value}, outer, outer.run)
        for index, (uses_input, test) in enumerate(self.tests):
            if _passes(value, uses_input, test, scope):
                return index
        return None


def _passes(value: Any, uses_input: bool, test: Closure, scope: Scope) -> bool | None:
    """A test that is a condition on `?` decides by itself; any other is compared with the value."""
    wanted = test(scope)
    scope.run.spend(1)
    if type(wanted) is bool and (uses_input or type(value) is not bool):
        return wanted
    if type(wanted) is list:
        scope.run.weigh(wanted)
    return passes(value, wanted)


def start_run(
    functions: Mapping[str, Function] = _NOTHING,
    now: dt.datetime | None = None,
    types: Mapping[str, Any] | None = None,
) -> Run:
    """A fresh evaluation with its own purse."""
    return Run(_Callees(functions) if functions else _NOTHING, now, types)


class _Callees:
    """The host's functions as callees; a host may make each only when it is asked for."""

    __slots__ = ("functions",)

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self.functions = functions

    def get(self, name: str) -> Callee | None:
        function = self.functions.get(name)
        return None if function is None else function.callee


def parse(text: str, names: Iterable[str] = (), members: Iterable[str] = ()) -> Expression:
    """Read an expression. `names` are known names with spaces or signs; `members` those of known contexts.

    Raises Invalid("feel.syntax" | "feel.fullwidth" | "feel.too_long" | "feel.too_deep" | "feel.external").
    """
    read = _parse if len(text) <= _SHORT else _parse_long
    return read(text, tuple(names), tuple(members))


def parse_unary_tests(text: str, names: Iterable[str] = (), members: Iterable[str] = ()) -> UnaryTests:
    """Read a decision table's cell; raises Invalid as `parse` does."""
    read = _parse_tests if len(text) <= _SHORT else _parse_tests.__wrapped__
    return read(text, tuple(names), tuple(members))


_SHORT = 1_000
"""Longer texts have a small cache of their own, so that the cache cannot fill the memory."""


def _read(text: str, names: tuple[str, ...], members: tuple[str, ...]) -> Expression:
    node = parse_expression(text, names, members)
    compiler = Compiler(text, names)
    closure = compiler.compile(node)
    return Expression(
        text, frozenset(compiler.names - {"?"}), frozenset(compiler.calls), compiler.size, closure
    )


_parse = lru_cache(maxsize=4096)(_read)
_parse_long = lru_cache(maxsize=32)(_read)


@lru_cache(maxsize=8192)
def _parse_tests(text: str, names: tuple[str, ...], members: tuple[str, ...]) -> UnaryTests:
    negated, nodes = parse_tests(text, names, members)
    compiler = Compiler(text, names)
    tests = []
    for node in nodes:
        compiler.uses_input = False
        closure = compiler.compile(node)
        tests.append((compiler.uses_input and not isinstance(node, Test), closure))
    return UnaryTests(
        text,
        frozenset(compiler.names - {"?"}),
        frozenset(compiler.calls),
        negated,
        compiler.size,
        tuple(tests),
    )


def expression_in(text: str | None) -> str | None:
    """`= a > 1` and `${a > 1}` hold the expression `a > 1`; any other text is a literal: null."""
    stripped = (text or "").strip()
    if stripped.startswith("="):
        return stripped[1:].strip()
    if stripped.startswith("${") and stripped.endswith("}"):
        return stripped[2:-1].strip()
    return None
