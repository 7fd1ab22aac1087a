"""Stopping a case's clocks with a reason, and letting them run again."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.errors import Conflict, Invalid, NotAllowed, ZhibanError
from engine.runtime import clocks, queries
from engine.runtime.casework.stops import KINDS
from engine.runtime.queries import CaseRow
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

SUPPLY = "补正"  # the kind of stop for which the enterprise is told what to supply
pages = Blueprint("stopping", __name__, url_prefix="/cases")


@pages.get("/<case_id>/clock")
@access("officer")
@reading
def clock(connection: Connection, case_id: str) -> Any:
    """The form that stops the clocks, or the button that lets them run again."""
    return _page(connection, case_id)


def _again(connection: Connection, error: ZhibanError, case_id: str) -> Any:
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    return _page(connection, case_id, error), error.status


@pages.post("/<case_id>/clock")
@access("officer")
@writing(again=_again)
def change(connection: Connection, case_id: str) -> Any:
    """Stop the clocks, or let them run again: whichever the pressed button says."""
    _guarded(connection, case_id)
    return redirect(once(connection, lambda: _change(connection, case_id)), 303)


def _change(connection: Connection, case_id: str) -> str:
    actor, form = the_actor(), request.form
    if "_resume" in form:
        clocks.resume(zhiban(), connection, actor=actor, case_id=case_id)
        flash(_("已恢复计时，期限按暂停的时间顺延。"), "ok")
    else:
        said = {name: form.get(name, "") for name in ("kind", "reason", "needs")}
        if said["kind"] == SUPPLY and said["reason"].strip() and not said["needs"].strip():
            raise Invalid("webui.no_needs")
        said["needs"] = said["needs"].replace("\r\n", "\n") if said["kind"] == SUPPLY else ""
        clocks.stop(zhiban(), connection, actor=actor, case_id=case_id, **said)
        flash(_("已暂停计时。需要继续时请恢复计时。"), "ok")
    return url_for("case.case", case_id=case_id)


def _guarded(connection: Connection, case_id: str) -> CaseRow:
    """The case, for one who may stop its clocks."""
    row = queries.case(connection, case_id)
    disclosure.guard(connection, the_actor(), row)
    if not clocks.may_stop(zhiban(), connection, the_actor(), case_id):
        raise NotAllowed("runtime.may_not_stop")
    return row


def _page(connection: Connection, case_id: str, error: ZhibanError | None = None) -> str:
    row = _guarded(connection, case_id)
    if row.state != "open" and error is None:
        raise Conflict("runtime.case_ended")
    return show(
        connection,
        "clock.html",
        case=row,
        kinds=KINDS,
        said=sentence(error) if error else "",
        kind=request.form.get("kind", ""),
        reason=request.form.get("reason", ""),
        needs=request.form.get("needs", ""),
    )
