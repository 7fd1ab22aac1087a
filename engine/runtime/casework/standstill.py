"""Letting a case's clocks stand still, and run again: its row's stops, and its waiting timers and deadlines.

What waits when a stop begins is held with it; what begins during the stop runs by itself.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.runtime.casework import stops
from engine.runtime.tables import deadlines, timers

MOMENT = timedelta(microseconds=1)  # by which a stop that a diagram begins lies before what the step opens
_hold_timers = Prepared(
    sa.update(timers)
    .where(timers.c.case_id == bindparam("key"), timers.c.state == "waiting")
    .values(state="stopped", lease=None, lease_until=None)
)
_let_timers = Prepared(
    sa.update(timers)
    .where(timers.c.case_id == bindparam("key"), timers.c.state == "stopped")
    .values(state="waiting")
)
_hold_deadlines = Prepared(
    sa.update(deadlines)
    .where(deadlines.c.case_id == bindparam("key"), deadlines.c.state == "running")
    .values(state="stopped")
)
_let_deadlines = Prepared(
    sa.update(deadlines)
    .where(deadlines.c.case_id == bindparam("key"), deadlines.c.state == "stopped")
    .values(state="running")
)


def hold(
    connection: Connection, row: dict[str, Any], since: datetime, kind: str, reason: str, by: str
) -> None:
    """Let the clocks stand still from `since` on (UTC). The row is written by the step that asked."""
    row["stops"] = stops.begun(row["stops"], since, kind, reason, by)
    _hold_timers(connection, key=row["id"])
    _hold_deadlines(connection, key=row["id"])


def let_go(connection: Connection, row: dict[str, Any], until: datetime) -> None:
    """Let the clocks run again from `until` on (UTC); whoever writes the row counts the dates anew."""
    row["stops"] = stops.ended(row["stops"], until)
    _let_timers(connection, key=row["id"])
    _let_deadlines(connection, key=row["id"])
