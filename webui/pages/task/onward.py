"""Where one goes after a task: the same case's next step, else the next task of the list, else the list."""

from flask import flash, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.runtime import queries
from webui.access import the_actor
from webui.casefile.signing import decided

from . import view
from .place import Place, following, opened, remains


def after(connection: Connection, done: queries.TaskRow, place: Place) -> str:
    """The next step of the same case if it is this person's to do, else the next task of the list, else the
    list."""
    said = _said(connection, done)
    if the_actor().kind == "enterprise":
        flash(said, "ok")
        return url_for("case.case", case_id=done.case_id)
    follows = _follows(connection, done)
    if follows:
        own = _("下一步也由您办理。") if follows.assignee else _("下一步您也可以办理，认领后继续。")
        flash(said + own, "ok")
        return opened(follows.id, place.asked)
    return next_of_list(connection, said, place)


def _said(connection: Connection, done: queries.TaskRow) -> str:
    if done.parent is None:
        return _("%(number)s“%(step)s”已提交。", number=done.number, step=done.name)
    return _("%(number)s“%(step)s”", number=done.number, step=done.name) + decided(connection, done)


def next_of_list(connection: Connection, said: str, place: Place) -> str:
    """The next task of the list. Where it is empty the inbox says so; beyond a filter there may be more."""
    found = following(connection, place)
    if found:
        flash(said + _("下面是您的下一件。"), "ok")
        return opened(found, place.asked)
    if remains(connection, place):
        flash(said, "ok")
    elif place.asked.narrows:
        flash(said + _("这个筛选下的事项已经办完。"), "ok")
    elif place.asked.tab == "claimable":
        flash(said + _("没有可以认领的事项了。"), "ok")
    else:
        flash(said + _("您的待办已经办完。"), "ok")
    return place.asked.address(page=1, task="")


def _follows(connection: Connection, done: queries.TaskRow) -> queries.TaskRow | None:
    """An open task of the same case that this person has or may take; what is theirs comes first."""
    open_ = queries.open_tasks(connection, done.case_id)
    states = {task.id: view.standing(connection, task) for task in open_}
    return next((task for s in ("mine", "claimable") for task in open_ if states[task.id] == s), None)
