"""Filters by name: keeping the list that one looks at, renaming, sharing and deleting it."""

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.errors import ZhibanError
from engine.runtime.desk import filters
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.transaction import writing, zhiban

from .asked import Asked

pages = Blueprint("saved", __name__)


def _sent() -> tuple[Asked, str, str]:
    """The list that the form stood on, the name and the group that were given."""
    form = request.form
    return Asked.read(form.get("list", "")[:2000]), form.get("name", ""), form.get("shared_with", "")[:80]


def _refused(connection: Connection, error: ZhibanError, filter_id: str = "") -> Any:
    flash(sentence(error), "warn")
    return redirect(_sent()[0].address(), 303)


@pages.post("/inbox/filters")
@access("officer")
@writing(again=_refused)
def save(connection: Connection) -> Any:
    """Keep the list's filter under a name, in place of what was kept under it before."""
    asked, name, group = _sent()
    now = zhiban().clock.now()
    filters.save(connection, the_actor(), name=name, query=asked.query(), now=now, shared_with=group)
    flash(_("已保存筛选“%(name)s”。", name=" ".join(name.split())), "ok")
    return redirect(asked.address(), 303)


@pages.post("/inbox/filters/<filter_id>")
@access("officer")
@writing(again=_refused)
def change(connection: Connection, filter_id: str) -> Any:
    """Rename a filter and choose with whom it is shared; or delete it."""
    asked, name, group = _sent()
    if request.form.get("act") == "delete":
        filters.delete(connection, the_actor(), filter_id)
        flash(_("已删除筛选。"), "ok")
    else:
        filters.rename(connection, the_actor(), filter_id, name)
        filters.share(connection, the_actor(), filter_id, group)
        flash(_("已保存筛选“%(name)s”。", name=" ".join(name.split())), "ok")
    return redirect(asked.address(), 303)
