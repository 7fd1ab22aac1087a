"""A post office for tests: one engine with a fake channel that remembers what it was given."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine as Database

from connectors.base import Outgoing
from engine import outbox
from engine.clock import SHANGHAI, ControlledClock
from engine.database import new_id
from engine.runtime import Engine

BEGINNING = datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI)


@dataclass
class Fake:
    """Remembers every call; raises what `troubles` holds, one a call, before it starts to work."""

    name: str = "fake"
    sent: list[Outgoing] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    def send(self, notice: Outgoing) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.sent.append(notice)

    @property
    def keys(self) -> list[str]:
        return [notice.dedupe for notice in self.sent]


class Post:
    def __init__(self, database: Database) -> None:
        self.clock, self.fake = ControlledClock(BEGINNING), Fake()
        self.engine = Engine(database, self.clock, channels={"fake": self.fake})

    def queue(
        self, *keys: str, recipient: str = "leader", template: str = "late", case: str = "", **data: Any
    ) -> None:
        notices = [outbox.Notice(recipient, template, key, data) for key in keys]
        said = {"number": "SQ-1", "title": "标题"}
        with self.engine.writing() as connection:
            now, channels = self.clock.now(), tuple(self.engine.channels)
            outbox.queue(connection, case or new_id(), notices, said, now, channels=channels)

    def deliver(self, most: int = 1000) -> int:
        return outbox.deliver_due(self.engine, self.engine.channels, most)

    def rows(self, channel: str = "fake") -> list[sa.Row[Any]]:
        query = sa.select(outbox.messages).where(outbox.messages.c.channel == channel)
        with self.engine.reading() as connection:
            return list(connection.execute(query.order_by(outbox.messages.c.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]

    def pass_time(self, **duration: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**duration))
