"""Starting a case: what may be started, its form, and the number it was given."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import forms, runtime
from engine.errors import Conflict, Invalid, NotAllowed, ZhibanError
from engine.repository import Definition
from engine.runtime import queries
from webui import disclosure
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once_in_a_while
from webui.present import show
from webui.transaction import reading, writing, zhiban

from . import filling

pages = Blueprint("start", __name__, url_prefix="/start")


@pages.get("")
@access("officer", "enterprise")
@reading
def index(connection: Connection) -> Any:
    return show(connection, "start_index.html", startable=runtime.startable(connection, the_actor()))


@pages.get("/<process>")
@access("officer", "enterprise")
@reading
def form(connection: Connection, process: str) -> Any:
    return _page(connection, process)


def _again(connection: Connection, error: ZhibanError, process: str) -> Any:
    definition = _definition(connection, process)
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    typed, wrong = filling.receive(connection, _form(definition))
    problems = [*wrong, *(error.problems if isinstance(error, Invalid) else ())]
    conflict = sentence(error) if isinstance(error, Conflict) else ""
    return _page(connection, process, typed, filling.first_of_each(problems), conflict), error.status


@pages.post("/<process>")
@access("officer", "enterprise")
@writing(again=_again)
def submit(connection: Connection, process: str) -> Any:
    """Start the case; a form that was sent before leads to the case it started."""
    definition = _definition(connection, process)
    if filling.wants_redraw():
        return _page(connection, process, filling.receive(connection, _form(definition))[0])
    return redirect(once_in_a_while(connection, lambda: _start(connection, definition)), 303)


def _start(connection: Connection, definition: Definition) -> str:
    values, wrong = filling.receive(connection, _form(definition))
    filling.refuse(wrong)
    started = runtime.start_case(
        zhiban(), connection, actor=the_actor(), process=definition.key, values=values
    )
    return url_for("start.started", case_id=started.case_id)


@pages.get("/done/<case_id>")
@access("officer", "enterprise")
@reading
def started(connection: Connection, case_id: str) -> Any:
    case = queries.case(connection, case_id)
    disclosure.guard(connection, the_actor(), case)
    return show(connection, "started.html", case=case)


def _definition(connection: Connection, process: str) -> Definition:
    """The newest version of a process that this person may start."""
    for key, _name, definition_id in runtime.startable(connection, the_actor()):
        if key == process:
            return runtime.definition(zhiban(), connection, definition_id)
    raise NotAllowed("runtime.not_starter", process=process)


def _form(definition: Definition) -> forms.Form | None:
    """The form that starts the process; None where nothing is asked."""
    begin = definition.diagram.start()
    return definition.forms.get(begin.attributes.get("formKey", "")) if begin else None


def _page(
    connection: Connection,
    process: str,
    typed: dict[str, Any] | None = None,
    problems: Any = (),
    conflict: str = "",
) -> str:
    definition = _definition(connection, process)
    sheet = _form(definition)
    known = filling.from_the_record(connection, sheet)
    views = filling.drawn(connection, sheet, {}, typed, problems, known)
    return show(
        connection,
        "start.html",
        name=definition.name,
        views=views,
        problems=filling.told(problems),
        conflict=conflict,
        from_record=bool(known) and typed is None,
        action=url_for("start.submit", process=process),
        submit=_("提交"),
    )
