"""One task: what is known of the case, the form to fill in, taking the task and giving it back."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Conflict, Invalid, NotAllowed, ZhibanError
from engine.runtime import queries
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.present import show
from webui.present.answers import answers
from webui.present.telling import Telling
from webui.transaction import reading, writing, zhiban

from . import filling

pages = Blueprint("task", __name__, url_prefix="/tasks")


@pages.get("/<task_id>")
@access("officer", "enterprise")
@reading
def task(connection: Connection, task_id: str) -> Any:
    return _page(connection, task_id)


def _again(connection: Connection, error: ZhibanError, task_id: str) -> Any:
    """Show the task with what was typed: the fields to mend, or who was faster."""
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    row = queries.task(connection, task_id)
    sheet = _form(connection, row)
    typed, wrong = filling.receive(connection, sheet)
    problems = [*wrong, *(error.problems if isinstance(error, Invalid) else ())]
    conflict = sentence(error) if isinstance(error, Conflict) else ""
    if conflict and _state(connection, row) != "mine":
        entered = answers(filling.drawn(connection, sheet, _variables(connection, row), typed))
        page = show(connection, "conflict.html", conflict=conflict, typed=entered, case_id=row.case_id)
        return page, error.status
    return _page(connection, task_id, typed, filling.first_of_each(problems), conflict), error.status


@pages.post("/<task_id>")
@access("officer", "enterprise")
@writing(again=_again)
def complete(connection: Connection, task_id: str) -> Any:
    """Complete the task with its form; then the next task opens, or the inbox says that it was the last."""
    row = _readable(connection, task_id)
    if filling.wants_redraw():
        return _page(connection, task_id, filling.receive(connection, _form(connection, row))[0])
    return redirect(once(connection, lambda: _complete(connection, task_id)), 303)


def _complete(connection: Connection, task_id: str) -> str:
    row = queries.task(connection, task_id)
    sheet = _form(connection, row)
    values, wrong = filling.receive(connection, sheet)
    filling.refuse(wrong)
    version = request.form.get("_version", type=int)
    actor = the_actor()
    runtime.complete(zhiban(), connection, actor=actor, task_id=task_id, values=values, version=version)
    return _onward(connection, row)


def _onward(connection: Connection, done: queries.TaskRow) -> str:
    """The next step of the same case if it is this person's to do, else the next task, else the inbox."""
    actor = the_actor()
    said = _("%(number)s“%(step)s”已提交。", number=done.number, step=done.name)
    if actor.kind == "enterprise":
        flash(said, "ok")
        return url_for("case.case", case_id=done.case_id)
    follows = _follows(connection, done)
    if follows:
        own = _("下一步也由您办理。") if follows.assignee else _("下一步您也可以办理，认领后继续。")
        flash(said + own, "ok")
        return url_for("task.task", task_id=follows.id)
    waiting = queries.inbox(connection, actor, "todo", limit=1)
    if waiting:
        flash(said + _("下面是您的下一件。"), "ok")
        return url_for("task.task", task_id=waiting[0].id)
    flash(said + _("您的待办已经办完。"), "ok")
    return url_for("inbox.inbox")


def _follows(connection: Connection, done: queries.TaskRow) -> queries.TaskRow | None:
    """An open task of the same case that this person has or may take; what is theirs comes first."""
    open_ = queries.open_tasks(connection, done.case_id)
    states = {task.id: _state(connection, task) for task in open_}
    return next((task for s in ("mine", "claimable") for task in open_ if states[task.id] == s), None)


def _refused(connection: Connection, error: ZhibanError, task_id: str) -> Any:
    flash(sentence(error), "warn")
    return redirect(_back(task_id), 303)


@pages.post("/<task_id>/claim")
@access("officer", "enterprise")
@writing(again=_refused)
def claim(connection: Connection, task_id: str) -> Any:
    _readable(connection, task_id)
    version = request.form.get("version", type=int)
    runtime.claim(zhiban(), connection, actor=the_actor(), task_id=task_id, version=version)
    row = queries.task(connection, task_id)
    flash(_("已认领 %(number)s“%(step)s”，由您办理。", number=row.number, step=row.name), "ok")
    return redirect(_back(task_id), 303)


@pages.post("/<task_id>/release")
@access("officer", "enterprise")
@writing(again=_refused)
def release(connection: Connection, task_id: str) -> Any:
    _readable(connection, task_id)
    version = request.form.get("version", type=int)
    runtime.release(zhiban(), connection, actor=the_actor(), task_id=task_id, version=version)
    row = queries.task(connection, task_id)
    flash(_("已放回 %(number)s“%(step)s”，其他人可以认领。", number=row.number, step=row.name), "ok")
    return redirect(url_for("inbox.inbox"), 303)


def _readable(connection: Connection, task_id: str) -> queries.TaskRow:
    """The task, if this person may read its case: who may not is told nothing of who did what."""
    row, actor = queries.task(connection, task_id), the_actor()
    disclosure.guard(connection, actor, queries.case(connection, row.case_id))
    if actor.kind == "enterprise" and row.internal and _state(connection, row) != "mine":
        raise NotAllowed("runtime.not_candidate", task=row.name)
    return row


def _back(task_id: str) -> str:
    """The list where the button stood, or the task's own page."""
    if request.form.get("next") == "claimable":
        return url_for("inbox.inbox", tab="claimable")
    return url_for("task.task", task_id=task_id)


def _state(connection: Connection, row: queries.TaskRow) -> str:
    """What this person may do: mine, claimable, theirs or over. An enterprise need not claim first."""
    actor = the_actor()
    if row.state != "open":
        return "over"
    if row.assignee is not None:
        return "mine" if row.assignee == actor.id else "theirs"
    if not runtime.is_candidate(connection, row.id, actor):
        return "theirs"
    return "mine" if actor.kind == "enterprise" else "claimable"


def _form(connection: Connection, row: queries.TaskRow) -> Any:
    return runtime.definition(zhiban(), connection, row.definition_id).forms.get(row.form_key)


def _variables(connection: Connection, row: queries.TaskRow) -> dict[str, Any]:
    """What the form's expressions see."""
    names = ("number", "enterprise", "status", "title")
    case = {"id": row.case_id, **{name: getattr(row, name) for name in names}}
    return {**runtime.task_variables(connection, row.id), "case": case}


def _page(
    connection: Connection,
    task_id: str,
    typed: dict[str, Any] | None = None,
    problems: Any = (),
    conflict: str = "",
) -> Any:
    row, actor = queries.task(connection, task_id), the_actor()
    case = queries.case(connection, row.case_id)
    disclosure.guard(connection, actor, case)
    state = _state(connection, row)
    if actor.kind == "enterprise" and state != "mine":
        return _instead(row, state)
    views: list[Any] = []
    if state == "mine":
        views = filling.drawn(
            connection, _form(connection, row), _variables(connection, row), typed, problems
        )
    return show(
        connection,
        "task.html",
        task=row,
        case=case,
        state=state,
        story=Telling(connection, case, actor).story(),
        views=views,
        problems=filling.told(problems),
        conflict=conflict,
        can_release=actor.kind != "enterprise" and bool(row.candidates),
        action=url_for("task.complete", task_id=task_id),
        version=row.version,
        submit=_("提交"),
    )


def _instead(row: queries.TaskRow, state: str) -> Any:
    """An enterprise that comes back to what it has done is shown its case."""
    if state == "over" and not row.internal:
        return redirect(url_for("case.case", case_id=row.case_id))
    raise NotAllowed("runtime.not_candidate", task=row.name)
