"""A case as one reader may know it: its course, what was entered at each step, its files.

An officer reads everything. An enterprise reads what it entered itself, the fields that a form marks
as `public`, and the course without the nodes marked as `internal`, without the names of officers.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import forms, identity, runtime
from engine.bpmn.model import Diagram
from engine.identity import Actor
from engine.runtime import queries
from webui.edge.language import language
from webui.transaction import zhiban

from .answers import Answer, Attachment, answers, public_keys
from .people import group_names
from .timeline import Entry, outline, timeline

Row = queries.HistoryRow


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
        self._connection, self._case, self._reader = connection, case, reader
        self._definition = runtime.definition(zhiban(), connection, case.definition_id)
        self._choices = runtime.RowChoices(connection)

    @cached_property
    def history(self) -> list[Row]:
        names = {element.id: element.label for element in self._diagram.elements.values()}
        return queries.history(self._connection, self._case.id, names)

    def story(self, most: int = 30) -> list[Part]:
        """What was submitted, then the last steps, oldest first: what one reads before acting."""
        rows = [row for row in self.history if row.kind in ("case.started", "task.completed")]
        if self._outward:
            rows = [row for row in rows if row.element not in self._internal]
        counted: Counter[str] = Counter()
        again = []
        for row in rows:
            counted[row.element] += 1
            again.append(counted[row.element])
        kept = list(zip(rows, again, strict=True))
        kept = kept[:1] + kept[1:][-most:]
        return [Part(self._title(row), self._who(row), row.at, self._answers(row), n) for row, n in kept]

    def timeline(self, open_tasks: Iterable[queries.TaskRow]) -> list[Entry]:
        """The course as an officer reads it, or as the enterprise does."""
        waiting = list(open_tasks)
        if self._outward:
            return outline(self.history, waiting, self._internal, self._answers, self._who)
        return timeline(self.history, waiting, self._answers, self._holder)

    def attachments(self) -> list[Attachment]:
        """The case's files that this reader may have."""
        if not self._outward:
            return [Attachment(file.id, file.name, file.size) for file in self._files]
        told = (self._answers(row) for row in self.history if row.kind in ("case.started", "task.completed"))
        found = {file.id: file for step in told for answer in step for file in answer.files}
        return list(found.values())

    @property
    def _diagram(self) -> Diagram:
        return self._definition.diagram

    @property
    def _outward(self) -> bool:
        return self._reader.kind == "enterprise"

    @cached_property
    def _internal(self) -> frozenset[str]:
        elements = self._diagram.elements.values()
        return frozenset(e.id for e in elements if e.properties.get("internal") == "true")

    @cached_property
    def _files(self) -> list[forms.files.File]:
        return forms.files.of_case(self._connection, self._case.id)

    @cached_property
    def _own(self) -> frozenset[str]:
        """The accounts of the case's enterprise among those who acted."""
        ids = sorted({row.actor for row in self.history})
        found = identity.list_accounts(self._connection, ids)
        return frozenset(a.id for a in found if a.enterprise and a.enterprise == self._case.enterprise)

    @cached_property
    def _lanes(self) -> dict[str, str]:
        return {element: lane.name for lane in self._diagram.lanes for element in lane.elements}

    def _title(self, row: Row) -> str:
        return _("提交") if row.kind == "case.started" else row.element_name

    def _who(self, row: Row) -> str:
        """Who did it, by name; the enterprise reads only its own people's names, and else the lane."""
        if not self._outward or row.actor in self._own:
            return row.actor_name
        return self._lane(row.element)

    def _lane(self, element: str) -> str:
        """The lane an element stands in, or the sub-process around it."""
        while element in self._diagram.elements:
            if element in self._lanes:
                return self._lanes[element]
            element = self._diagram.elements[element].scope
        return ""

    def _holder(self, task: queries.TaskRow) -> str:
        return task.assignee_name or _("待认领（%(groups)s）", groups=group_names(task.candidates))

    def _answers(self, row: Row) -> list[Answer]:
        form = self._form(row)
        values = row.data.get("values")
        if form is None or not isinstance(values, dict):
            return []
        everything = not self._outward or row.kind == "case.started" or row.actor in self._own
        views = form.layout(values, {}, self._choices, language())
        sizes = {file.id: file.size for file in self._files}
        return answers(views, sizes, None if everything else public_keys(form))

    def _form(self, row: Row) -> forms.Form | None:
        if row.kind == "case.started":
            element: Any = self._diagram.start()
        elif row.kind == "task.completed":
            element = self._diagram.elements.get(row.element)
        else:
            return None
        return self._definition.forms.get(element.attributes.get("formKey", "")) if element else None
