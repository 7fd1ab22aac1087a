"""Telling those concerned that an absence has begun to hold, once, when its moment has come."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import outbox
from engine.clock import local
from engine.identity import absence
from engine.identity.absence import Absence
from engine.identity.tables import absences
from engine.outbox import Notice
from engine.runtime.deputies.placing import keepers_of
from engine.runtime.engine import Engine

OF_NO_CASE = ""  # the case of a notice about none


def tell_absences(engine: Engine) -> int:
    """Tell of the absences that hold by now, each in a transaction of its own; returns how many.

    One that was over before anybody looked is not told any more.
    """
    with engine.reading() as connection:
        found = absence.to_tell(connection, engine.clock.now())
    return sum(_tell(engine, rule) for rule in found)


def next_telling(connection: Connection) -> datetime | None:
    """When the next absence begins that nobody was told of (UTC)."""
    waiting = sa.select(absences.c.since_at).where(absences.c.told_at.is_(None))
    moment: datetime | None = connection.execute(waiting.order_by(absences.c.since_at).limit(1)).scalar()
    return moment


def _tell(engine: Engine, rule: Absence) -> int:
    now = engine.clock.now()
    mine = sa.and_(absences.c.id == rule.id, absences.c.told_at.is_(None))
    with engine.writing() as connection:
        if connection.execute(absences.update().where(mine).values(told_at=now)).rowcount != 1:
            return 0  # another worker has, or it was ended
        if rule.state(now) == "over":
            return 0
        queue(connection, engine, _notices(connection, rule, now), now)
    return 1


def _notices(connection: Connection, rule: Absence, now: datetime) -> list[Notice]:
    until = local(rule.until_at).isoformat()
    facts: dict[str, Any] = {"person": rule.account_name, "until": until}
    found = absence.standing(connection, rule.account, now, rule.process)
    if found is None or found.deputy is None:
        keepers = keepers_of(found.department if found else None)
        return [_notice(rule, keepers, "deputy-nobody", facts)]
    shared = "deputy-shared" if rule.how == "share" else "deputy-begun"
    own = {"deputy": found.deputy_name, "until": until}
    return [_notice(rule, rule.account, "absence-begun", own), _notice(rule, found.deputy, shared, facts)]


def ended(rule: Absence) -> list[Notice]:
    """What the deputy hears when a rule that held was ended."""
    return [_notice(rule, rule.deputy, "deputy-ended", {"person": rule.account_name})]


def _notice(rule: Absence, to: str, template: str, data: dict[str, Any]) -> Notice:
    return Notice(to, template, f"absence:{rule.id}:{template}:{to}", data)


def queue(connection: Connection, engine: Engine, notices: Iterable[Notice], now: datetime) -> None:
    """Queue notices that concern no case."""
    outbox.queue(connection, OF_NO_CASE, notices, {}, now, channels=tuple(engine.channels))
