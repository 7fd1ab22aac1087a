"""The usual course: what a task would be completed with if nothing out of the ordinary happens.

What the task declares itself (`camunda:property name="expected" value="= {satisfaction: …}"`) comes
first, then what its form shows at first, then the first choice of what is required. The values only
move a copy of the case; they are never shown as anybody's answer, nor validated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine import feel, forms
from engine.bpmn.model import Element
from engine.clock import local
from engine.forms.model import fields_of
from engine.forms.values import is_blank
from engine.forms.visit import Visit

PROPERTY = "expected"
BLANK = "—"  # stands for a text that somebody would write


@dataclass(frozen=True)
class Assumption:
    """A choice that was assumed: the form's field, and what was chosen, in Chinese and English."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class Expected:
    """The values a task is completed with, and which of them were choices somebody has to make."""

    values: dict[str, Any]
    assumed: tuple[Assumption, ...]


def expected(
    element: Element,
    form: forms.Form | None,
    variables: Mapping[str, Any],
    choices: forms.Choices,
    functions: Mapping[str, feel.Function],
    now: datetime,
) -> Expected:
    """What the task of `element` would be completed with at `now` (UTC). `variables` are all it sees."""
    declared = _declared(element, variables, functions, now)
    if form is None:
        return Expected(declared, ())
    visit = Visit(variables, choices, functions, now)
    first = form.prefill(variables, functions=functions, now=now, choices=choices)
    values, assumed = _scope(form.components, visit, {**first, **declared})
    return Expected(values, tuple(assumed))


def _declared(
    element: Element, variables: Mapping[str, Any], functions: Mapping[str, feel.Function], now: datetime
) -> dict[str, Any]:
    source = feel.expression_in(element.properties.get(PROPERTY))
    if source is None:
        return {}
    found = feel.parse(source, tuple(functions)).evaluate(variables, functions, now)
    return dict(found) if isinstance(found, Mapping) else {}


def _scope(
    components: tuple[forms.Component, ...], visit: Visit, first: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Assumption]]:
    """The values of one scope of a form, in its order, since a condition sees what stands before it."""
    values: dict[str, Any] = {}
    assumed: list[Assumption] = []
    for component, around in fields_of(components):
        if visit.readonly(component) or visit.hidden(component, around):
            visit.enter(component.key, None)
            continue
        value = _value(component, first.get(component.key), visit)
        values[component.key] = value
        visit.enter(component.key, value)
        assumed += _assumptions(component, value, visit)
    return values, assumed


def _value(component: forms.Component, first: Any, visit: Visit) -> Any:
    if component.is_section:
        own = first if isinstance(first, Mapping) else {}
        return _scope(component.children, visit.inside(own), own)[0]
    if component.type == "dynamiclist":
        items = first if isinstance(first, list) else []
        if not items and component.rules.required:
            items = [{}]
        return [_scope(component.children, visit.inside(item), item or {})[0] for item in items]
    if not component.rules.required or not (first is False or is_blank(first)):
        return first
    return _made_up(component, visit)


def _made_up(component: forms.Component, visit: Visit) -> Any:
    """A value for what is required and has none: the first choice, the present moment, a blank text."""
    if component.kind.chooses:
        options = visit.options(component)
        chosen = options[0].value if options else None
        return [chosen] if component.several and chosen is not None else chosen
    if component.type == "number":
        lowest = visit.bound(component.rules.minimum)
        return lowest if isinstance(lowest, Decimal) else Decimal(0)
    if component.type == "datetime":
        return _moment(component, visit)
    if component.type == "checkbox":
        return True
    return [] if component.several else BLANK


def _moment(component: forms.Component, visit: Visit) -> Any:
    assert visit.now is not None
    here = local(visit.now)
    return {"date": here.date(), "time": here.time()}.get(component.subtype, here)


def _assumptions(component: forms.Component, value: Any, visit: Visit) -> Iterator[Assumption]:
    """What was chosen where a choice is required."""
    if not (component.kind.chooses and component.rules.required) or value in (None, []):
        return
    options = visit.options(component)
    chosen = value if isinstance(value, list) else [value]
    words = [option.label for option in options if option.value in chosen]
    zh, en = "、".join(w.zh for w in words), ", ".join(w.within("en") for w in words)
    yield Assumption(component.key, zh or "、".join(map(str, chosen)), en or ", ".join(map(str, chosen)))
