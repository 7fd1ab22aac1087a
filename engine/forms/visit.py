"""Where a reader stands while filling a form in: what is known so far, and what follows from it.

Fields are judged in the order of the file. A condition sees the case's variables, overlaid by what
was entered before it; a hidden or mistaken field counts as null.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine import feel
from engine.forms.model import MAX_OPTIONS, Choices, Component, Option, Words


class Visit:
    """One pass over one scope of a form. `kept` are the values the server holds for that scope."""

    def __init__(
        self,
        variables: Mapping[str, Any],
        choices: Choices,
        functions: Mapping[str, feel.Function],
        now: datetime | None,
        *,
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        self.kept = variables if kept is None else kept
        self.choices = choices
        self._scope = dict(variables)
        self._functions = functions
        self.now = now

    def inside(self, kept: Any) -> "Visit":
        """The visit of a section, or of one item of a list, whose own names cover those outside."""
        own = kept if isinstance(kept, Mapping) else {}
        return Visit({**self._scope, **own}, self.choices, self._functions, self.now, kept=own)

    def enter(self, key: str, value: Any) -> None:
        """From here on, conditions see `value` under `key`."""
        self._scope[key] = value

    def known(self, key: str) -> Any:
        """What conditions see under `key` now."""
        return self._scope.get(key)

    def evaluate(self, expression: feel.Expression) -> Any:
        return expression.evaluate(self._scope, self._functions, self.now)

    def hidden(self, component: Component, around: tuple[Component, ...] = ()) -> bool:
        """Whether the component, or a group around it, is hidden now. Null counts as shown."""
        hides = (one.hide for one in (*around, component))
        return any(hide is not None and self.evaluate(hide) is True for hide in hides)

    def readonly(self, component: Component) -> bool:
        if isinstance(component.readonly, bool):
            return component.readonly
        return self.evaluate(component.readonly) is True

    def default(self, component: Component) -> Any:
        if component.default_from is not None:
            return self.evaluate(component.default_from)
        return component.default

    def bound(self, bound: Any) -> Any:
        """A minimum or maximum as a value; None when it does not bind."""
        return self.evaluate(bound) if isinstance(bound, feel.Expression) else bound

    def options(self, component: Component) -> tuple[Option, ...]:
        """What can be chosen now."""
        if component.type == "department":
            return _named(self.choices.departments())
        if component.type == "officer":
            within = self.bound(component.within)
            return _named(self.choices.officers(within)) if isinstance(within, str) and within else ()
        if component.options_from is None:
            return component.options
        found = self.evaluate(component.options_from)
        listed = found if isinstance(found, list) else []
        computed = [option for one in listed[:MAX_OPTIONS] if (option := _option(one)) is not None]
        return (*component.options, *computed)


def _named(pairs: list[tuple[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(code, Words(name)) for code, name in pairs)


def _option(value: Any) -> Option | None:
    """A text, a number, or a context with `value` and perhaps `label`, `core` and `tolerable`."""
    fields = value if isinstance(value, Mapping) else {"value": value}
    chosen = fields.get("value")
    if isinstance(chosen, int | float) and not isinstance(chosen, bool):
        chosen = Decimal(str(chosen))
    if not isinstance(chosen, str | Decimal) or chosen == "":
        return None
    label, english = fields.get("label"), fields.get("label_en")
    words = Words(
        label if isinstance(label, str) else str(chosen), english if isinstance(english, str) else ""
    )
    core, tolerable = fields.get("core") is True, fields.get("tolerable") is True
    return Option(chosen, words, core=core, tolerable=tolerable)
