"""What failed and waits for a person: the list of open incidents, and letting one try again."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import ZhibanError
from webui import incidents as told
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.present import show
from webui.transaction import reading, writing, zhiban

pages = Blueprint("incidents", __name__, url_prefix="/incidents")


@pages.get("")
@access(*told.MAY_MEND)
@reading
def incidents(connection: Connection) -> Any:
    """The open incidents, oldest first."""
    return show(connection, "incidents.html", rows=told.lines(connection, the_actor()))


def _refused(connection: Connection, error: ZhibanError, incident_id: str) -> Any:
    flash(sentence(error), "warn")
    return redirect(url_for("incidents.incidents"), 303)


@pages.post("/<incident_id>/retry")
@access(*told.MAY_MEND)
@writing(again=_refused)
def retry(connection: Connection, incident_id: str) -> Any:
    """Let what the incident holds try again. One that somebody else has retried says so."""
    runtime.retry(zhiban(), connection, actor=the_actor(), incident_id=incident_id)
    flash(_("已重试，几秒内见结果；再不成会重新列在这里。"), "ok")
    return redirect(url_for("incidents.incidents"), 303)
