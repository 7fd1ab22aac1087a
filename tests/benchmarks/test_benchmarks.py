"""The benchmarks run; what they print is for people, and no time is asserted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.clock import ControlledClock
from engine.database import new_id, open_database
from engine.runtime.tables import cases
from engine.scenarios import find_postgres
from tests.benchmarks import bench_inbox, bench_timers, desks, ground
from tests.benchmarks.bench_step import compare, redispatch
from tests.conftest import unavailable


def test_the_steps_of_both_engines_are_measured() -> None:
    ours, stock = compare(cases=1)
    assert len(ours) == len(stock) == 5 and min(*ours, *stock) > 0


def test_redispatches_are_measured() -> None:
    assert len(redispatch(rounds=3)) == 3


@pytest.fixture(scope="module")
def patterns() -> ground.Patterns:
    return ground.patterns()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str | None]:
    """Where the full database is made: a file (None), or a schema that is not the one of a real run."""
    monkeypatch.setattr(ground.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(ground, "SCHEMA", schema := f"zhiban_bench_{new_id()[-12:]}")
    monkeypatch.setattr(ground, "SETTINGS", "-csynchronous_commit=off")
    if request.param == "sqlite":
        yield None
        return
    url = find_postgres()
    if url is None:
        unavailable("no PostgreSQL server: set TEST_POSTGRES_URL, or start one with a database `test`")
    assert url is not None
    yield url
    plain = open_database(url)
    with plain.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
    plain.dispose()


def test_timers_are_drained_in_a_database_full_of_cases(
    server: str | None, patterns: ground.Patterns
) -> None:
    full = ground.ground(patterns, closed=30, waiting=20, url=server)
    figures = bench_timers.measure(patterns, full, due=6)
    assert len(figures.drained.steps) == 6 and figures.raw > 0 and figures.waiting == 20
    assert all(took > 0 for took in figures.looks)
    assert any("timers/s" in line for line in bench_timers.tell(figures, 6))
    with full.database.connect() as connection:
        states = connection.execute(sa.select(cases.c.state, sa.func.count()).group_by(cases.c.state))
        assert {state: count for state, count in states} == {"ended": 30, "open": 20}, "no trace of a run"
    full.database.dispose()
    again = ground.ground(patterns, closed=30, waiting=20, url=server)
    assert again.made_in == 0, "the full database is made once"
    engine = runtime.Engine(again.database, ControlledClock(patterns.moment + timedelta(days=120)))
    assert runtime.fire_due(engine) == 20, "each clone has a valid stored run"
    again.database.dispose()


def test_the_desk_is_measured_in_a_database_full_of_cases(
    server: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_inbox, "SCHEMA", ground.SCHEMA)
    size = desks.Size(closed=60, waiting=20, held=10, officers=40)
    engine, full, made = bench_inbox.database(size, server)
    spent = bench_inbox.measure(full, times=5)
    assert made > 0 and len(spent) > 40 and all(took.first > 0 for took in spent.values())
    assert all(len(took.by) == 5 and min(took.every()) > 0 for took in spent.values())
    assert len(list(bench_inbox.tell(spent))) == len(spent) + 1 and bench_inbox.weight(engine) > 0
    assert "todo 4," in next(bench_inbox.loads(full)), "one desk is fuller than the others"
    assert bench_inbox.checked(full)[0] > 100
    with engine.connect() as connection:
        states = connection.execute(sa.select(cases.c.state, sa.func.count()).group_by(cases.c.state))
        assert {state: count for state, count in states} == {"ended": 61, "open": 21}
    engine.dispose()
    again, same, made = bench_inbox.database(size, server)
    assert made == 0 and same.pages == full.pages, "the full database is made once"
    again.dispose()
