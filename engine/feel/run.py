"""One evaluation: what it may see, and how much it may spend.

Spending is counted in steps, not in seconds, so that the same expression with the same values has
the same result on every machine. When the purse is empty, `Exhausted` ends the evaluation and its
result is null.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

from engine.feel.values.kinds import Callee, Range, normalise

MAX_STEPS = 100_000
MAX_CALL_DEPTH = 400
MAX_STRING = 100_000
CHARACTERS_PER_STEP = 16

_MISSING = object()


class Exhausted(Exception):
    """The evaluation wanted more steps, depth or memory than one evaluation may have."""


class Offered(Protocol):
    """The host's functions by name, as callees."""

    def get(self, name: str, /) -> Callee | None: ...


class Run:
    """Everything one evaluation shares: the present moment, host functions, types and the purse."""

    __slots__ = ("functions", "now", "types", "steps", "depth")

    def __init__(
        self,
        functions: "Offered",
        now: dt.datetime | None,
        types: Mapping[str, Any] | None = None,
    ) -> None:
        self.functions = functions
        self.now = now
        self.types: Mapping[str, Any] = types or {}
        self.steps = MAX_STEPS
        self.depth = 0

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise Exhausted

    def enter(self, frames: int = 40) -> None:
        """Go into a call; the depth is bounded, so that a function without end is an error and no crash."""
        if self.depth + frames > MAX_CALL_DEPTH:
            raise Exhausted
        self.depth += frames

    def leave(self, frames: int = 40) -> None:
        self.depth -= frames

    def weigh(self, value: Any) -> None:
        """Spend what it costs to look at the whole of `value`, shared parts counted each time."""
        self.spend(weight(value, self.steps + 1))


class Scope:
    """The names of one place in an expression; the outermost normalises the host's values on first use."""

    __slots__ = ("values", "parent", "run")

    def __init__(self, values: dict[str, Any], parent: "Scope | None", run: Run) -> None:
        self.values = values
        self.parent = parent
        self.run = run

    def find(self, name: str) -> Any:
        """The value of `name`, or the sentinel that `missing` recognises."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.values.get(name, _MISSING)
            if value is not _MISSING:
                return value
            scope = scope.parent
        return _MISSING


class HostScope(Scope):
    """The outermost scope, over the host's mapping."""

    __slots__ = ("variables",)

    def __init__(self, variables: Mapping[str, Any], run: Run) -> None:
        super().__init__(_Normalised(variables), None, run)


class _Normalised(dict[str, Any]):
    """Host values by name, each normalised once."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        super().__init__()
        self._variables = variables

    def get(self, name: str, default: Any = None) -> Any:
        if name in self:
            return self[name]
        try:
            given = self._variables[name]
        except KeyError:
            return default
        value = self[name] = normalise(given)
        return value


def missing(value: Any) -> bool:
    """Whether this is what `Scope.find` gives for a name that is not there."""
    return value is _MISSING


def weight(value: Any, limit: int) -> int:
    """How many steps the whole of `value` weighs, counted no further than `limit`."""
    total, waiting = 0, [value]
    while waiting and total < limit:
        item = waiting.pop()
        total += 1
        if type(item) is str:
            total += len(item) // CHARACTERS_PER_STEP
        elif type(item) is list:
            total += len(item)
            waiting.extend(item)
        elif type(item) is dict:
            total += len(item)
            waiting.extend(item.values())
        elif type(item) is Range:
            waiting += (item.start, item.end)
    return total
