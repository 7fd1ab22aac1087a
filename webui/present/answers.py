"""What somebody entered, as pairs of a question and its answer, in the words of its form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.forms import FieldView

from .moments import day, wall_clock

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
    long: bool = False  # a text of several lines

    @property
    def weighty(self) -> bool:
        """Whether it is what somebody says, rather than a fact of the record."""
        return self.long or bool(self.files)


def answers(views: Iterable[FieldView], sizes: Mapping[str, int] | None = None) -> list[Answer]:
    """The answered fields of a laid-out form. `sizes` are the files' bytes by id."""
    found: list[Answer] = []
    for view in views:
        if view.hidden or view.widget in SILENT:
            continue
        found += answers(view.children, sizes) if view.widget == "group" else _answer(view, sizes or {})
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
    return [Answer(view.label, text, long=view.widget == "textarea")] if text else []


def _text(view: FieldView) -> str:
    if view.widget == "checkbox":
        return _("是") if view.value is True else ""
    if view.widget in CHOOSING:
        return _("、").join(offer.label for offer in view.options if offer.selected)
    return _moment(view) if view.widget in ("date", "datetime-local") else str(view.value or "")


def _moment(view: FieldView) -> str:
    """A date, or a date and time of Asia/Shanghai, as people write it; else the text itself."""
    text = str(view.value or "")
    try:
        moment = datetime.fromisoformat(text.partition("@")[0])
    except ValueError:
        return text
    return day(moment.date()) if view.widget == "date" else wall_clock(moment)


def _joined(row: list[Answer]) -> str:
    if len(row) == 1:
        return row[0].text
    return "\n".join(_("%(label)s：%(text)s", label=a.label, text=a.text) for a in row if a.text)
