"""How one likes the inbox: columns and their order, rows a page, single keys, the task beside the list."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.runtime.desk.preferences import prefer, preferred
from webui.access import access, the_actor
from webui.present import show
from webui.transaction import reading, writing

from .liking import ALWAYS, DEFAULT, KNOWN, SIZES, columns, liking

pages = Blueprint("inbox_settings", __name__)


@pages.get("/inbox/settings")
@access("officer")
@reading
def settings(connection: Connection) -> Any:
    likes = liking(preferred(connection, the_actor()))
    lists = {kind: _in_order(getattr(likes, kind), KNOWN[kind]) for kind in KNOWN}
    return show(connection, "inbox_settings.html", likes=likes, lists=lists, sizes=SIZES, always=ALWAYS)


@pages.post("/inbox/settings")
@access("officer")
@writing()
def save(connection: Connection) -> Any:
    """Keep what was chosen; a button beside a column moves it one place and stays on the page."""
    actor, form = the_actor(), request.form
    if form.get("act") == "defaults":
        for kind, names in DEFAULT.items():
            prefer(connection, actor, f"inbox.columns.{kind}", list(names))
        return redirect(url_for("inbox_settings.settings"), 303)
    for kind in KNOWN:
        wanted = _moved(form.getlist(kind), form.get("move", ""), kind)
        prefer(connection, actor, f"inbox.columns.{kind}", list(columns(kind, wanted)))
    size = form.get("size", type=int)
    if size in SIZES:
        prefer(connection, actor, "inbox.size", size)
    prefer(connection, actor, "keys", form.get("keys") == "1")
    prefer(connection, actor, "inbox.beside", form.get("beside") == "1")
    if form.get("move"):
        return redirect(url_for("inbox_settings.settings"), 303)
    flash(_("已按您的选择显示收件箱。"), "ok")
    return redirect(url_for("inbox.inbox"), 303)


def _in_order(chosen: Iterable[str], known: Iterable[str]) -> list[str]:
    """The columns that are shown, in their order, then the others."""
    return list(dict.fromkeys([*chosen, *known]))


def _moved(wanted: list[str], move: str, kind: str) -> list[str]:
    """The columns with one of them a place up or down, as `move` says: `open.step.up`."""
    which, _dot, rest = move.partition(".")
    name, _dot, way = rest.partition(".")
    if which != kind or name not in wanted:
        return wanted
    at = wanted.index(name)
    to = max(0, min(len(wanted) - 1, at + (-1 if way == "up" else 1)))
    moved = [one for one in wanted if one != name]
    return [*moved[:to], name, *moved[to:]]
