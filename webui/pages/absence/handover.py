"""Handing over what somebody has open: dealt out evenly or chosen one by one, with a result for each."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import Invalid, NotAllowed, Problem, ZhibanError
from engine.identity import absence
from engine.runtime import deputies, handover
from engine.runtime.handover import Handed
from engine.runtime.handover.handing import BACK
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.present import show
from webui.transaction import reading, zhiban

from . import asking

pages = Blueprint("handover", __name__, url_prefix="/handover")


@pages.get("/<account>")
@access("officer")
@reading
def choose(connection: Connection, account: str) -> Any:
    """The open tasks, and to whom they may go."""
    return _page(connection, account)


@pages.post("/<account>")
@access("officer")
def hand(account: str) -> Any:
    """Hand over what was chosen, a transaction for each task, and tell what became of it.

    Sent twice it finds the tasks gone, and hands over nothing more.
    """
    engine, actor = zhiban(), the_actor()
    try:
        with engine.reading() as connection:
            _guarded(connection, account)
            choices = _choices(connection, account)
        reason = request.form.get("reason", "")
        done = handover.hand_over(engine, actor=actor, account=account, choices=choices, reason=reason)
    except Invalid as error:
        with engine.reading() as connection:
            return _page(connection, account, error), error.status
    with engine.reading() as connection:
        return _result(connection, account, done)


def _choices(connection: Connection, account: str) -> dict[str, str]:
    """Task -> receiver, as it was sent: each task's own choice, else dealt out to those ticked."""
    form = request.form
    found = [task for task in handover.hanging(connection, account) if task.id in form.getlist("task")]
    if not found:
        raise _refused("task", "webui.handover.no_task")
    own = {task.id: form.get(f"to-{task.id}", "") for task in found}
    rest = [task for task in found if not own[task.id]]
    if rest and not form.getlist("to"):
        raise _refused("to", "webui.handover.no_receiver")
    return {**handover.split(rest, form.getlist("to")), **{task: to for task, to in own.items() if to}}


def _refused(where: str, code: str) -> Invalid:
    return Invalid("runtime.handover.wrong", problems=[Problem(code, where)])


def _guarded(connection: Connection, account: str) -> absence.Person:
    who = absence.person(connection, account)
    if not handover.may_hand_over(the_actor(), who):
        raise NotAllowed("runtime.handover.not_yours", name=who.name)
    return who


def _page(connection: Connection, account: str, error: ZhibanError | None = None) -> str:
    who, process = _guarded(connection, account), request.values.get("process", "")
    return show(
        connection,
        "handover.html",
        who=who,
        rows=handover.hanging(connection, account, process),
        process=process,
        processes=deputies.processes(connection),
        receivers=handover.receivers(connection, who),
        back=BACK,
        ticked=request.form.getlist("task"),
        to=request.form.getlist("to"),
        form=request.form,
        reason=request.form.get("reason", ""),
        **asking.told(error),
    )


def _result(connection: Connection, account: str, done: list[Handed]) -> str:
    names = {one.to: identity.name_of(connection, one.to) for one in done if one.to}
    return show(
        connection,
        "handover_done.html",
        who=absence.person(connection, account),
        done=done,
        said={one.task.id: sentence(one.error) for one in done if one.error is not None},
        names={**names, None: _("原待认领人员")},
        failed=sum(1 for one in done if one.error is not None),
    )
