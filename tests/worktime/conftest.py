"""A connection to each kind of database; every test is rolled back, which is quicker than emptying it."""

import shutil

import pytest

from engine.database import metadata, open_database


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def calendar_database(request, tmp_path_factory):
    if request.param == "postgres":
        engine = request.getfixturevalue("postgres_schema")
        metadata.create_all(engine)
        yield engine
        return
    copy = tmp_path_factory.mktemp("calendar") / "calendar.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), copy)
    engine = open_database(f"sqlite:///{copy}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(calendar_database):
    writing = calendar_database.connect().execution_options(writing=True)
    with writing as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
