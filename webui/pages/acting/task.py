"""The task behind an action's page: whether it may be read, its form, and where one goes afterwards."""

from typing import Any

from flask import url_for
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import NotFound
from engine.runtime import queries
from engine.runtime.queries import TaskRow
from webui import disclosure
from webui.access import the_actor
from webui.pages import filling
from webui.pages.task import place
from webui.transaction import zhiban


def readable(connection: Connection, task_id: str) -> TaskRow:
    """The task, if this person may read its case. To an enterprise an internal one does not exist."""
    row, actor = queries.task(connection, task_id), the_actor()
    disclosure.guard(connection, actor, queries.case(connection, row.case_id))
    if actor.kind == "enterprise" and row.internal:
        raise NotFound("runtime.no_task")
    return row


def form_of(connection: Connection, row: TaskRow) -> Any:
    """The form of the task, or None where it asks nothing."""
    return runtime.definition(zhiban(), connection, row.definition_id).forms.get(row.form_key)


def fields(connection: Connection, row: TaskRow, typed: dict[str, Any] | None, problems: Any) -> list[Any]:
    """The fields of the task's form, with what was typed, else what the case says."""
    names = ("number", "enterprise", "status", "title")
    case = {"id": row.case_id, **{name: getattr(row, name) for name in names}}
    variables = {**runtime.task_variables(connection, row.id), "case": case}
    return filling.drawn(connection, form_of(connection, row), variables, typed, problems)


def home(row: TaskRow) -> str:
    """Where one comes from: the task, beside its list if it was; the case of one that is over, and for an
    enterprise."""
    if the_actor().kind == "enterprise" or row.state != "open":
        return url_for("case.case", case_id=row.case_id)
    return place.back_to(row.id)
