"""A connection to each reachable database with the calendar's tables; every test is rolled back."""

import secrets

import pytest
import sqlalchemy as sa

from engine.database import metadata, open_database
from engine.worktime import tables

TABLES = [tables.calendar_days, tables.calendar_years, tables.calendar_revision]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def calendar_database(request, tmp_path_factory):
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('calendar') / 'calendar.db'}")
        metadata.create_all(engine, tables=TABLES)
        yield engine
        engine.dispose()
        return
    schema = f"worktime_{secrets.token_hex(4)}"
    options = {"connect_args": {"options": f"-csearch_path={schema}", "connect_timeout": 2}}
    engine = open_database("postgresql:///test", **options)
    try:
        with engine.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
    except sa.exc.OperationalError:
        pytest.skip("no PostgreSQL server within reach")
    metadata.create_all(engine, tables=TABLES)
    yield engine
    with engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


@pytest.fixture
def connection(calendar_database):
    with calendar_database.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
