"""Where one goes from a task: back to the list one came from, and on to the next task of that list."""

from dataclasses import dataclass

from flask import flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.runtime import queries
from webui.access import shared_desks, the_actor
from webui.pages.inbox.asked import Asked
from webui.transaction import zhiban

from . import view

NEAR = 200  # tasks of the list among which the next one is looked for


def back_to(task_id: str) -> str:
    """The list where the button stood, or the task in its place: beside the list, or on its own page."""
    asked = Asked.read(came_from())
    if request.form.get("next") == "list":
        return asked.address()
    return _open(task_id, asked)


@dataclass(frozen=True)
class Place:
    """A place in a list: the ids that followed the task when it was there, then those before it."""

    asked: Asked
    around: tuple[str, ...]


def came_from() -> str:
    """The query of the list that the task was opened from; "" for the plain inbox."""
    return (request.form.get("_list") or request.args.get("list", ""))[:2000]


def task_address(task_id: str, asked: Asked) -> str:
    """The task's own page, which knows the list that it was opened from."""
    query = asked.query()
    return url_for("task.task", task_id=task_id, **({"list": query} if query else {}))


def place(connection: Connection, task_id: str) -> Place:
    """Where the task stands in the list that it was opened from."""
    asked = Asked.read(came_from())
    ids = _listed(connection, asked)
    at = ids.index(task_id) if task_id in ids else 0
    return Place(asked, tuple([*ids[at + 1 :], *ids[:at]]))


def _listed(connection: Connection, asked: Asked) -> list[str]:
    if asked.tab not in queries.TABS or the_actor().kind == "enterprise":
        return []
    return queries.listed(
        connection,
        the_actor(),
        asked.tab,
        filters=asked.filters(zhiban().clock.now()),
        sort=asked.sort,
        also=shared_desks(connection),
        limit=NEAR,
    )


def after(connection: Connection, done: queries.TaskRow, place: Place) -> str:
    """The next step of the same case if it is this person's to do, else the next task of the list, else the
    list."""
    said = _("%(number)s“%(step)s”已提交。", number=done.number, step=done.name)
    if the_actor().kind == "enterprise":
        flash(said, "ok")
        return url_for("case.case", case_id=done.case_id)
    follows = _follows(connection, done)
    if follows:
        own = _("下一步也由您办理。") if follows.assignee else _("下一步您也可以办理，认领后继续。")
        flash(said + own, "ok")
        return _open(follows.id, place.asked)
    left = _listed(connection, place.asked)
    following = next((one for one in place.around if one in left), left[0] if left else None)
    if following:
        flash(said + _("下面是您的下一件。"), "ok")
        return _open(following, place.asked)
    return _finished(connection, said, place.asked)


def _finished(connection: Connection, said: str, asked: Asked) -> str:
    """The list is empty: the inbox says so; beyond a filter there may be more."""
    if asked.narrows:
        flash(said + _("这个筛选下的事项已经办完。"), "ok")
    else:
        flash(said + _("您的待办已经办完。"), "ok")
    return asked.address(page=1, task="")


def _open(task_id: str, asked: Asked) -> str:
    """The task where the last one was: beside its list, or on its own page."""
    return asked.address(task=task_id) if request.form.get("_pane") else task_address(task_id, asked)


def _follows(connection: Connection, done: queries.TaskRow) -> queries.TaskRow | None:
    """An open task of the same case that this person has or may take; what is theirs comes first."""
    open_ = queries.open_tasks(connection, done.case_id)
    states = {task.id: view.standing(connection, task) for task in open_}
    return next((task for s in ("mine", "claimable") for task in open_ if states[task.id] == s), None)
