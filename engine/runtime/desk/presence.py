"""Who else has a task's page open now. A page says every twenty seconds that it is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared
from engine.identity import Actor
from engine.identity.tables import accounts
from engine.runtime.desk.tables import presences

BEAT = 20  # seconds from one sign of a page to the next
SEEN = timedelta(seconds=60)  # whoever has given none for so long is gone

_come = Prepared(
    sa.text(
        "INSERT INTO presences (task_id, account, seen_at) VALUES (:task, :who, :at) "
        "ON CONFLICT (task_id, account) DO UPDATE SET seen_at = excluded.seen_at"
    ).bindparams(sa.bindparam("at", type_=Moment))
)
_sweep = Prepared(
    sa.delete(presences).where(
        presences.c.task_id == sa.bindparam("task"),
        presences.c.seen_at < sa.bindparam("before", type_=Moment),
    )
)
_leave = Prepared(
    sa.delete(presences).where(
        presences.c.task_id == sa.bindparam("task"), presences.c.account == sa.bindparam("who")
    )
)
_others = Prepared(
    sa.select(presences.c.account, accounts.c.name)
    .join(accounts, accounts.c.id == presences.c.account)
    .where(
        presences.c.task_id == sa.bindparam("task"),
        presences.c.account != sa.bindparam("who"),
        presences.c.seen_at >= sa.bindparam("since", type_=Moment),
    )
    .order_by(accounts.c.name, accounts.c.id)
)


@dataclass(frozen=True)
class Present:
    account: str
    name: str


def come(connection: Connection, actor: Actor, task_id: str, now: datetime) -> None:
    """Note that this person has the task before them, and forget those who have left it."""
    _sweep.count(connection, task=task_id, before=now - SEEN)
    _come.count(connection, task=task_id, who=actor.id, at=now)


def leave(connection: Connection, actor: Actor, task_id: str) -> None:
    """Note that this person has closed the task's page."""
    _leave.count(connection, task=task_id, who=actor.id)


def others(connection: Connection, actor: Actor, task_id: str, now: datetime) -> list[Present]:
    """Who besides this person has the task open, by name."""
    rows = _others(connection, task=task_id, who=actor.id, since=now - SEEN)
    return [Present(account, name) for account, name in rows]


def forget_gone(connection: Connection, now: datetime) -> int:
    """Forget everybody who is gone, wherever they were; how many."""
    return connection.execute(sa.delete(presences).where(presences.c.seen_at < now - SEEN)).rowcount
