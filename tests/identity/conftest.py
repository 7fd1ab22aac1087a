"""A connection to each reachable database with identity's tables; every test is rolled back."""

import secrets
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine import identity
from engine.database import metadata, open_database
from engine.identity import tables

TABLES = [tables.departments, tables.enterprises, tables.accounts, tables.account_roles, tables.api_tokens]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def identity_database(request, tmp_path_factory):
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path_factory.mktemp('identity') / 'identity.db'}")
        metadata.create_all(engine, tables=TABLES)
        yield engine
        engine.dispose()
        return
    schema = f"identity_{secrets.token_hex(4)}"
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
def connection(identity_database):
    writing = identity_database.connect().execution_options(writing=True)
    with writing as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


@pytest.fixture
def now():
    return datetime(2026, 3, 11, 2, 0, tzinfo=UTC)  # ten o'clock in Shanghai


@pytest.fixture
def market(connection):
    return identity.create_department(connection, code="market", name="市场监督管理局", duties=["价格"])


@pytest.fixture
def handler(connection, market, now):
    """The id of an active handler of the market department."""
    return identity.create_account(
        connection,
        username="wuqiang",
        name="吴强",
        password="three green lanterns",
        now=now,
        roles=["handler"],
        department="market",
    )
