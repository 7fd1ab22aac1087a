"""What a diagram and its forms mark: what is internal, what is public; and the dates that are neither."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import forms
from engine.bpmn.model import Diagram
from engine.forms.model import fields_of
from engine.runtime.tables import tasks


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
