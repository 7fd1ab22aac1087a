"""What stands behind the bell, as its reader may know it: the one rule that the page and the API share.

A notice names its case by the number; the title, and the way to the case, only where the reader may read
it, and without the contact of a confidential one. To an enterprise a notice does not name a step of the
diagram: it may be an internal one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from engine import outbox
from engine.identity import Actor
from engine.runtime import queries

from .disclosure import View
from .transaction import zhiban

OUTWARD = ("number", "due", "was", "days", "kind", "decision")


@dataclass(frozen=True)
class Line:
    """One notice. `case_id` and `title` are empty where the case is not open to the reader."""

    id: str
    at: datetime
    template: str
    text: str
    number: str
    title: str
    case_id: str
    unread: bool
    needs: str = ""  # what the reader's enterprise is to supply, as it was written


def lines(
    connection: Connection,
    actor: Actor,
    language: str,
    *,
    limit: int,
    offset: int = 0,
    unread_only: bool = False,
) -> list[Line]:
    """The reader's notices, newest first."""
    found = outbox.told(connection, actor, limit=limit, offset=offset, unread_only=unread_only)
    titles = queries.titles(connection, actor, {told.case_id for told in found})
    hushed = queries.confidential(connection, titles.keys())
    views = {row.id: View(zhiban(), connection, actor, row, language) for row in hushed}
    return [_line(told, actor, titles, language, views.get(told.case_id)) for told in found]


def _line(told: outbox.Told, actor: Actor, titles: dict[str, str], language: str, view: View | None) -> Line:
    plain = view.plain if view is not None else str
    data = told.data
    if actor.kind == "enterprise":
        data = {name: value for name, value in data.items() if name in OUTWARD}
    return Line(
        told.id,
        told.at,
        told.template,
        plain(outbox.render(told.template, data, language)),
        str(data.get("number", "")),
        plain(titles.get(told.case_id, "")),
        told.case_id if told.case_id in titles else "",
        told.unread,
        plain(str(told.data.get("needs", ""))),
    )
