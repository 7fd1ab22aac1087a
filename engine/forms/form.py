"""A form, and the marshmallow schema that is built from it.

A schema belongs to one visit: its fields are judged in their order, each seeing what was entered
before it. A hidden field is dropped with whatever was sent for it; a readonly one keeps the server's
value. A problem's `where` is the field's path, as the web form spells it: `items[0].name`.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from engine import feel
from engine.errors import Invalid, Problem
from engine.forms import entering, layout
from engine.forms.model import MAX_ITEMS, Choices, Component, NoChoices, Words, fields_of
from engine.forms.prefill import prefill
from engine.forms.texts import FREE
from engine.forms.values import clean, is_blank, rejected
from engine.forms.views import FieldView
from engine.forms.visit import Visit

_MOST_PROBLEMS = 200
_NO_FUNCTIONS: Mapping[str, feel.Function] = {}


class FormSchema(Schema):
    """A schema whose fields share one visit. It refuses what the form does not know."""

    error_messages = {"unknown": "forms.unknown_field", "type": "forms.not_an_object"}

    def __init__(self, visit: Visit) -> None:
        super().__init__(unknown=RAISE)
        self.visit = visit


class Entry(fields.Field[Any]):
    """One component as a marshmallow field."""

    def __init__(self, component: Component, around: tuple[Component, ...]) -> None:
        described = {"title": component.label.zh, "description": component.hint.zh}
        super().__init__(data_key=component.key, attribute=component.key, metadata=described)
        self.component, self.around = component, around

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **_: Any) -> Any:
        visit, component = cast(FormSchema, self.root).visit, self.component
        if visit.hidden(component, self.around):
            visit.enter(component.key, None)
            return missing
        if visit.readonly(component):
            return missing
        visit.enter(component.key, None)
        entered = self.accept(None if value is missing else value, visit)
        visit.enter(component.key, entered)
        return entered

    def accept(self, value: Any, visit: Visit) -> Any:
        return clean(self.component, value, visit)


class Section(Entry):
    """A group with a path. What the server keeps in it stays, the entered fields are laid over it."""

    def __init__(self, component: Component, around: tuple[Component, ...]) -> None:
        super().__init__(component, around)
        self.inner = schema_of(component.children)

    def accept(self, value: Any, visit: Visit) -> Any:
        kept = visit.kept.get(self.component.key)
        return self.load({} if is_blank(value) else value, visit.inside(kept))

    def load(self, value: Any, visit: Visit) -> dict[str, Any]:
        entered = cast(dict[str, Any], self.inner(visit).load(value))
        kept = {c.key for c, _ in fields_of(self.component.children) if visit.readonly(c)}
        return {**{key: value for key, value in visit.kept.items() if key in kept}, **entered}


class Items(Section):
    """A dynamic list: the same fields again and again."""

    def accept(self, value: Any, visit: Visit) -> Any:
        component = self.component
        kept = visit.kept.get(component.key)
        kept = kept if isinstance(kept, list) else []
        items = self._counted([] if is_blank(value) else value, len(kept))
        result, wrong = [], dict[int, Any]()
        for index, item in enumerate(items):
            own = kept[index] if component.fixed and index < len(kept) else None
            try:
                result.append(self.load({} if item is None else item, visit.inside(own)))
            except ValidationError as error:
                wrong[index] = error.messages
        if wrong:
            raise ValidationError(cast(dict[str, Any], wrong))
        return result

    def _counted(self, items: Any, kept: int) -> list[Any]:
        component, rules = self.component, self.component.rules
        if not isinstance(items, list):
            raise rejected(component, "forms.not_a_list")
        length = len(items)
        if component.fixed:
            settled = kept or component.repetitions
            if length > settled:
                raise rejected(component, "forms.fixed_list", limit=settled)
            return items + [None] * (settled - length)
        least = max(rules.min_items or 0, 1 if rules.required else 0)
        most = MAX_ITEMS if rules.max_items is None else min(rules.max_items, MAX_ITEMS)
        if length < least:
            raise rejected(component, "forms.too_few", limit=least, length=length)
        if length > most:
            raise rejected(component, "forms.too_many_items", limit=most, length=length)
        return items


def schema_of(components: tuple[Component, ...]) -> type[FormSchema]:
    """The schema class of one scope. Fields are named by number, so that no key can meet a method."""
    made: dict[str, fields.Field[Any]] = {}
    for index, (component, around) in enumerate(fields_of(components)):
        kind = Section if component.is_section else Items if component.type == "dynamiclist" else Entry
        made[f"field_{index}"] = kind(component, around)
    return cast(type[FormSchema], FormSchema.from_dict(made, name="Form"))


@dataclass(frozen=True)
class Form:
    """One form file, read and found right. Immutable; safe to share between threads."""

    id: str
    title: Words
    components: tuple[Component, ...]

    @cached_property
    def _schema(self) -> type[FormSchema]:
        return schema_of(self.components)

    @cached_property
    def _kept(self) -> threading.local:
        """A schema for each thread: making one costs as much as validating with it."""
        return threading.local()

    def keys(self) -> frozenset[str]:
        """The case variables that this form sets."""
        return frozenset(c.key for c, _ in fields_of(self.components) if c.readonly is not True)

    @cached_property
    def free(self) -> frozenset[str]:
        """The case variables that hold what people write freely in it."""
        return frozenset(c.key for c, _ in fields_of(self.components) if c.type in FREE or c.children)

    def choices_of(self, key: str) -> tuple[str, ...] | None:
        """What a field offers to choose from that must be filled in; None if there is no such field."""
        found = (c for c, _ in fields_of(self.components) if c.key == key and c.rules.required)
        options = next((c.options for c in found), ())
        return tuple(str(option.value) for option in options) or None

    def variables_read(self) -> frozenset[str]:
        """The names that its expressions take from the case, and the variables that it only shows."""
        own = {component.key for component, _ in fields_of(self.components)}
        shown = {c.key for c, _ in fields_of(self.components) if c.readonly is True}
        return frozenset(_names(self.components) - own | shown)

    def schema(
        self,
        variables: Mapping[str, Any],
        *,
        choices: Choices | None = None,
        functions: Mapping[str, feel.Function] = _NO_FUNCTIONS,
        now: datetime | None = None,
    ) -> FormSchema:
        """A marshmallow schema for one visit of this form; load one input with it."""
        return self._schema(Visit(variables, choices or NoChoices(), functions, now))

    def entered(self, data: Any, *, web: bool | None = None) -> Any:
        """What was entered, as nested raw values by key: to be validated, kept as a draft, or shown again.

        `web` says whether `data` is a web form (None: judge by its shape). Of a web form only the
        form's own fields are taken; JSON comes back as it is.
        """
        return entering.read(self.components, data, web)

    def validate(
        self,
        data: Any,
        *,
        variables: Mapping[str, Any],
        choices: Choices | None = None,
        functions: Mapping[str, feel.Function] = _NO_FUNCTIONS,
        now: datetime | None = None,
        web: bool | None = None,
    ) -> dict[str, Any]:
        """Clean FEEL values by key; null for a shown field left blank, nothing for a hidden or readonly one.

        Raises Invalid("forms.rejected") with a problem for each answer to mend.
        """
        schema: FormSchema | None = getattr(self._kept, "schema", None)
        if schema is None:
            schema = self._kept.schema = self.schema(variables, choices=choices, functions=functions, now=now)
        schema.visit = Visit(variables, choices or NoChoices(), functions, now)
        try:
            return cast(dict[str, Any], schema.load(self.entered(data, web=web)))
        except ValidationError as error:
            problems = tuple(_problems(error.messages, ""))[:_MOST_PROBLEMS]
            raise Invalid("forms.rejected", problems=problems, count=len(problems)) from None

    def prefill(
        self,
        variables: Mapping[str, Any],
        *,
        functions: Mapping[str, feel.Function] = _NO_FUNCTIONS,
        now: datetime | None = None,
        choices: Choices | None = None,
    ) -> dict[str, Any]:
        """The values to show at first: the case's own, else the defaults of the file."""
        visit = Visit(variables, choices or NoChoices(), functions, now)
        return prefill(self.components, visit)

    def layout(
        self,
        values: Mapping[str, Any],
        variables: Mapping[str, Any],
        choices: Choices | None = None,
        language: str = "zh",
        *,
        functions: Mapping[str, feel.Function] = _NO_FUNCTIONS,
        now: datetime | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> list[FieldView]:
        """What the page draws for `values` (clean, or from `entered`), with `problems` beside them."""
        visit = Visit(variables, choices or NoChoices(), functions, now)
        return layout.lay_out(self.components, values, visit, language, problems)


def _names(components: tuple[Component, ...]) -> frozenset[str]:
    """The free names of all expressions, without those that a section or an item sets for itself."""
    found: set[str] = set()
    for component in components:
        for expression in component.expressions():
            found |= expression.names
        inner = _names(component.children)
        own = {c.key for c, _ in fields_of(component.children)} if component.key else set()
        found |= inner - own
    return frozenset(found)


def _problems(messages: Any, path: str) -> Iterator[Problem]:
    """Marshmallow's tree of errors as a list; `path` is where the tree hangs."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _problems(inner, path if name == "_schema" else _join(path, name))
    elif isinstance(messages, list):
        for one in messages:
            yield from _problems(one, path)
    elif isinstance(messages, Problem):
        yield Problem(messages.code, path + messages.where, messages.facts)
    else:
        yield Problem(str(messages), path)


def _join(path: str, name: Any) -> str:
    if isinstance(name, int):
        return f"{path}[{name}]"
    plain = str(name)[:80].encode("utf-8", "replace").decode()
    return f"{path}.{plain}" if path else plain
