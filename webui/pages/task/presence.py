"""A page that says that it is there, and hears who else is, and whether the task has changed meanwhile."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.errors import Conflict
from engine.runtime import guards
from engine.runtime.desk import presence
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.transaction import writing, zhiban

from . import view

pages = Blueprint("presence", __name__, url_prefix="/tasks")


@pages.post("/<task_id>/seen")
@access("officer")
@writing()
def seen(connection: Connection, task_id: str) -> Any:
    """Note that the reader has the task open, or (`leave`) no more; who else has, and what has changed.

    `version` is the one the page was made from.
    """
    row, actor, now = view.readable(connection, task_id), the_actor(), zhiban().clock.now()
    if request.form.get("leave"):
        presence.leave(connection, actor, task_id)
        return {}
    if row.state == "open":
        presence.come(connection, actor, task_id, now)
    others = [one.name for one in presence.others(connection, actor, task_id, now)]
    return {
        "others": _("%(who)s 也打开了这件事项", who=_("、").join(others)) if others else "",
        "changed": _changed(connection, task_id, request.form.get("version", type=int)),
        "version": row.version,
    }


def _changed(connection: Connection, task_id: str, version: int | None) -> str:
    """Who did what to the task since the page was made; "" where nobody did anything."""
    try:
        guards.guard_unchanged(connection, task_id, version)
    except Conflict as error:
        return sentence(error)
    return ""
