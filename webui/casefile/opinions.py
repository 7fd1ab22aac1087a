"""Every opinion given in a case: by whom, on whose behalf, at which step, with what outcome.

An opinion comes with an action (sent back, signed, rejected …), or stands in a form's field that the form
marks `opinion`; a field marked `outcome` beside it says what was decided.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from engine import forms
from engine.forms.model import Component, fields_of
from engine.runtime.queries import HistoryRow
from webui.disclosure import View


@dataclass(frozen=True)
class Opinion:
    """`outcome` is what was decided or done, in words; `behalf` whom it was given for, if for another."""

    at: datetime
    who: str
    behalf: str
    step: str
    outcome: str
    text: str


ACTED: Mapping[str, Callable[[], str]] = {
    "task.completed": lambda: _("办理"),
    "task.transferred": lambda: _("转办"),
    "task.delegated": lambda: _("委派"),
    "task.answered": lambda: _("答复委派"),
    "task.recalled": lambda: _("收回委派"),
    "task.urged": lambda: _("催办"),
    "task.copied": lambda: _("抄送"),
    "task.sent_back": lambda: _("退回"),
    "task.rejected": lambda: _("驳回"),
    "task.taken_back": lambda: _("撤回重办"),
    "signer.added": lambda: _("加签"),
    "signer.removed": lambda: _("减签"),
    "signer.decided": lambda: _("会签"),
    "case.withdrawn": lambda: _("撤回办件"),
    "case.terminated": lambda: _("终止"),
}
OUTCOMES: Mapping[str, Callable[[], str]] = {
    "agree": lambda: _("同意"),
    "disagree": lambda: _("不同意"),
}


def opinions(view: View, rows: Iterable[HistoryRow]) -> list[Opinion]:
    """The opinions among these events, oldest first."""
    found = []
    for row in rows:
        for outcome, text in _given(view, row):
            behalf = str(row.data.get("for_name") or "")
            step = str(row.data.get("name") or row.element_name)
            found.append(Opinion(row.at, row.actor_name, behalf, step, outcome, view.plain(text)))
    return found


def _given(view: View, row: HistoryRow) -> Iterable[tuple[str, str]]:
    """Pairs of outcome and text: of the action itself, and of the form's fields."""
    said = str(row.data.get("opinion") or "").strip()
    if row.kind in ACTED and said:
        yield said_outcome(row), said
    form = view.form_at(row.element) if row.kind == "task.completed" else None
    if form is not None:
        yield from _entered(form, row.data.get("values") or {})


def said_outcome(row: HistoryRow) -> str:
    """What was decided, else what was done, in words; a form's own word stays as it is."""
    outcome = str(row.data.get("outcome") or "")
    if outcome:
        return OUTCOMES[outcome]() if outcome in OUTCOMES else outcome
    return ACTED[row.kind]()


def _entered(form: forms.Form, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    fields = [component for component, _around in fields_of(form.components)]
    outcome = next((str(values[c.key]) for c in fields if _marked(c, "outcome") and values.get(c.key)), "")
    for component in fields:
        text = values.get(component.key)
        if _marked(component, "opinion") and isinstance(text, str) and text.strip():
            yield outcome, text.strip()


def _marked(component: Component, mark: str) -> bool:
    return str(component.properties.get(mark, "")).lower() == "true"
