"""A case's deadlines as their reader may know them, and whether its clocks stand still: for pages and API."""

from engine.runtime import queries
from engine.runtime.queries import DeadlineRow

from .disclosure import View


def shown(view: View) -> list[DeadlineRow]:
    """The case's deadlines, oldest first; to an enterprise the open ones of nodes it may know of."""
    rows = queries.deadlines_of(view.connection, view.row.id, view.diagram)
    if not view.outward:
        return rows
    return [row for row in rows if row.closed_at is None and not row.internal]
