"""What people write freely in a form, and which of its fields say who they are."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.forms.model import Component

FREE = ("textfield", "textarea")
WHO = ("cn-phone", "cn-id")  # types of field that always say who somebody is
CONTACT = ("contact", "contact_person", "phone")  # keys that do, besides what has the property `contact`


def personal(component: Component) -> bool:
    """Whether the field says who somebody is or how to reach them."""
    marked = str(component.properties.get("contact", "")).lower()
    if marked in ("true", "false"):
        return marked == "true"
    return component.type in WHO or component.key in CONTACT


def written(components: Iterable[Component], values: Mapping[str, Any]) -> Iterator[str]:
    """The texts that the free fields hold in `values`, those within groups and lists too."""
    yield from _held(components, values, lambda component: component.type in FREE)


def about_people(components: Iterable[Component], values: Mapping[str, Any]) -> Iterator[str]:
    """The texts that the personal fields hold in `values`."""
    yield from _held(components, values, personal)


def _held(components: Iterable[Component], values: Mapping[str, Any], wanted: Any) -> Iterator[str]:
    for component in components:
        inner = values.get(component.key) if component.key else values
        if component.type == "dynamiclist":
            for item in inner if isinstance(inner, list) else ():
                yield from _held(component.children, item if isinstance(item, Mapping) else {}, wanted)
        elif component.children:
            yield from _held(component.children, inner if isinstance(inner, Mapping) else {}, wanted)
        elif wanted(component) and isinstance(inner, str) and inner.strip():
            yield inner
