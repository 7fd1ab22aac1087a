"""One reader's view of one case: columns, tasks, history and files, as far as the reader may know them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy.engine import Connection

from engine import forms, identity, runtime
from engine.bpmn.model import Diagram
from engine.errors import NotFound
from engine.identity import Actor, absence
from engine.repository import Definition
from engine.runtime import queries
from engine.runtime.queries import CaseRow, HistoryRow, TaskRow
from webui.transaction import zhiban

from .contacts import Contact, kept_from
from .marks import due_moments, hidden_statuses, public_fields, texts_in
from .names import Names

OUTWARD_DATA = (
    "name",
    "due",
    "provisional",
    "from",
    "to",
    "status",
    "kind",
    "needs",
)  # values are judged apart
# Whose reasons an enterprise is told, since they end its matter. Other opinions are the house's own.
REASONED = frozenset({"task.rejected", "case.withdrawn", "case.terminated"})
# kinds of history an enterprise reads; of messages only those its own people sent
OUTWARD = frozenset(
    {"case.started", "task.opened", "task.completed", "task.cancelled", "status.changed", "case.ended"}
    | {"deadline.moved", "clock.stopped", "clock.resumed", "task.sent_back", "task.taken_back", *REASONED}
)


def guard(connection: Connection, actor: Actor, case: CaseRow) -> None:
    """Raise unless `actor` may read the case: NotAllowed for officers, NotFound for enterprises.

    To an enterprise another's case does not exist, so that numbers cannot be probed.
    """
    if actor.kind == "enterprise" and (not actor.enterprise or case.enterprise != actor.enterprise):
        raise NotFound("runtime.no_case")
    now = zhiban().clock.now()
    also = absence.principals(connection, actor.id, now, case.process) if actor.kind == "person" else ()
    queries.guard_case(connection, actor, case, also)


@dataclass(frozen=True)
class View:
    """One reader's view of one case that `guard` has opened."""

    engine: runtime.Engine
    connection: Connection
    actor: Actor
    row: CaseRow
    language: str = "zh"
    members: dict[str, list[identity.Member]] = field(default_factory=dict)  # of groups, once asked for
    _groups: dict[str, str] = field(default_factory=dict)
    _told: dict[int | None, list[HistoryRow]] = field(default_factory=dict)
    _recorded: dict[int | None, tuple[list[HistoryRow], int]] = field(default_factory=dict)

    @property
    def outward(self) -> bool:
        return self.actor.kind == "enterprise"

    @cached_property
    def diagram(self) -> Diagram:
        return self._definition.diagram

    @cached_property
    def _definition(self) -> Definition:
        return runtime.definition(self.engine, self.connection, self.row.definition_id)

    @cached_property
    def contact(self) -> Contact | None:
        """What is kept from the reader because the case is confidential; None where nothing is."""
        return kept_from(self.connection, self.actor, self.row, self._definition, self.language)

    def plain(self, text: str) -> str:
        """A text without the contact, where it is kept from the reader."""
        return text if self.contact is None else self.contact.text(text)

    @cached_property
    def _names(self) -> Names:
        return Names(self.connection, self.actor, self.language)

    def case(self) -> CaseRow:
        """The case as its reader may see it."""
        if not self.outward:
            return replace(self.row, title=self.plain(self.row.title), stops=self.plain(self.row.stops))
        due = due_moments(self.connection, [self.row.id]).get(self.row.id)
        status = self._status()
        return replace(
            self.row, status=status, due_at=due, started_by=self._names.id(self.row.started_by) or ""
        )

    def _status(self) -> str:
        """The status, or the last one before it that does not speak of an internal node."""
        hidden = hidden_statuses(self.diagram)
        if self.row.status not in hidden:
            return self.row.status
        said = queries.statuses(self.connection, self.row.id)
        return next((status for status in reversed(said) if status not in hidden), "")

    def tasks(self) -> list[TaskRow]:
        """The case's tasks, oldest first."""
        return self.shown(queries.tasks_of_case(self.connection, self.row.id))

    def shown(self, rows: Iterable[TaskRow]) -> list[TaskRow]:
        """Of these tasks those the reader may know of, as far as the reader may know them."""
        if not self.outward:
            return [self._discreet(row) for row in rows] if self.contact else list(rows)
        return [self._task(row) for row in rows if not row.internal or self._own(row)]

    def _discreet(self, row: TaskRow) -> TaskRow:
        """The task without the contact; the enterprise's people are called by their names too."""
        names = (self.plain(name) if name else name for name in (row.assignee_name, row.closed_by_name))
        assignee, closer = names
        return replace(row, title=self.plain(row.title), assignee_name=assignee, closed_by_name=closer)

    def _own(self, row: TaskRow) -> bool:
        return row.assignee == self.actor.id or not self.actor.groups.isdisjoint(row.candidates)

    def _task(self, row: TaskRow) -> TaskRow:
        names = self._names
        return replace(
            row,
            status=self._status(),
            assignee=names.id(row.assignee),
            assignee_name=names.of(row.assignee),
            closed_by=names.id(row.closed_by),
            closed_by_name=names.of(row.closed_by),
            candidates=tuple(c for c in row.candidates if c in self.actor.groups),
            form_key=row.form_key if self._own(row) else "",
        )

    def waits_for(self, row: TaskRow) -> list[str]:
        """For whom an open task waits, in words: to an enterprise, departments and offices."""
        if row.state != "open":
            return []
        if row.assignee:
            return [self._names.of(row.assignee) if self.outward else row.assignee_name or row.assignee]
        return list(dict.fromkeys(self.called(group) for group in row.candidates))

    def called(self, group: str) -> str:
        """A group, or an account, that a task waits for, in words."""
        if self.outward:
            return self._names.group(group)
        if group not in self._groups:
            named = identity.group_name(self.connection, group, self.language)
            self._groups[group] = named if named != group else identity.name_of(self.connection, group)
        return self._groups[group]

    def history(self) -> list[HistoryRow]:
        """What happened, in order. To an enterprise numbered anew: gaps would tell of what is hidden."""
        return self.told()[0]

    def told(self, most: int | None = None) -> tuple[list[HistoryRow], int]:
        """What happened; with `most`, how it began and the last events, and how many lie between."""
        rows, skipped = self.recorded(most)
        if most not in self._told:
            self._told[most] = self._known(rows)
        return self._told[most], skipped

    def recorded(self, most: int | None = None) -> tuple[list[HistoryRow], int]:
        """Like `told`, but as it was recorded: not to be shown, only to be counted by."""
        if most not in self._recorded:
            read = self.connection, self.row.id, self._elements
            found = (queries.history(*read), 0) if most is None else queries.lately(*read, most=most)
            self._recorded[most] = found
        return self._recorded[most]

    @property
    def _elements(self) -> dict[str, str]:
        return {element.id: element.label for element in self.diagram.elements.values()}

    def _known(self, rows: list[HistoryRow]) -> list[HistoryRow]:
        if self.outward:
            kept = [row for row in rows if self._tells(row)]
            return [self._event(number, row) for number, row in enumerate(kept, 1)]
        contact = self.contact
        if contact is None:
            return rows
        return [
            replace(row, actor_name=contact.text(row.actor_name), data=contact.data(row.data)) for row in rows
        ]

    def _tells(self, row: HistoryRow) -> bool:
        if row.kind == "message.received":
            return self._names.own(row.actor)
        hidden = row.kind == "status.changed" and row.data.get("to") in hidden_statuses(self.diagram)
        timer = row.kind == "deadline.moved" and row.data.get("kind") not in ("task", "phase")
        place = str(row.data.get("to", "")) if row.kind == "task.sent_back" else row.element
        place = "" if row.kind in REASONED else place
        return row.kind in OUTWARD and not hidden and not timer and self.visible(place)

    def visible(self, element: str) -> bool:
        """Whether the reader may know of this node."""
        found = self.diagram.elements.get(element)
        return not self.outward or found is None or found.properties.get("internal") != "true"

    def _event(self, number: int, row: HistoryRow) -> HistoryRow:
        element, element_name = (row.element, row.element_name) if self.visible(row.element) else ("", "")
        who, name = self._names.id(row.actor) or "", self._names.of(row.actor)
        data: dict[str, Any] = {key: row.data[key] for key in self._parts(row) if key in row.data}
        if "values" in row.data:
            data["values"] = self._values(row)
        return replace(
            row,
            seq=number,
            actor=who,
            actor_name=name,
            element=element,
            element_name=element_name,
            data=data,
        )

    def _parts(self, row: HistoryRow) -> tuple[str, ...]:
        """Of what an event says, what an enterprise reads: a reason where the matter is now its own."""
        if row.kind == "task.taken_back":
            return ("name",)
        if row.kind in REASONED:
            return ("name", "opinion") if self.visible(row.element) else ("opinion",)
        if row.kind != "task.sent_back":
            return OUTWARD_DATA
        target = self.diagram.elements.get(str(row.data.get("to", "")))
        own = target is not None and "enterprise@" in target.attributes.get("candidateGroups", "")
        return (*(("name",) if self.visible(row.element) else ()), "to_name", *(("opinion",) if own else ()))

    def form_at(self, element: str) -> forms.Form | None:
        """The form that is filled in at this node."""
        found = self.diagram.elements.get(element)
        return self._definition.forms.get(found.attributes.get("formKey", "")) if found else None

    def _values(self, row: HistoryRow) -> dict[str, Any]:
        """All of what the enterprise itself sent, and the fields marked public of what officers entered."""
        values: dict[str, Any] = row.data["values"]
        if row.kind in ("case.started", "message.received") or self._names.own(row.actor):
            return values
        form = self.form_at(row.element)
        allowed = public_fields(form) if form is not None else frozenset()
        return {key: value for key, value in values.items() if key in allowed}

    def may_download(self, file: forms.files.File) -> bool:
        """Whether a file of this case stands in something the reader may read."""
        if not self.outward or file.uploaded_by == self.actor.id:
            return True
        return file.id in self._mentioned

    @cached_property
    def _mentioned(self) -> set[str]:
        return set().union(*(texts_in(row.data.get("values")) for row in self.history()))

    def messages(self) -> frozenset[str]:
        """The messages that cases of this kind may wait for, as far as the reader may know of them."""
        waiting = (e for e in self.diagram.elements.values() if e.awaits)
        return frozenset(e.awaits for e in waiting if self.visible(e.id))


def outward_cases(
    engine: runtime.Engine,
    connection: Connection,
    actor: Actor,
    rows: Iterable[CaseRow],
    language: str = "zh",
) -> list[CaseRow]:
    """A list of cases as this reader may see them."""
    listed = list(rows)
    if actor.kind != "enterprise":
        return [
            View(engine, connection, actor, row, language).case() if row.confidential else row
            for row in listed
        ]
    due = due_moments(connection, [row.id for row in listed])
    views = (View(engine, connection, actor, row, language) for row in listed)
    return [
        replace(
            v.row,
            status=v._status(),
            due_at=due.get(v.row.id),
            started_by=v._names.id(v.row.started_by) or "",
        )
        for v in views
    ]
