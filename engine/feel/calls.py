"""Paths, contexts, ranges, function definitions and calls."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.feel.builtins import BUILTINS
from engine.feel.run import Run, Scope, missing
from engine.feel.syntax import tree
from engine.feel.values.kinds import Callee, Range, normalise
from engine.feel.values.temporal import member
from engine.feel.values.types import Type, fit, resolve

if TYPE_CHECKING:
    from engine.feel.compiler import Closure, Compiler

FRAMES_PER_CALL = 8


def path(compiler: "Compiler", node: tree.Path) -> "Closure":
    """`a.b`: a member of a context, of each context of a list, or a property of a date or range."""
    source, name = compiler.compile(node.source), node.member

    def step(scope: Scope) -> Any:
        value = source(scope)
        if type(value) is dict:
            return value.get(name)
        if type(value) is list:
            scope.run.spend(len(value))
            return [_member(item, name) for item in value]
        return _member(value, name)

    return step


_RANGE_MEMBERS: dict[str, Callable[[Range], Any]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}


def _member(value: Any, name: str) -> Any:
    if type(value) is dict:
        return value.get(name)
    if type(value) is Range:
        get = _RANGE_MEMBERS.get(name)
        return get(value) if get else None
    return member(value, name)


def context(compiler: "Compiler", node: tree.ContextOf) -> "Closure":
    """Each entry sees the ones before it."""
    entries: list[tuple[str, Closure]] = []
    names: list[str] = []
    for key, value in node.entries:
        entries.append((key, compiler.compile_within(value, names)[0]))
        names.append(key)
    duplicated = len(set(names)) < len(names)

    def build(scope: Scope) -> dict[str, Any] | None:
        if duplicated:
            return None
        inner = Scope({}, scope, scope.run)
        for key, value in entries:
            inner.values[key] = value(inner)
        return inner.values

    return build


def function(compiler: "Compiler", node: tree.FunctionOf) -> "Closure":
    """`function(a, b) …`: a function value that remembers where it was defined."""
    names = tuple(name for name, _ in node.parameters)
    written = [one for _, one in node.parameters]
    body, size = compiler.compile_within(node.body, names)

    def define(scope: Scope) -> Callee:
        types = tuple(resolve(one, scope.run.types) if one else None for one in written)
        return user_function(names, types, lambda inner: body(inner), scope, size)

    return define


def user_function(
    names: tuple[str, ...],
    types: tuple[Type | None, ...],
    body: Callable[[Scope], Any],
    scope: Scope,
    size: int,
    name: str = "",
    result: Type | None = None,
) -> Callee:
    """A function value with a body; an argument that does not conform to its type makes the call null."""

    def invoke(run: Run, positional: list[Any], named: dict[str, Any] | None) -> Any:
        values = bind(names, positional, named)
        if values is None:
            return None
        for key, wanted in zip(names, types, strict=True):
            fitting = fit(values[key], wanted)
            if fitting is None and values[key] is not None:
                return None
            values[key] = fitting
        run.spend(size + FRAMES_PER_CALL)
        frames = FRAMES_PER_CALL + 2 * min(size, 120)
        run.enter(frames)
        try:
            return fit(body(Scope(values, scope, run)), result)
        finally:
            run.leave(frames)

    return Callee(name, names, invoke, types, result)


def bind(
    names: tuple[str, ...], positional: list[Any], named: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Arguments by parameter name; null when they do not fit."""
    if named is not None:
        return {name: named[name] for name in names} if named.keys() == set(names) else None
    if len(positional) != len(names):
        return None
    return dict(zip(names, positional, strict=True))


def host_function(
    name: str, parameters: tuple[str, ...], call: Callable[..., Any], optional: int, missing: Any = None
) -> Callee:
    """A host's function. Its ValueError, TypeError or arithmetic error is null, as DMN has it.

    A call by names that leaves out an optional parameter hands in `missing` for it.
    """
    required = len(parameters) - optional

    def invoke(run: Run, positional: list[Any], named: dict[str, Any] | None) -> Any:
        if named is not None:
            if not (set(parameters[:required]) <= named.keys() <= set(parameters)):
                return None
            positional = [named.get(parameter, missing) for parameter in parameters]
        if not required <= len(positional) <= len(parameters):
            return None
        run.spend(FRAMES_PER_CALL)
        try:
            return normalise(call(*positional))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return None

    return Callee(name, parameters, invoke)


def call(compiler: "Compiler", node: tree.Call) -> "Closure":
    """`f(1, 2)` or `f(a: 1, b: 2)`; calling what is no function is null."""
    positional = [compiler.compile(argument) for argument in node.positional]
    named = {key: compiler.compile(one) for key, one in node.named.items()} if node.named else None
    find = _callee(compiler, node.target)

    def invoke(scope: Scope) -> Any:
        callee = find(scope)
        if type(callee) is not Callee:
            return None
        arguments = [argument(scope) for argument in positional]
        by_name = {key: one(scope) for key, one in named.items()} if named else None
        return callee.invoke(scope.run, arguments, by_name)

    return invoke


def _callee(compiler: "Compiler", target: tree.Node) -> "Closure":
    """A plain name is a variable that holds a function, a host's function, or a built-in, in this order."""
    if not isinstance(target, tree.Name):
        return compiler.compile(target)
    name, builtin = target.name, BUILTINS.get(target.name)
    compiler.note_call(name)

    def find(scope: Scope) -> Any:
        value = scope.find(name)
        if not missing(value) and type(value) is Callee:
            return value
        return scope.run.functions.get(name) or builtin

    return find
