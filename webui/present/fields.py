"""Small questions that the field macros ask, which a template cannot answer well by itself."""

from collections.abc import Iterable

from engine.forms import FieldView, Offer

INPUTS = {
    "date": "date",
    "time": "time",
    "datetime-local": "datetime-local",
    "hidden": "hidden",
    "cn-phone": "tel",
}
SHORT = frozenset({"number", "date", "time", "datetime-local", "select", "uscc", "cn-phone", "cn-id"})


def input_type(view: FieldView) -> str:
    """The `type` of the input: numbers stay text, since a spinning wheel must not change an amount."""
    return INPUTS.get(view.widget) or INPUTS.get(view.type, "text")


def short(view: FieldView) -> bool:
    """Whether the answer is short by nature, so that a wide input would mislead."""
    return view.widget in SHORT or view.type in SHORT


def stacked(offers: Iterable[Offer]) -> bool:
    """Whether choices read better one below the other: many of them, or long ones."""
    listed = list(offers)
    return len(listed) > 7 or any(len(offer.label) > 14 for offer in listed)


def refreshes(views: Iterable[FieldView]) -> bool:
    """Whether any field changes what the others show."""
    return any(view.refreshes or refreshes(view.children) for view in views)


def narrow(view: FieldView) -> bool:
    """Whether the field shares its row (form-js has sixteen columns) or needs little room by nature."""
    return view.columns is not None and view.columns <= 8
