"""The texts of a diagram, parsed once: FEEL behind `=` or `${…}`, literals otherwise.

The parser is handed in, so that the differential tests can run the same diagrams with
conditions decided by a table instead of a language that the stock engine does not speak.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from engine import feel
from engine.bpmn.model import Assignment

if TYPE_CHECKING:
    from engine.bpmn.stepping.run import Run
    from engine.bpmn.stepping.tokens import Token


class Evaluable(Protocol):
    def evaluate(
        self, variables: Mapping[str, Any], functions: Mapping[str, feel.Function] = ..., now: Any = ...
    ) -> Any: ...


class Value:
    """A literal, or an expression that is evaluated at a token."""

    __slots__ = ("literal", "expression", "fixed")

    def __init__(self, literal: Any = None, expression: Evaluable | None = None) -> None:
        self.literal = literal
        self.expression = expression
        self.fixed = expression is None
        if expression is not None and _is_plain(expression):
            self.literal, self.fixed = expression.evaluate({}), True

    def at(self, run: "Run", token: "Token | None", extra: Mapping[str, Any] | None = None) -> Any:
        """The value at `token`; `extra` names (an operation's results) win over variables."""
        if self.fixed:
            return self.literal
        host, expression = run.host, self.expression
        assert host is not None and expression is not None, "expressions are evaluated only within a step"
        return expression.evaluate(run.scope(token, **(extra or {})), host.functions, host.now)


def _is_plain(expression: Evaluable) -> bool:
    """Whether the expression is a mere null, boolean or whole number: half of what a step sets."""
    text = str(getattr(expression, "text", "")).strip()
    return text in ("null", "true", "false") or (text.isascii() and text.isdigit())


class Expressions:
    """Turns texts into Values. `names` are the names with spaces that expressions may use."""

    def __init__(self, names: Iterable[str] = (), parse: Callable[..., Evaluable] = feel.parse) -> None:
        self._names = tuple(names)
        self._parse = parse

    def value(self, text: str) -> Value:
        source = feel.expression_in(text)
        return Value(literal=text) if source is None else self.expression(source)

    def expression(self, source: str) -> Value:
        return Value(expression=self._parse(source, self._names))

    def condition(self, text: str) -> Value:
        """A condition is always an expression, with the mark or without."""
        return self.expression(feel.expression_in(text) or text)

    def several(self, text: str) -> tuple[Value, ...]:
        """The values of a comma-separated text, or the one expression it is."""
        if text.lstrip().startswith(("=", "${")):
            return (self.value(text.strip()),)
        return tuple(Value(part.strip()) for part in text.split(",") if part.strip())

    def assignments(self, given: Iterable[Assignment]) -> tuple[tuple[str, Value], ...]:
        return tuple((a.name, self.value(a.expression)) for a in given)


def names(run: "Run", token: "Token | None", values: tuple[Value, ...]) -> tuple[str, ...]:
    """Group or user names: each value is a name or a list of names; nulls are left out."""
    found: list[str] = []
    for value in values:
        given = value.at(run, token)
        found.extend(str(v) for v in (given if isinstance(given, list) else [given]) if v)
    return tuple(dict.fromkeys(found))
