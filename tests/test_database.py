"""The one door to two databases: its errors are SQLAlchemy's, and who reads sees one state."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from engine.database import Prepared, is_duplicate, open_database, reading, writing
from engine.runtime.tables import answers, counters

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
_insert = Prepared(sa.insert(counters).values(name=sa.bindparam("key"), value=sa.bindparam("many")))
_count = Prepared(sa.select(counters.c.value).where(counters.c.name == sa.bindparam("key")))


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database that waits a tenth of a second for other writers."""
    options = {"timeout": 0.1, "check_same_thread": False}
    engine = open_database(f"sqlite:///{tmp_path}/busy.db", connect_args=options)
    with writing(engine) as connection:
        counters.create(connection)
    yield engine
    engine.dispose()


def test_a_database_that_is_busy_is_an_operational_error(impatient: Engine) -> None:
    with writing(impatient) as connection:
        _insert(connection, key="a", many=1)
        with pytest.raises(sa.exc.OperationalError), writing(impatient):
            raise AssertionError("a second writer must not get in")


def test_a_key_twice_through_the_driver_is_an_integrity_error(database: Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught, writing(database) as connection:
        _insert(connection, key="a", many=1)
        _insert(connection, key="a", many=2)
    assert is_duplicate(caught.value)
    with reading(database) as connection:
        assert _count(connection, key="a") == []


def test_a_statement_that_cannot_be_is_an_error_of_ours_to_handle(database: Engine) -> None:
    broken = Prepared(sa.text("SELECT nothing FROM nowhere"))
    with pytest.raises(sa.exc.DBAPIError), reading(database) as connection:
        broken(connection)


def test_who_reads_sees_one_state_though_others_write(database: Engine) -> None:
    with writing(database) as connection:
        _insert(connection, key="a", many=1)
    with reading(database) as reader:
        assert _count(reader, key="a") == [(1,)]
        with writing(database) as connection:
            connection.execute(sa.update(counters).values(value=2))
        assert _count(reader, key="a") == [(1,)]
    with reading(database) as reader:
        assert _count(reader, key="a") == [(2,)]


def test_moments_come_back_as_they_went_in(database: Engine) -> None:
    row = {"key": "k", "actor": "a", "digest": "", "answer": "{}", "created_at": NOW}
    with writing(database) as connection:
        connection.execute(sa.insert(answers).values(row))
    with reading(database) as connection:
        assert connection.execute(sa.select(answers.c.created_at)).scalar_one() == NOW
    with pytest.raises(sa.exc.StatementError), writing(database) as connection:
        connection.execute(sa.insert(answers).values({**row, "created_at": NOW.replace(tzinfo=None)}))


@pytest.mark.postgres
def test_postgresql_compiles_no_query_before_it_runs(postgres_schema: Engine) -> None:
    with reading(postgres_schema) as connection:
        assert connection.execute(sa.text("SHOW jit")).scalar_one() == "off"
    with writing(postgres_schema) as connection:
        assert connection.execute(sa.text("SHOW jit")).scalar_one() == "off"
