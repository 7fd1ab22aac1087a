"""What an enterprise may see of a case: the one rule that pages and API share.

An officer who may read a case reads all of it. An enterprise reads its own cases only, and of them: the
nodes that the diagram does not mark `internal`; departments and offices instead of officers' names; what
its own people entered, and of what officers entered the fields that their form marks `public`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import forms, identity, runtime
from engine.bpmn.model import Diagram
from engine.errors import NotFound
from engine.forms.model import fields_of
from engine.identity import ROLES, SYSTEM, Actor
from engine.identity.tables import account_roles, accounts, departments
from engine.repository import Definition
from engine.runtime import queries
from engine.runtime.queries import CaseRow, HistoryRow, TaskRow
from engine.runtime.tables import tasks

OFFICER = ("工作人员", "Officer")
SYSTEM_NAME = (SYSTEM.name, "System")
OUTWARD_DATA = ("name", "due", "provisional", "to", "status")  # besides values, which are judged one by one
# kinds of history an enterprise reads; of messages only those its own people sent
OUTWARD = frozenset(
    {"case.started", "task.opened", "task.completed", "task.cancelled", "status.changed", "case.ended"}
)


def guard(connection: Connection, actor: Actor, case: CaseRow) -> None:
    """Raise unless `actor` may read the case: NotAllowed for officers, NotFound for enterprises.

    To an enterprise another's case does not exist, so that numbers cannot be probed.
    """
    if actor.kind == "enterprise" and (not actor.enterprise or case.enterprise != actor.enterprise):
        raise NotFound("runtime.no_case")
    queries.guard_case(connection, actor, case)


@dataclass(frozen=True)
class View:
    """One reader's view of one case that `guard` has opened."""

    engine: runtime.Engine
    connection: Connection
    actor: Actor
    row: CaseRow
    language: str = "zh"
    _groups: dict[str, str] = field(default_factory=dict)

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
    def _names(self) -> "Names":
        return Names(self.connection, self.actor, self.language)

    def case(self) -> CaseRow:
        """The case as its reader may see it."""
        if not self.outward:
            return self.row
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
        said = [
            r.data["to"] for r in queries.history(self.connection, self.row.id) if r.kind == "status.changed"
        ]
        return next((status for status in reversed(said) if status not in hidden), "")

    def tasks(self) -> list[TaskRow]:
        """The case's tasks, oldest first."""
        return self.shown(queries.tasks_of_case(self.connection, self.row.id))

    def shown(self, rows: Iterable[TaskRow]) -> list[TaskRow]:
        """Of these tasks those the reader may know of, as far as the reader may know them."""
        if not self.outward:
            return list(rows)
        return [self._task(row) for row in rows if not row.internal or self._own(row)]

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
        name = self._names.group if self.outward else self._group
        return list(dict.fromkeys(name(group) for group in row.candidates))

    def _group(self, group: str) -> str:
        if group not in self._groups:
            named = identity.group_name(self.connection, group, self.language)
            self._groups[group] = named if named != group else identity.name_of(self.connection, group)
        return self._groups[group]

    def history(self) -> list[HistoryRow]:
        """What happened, in order. To an enterprise numbered anew: gaps would tell of what is hidden."""
        elements = {element.id: element.label for element in self.diagram.elements.values()}
        rows = queries.history(self.connection, self.row.id, elements)
        if not self.outward:
            return rows
        kept = [row for row in rows if self._tells(row)]
        return [self._event(number, row) for number, row in enumerate(kept, 1)]

    def _tells(self, row: HistoryRow) -> bool:
        if row.kind == "message.received":
            return self._names.own(row.actor)
        if row.kind == "status.changed" and row.data.get("to") in hidden_statuses(self.diagram):
            return False
        return row.kind in OUTWARD and self.visible(row.element)

    def visible(self, element: str) -> bool:
        """Whether the reader may know of this node."""
        found = self.diagram.elements.get(element)
        return not self.outward or found is None or found.properties.get("internal") != "true"

    def _event(self, number: int, row: HistoryRow) -> HistoryRow:
        who, name = self._names.id(row.actor) or "", self._names.of(row.actor)
        data: dict[str, Any] = {key: row.data[key] for key in OUTWARD_DATA if key in row.data}
        if "values" in row.data:
            data["values"] = self._values(row)
        return replace(row, seq=number, actor=who, actor_name=name, data=data)

    def _values(self, row: HistoryRow) -> dict[str, Any]:
        """All of what the enterprise itself sent, and the fields marked public of what officers entered."""
        values: dict[str, Any] = row.data["values"]
        if row.kind in ("case.started", "message.received") or self._names.own(row.actor):
            return values
        element = self.diagram.elements.get(row.element)
        form = self._definition.forms.get(element.attributes.get("formKey", "")) if element else None
        allowed = public_fields(form) if form is not None else frozenset()
        return {key: value for key, value in values.items() if key in allowed}

    def may_download(self, file: forms.files.File) -> bool:
        """Whether a file of this case stands in something the reader may read."""
        if not self.outward or file.uploaded_by == self.actor.id:
            return True
        return any(file.id in texts_in(row.data.get("values")) for row in self.history())

    def messages(self) -> dict[str, frozenset[str]]:
        """The messages the reader may send to the case, each with the variables it may bring."""
        found: dict[str, frozenset[str]] = {}
        for element in self.diagram.elements.values():
            event = element.event
            if event is None or event.kind != "message" or element.kind in ("endEvent", "sendTask"):
                continue
            if self.visible(element.id):
                brought = {n.strip() for n in element.properties.get("variables", "").split(",")} - {""}
                found[event.name] = found.get(event.name, frozenset()) | brought
        return found


class Names:
    """Who somebody is to one enterprise: its own people by name, officers by their department or office."""

    def __init__(self, connection: Connection, reader: Actor, language: str = "zh") -> None:
        self._connection, self._reader = connection, reader
        self._word = 1 if language.startswith("en") else 0
        self._known: dict[str, tuple[bool, str]] = {SYSTEM.id: (False, SYSTEM_NAME[self._word])}

    def own(self, account: str | None) -> bool:
        """Whether the account belongs to the reader's own enterprise."""
        return bool(account) and self._look(str(account))[0]

    def id(self, account: str | None) -> str | None:
        """The account's id where it is the enterprise's own."""
        return account if self.own(account) else None

    def of(self, account: str | None) -> str:
        return self._look(account)[1] if account else ""

    def group(self, group: str) -> str:
        """A group, or an account, a task waits for."""
        role, _, place = group.partition("@")
        if role not in ROLES:
            return self.of(group)
        if place and role != "enterprise":
            return self._department(place)
        return identity.group_name(self._connection, group, "en" if self._word else "zh")

    def _look(self, account: str) -> tuple[bool, str]:
        if account not in self._known:
            self._known[account] = self._read(account)
        return self._known[account]

    def _read(self, account: str) -> tuple[bool, str]:
        row = self._connection.execute(sa.select(accounts).where(accounts.c.id == account)).first()
        if row is None:
            return False, OFFICER[self._word]
        if row.enterprise is not None and row.enterprise == self._reader.enterprise:
            return True, row.name
        if row.department is not None:
            return False, self._department(row.department)
        query = sa.select(account_roles.c.role).where(account_roles.c.account_id == account)
        roles = set(self._connection.execute(query).scalars())
        words = next((names for role, names in ROLES.items() if role in roles), OFFICER)
        return False, words[self._word]

    def _department(self, code: str) -> str:
        query = sa.select(departments.c.name).where(departments.c.code == code)
        return str(self._connection.execute(query).scalar() or OFFICER[self._word])


def public_fields(form: forms.Form) -> frozenset[str]:
    """The fields of a form that an enterprise may read when an officer filled them in: property `public`."""
    marked = (
        c.key for c, _ in fields_of(form.components) if str(c.properties.get("public")).lower() == "true"
    )
    return frozenset(marked)


def hidden_statuses(diagram: Diagram) -> frozenset[str]:
    """The statuses that only internal nodes give."""
    given: dict[bool, set[str]] = {True: set(), False: set()}
    for element in diagram.elements.values():
        given[element.properties.get("internal") == "true"].add(element.properties.get("status", ""))
    return frozenset(given[True] - given[False])


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
        return listed
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


def due_moments(connection: Connection, case_ids: list[str]) -> Mapping[str, datetime]:
    """The nearest deadline of each case among its open tasks that are not internal."""
    query = (
        sa.select(tasks.c.case_id, sa.type_coerce(sa.func.min(tasks.c.due_at), tasks.c.due_at.type))
        .where(tasks.c.case_id.in_(case_ids), tasks.c.state == "open", sa.not_(tasks.c.internal))
        .where(tasks.c.due_at.is_not(None))
        .group_by(tasks.c.case_id)
    )
    return {case_id: due for case_id, due in connection.execute(query)}


def texts_in(value: Any) -> set[str]:
    """Every text within a plain value."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return set().union(*(texts_in(one) for one in inner))
