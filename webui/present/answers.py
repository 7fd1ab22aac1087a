"""What somebody entered, as pairs of a question and its answer, in the words of its form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from engine.forms import Component, FieldView, Form

SILENT = frozenset({"text-block", "separator", "spacer", "hidden"})
CHOOSING = frozenset({"radio", "select", "multiselect", "checkboxes", "tags"})


@dataclass(frozen=True)
class Attachment:
    """A file that can be downloaded; `size` in bytes, 0 where it is not known."""

    id: str
    name: str
    size: int = 0


@dataclass(frozen=True)
class Answer:
    label: str
    text: str
    files: tuple[Attachment, ...] = ()


def public_keys(form: Form) -> frozenset[str]:
    """The fields whose answers an enterprise may read: those with the property `public` in the form file."""
    return frozenset(_public(form.components))


def _public(components: Iterable[Component]) -> Iterable[str]:
    for component in components:
        if str(component.properties.get("public", "")).lower() == "true" and component.key:
            yield component.key
        elif component.type == "group":
            yield from _public(component.children)


def answers(
    views: Iterable[FieldView], sizes: Mapping[str, int] | None = None, only: frozenset[str] | None = None
) -> list[Answer]:
    """The answered fields of a laid-out form; with `only`, those of these keys. `sizes` in bytes."""
    found: list[Answer] = []
    for view in views:
        if view.hidden or view.widget in SILENT:
            continue
        if view.widget == "group" and (only is None or view.key not in only):
            found += answers(view.children, sizes, only)
        elif view.widget == "group":
            found += answers(view.children, sizes)
        elif only is None or view.key in only:
            found += _answer(view, sizes or {})
    return found


def _answer(view: FieldView, sizes: Mapping[str, int]) -> list[Answer]:
    if view.widget in ("list", "materials"):
        rows = [(row.label, answers(row.children, sizes)) for row in view.children]
        numbered = ((label or f"{view.label} {n}", row) for n, (label, row) in enumerate(rows, 1) if row)
        return [
            Answer(label, _joined(row), tuple(f for a in row for f in a.files)) for label, row in numbered
        ]
    if view.widget == "file":
        files = tuple(Attachment(o.value, o.label, sizes.get(o.value, 0)) for o in view.options)
        return [Answer(view.label, "", files)] if files else []
    text = _text(view)
    return [Answer(view.label, text)] if text else []


def _text(view: FieldView) -> str:
    if view.widget == "checkbox":
        return _("是") if view.value is True else ""
    if view.widget in CHOOSING:
        return _("、").join(offer.label for offer in view.options if offer.selected)
    return str(view.value).replace("T", " ") if view.widget == "datetime-local" else str(view.value or "")


def _joined(row: list[Answer]) -> str:
    if len(row) == 1:
        return row[0].text
    return "\n".join(_("%(label)s：%(text)s", label=a.label, text=a.text) for a in row if a.text)
