"""A connection to each kind of database; every test is rolled back, which is quicker than emptying it."""

import shutil
from datetime import UTC, datetime

import pytest

from engine import identity
from engine.database import metadata, open_database


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def identity_database(request, tmp_path_factory):
    if request.param == "postgres":
        engine = request.getfixturevalue("postgres_schema")
        metadata.create_all(engine)
        yield engine
        return
    copy = tmp_path_factory.mktemp("identity") / "identity.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), copy)
    engine = open_database(f"sqlite:///{copy}")
    metadata.create_all(engine)
    yield engine
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
