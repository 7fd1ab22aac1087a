"""What a browser or a program sent, as nested raw values by key. Judges nothing.

A web form spells a nested field `section.key`, `list[0].key`, `list[0].section.key`; what it sends
beside the form's own fields (tokens, buttons) is left out. JSON is taken as it came, so that a
misspelt name is noticed.
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from engine.forms.model import MAX_ITEMS, Component, fields_of
from engine.forms.values import is_blank

_INDEX = re.compile(r"\[([0-9]{1,6})\]\.")


class Sent(Protocol):
    """A web form: names with one or more texts each. Werkzeug's MultiDict is one."""

    def getlist(self, name: str) -> list[Any]: ...
    def __iter__(self) -> Any: ...


class _Plain:
    """A dictionary of texts, or lists of them, read as a web form."""

    def __init__(self, data: Mapping[Any, Any]) -> None:
        self._data = data

    def getlist(self, name: str) -> list[Any]:
        value = self._data.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    def __iter__(self) -> Any:
        return iter(self._data)


def read(components: tuple[Component, ...], data: Any, web: bool | None = None) -> Any:
    """The raw values in `data`, nested as the form is. JSON (and anything else) comes back as it is."""
    if web is None:
        web = hasattr(data, "getlist") or (isinstance(data, Mapping) and _has_paths(data))
    if not web:
        return data
    if hasattr(data, "getlist"):
        return _read(components, data, "")
    return _read(components, _Plain(data if isinstance(data, Mapping) else {}), "")


def _has_paths(data: Mapping[Any, Any]) -> bool:
    return any(isinstance(name, str) and ("." in name or "[" in name) for name in data)


def _read(components: tuple[Component, ...], sent: Sent, prefix: str) -> dict[str, Any]:
    entered: dict[str, Any] = {}
    for component, _ in fields_of(components):
        name = prefix + component.key
        if component.is_section:
            entered[component.key] = _read(component.children, sent, f"{name}.")
        elif component.type == "dynamiclist":
            entered[component.key] = _items(component, sent, name)
        elif component.type == "materials":
            entered[component.key] = [_material(sent, f"{name}[{i}]") for i in _indexes(sent, name)]
        elif component.several:
            entered[component.key] = [one for one in sent.getlist(name) if one != ""]
        else:
            values = sent.getlist(name)
            entered[component.key] = values[-1] if values else None
    return entered


def _items(component: Component, sent: Sent, name: str) -> list[dict[str, Any]]:
    """The items in their order. Where the reader may add some, one left wholly blank is not meant."""
    indexes = _indexes(sent, name)
    if component.fixed:
        indexes = list(range(indexes[-1] + 1)) if indexes and indexes[-1] <= MAX_ITEMS else indexes
    items = [_read(component.children, sent, f"{name}[{index}].") for index in indexes]
    return items if component.fixed else [item for item in items if not _untouched(item)]


def _untouched(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_untouched(one) for one in value.values())
    if isinstance(value, list):
        return all(_untouched(one) for one in value)
    return is_blank(value)


def _material(sent: Sent, name: str) -> dict[str, Any]:
    codes, states = sent.getlist(f"{name}.code"), sent.getlist(f"{name}.state")
    files = [one for one in sent.getlist(f"{name}.files") if one != ""]
    return {"code": codes[-1] if codes else None, "state": states[-1] if states else None, "files": files}


def _indexes(sent: Sent, name: str) -> list[int]:
    """The indexes that occur behind `name`, ascending; one more than allowed is enough to refuse."""
    found: set[int] = set()
    for one in sent:
        match = _INDEX.match(one, len(name)) if isinstance(one, str) and one.startswith(name) else None
        if match is not None:
            found.add(int(match[1]))
    return sorted(found)[: MAX_ITEMS + 1]
