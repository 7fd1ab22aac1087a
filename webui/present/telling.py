"""A case as one reader may know it: its course, what was entered at each step, its files.

What a reader may know is the rule of `webui.disclosure`; here it is only put into words.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import forms, runtime
from engine.identity import Actor
from engine.runtime import queries
from webui import disclosure
from webui.edge.language import language
from webui.transaction import zhiban

from .answers import Answer, Attachment, answers
from .timeline import Entry, timeline

STEPS = ("case.started", "task.completed")


@dataclass(frozen=True)
class Part:
    """One finished step with what was entered in it; `again` counts how often it was done by then."""

    title: str
    who: str
    at: datetime
    answers: list[Answer]
    again: int = 1


class Telling:
    """One case, told to one reader within one transaction."""

    def __init__(self, connection: Connection, case: queries.CaseRow, reader: Actor) -> None:
        self._connection, self._case = connection, case
        self.view = disclosure.View(zhiban(), connection, reader, case, language())
        self._definition = runtime.definition(zhiban(), connection, case.definition_id)
        self._choices = runtime.RowChoices(connection)

    def story(self, most: int = 30) -> list[Part]:
        """What was submitted, then the last steps, oldest first: what one reads before acting."""
        counted: Counter[str] = Counter()
        kept = []
        for row in self._history:
            if row.kind in STEPS:
                counted[row.element] += 1
                kept.append((row, counted[row.element]))
        kept = kept[:1] + kept[1:][-most:]
        return [Part(self._title(row), row.actor_name, row.at, self._answers(row), n) for row, n in kept]

    def timeline(
        self, open_tasks: Iterable[queries.TaskRow], most: int | None = None
    ) -> tuple[list[Entry], int]:
        """The course, oldest first, with what is waiting at the end; and how many entries were left out."""
        waiting = self.view.shown(open_tasks)
        return timeline(self._history, waiting, self._answers, self._holder, most)

    def attachments(self) -> list[Attachment]:
        """The case's files that this reader may have."""
        may = self.view.may_download
        return [Attachment(file.id, file.name, file.size) for file in self._files if may(file)]

    @cached_property
    def _history(self) -> list[queries.HistoryRow]:
        return self.view.history()

    @cached_property
    def _files(self) -> list[forms.files.File]:
        return forms.files.of_case(self._connection, self._case.id)

    def _title(self, row: queries.HistoryRow) -> str:
        return _("提交的内容") if row.kind == "case.started" else row.element_name

    def _holder(self, task: queries.TaskRow) -> str:
        names = _("、").join(self.view.waits_for(task))
        if task.assignee or self.view.outward or not names:
            return names
        return _("待认领（%(groups)s）", groups=names)

    def _answers(self, row: queries.HistoryRow) -> list[Answer]:
        form, values = self._form(row), row.data.get("values")
        if form is None or not isinstance(values, dict):
            return []
        sizes = {file.id: file.size for file in self._files}
        return answers(form.layout(values, {}, self._choices, language()), sizes)

    def _form(self, row: queries.HistoryRow) -> forms.Form | None:
        diagram = self._definition.diagram
        element = diagram.start() if row.kind == "case.started" else diagram.elements.get(row.element)
        if row.kind not in STEPS or element is None:
            return None
        return self._definition.forms.get(element.attributes.get("formKey", ""))
