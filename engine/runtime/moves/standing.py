"""What a case is called after a move to a node that says no status of its own."""

from collections.abc import Collection

import orjson
import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.history import events

_LEFT = ("task.completed", "task.sent_back", "task.rejected")  # how work at a node ends
_course = Prepared(
    sa.select(events.c.kind, events.c.element, events.c.data)
    .where(
        events.c.chain == bindparam("key"),
        sa.or_(*(events.c.kind == kind for kind in (*_LEFT, "status.changed"))),
    )
    .order_by(events.c.seq)
)


def status_at(connection: Connection, case_id: str, elements: Collection[str]) -> str | None:
    """The status the case had when work was last done at one of these nodes; None where none ever was.

    What that work led to is not counted: its step writes its status behind it.
    """
    now: str = ""
    found: str | None = None
    for kind, element, data in _course(connection, key=case_id):
        if kind == "status.changed":
            now = str(orjson.loads(data)["to"])
        elif element in elements:
            found = now
    return found
