"""A case's deadlines as their reader may know them, and whether its clocks stand still: for pages and API."""

from engine.runtime import queries
from engine.runtime.queries import DeadlineRow

from .disclosure import View


def shown(view: View) -> list[DeadlineRow]:
    """The case's deadlines, oldest first; to an enterprise the open ones of nodes it may know of."""
    if view.outward:
        return _outward(view)
    return queries.deadlines_of(view.connection, view.row.id, view.diagram)


def lately(view: View, most: int) -> tuple[list[DeadlineRow], int]:
    """The open deadlines and behind them the last `most` that are over; and how many are over in all."""
    if view.outward:
        return _outward(view), 0
    case = (view.connection, view.row.id, view.diagram)
    over, every = queries.last_over(*case, most)
    return [*queries.open_deadlines_of(*case), *over], every


def _outward(view: View) -> list[DeadlineRow]:
    rows = queries.open_deadlines_of(view.connection, view.row.id, view.diagram)
    return [row for row in rows if not row.internal]
