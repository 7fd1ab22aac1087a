"""What a page is told of one component, and how a value is written for an HTML input.

Knows no HTML; `layout` fills it.
"""

from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.forms.model import Component, as_text
from engine.forms.values import is_blank, shown
from engine.forms.visit import Visit


@dataclass(frozen=True)
class Offer:
    """One thing to choose, as the page shows it. For files: the ones that are there already."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class FieldView:
    """One component as the page shows it.

    `widget` names the macro: text textarea number date time datetime-local checkbox checkboxes radio
    select multiselect tags file group list item materials material hidden text-block separator spacer.
    `value` is a text (a bool for a checkbox, a list of texts where `multiple`). `refreshes` says that
    other fields depend on this one, so the page should ask for a new layout when it changes.
    """

    key: str
    name: str
    type: str
    widget: str
    label: str = ""
    hint: str = ""
    text: str = ""
    value: Any = ""
    options: tuple[Offer, ...] = ()
    required: bool = False
    readonly: bool = False
    hidden: bool = False
    multiple: bool = False
    error: str = ""
    accept: str = ""
    rows: int = 4
    min: str = ""
    max: str = ""
    step: str = ""
    minlength: int | None = None
    maxlength: int | None = None
    inputmode: str = ""
    autocomplete: str = ""
    placeholder: str = ""
    columns: int | None = None
    refreshes: bool = False
    growing: bool = False  # a list whose items the reader may add and remove
    core: bool = False  # a material: 主审要件
    tolerable: bool = False  # a material: 可容缺
    children: tuple["FieldView", ...] = ()
    template: "FieldView | None" = None  # a blank item, its index spelt __index__


def widget(component: Component) -> str:
    """Which of the page's inputs draws the component, such as `text`, `multiselect` or `datetime-local`."""
    if component.type == "datetime":
        return "datetime-local" if component.subtype == "datetime" else component.subtype
    if component.kind.widget == "select" and component.multiple:
        return "multiselect"
    return component.kind.widget


def written(value: Any) -> str:
    """A single value as an input of its type takes it; nothing for a list or a group."""
    return shown(value, "T") if not isinstance(value, dict | list) else ""


def limit(bound: Any, visit: Visit) -> str:
    """A lower or upper bound for the input's `min` or `max`; none while an expression has no single value"""
    value = visit.bound(bound)
    return "" if isinstance(bound, feel.Expression) and isinstance(value, dict | list) else written(value)


def step(component: Component) -> str:
    """The step of a number input: any fraction, unless the file says how fine it may be."""
    if component.type != "number":
        return ""
    if component.increment is not None:
        return as_text(component.increment)
    if component.digits is None:
        return "any"
    return "1" if component.digits == 0 else f"0.{'0' * (component.digits - 1)}1"


def file_values(raw: Any, visit: Visit) -> dict[str, Any]:
    """The files that are there: their ids as the value, their names to show."""
    ids = [one for one in raw if isinstance(one, str)] if isinstance(raw, list) else []
    ids = [raw] if isinstance(raw, str) and not is_blank(raw) else ids
    found = [file for id in ids if (file := visit.choices.file(id)) is not None]
    return {
        "value": [file.id for file in found],
        "options": tuple(Offer(file.id, file.name, True) for file in found),
    }
