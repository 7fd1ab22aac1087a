"""The task's own page: the form to fill in, taking the task and giving it back."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Conflict, Invalid, NotAllowed, ZhibanError
from engine.runtime import queries, signers
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.pages import filling
from webui.pages.inbox.asked import Asked, list_address
from webui.pages.inbox.listing import list_page
from webui.present import show
from webui.present.answers import answers
from webui.transaction import reading, writing, zhiban

from . import onward, place, view
from .view import NOTHING, Sent

pages = Blueprint("task", __name__, url_prefix="/tasks")


@pages.get("/<task_id>")
@access("officer", "enterprise")
@reading
def task(connection: Connection, task_id: str) -> Any:
    return _page(connection, queries.task(connection, task_id))


def _again(connection: Connection, error: ZhibanError, task_id: str) -> Any:
    """Show the task with what was typed: the fields to mend, or who was faster."""
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    row = queries.task(connection, task_id)
    sheet = view.form_of(connection, row)
    typed, wrong = filling.receive(connection, sheet)
    problems = [*wrong, *(error.problems if isinstance(error, Invalid) else ())]
    conflict = sentence(error) if isinstance(error, Conflict) else ""
    if conflict and view.standing(connection, row) != "mine":
        return _overtaken(connection, row, conflict, typed), error.status
    sent = Sent(typed, tuple(filling.first_of_each(problems)), conflict)
    return _page(connection, row, sent), error.status


def _overtaken(connection: Connection, row: queries.TaskRow, conflict: str, typed: dict[str, Any]) -> Any:
    """Somebody else has or had the task: who did what when, and what was typed, to be taken along."""
    drawn = filling.drawn(
        connection, view.form_of(connection, row), view.variables_of(connection, row), typed
    )
    return show(
        connection,
        "conflict.html",
        conflict=conflict,
        typed=answers(drawn),
        case_id=row.case_id,
        listed=place.came_from(),
        list_address=list_address,
    )


@pages.post("/<task_id>")
@access("officer", "enterprise")
@writing(again=_again)
def complete(connection: Connection, task_id: str) -> Any:
    """Complete the task with its form; then the next task opens, or the inbox says that it was the last."""
    row = view.readable(connection, task_id)
    if filling.wants_redraw():
        typed = filling.receive(connection, view.form_of(connection, row))[0]
        return _page(connection, row, Sent(signers.carried(typed) if row.parent is not None else typed))
    return redirect(once(connection, lambda: _complete(connection, task_id)), 303)


def _complete(connection: Connection, task_id: str) -> str:
    row = queries.task(connection, task_id)
    values, wrong = filling.receive(connection, view.form_of(connection, row))
    filling.refuse(wrong)
    version = request.form.get("_version", type=int)
    actor, stood = the_actor(), place.place(connection, task_id)
    if row.parent is not None:
        said = signers.spoken(values)
        signers.decide(zhiban(), connection, actor=actor, task_id=task_id, version=version, **said)
    else:
        facts = {"actor": actor, "task_id": task_id, "values": values, "version": version}
        runtime.complete(zhiban(), connection, **facts, opinion=request.form.get("opinion", ""))
    return onward.after(connection, row, stood)


def _refused(connection: Connection, error: ZhibanError, task_id: str) -> Any:
    flash(sentence(error), "warn")
    return redirect(place.back_to(task_id), 303)


@pages.post("/<task_id>/claim")
@access("officer", "enterprise")
@writing(again=_refused)
def claim(connection: Connection, task_id: str) -> Any:
    view.readable(connection, task_id)
    version = request.form.get("version", type=int)
    runtime.claim(zhiban(), connection, actor=the_actor(), task_id=task_id, version=version)
    row = queries.task(connection, task_id)
    flash(_("已认领 %(number)s“%(step)s”，由您办理。", number=row.number, step=row.name), "ok")
    return redirect(place.back_to(task_id), 303)


@pages.post("/<task_id>/release")
@access("officer", "enterprise")
@writing(again=_refused)
def release(connection: Connection, task_id: str) -> Any:
    view.readable(connection, task_id)
    version = request.form.get("version", type=int)
    runtime.release(zhiban(), connection, actor=the_actor(), task_id=task_id, version=version)
    row = queries.task(connection, task_id)
    flash(_("已放回 %(number)s“%(step)s”，其他人可以认领。", number=row.number, step=row.name), "ok")
    return redirect(Asked.read(place.came_from()).address(), 303)


def _page(connection: Connection, row: queries.TaskRow, sent: Sent = NOTHING) -> Any:
    """The task alone, or beside the list it was opened from."""
    if the_actor().kind == "enterprise":
        disclosure.guard(connection, the_actor(), queries.case(connection, row.case_id))
        state = view.standing(connection, row)
        if state != "mine":
            return _instead(row, state)
    if request.form.get("_pane"):
        asked = replace(Asked.read(place.came_from()), task=row.id)
        return list_page(connection, asked, sent=sent)
    return show(connection, "task.html", **view.shown(connection, row, sent, place.came_from()))


def _instead(row: queries.TaskRow, state: str) -> Any:
    """An enterprise that comes back to what it has done is shown its case."""
    if state == "over" and not row.internal:
        return redirect(url_for("case.case", case_id=row.case_id))
    raise NotAllowed("runtime.not_candidate", task=row.name)
