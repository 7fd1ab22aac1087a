"""终止, 撤回办件 and 关注: what is done with a case as a whole."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Conflict, Invalid, NotAllowed, NotFound, ZhibanError
from engine.runtime import actions, moves, queries
from engine.runtime.queries import CaseRow
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.pages import filling
from webui.present import show
from webui.transaction import reading, writing, zhiban

from .ways import Kind

pages = Blueprint("case_acting", __name__, url_prefix="/cases")


def kind_of(action: str) -> Kind:
    """The action of a case. NotFound if there is none of that name."""
    if action == "terminate":
        said = _("办件立即结束，正在办理的环节和期限全部取消，并通知企业和有关人员。不能恢复。")
        return Kind("terminate", _("终止办件"), said, "x-circle-fill")
    if action == "withdraw":
        said = _("您的办件立即结束，不再办理，并通知承办部门。不能恢复。")
        return Kind("withdraw", _("撤回办件"), said, "arrow-counterclockwise")
    raise NotFound("webui.404")


def may(connection: Connection, case: CaseRow, action: str) -> bool:
    """Whether this person may do it now."""
    actor = the_actor()
    if case.state != "open":
        return False
    if action == "withdraw":
        return moves.may_withdraw(zhiban(), connection, actor, case.id)
    diagram = runtime.definition(zhiban(), connection, case.definition_id).diagram
    return actor.kind == "person" and actions.may_terminate(diagram, {"state": case.state}, actor)


@pages.get("/<case_id>/do/<action>")
@access("officer", "enterprise")
@reading
def page(connection: Connection, case_id: str, action: str) -> Any:
    """What the action does, and why it is done."""
    kind, case = kind_of(action), _case(connection, case_id)
    if not may(connection, case, action):
        if case.state != "open":
            raise Conflict("runtime.case_ended")
        raise NotAllowed("runtime.no_terminator" if action == "terminate" else "runtime.not_own_case")
    return _page(connection, case, kind)


def _again(connection: Connection, error: ZhibanError, case_id: str, action: str) -> Any:
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    return _page(connection, _case(connection, case_id), kind_of(action), error), error.status


@pages.post("/<case_id>/do/<action>")
@access("officer", "enterprise")
@writing(again=_again)
def act(connection: Connection, case_id: str, action: str) -> Any:
    """End the case, and show it."""
    kind, _row = kind_of(action), _case(connection, case_id)
    return redirect(once(connection, lambda: _act(connection, case_id, kind)), 303)


def _act(connection: Connection, case_id: str, kind: Kind) -> str:
    facts = {"actor": the_actor(), "case_id": case_id, "opinion": request.form.get("opinion", "")}
    if kind.action == "terminate":
        actions.terminate(zhiban(), connection, **facts)
        flash(_("办件已终止，企业和有关人员会收到通知。"), "ok")
    else:
        moves.withdraw(zhiban(), connection, **facts)
        flash(_("办件已撤回，承办部门会收到通知。"), "ok")
    return url_for("case.case", case_id=case_id)


@pages.post("/<case_id>/follow")
@access("officer")
@writing()
def follow(connection: Connection, case_id: str) -> Any:
    """Keep an eye on the case, or no longer: whichever the pressed button says."""
    _case(connection, case_id)
    if "_stop" in request.form:
        actions.unfollow(zhiban(), connection, actor=the_actor(), case_id=case_id)
        flash(_("已取消关注。"), "ok")
    else:
        actions.follow(zhiban(), connection, actor=the_actor(), case_id=case_id)
        flash(_("已关注。状态有变化时会通知您，也可以在收件箱的“关注”中查看。"), "ok")
    return redirect(url_for("case.case", case_id=case_id), 303)


def _case(connection: Connection, case_id: str) -> CaseRow:
    row = queries.case(connection, case_id)
    disclosure.guard(connection, the_actor(), row)
    return row


def _page(connection: Connection, case: CaseRow, kind: Kind, error: ZhibanError | None = None) -> str:
    problems = list(error.problems) if isinstance(error, Invalid) else []
    told = filling.told(filling.first_of_each(problems))
    return show(
        connection,
        "act_case.html",
        case=case,
        kind=kind,
        required=kind.action == "terminate",
        problems=told,
        wrong={one["where"]: one["message"] for one in told},
        said=sentence(error) if error is not None and not problems else "",
        faster=isinstance(error, Conflict),
        opinion=request.form.get("opinion", ""),
    )
