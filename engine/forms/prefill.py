"""The values a form shows at first: the case's own, else the defaults of the file."""

from typing import Any

from engine.forms.model import MAX_ITEMS, Component, fields_of
from engine.forms.values import Rejected, clean
from engine.forms.visit import Visit


def prefill(components: tuple[Component, ...], visit: Visit) -> dict[str, Any]:
    """The values to show at first, of one scope: the server's own, else the file's defaults."""
    values: dict[str, Any] = {}
    for component, _ in fields_of(components):
        kept = visit.kept.get(component.key) if component.prefilled else None
        if component.is_section:
            value: Any = prefill(component.children, visit.inside(kept))
        elif component.type == "dynamiclist":
            value = _prefill_items(component, kept, visit)
        else:
            value = _prefill_one(component, kept, visit)
        values[component.key] = value
        visit.enter(component.key, value)
    return values


def _prefill_items(component: Component, kept: Any, visit: Visit) -> list[dict[str, Any]]:
    items = kept[:MAX_ITEMS] if isinstance(kept, list) else [None] * min(component.repetitions, MAX_ITEMS)
    return [prefill(component.children, visit.inside(item)) for item in items]


def _prefill_one(component: Component, kept: Any, visit: Visit) -> Any:
    """A value that is there is shown as it is, right or wrong; a default only when it is right."""
    if kept is not None:
        return kept
    try:
        return clean(component, visit.default(component), visit, required=False)
    except Rejected:
        return clean(component, None, visit, required=False)
