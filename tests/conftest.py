"""The databases every test of the engine runs on: SQLite and PostgreSQL, migrated, empty, real.

PostgreSQL is found by TEST_POSTGRES_URL, else on the local socket or 127.0.0.1:5432. Where it is
missing its tests skip and say so; in CI they fail, since there nothing that matters is skipped.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from engine.database import new_id, open_database
from engine.migrations import upgrade
from engine.migrations.schema import metadata
from engine.scenarios import find_postgres

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")

# How long an example takes says more about the machine than about us; benchmarks measure time. CI tries the
# same examples each time, so that what it refuses is the change's own doing; new ones are tried by everybody
# else, and by `make hunt` in numbers.
hypothesis.settings.register_profile("house", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("house")


def unavailable(sentence: str) -> None:
    """Skip with a sentence that says what is missing; in CI, fail."""
    if IN_CI:
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    engine = open_database(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_schema() -> Iterator[Engine]:
    """A migrated schema of its own on a PostgreSQL server, dropped at the end."""
    url = find_postgres()
    if url is None:
        unavailable("no PostgreSQL server: set TEST_POSTGRES_URL, or start one with a database `test`")
    assert url is not None
    schema = f"zhiban_test_{new_id()[-12:]}"
    plain = open_database(url)
    with plain.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    engine = open_database(url, connect_args={"options": f"-csearch_path={schema} -csynchronous_commit=off"})
    upgrade(engine)
    yield engine
    engine.dispose()
    with plain.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
    plain.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        copy = tmp_path / "test.db"
        shutil.copy(template, copy)
        engine = open_database(f"sqlite:///{copy}")
        # what a test writes need not outlive the machine; a killed process loses nothing by this
        sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        yield engine
        engine.dispose()
    else:
        engine = request.getfixturevalue("postgres_schema")
        yield engine
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One database of each kind for a whole module, which nobody commits to."""
    if request.param == "postgres":
        yield request.getfixturevalue("postgres_schema")
        return
    copy = tmp_path_factory.mktemp("shared") / "shared.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), copy)
    engine = open_database(f"sqlite:///{copy}")
    yield engine
    engine.dispose()


@pytest.fixture
def connection(shared_database: Engine) -> Iterator[Connection]:
    """A connection whose changes are rolled back, which is quicker than emptying the database."""
    writing = shared_database.connect().execution_options(writing=True)
    with writing as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
