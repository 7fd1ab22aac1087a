"""The page of one action on a task: what it does, whom or where, why; and doing it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.errors import Conflict, Invalid, NotFound, ZhibanError
from engine.runtime import actions, guards, moves, queries
from engine.runtime.actions import Offer
from engine.runtime.desk import drafts
from engine.runtime.queries import TaskRow
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.pages import filling
from webui.pages.task import onward, place
from webui.present import show
from webui.present.answers import answers
from webui.transaction import reading, writing, zhiban

from . import choosing, deeds, task
from .deeds import Given
from .ways import Kind, kinds


@dataclass(frozen=True)
class Draft:
    """A draft that will be lost: whose (blank: the reader's own), and when it was saved (UTC)."""

    name: str
    saved_at: datetime


pages = Blueprint("acting", __name__, url_prefix="/tasks")


@pages.get("/<task_id>/do/<action>")
@access("officer", "enterprise")
@reading
def page(connection: Connection, task_id: str, action: str) -> Any:
    """What the action does and asks; back to the task, with a word, where it is not open to this person."""
    row, kind = task.readable(connection, task_id), _kind(action)
    if offer_of(connection, row, kind) is None:
        flash(_why_not(connection, row, kind), "warn")
        return redirect(task.home(row), 303)
    return _page(connection, row, kind)


def _why_not(connection: Connection, row: TaskRow, kind: Kind) -> str:
    """Why an action is not open to the reader now, as far as it can be said."""
    if kind.action == "take back":
        known = guards.read_task(connection, row.id)
        error = moves.why_not_taken_back(zhiban(), connection, the_actor(), known)
        if error is not None:
            return sentence(error)
    return _("“%(what)s”现在不能用：事项有了变化，或本环节不提供。", what=kind.title)


def _again(connection: Connection, error: ZhibanError, task_id: str, action: str) -> Any:
    """The page again with what was typed: what to mend, or who was faster."""
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    row, kind = task.readable(connection, task_id), _kind(action)
    return _page(connection, row, kind, error), error.status


@pages.post("/<task_id>/do/<action>")
@access("officer", "enterprise")
@writing(again=_again)
def act(connection: Connection, task_id: str, action: str) -> Any:
    """Do it; then the next task opens, or the task or case it was about."""
    row, kind = task.readable(connection, task_id), _kind(action)
    if "_search" in request.form or filling.wants_redraw():
        return _page(connection, row, kind)
    return redirect(once(connection, lambda: _act(connection, row, kind)), 303)


def _act(connection: Connection, row: TaskRow, kind: Kind) -> str:
    form = request.form
    values, wrong = _values(connection, row, kind)
    if kind.action == "sign after":
        filling.refuse(wrong)
    given = Given(
        tuple(dict.fromkeys(form.getlist("to"))),
        form.get("opinion", ""),
        form.get("outcome", ""),
        form.get("_version", type=int),
        values,
    )
    stood = place.place(connection, row.id)
    result = deeds.do(connection, row, kind, given)
    if kind.leaves:
        return onward.next_of_list(connection, result.said, stood)
    flash(result.said, "ok")
    return place.back_to(result.task_id) if result.task_id else task.home(row)


def _kind(action: str) -> Kind:
    found = kinds().get(action)
    if found is None:
        raise NotFound("webui.404")
    return found


def offer_of(connection: Connection, row: TaskRow, kind: Kind) -> Offer | None:
    """What is open to this person of the action now; None if it is not."""
    offered = actions.offers(zhiban(), connection, the_actor(), row.id)
    return next((offer for offer in offered if offer.action == kind.action), None)


def _values(connection: Connection, row: TaskRow, kind: Kind) -> tuple[dict[str, Any] | None, list[Any]]:
    """What was typed into the task's own form, where the page shows it."""
    if not kind.with_form:
        return None, []
    return filling.receive(connection, task.form_of(connection, row))


def _page(connection: Connection, row: TaskRow, kind: Kind, error: ZhibanError | None = None) -> str:
    row = queries.task(connection, row.id)  # as it is now
    offer = offer_of(connection, row, kind)
    problems = list(error.problems) if isinstance(error, Invalid) else []
    said = sentence(error) if error is not None and not problems else ""
    first = filling.told(filling.first_of_each(problems))
    chooser = choosing.chooser(connection, kind, offer) if offer else None
    return show(
        connection,
        "act.html",
        task=row,
        kind=kind,
        offer=offer,
        chooser=chooser,
        problems=first,
        wrong={one["where"]: one["message"] for one in first},
        said=said,
        faster=isinstance(error, Conflict),
        views=_fields(connection, row, kind, problems) if offer else [],
        opinion=request.form.get("opinion", ""),
        outcome=request.form.get("outcome", ""),
        back=task.home(row),
        listed=place.came_from(),
        pane=place.beside(),
        urged_at=row.urged_at,
        lost=_lost(connection, row, kind) if offer else None,
        typed=[] if offer else _typed(connection, row, kind),
    )


def _typed(connection: Connection, row: TaskRow, kind: Kind) -> list[Any]:
    """What was typed into the form of a task that has passed on meanwhile: to be taken along."""
    if request.method != "POST" or not kind.with_form:
        return []
    return answers(task.fields(connection, row, _values(connection, row, kind)[0], ()))


def _lost(connection: Connection, row: TaskRow, kind: Kind) -> Draft | None:
    """Whose draft of the task goes with this action, and when it was saved; the reader's own first."""
    if not kind.drops:
        return None
    for account, name in ((the_actor().id, ""), (row.assignee, row.assignee_name)):
        at = drafts.saved(connection, account, row.id) if account else None
        if at is not None:
            return Draft(name or "", at)
    return None


def _drafted(connection: Connection, row: TaskRow) -> dict[str, Any] | None:
    """What the reader has typed into the task's form before."""
    return dict(drafts.kept(connection, the_actor().id, row.id)) or None


def _fields(connection: Connection, row: TaskRow, kind: Kind, problems: list[Any]) -> list[Any]:
    if not kind.with_form or row.held:
        return []
    typed = _values(connection, row, kind)[0] if request.method == "POST" else _drafted(connection, row)
    return task.fields(connection, row, typed, tuple(problems))
