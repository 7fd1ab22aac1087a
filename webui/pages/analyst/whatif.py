"""What if: a scenario's whole course on a calendar, and what a changed limit does to a month's cases."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine.errors import Invalid
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.foresight import limits, words
from webui.foresight.courses import course, listed
from webui.present import show
from webui.transaction import reading

pages = Blueprint("whatif", __name__, url_prefix="/whatif")

MOST = 200  # changed cases that the page lists
FILTERS = {
    "entry_said": words.said,
    "entry_tone": words.tone,
    "entry_icon": words.icon_of,
    "entry_hour": words.hour,
    "month_name": words.month_name,
}


@pages.get("")
@access("analyst", "control-centre")
@reading
def whatif(connection: Connection) -> Any:
    """The scenarios to choose from and, when one is chosen, its course."""
    key = request.args.get("scenario", "")
    return _page(connection, key=key, course=course(key) if key else None)


@pages.get("/limit")
@access("analyst", "control-centre")
@reading
def limit(connection: Connection) -> Any:
    """How a month's cases would have stood under another limit."""
    given = request.args
    row, count = given.get("row", type=int), given.get("count", type=int)
    asked = limits.Asked(-1 if row is None else row, -1 if count is None else count, given.get("month", ""))
    try:
        return _page(connection, asked=asked, effect=limits.counted(connection, asked))
    except Invalid as error:
        return _page(connection, asked=asked, wrong=sentence(error)), error.status


def _page(connection: Connection, **found: Any) -> str:
    blank = {"key": "", "course": None, "asked": None, "effect": None, "wrong": ""}
    return show(
        connection,
        "whatif.html",
        **{**blank, **found},
        shelf=listed(),
        weekdays=words.weekdays(),
        limits=limits.rows(connection),
        month=limits.last_month(),
        most=MOST,
        numbers=limits.may_see_numbers(the_actor()),
        verdicts=(_("按时"), _("超期")),
    )
