"""Acting on several rows at once: a transaction for each, and a line for each that says what became of it.

Sending the form again does what is left to do and nothing twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Conflict, ZhibanError
from engine.runtime import actions, queries
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import once_each
from webui.pages.task import view
from webui.transaction import apart, looked_up, zhiban

from .asked import Asked
from .listing import Result, list_page

pages = Blueprint("bulk", __name__)

MOST = 200  # rows of one form


@dataclass(frozen=True)
class Wanted:
    """What the form asks for each row: the act, to whom, with which opinion."""

    act: str
    to: str
    opinion: str


Act = Callable[[Connection, queries.TaskRow, int | None, Wanted], Any]


def _claim(connection: Connection, row: queries.TaskRow, version: int | None, wanted: Wanted) -> Any:
    return runtime.claim(zhiban(), connection, actor=the_actor(), task_id=row.id, version=version)


def _release(connection: Connection, row: queries.TaskRow, version: int | None, wanted: Wanted) -> Any:
    return runtime.release(zhiban(), connection, actor=the_actor(), task_id=row.id, version=version)


def _transfer(connection: Connection, row: queries.TaskRow, version: int | None, wanted: Wanted) -> Any:
    return actions.transfer(
        zhiban(),
        connection,
        actor=the_actor(),
        task_id=row.id,
        to=wanted.to,
        opinion=wanted.opinion,
        version=version,
    )


ACTS: dict[str, Act] = {"claim": _claim, "release": _release, "transfer": _transfer}


@pages.post("/inbox/bulk")
@access("officer")
def act() -> Any:
    """Do what was asked for with each row that was selected; what failed stays selected."""
    asked = Asked.read(request.form.get("list", "")[:2000])
    wanted = Wanted(
        request.form.get("act", ""), request.form.get("to", "")[:32], request.form.get("opinion", "")[:2000]
    )
    if wanted.act == "transfer" and not wanted.to and _chosen():
        flash(_("请先选择接收人，再转办。"), "warn")
        return looked_up(lambda connection: list_page(connection, asked, picked=_chosen()))
    if wanted.act == "urge":
        results = [_urged(case_id[:32], wanted) for case_id in _once(request.form.getlist("case"))]
    elif wanted.act in ACTS:
        results = [_one(task_id, version, wanted) for task_id, version in _chosen().items()]
    else:
        results = []
    if not results:
        flash(_("请先选择要办的事项。"), "warn")
        return redirect(asked.address(), 303)
    return looked_up(lambda connection: list_page(connection, asked, results=results, did=wanted.act))


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))[:MOST]


def _chosen() -> dict[str, int | None]:
    """The tasks that were selected, each with the version that was seen: `id.version`."""
    found: dict[str, int | None] = {}
    for value in _once(request.form.getlist("task")):
        task_id, _dot, version = value[:48].partition(".")
        found[task_id] = int(version) if version.isdecimal() and version.isascii() else None
    return found


def _one(task_id: str, version: int | None, wanted: Wanted) -> Result:
    """Act upon one row, in a transaction of its own; of a task that the person may not see, only why not."""

    def do(connection: Connection) -> None:
        row = view.readable(connection, task_id)
        ACTS[wanted.act](connection, row, version, wanted)

    def look(connection: Connection) -> Result:
        row = view.readable(connection, task_id)
        return Result(task_id, row.number, row.title)

    return _told(_tried(task_id, wanted, do), task_id, look)


def _urged(case_id: str, wanted: Wanted) -> Result:
    """Ask for whatever of one case waits for somebody else."""

    def do(connection: Connection) -> None:
        disclosure.guard(connection, the_actor(), queries.case(connection, case_id))
        open_ = [t for t in queries.open_tasks(connection, case_id) if t.assignee != the_actor().id]
        refused = [why for why in (_asked_for(connection, t.id, wanted) for t in open_) if why]
        if not open_:
            raise Conflict("desk.nothing_to_urge")
        if len(refused) == len(open_):
            raise refused[0]

    def look(connection: Connection) -> Result:
        case = queries.case(connection, case_id)
        disclosure.guard(connection, the_actor(), case)
        return Result(case_id, case.number, case.title)

    return _told(_tried(case_id, wanted, do), case_id, look)


def _asked_for(connection: Connection, task_id: str, wanted: Wanted) -> ZhibanError | None:
    """Urge one task; why not, which is found out before anything is written."""
    try:
        actions.urge(zhiban(), connection, actor=the_actor(), task_id=task_id, opinion=wanted.opinion)
    except ZhibanError as error:
        return error
    return None


def _tried(key: str, wanted: Wanted, do: Callable[[Connection], None]) -> str:
    """Why it could not be done; "" where it was, now or when the same form was sent before."""

    def act(connection: Connection) -> None:
        def once() -> str:
            do(connection)
            return "done"

        once_each(connection, f"{wanted.act} {wanted.to} {key}", once)

    try:
        apart(act)
    except ZhibanError as error:
        return sentence(error)
    return ""


def _told(why: str, key: str, look: Callable[[Connection], Result]) -> Result:
    """The line of one row."""
    try:
        return replace(looked_up(look), why=why)
    except ZhibanError as error:
        return Result(key, "", "", why or sentence(error))
