"""The files of a case: who added each, when and at which step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine import forms, identity
from engine.runtime.queries import HistoryRow
from webui.disclosure import Names, View, texts_in


@dataclass(frozen=True)
class Paper:
    """A file that can be downloaded; `size` in bytes. `step` is empty where it is not among the events."""

    id: str
    name: str
    size: int
    who: str
    at: datetime
    step: str


def papers(view: View, rows: Iterable[HistoryRow]) -> list[Paper]:
    """The case's files that this reader may have, oldest first."""
    known = [file for file in forms.files.of_case(view.connection, view.row.id) if view.may_download(file)]
    steps = _steps(rows) if known else {}
    names = Names(view.connection, view.actor, view.language)
    who = names.of if view.outward else lambda account: identity.name_of(view.connection, account)
    return [
        Paper(
            file.id,
            view.plain(file.name),
            file.size,
            view.plain(who(file.uploaded_by)),
            file.uploaded_at,
            steps.get(file.id, ""),
        )
        for file in known
    ]


def _steps(rows: Iterable[HistoryRow]) -> dict[str, str]:
    """By file, the step in which it was first handed in."""
    found: dict[str, str] = {}
    for row in rows:
        step = _("提交的内容") if row.kind == "case.started" else row.element_name
        for text in texts_in(row.data.get("values")):
            found.setdefault(text, step)
    return found
