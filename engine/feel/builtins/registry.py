"""How a built-in function is declared: by its signature, and what DMN says happens when it is called.

    @builtin("substring(string: string, start position: number, length?: number)")

`?` marks a parameter that may be left out, `|null` one that may be null, `...` the last one that may
be repeated. A call that fits no signature is null. A single value becomes a list of one where a list
is wanted, and a list of one its element where a single value is wanted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.feel.run import MAX_STRING, Run
from engine.feel.values.kinds import Callee, kind

_NO = object()
_Call = TypeVar("_Call", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kinds: frozenset[str] | None
    optional: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]
    needs_run: bool


_signatures: dict[str, list[Signature]] = {}
BUILTINS: dict[str, Callee] = {}


def builtin(written: str, *, run: bool = False) -> Callable[[_Call], _Call]:
    """Declare a built-in; a name declared again is one more signature. `run=True` passes the Run first."""
    name, parameters = _read(written)

    def declare(call: _Call) -> _Call:
        group = _signatures.setdefault(name, [])
        group.append(Signature(parameters, call, run))
        BUILTINS[name] = Callee(name, tuple(p.name for p in group[0].parameters), _invoker(group))
        return call

    return declare


def _read(written: str) -> tuple[str, tuple[Parameter, ...]]:
    name, _, rest = written.rstrip(")").partition("(")
    return name, tuple(_read_parameter(part.strip()) for part in rest.split(",") if part.strip())


def _read_parameter(written: str) -> Parameter:
    name, _, kinds = (part.strip() for part in written.partition(":"))
    repeated, optional = name.endswith("..."), name.endswith("?")
    allowed = (
        frozenset(_ALIASES.get(one, one) for one in kinds.split("|")) if kinds and kinds != "Any" else None
    )
    return Parameter(name.rstrip("?."), allowed, optional, repeated)


_ALIASES = {"days": "days and time duration", "months": "years and months duration"}


def _invoker(group: list[Signature]) -> Callable[[Run, list[Any], dict[str, Any] | None], Any]:
    def invoke(run: Run, positional: list[Any], named: dict[str, Any] | None) -> Any:
        for value in positional if named is None else named.values():
            if type(value) in (list, dict, str):
                run.weigh(value)
        for signature in group:
            arguments = _arguments(signature, positional, named)
            if arguments is not None:
                return _call(signature, run, arguments)
        return None

    return invoke


def _call(signature: Signature, run: Run, arguments: list[Any]) -> Any:
    run.spend(2)
    try:
        result = signature.call(run, *arguments) if signature.needs_run else signature.call(*arguments)
    except (ArithmeticError, ValueError):
        return None
    if type(result) is list:
        run.spend(len(result))
    return None if type(result) is str and len(result) > MAX_STRING else result


def _arguments(signature: Signature, positional: list[Any], named: dict[str, Any] | None) -> list[Any] | None:
    given = positional if named is None else _in_order(signature, named)
    if given is None:
        return None
    parameters = signature.parameters
    if parameters and parameters[-1].repeated and len(given) >= len(parameters):
        parameters = parameters + parameters[-1:] * (len(given) - len(parameters))
    if len(given) > len(parameters):
        return None
    values = []
    for parameter, value in zip(parameters, given, strict=False):
        fitting = None if value is _NO and parameter.optional else _fit(parameter, value)
        if fitting is _NO:
            return None
        values.append(fitting)
    rest = parameters[len(given) :]
    return values + [None] * len(rest) if all(one.optional for one in rest) else None


def _in_order(signature: Signature, named: dict[str, Any]) -> list[Any] | None:
    names = [parameter.name for parameter in signature.parameters]
    if not named.keys() <= set(names):
        return None
    return [named.get(name, _NO) for name in names]


def _fit(parameter: Parameter, value: Any) -> Any:
    """The value as the parameter takes it, or _NO."""
    if value is _NO:
        return _NO
    kinds = parameter.kinds
    if kinds is None:
        return value
    own = kind(value)
    if own in kinds:
        return value
    if own == "null":
        return _NO
    if "list" in kinds:
        return [value]
    if own == "list" and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return _NO
