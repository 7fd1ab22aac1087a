"""Keeping what is typed into a task's form without submitting it: by itself, or by a button."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.clock import local
from engine.errors import ZhibanError
from engine.runtime.desk import drafts, leaving
from webui.access import access, principals, the_actor
from webui.edge.failures import sentence
from webui.pages import filling
from webui.transaction import writing, zhiban

from . import place, view

pages = Blueprint("drafts", __name__, url_prefix="/tasks")


def _by_script() -> bool:
    """Whether the page saves by itself and wants an answer for it instead of another page."""
    return request.headers.get("X-Requested-With") == "fetch"


def _refused(connection: Connection, error: ZhibanError, task_id: str) -> Any:
    if _by_script():
        return {"error": sentence(error)}, error.status
    flash(sentence(error), "warn")
    return redirect(place.back_to(task_id), 303)


@pages.post("/<task_id>/draft")
@access("officer", "enterprise")
@writing(again=_refused)
def save(connection: Connection, task_id: str) -> Any:
    """Keep what was typed so far, unchecked. Uploads are kept with it."""
    row, now = view.readable(connection, task_id), zhiban().clock.now()
    if request.form.get("act") == "discard":
        leaving.discard(connection, the_actor().id, task_id)
        flash(_("已丢弃草稿。"), "ok")
        return redirect(place.back_to(task_id), 303)
    values, _wrong = filling.receive(connection, view.form_of(connection, row))
    also, seen = principals(connection, row.process), request.form.get("_version", type=int)
    drafts.save(connection, the_actor(), task_id, values, now, also, seen)
    if _by_script():
        return {"saved": _("草稿保存于 %(at)s", at=f"{local(now):%H:%M}")}
    flash(_("已保存草稿，可以稍后继续。"), "ok")
    return redirect(place.back_to(task_id), 303)
