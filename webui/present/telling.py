"""A case as one reader may know it: its course, what was entered at each step, its files.

What a reader may know is the rule of `webui.disclosure`; here it is only put into words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import forms, runtime
from engine.identity import Actor
from engine.runtime import queries
from webui import disclosure
from webui.edge.language import language
from webui.transaction import zhiban

from .answers import Answer, answers
from .timeline import TELL, Entry, timeline

WINDOW = 400  # events that are read of a longer course: some sixty steps, or ten rounds of the appeal
STEPS = ("case.started", "task.completed")
# what people say to a running case or of its tasks
REMARKS = frozenset(
    {
        "message.received",
        "task.transferred",
        "task.delegated",
        "task.urged",
        "task.sent_back",
        "clock.stopped",
    }
)
ANSWERED = (*STEPS, "message.received")  # what may have come with a form


@dataclass(frozen=True)
class Part:
    """One finished step with what was entered in it; `again` counts how often it was done by then."""

    title: str
    who: str
    at: datetime
    answers: list[Answer]
    again: int = 1
    opinion: str = ""
    remark: bool = False  # said to the running case; no step of it


class Telling:
    """One case, told to one reader within one transaction: how it began and its last events, or all of it."""

    def __init__(
        self, connection: Connection, case: queries.CaseRow, reader: Actor, *, whole: bool = False
    ) -> None:
        self._connection, self._case = connection, case
        self.view = disclosure.View(zhiban(), connection, reader, case, language())
        self.window = None if whole else WINDOW
        self._choices = runtime.RowChoices(connection)

    def story(self, most: int = 30) -> list[Part]:
        """What was submitted, then the last steps, oldest first: what one reads before acting."""
        counted = Counter(self._before)
        kept = []
        for row in self.rows:
            if row.kind in STEPS:
                counted[row.element] += 1
            if row.kind in STEPS or row.kind in REMARKS:
                kept.append((row, counted[row.element] if row.kind in STEPS else 1))
        kept = kept[:1] + kept[1:][-most:]
        return [self._part(row, n) for row, n in kept]

    def remark(self, task: queries.TaskRow) -> Part | None:
        """The last that somebody else said to the case since this task is open: a message to it, or why its
        clock stands still. What was said of the task itself is `casefile.handed`."""
        for row in reversed(self.rows):
            stopped = row.kind == "clock.stopped" and task.stop is not None
            said = row.kind == "message.received" and row.at >= task.opened_at
            if (stopped or said) and row.actor != self.view.actor.id:
                return self._part(row, 1)
        return None

    def _part(self, row: queries.HistoryRow, again: int) -> Part:
        remark = row.kind in REMARKS
        title = TELL[row.kind](row)[0] if remark else self._title(row)
        said = str(row.data.get("opinion") or "")
        return Part(title, row.actor_name, row.at, self._answers(row), again, said, remark)

    def timeline(
        self, open_tasks: Iterable[queries.TaskRow], most: int | None = None
    ) -> tuple[list[Entry], int]:
        """The course, oldest first, with what is waiting at the end; and how many entries are left out."""
        waiting = self.view.shown(open_tasks)
        return timeline(self.rows, waiting, self._answers, self._holder, most, before=self._before)

    @property
    def rows(self) -> list[queries.HistoryRow]:
        """The events that are told of."""
        return self.view.told(self.window)[0]

    @property
    def skipped(self) -> int:
        """How many events between the first and the others were not even read."""
        return self.view.told(self.window)[1]

    @cached_property
    def _before(self) -> Mapping[str, int]:
        """How often each step was done in the part that was not read."""
        if not self.skipped:
            return {}
        read = Counter(row.element for row in self.rows if row.kind == "task.completed")
        done = queries.finished(self._connection, self._case.id)
        return {element: number - read[element] for element, number in done.items()}

    @cached_property
    def _sizes(self) -> dict[str, int]:
        return {file.id: file.size for file in forms.files.of_case(self._connection, self._case.id)}

    def _title(self, row: queries.HistoryRow) -> str:
        return _("提交的内容") if row.kind == "case.started" else row.element_name

    def _holder(self, task: queries.TaskRow) -> str:
        names = _("、").join(self.view.waits_for(task))
        if not names and not self.view.outward:
            return _("无人可办")
        if task.assignee or self.view.outward:
            return names
        return _("待认领（%(groups)s）", groups=names)

    def _answers(self, row: queries.HistoryRow) -> list[Answer]:
        values = row.data.get("values")
        return self._entered(self._form(row), values) if isinstance(values, dict) else []

    def approved(self, element: str, values: Mapping[str, Any]) -> list[Answer]:
        """What the form of this node was filled in with, before it counts."""
        contact = self.view.contact
        return self._entered(self.view.form_at(element), contact.data(values) if contact else values)

    def _entered(self, form: forms.Form | None, values: Mapping[str, Any]) -> list[Answer]:
        if form is None:
            return []
        found = answers(form.layout(values, {}, self._choices, language()), self._sizes)
        return [self._plain(answer) for answer in found]

    def _plain(self, answer: Answer) -> Answer:
        """Files are called by names of their own, which nothing recorded has been taken out of."""
        if self.view.contact is None:
            return answer
        files = tuple(replace(file, name=self.view.plain(file.name)) for file in answer.files)
        return replace(answer, text=self.view.plain(answer.text), files=files)

    def _form(self, row: queries.HistoryRow) -> forms.Form | None:
        if row.kind not in ANSWERED:
            return None
        begin = self.view.diagram.start()
        return self.view.form_at(begin.id if row.kind == "case.started" and begin else row.element)
