"""What somebody tells a running case: its form, drawn from what the case waits for, and sending it."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import forms, runtime
from engine.errors import Conflict, Invalid, NotAllowed, ZhibanError
from engine.runtime import queries, waiting
from engine.runtime.queries import CaseRow
from engine.runtime.waiting import Sendable
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

from .. import filling

pages = Blueprint("message", __name__, url_prefix="/cases")


@pages.get("/<case_id>/messages/<message>")
@access("officer", "enterprise")
@reading
def form(connection: Connection, case_id: str, message: str) -> Any:
    """The form of a message, or the diagram's sentence that says why it cannot be sent now."""
    return _page(connection, case_id, message)


def _again(connection: Connection, error: ZhibanError, case_id: str, message: str) -> Any:
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    row = _guarded(connection, case_id)
    sheet = _form(connection, row, _offer(connection, row, message))
    typed, wrong = filling.receive(connection, sheet)
    problems = [*wrong, *(error.problems if isinstance(error, Invalid) else ())]
    conflict = sentence(error) if isinstance(error, Conflict) else ""
    page = _page(connection, case_id, message, typed, filling.first_of_each(problems), conflict)
    return page, error.status


@pages.post("/<case_id>/messages/<message>")
@access("officer", "enterprise")
@writing(again=_again)
def send(connection: Connection, case_id: str, message: str) -> Any:
    """Give the case the message, as one step; the same form sent again does nothing more."""
    row = _guarded(connection, case_id)
    if filling.wants_redraw():
        sheet = _form(connection, row, _offer(connection, row, message))
        return _page(connection, case_id, message, filling.receive(connection, sheet)[0])
    return redirect(once(connection, lambda: _send(connection, row, message)), 303)


def _send(connection: Connection, row: CaseRow, message: str) -> str:
    offer = _offer(connection, row, message)
    values, wrong = filling.receive(connection, _form(connection, row, offer))
    filling.refuse(wrong)
    waiting.send(zhiban(), connection, actor=the_actor(), case_id=row.id, message=message, values=values)
    flash(_("“%(what)s”已提交。", what=offer.label), "ok")
    return url_for("case.case", case_id=row.id)


def _guarded(connection: Connection, case_id: str) -> CaseRow:
    row = queries.case(connection, case_id)
    disclosure.guard(connection, the_actor(), row)
    return row


def _offer(connection: Connection, row: CaseRow, message: str) -> Sendable:
    """The message among those that are this person's to send."""
    offers = waiting.sendable(zhiban(), connection, the_actor(), row.id)
    found = next((one for one in offers if one.message == message), None)
    if found is None:
        raise NotAllowed("webui.not_to_send")
    return found


def _form(connection: Connection, row: CaseRow, offer: Sendable) -> forms.Form | None:
    definition = runtime.definition(zhiban(), connection, row.definition_id)
    return definition.forms.get(offer.form_key)


def _page(
    connection: Connection,
    case_id: str,
    message: str,
    typed: dict[str, Any] | None = None,
    problems: Any = (),
    conflict: str = "",
) -> str:
    row, actor = _guarded(connection, case_id), the_actor()
    offer = _offer(connection, row, message)
    seen = waiting.form_variables(zhiban(), connection, actor, case_id, message)
    views = filling.drawn(connection, _form(connection, row, offer), seen, typed, problems)
    return show(
        connection,
        "message.html",
        case=disclosure.View(zhiban(), connection, actor, row).case(),
        offer=offer,
        views=views,
        problems=filling.told(problems),
        conflict=conflict,
        action=url_for("message.send", case_id=case_id, message=message),
        submit=offer.label,
    )
