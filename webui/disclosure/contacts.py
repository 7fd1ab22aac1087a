"""保密: whose contact a confidential case keeps from whom, and taking it out of whatever is shown.

Who answers for the case needs the contact, and so do those who watch over it. A joint handler (a task that
the diagram marks `joint`), an added signer and whoever was sent a copy do without. What counts as contact
is marked on the form: the property `contact`, and of themselves phone and identity numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import runtime
from engine.bpmn import desk
from engine.bpmn.model import Diagram
from engine.forms.model import Component, fields_of
from engine.identity import Actor
from engine.identity.actors import SEE_ALL_CASES
from engine.identity.tables import accounts, enterprises
from engine.repository import Definition
from engine.runtime.queries import CaseRow
from engine.runtime.tables import case_departments, task_candidates, tasks

OF_THEMSELVES = frozenset({"cn-phone", "cn-id"})
HIDDEN = ("〔保密〕", "[confidential]")
SHORTEST = 2  # characters: a shorter text would be taken out of words it only happens to stand in


@dataclass(frozen=True)
class Contact:
    """What is to be hidden: fields by key, and what stood in them wherever else it was written."""

    keys: frozenset[str]
    texts: tuple[str, ...]
    word: str

    def text(self, said: str) -> str:
        """A text without the contact."""
        for one in self.texts:
            said = said.replace(one, self.word)
        return said

    def data(self, value: Any) -> Any:
        """A plain value without the fields of the contact, and without it in its texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.data(one) for key, one in value.items() if key not in self.keys}
        return [self.data(one) for one in value] if isinstance(value, list) else value


def kept_from(
    connection: Connection, actor: Actor, case: CaseRow, definition: Definition, language: str
) -> Contact | None:
    """What of this case is kept from this reader; None where nothing is."""
    if not case.confidential or may_know(connection, actor, case, definition.diagram):
        return None
    keys = fields(definition)
    found = _texts(runtime.variables(connection, case.id), keys) | _people(connection, case.enterprise)
    texts = sorted({text for text in found if len(text) >= SHORTEST}, key=lambda t: (-len(t), t))
    return Contact(keys, tuple(texts), HIDDEN[language.startswith("en")])


def fields(definition: Definition) -> frozenset[str]:
    """The keys of the fields that hold a contact, in any form of the process."""
    forms = definition.forms.values()
    return frozenset(c.key for form in forms for c, _ in fields_of(form.components) if _is_contact(c))


def _is_contact(component: Component) -> bool:
    said = str(component.properties.get("contact", "")).lower()
    return said == "true" or (component.type in OF_THEMSELVES and said != "false")


def may_know(connection: Connection, actor: Actor, case: CaseRow, diagram: Diagram) -> bool:
    """Whether a reader of a confidential case may know its contact."""
    if actor.kind != "person" or not actor.roles.isdisjoint(SEE_ALL_CASES):
        return True
    if actor.department and _in_charge(connection, case.id, actor.department):
        return True
    return any(not _joint(diagram, element) for element in _worked_at(connection, actor, case.id))


def _joint(diagram: Diagram, element: str) -> bool:
    found = diagram.elements.get(element)
    return found is not None and desk.joint(found)


def _in_charge(connection: Connection, case_id: str, department: str) -> bool:
    """Whether the department was ever the one in charge of the case."""
    own = sa.exists().where(
        case_departments.c.case_id == case_id, case_departments.c.department == department
    )
    return bool(connection.execute(sa.select(own)).scalar())


def _worked_at(connection: Connection, actor: Actor, case_id: str) -> Iterable[str]:
    """The nodes at which this person works, may work, or has worked.

    Signing for somebody is no such work, nor is what sending back took from others.
    """
    offered = sa.exists().where(
        task_candidates.c.task_id == tasks.c.id, task_candidates.c.name.in_([*actor.groups, actor.id])
    )
    mine = sa.or_(
        tasks.c.assignee == actor.id,
        sa.and_(tasks.c.closed_by == actor.id, tasks.c.state == "done"),
        sa.and_(tasks.c.state == "open", tasks.c.delegated_by == actor.id),
        sa.and_(tasks.c.assignee.is_(None), offered),
    )
    query = sa.select(tasks.c.element).where(tasks.c.case_id == case_id, tasks.c.parent.is_(None), mine)
    return connection.execute(query.distinct()).scalars()


def _people(connection: Connection, enterprise: str) -> set[str]:
    """The enterprise's own people, who sign what it submits, and the contact of its registration."""
    if not enterprise:
        return set()
    names = connection.execute(
        sa.select(accounts.c.name).where(accounts.c.enterprise == enterprise)
    ).scalars()
    registered = sa.select(enterprises.c.contact, enterprises.c.phone).where(enterprises.c.uscc == enterprise)
    return set(names).union(*(tuple(row) for row in connection.execute(registered)))


def _texts(value: Any, keys: frozenset[str], inside: bool = False) -> set[str]:
    """What stands in the fields of the contact, however deep in the variables."""
    if isinstance(value, str):
        return {value.strip()} if inside else set()
    if isinstance(value, Mapping):
        parts = (_texts(one, keys, inside or key in keys) for key, one in value.items())
    else:
        parts = (_texts(one, keys, inside) for one in value) if isinstance(value, list) else iter(())
    return set().union(*parts)
