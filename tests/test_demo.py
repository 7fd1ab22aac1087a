"""The demonstration is made by the real engine: many states, a history that holds, and only once."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from engine import runtime, worktime
from engine.clock import ControlledClock
from engine.demo import STORIES, load_cases
from engine.identity import demo
from engine.repository import deploy
from engine.runtime import queries
from engine.runtime.tables import cases
from tests.runtime.stage import appeal


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 11, 3, 0, tzinfo=UTC),  # a Wednesday at 11:00
        datetime(2026, 3, 11, 0, 30, tzinfo=UTC),  # before the morning's work
        datetime(2026, 10, 4, 6, 0, tzinfo=UTC),  # in the National Day week
    ],
)
def test_the_demo_loads_on_any_day_and_only_once(database: Engine, now: datetime) -> None:
    engine = runtime.Engine(database, ControlledClock(now))
    with engine.writing() as connection:
        worktime.seed(connection)
        demo.load_demo(connection, now)
        deploy(connection, appeal(), operations=engine.operations, actor="system", now=now)
    assert load_cases(engine) == len(STORIES) >= 12
    assert load_cases(engine) == 0
    with engine.reading() as connection:
        statuses = set(connection.execute(sa.select(cases.c.status)).scalars())
        assert len(statuses) >= 10
        assert runtime.verify_history(connection) == []
        open_ = [
            task for row in connection.execute(sa.select(cases.c.id)) for task in _open(connection, row.id)
        ]
    ahead = {task.case_id for task in open_ if task.due_at is None or task.due_at > now}
    late = {task.case_id for task in open_ if task.due_at is not None and task.due_at < now}
    assert len(ahead) >= 4 and late, "also on a free day not everything is late"


def _open(connection: Connection, case_id: str) -> list[queries.TaskRow]:
    return queries.open_tasks(connection, case_id)
