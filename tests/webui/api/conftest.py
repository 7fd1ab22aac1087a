"""The app with its API over both databases, the demonstration's people and the real appeal process."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from engine import identity, runtime, worktime
from engine.clock import SHANGHAI, ControlledClock
from engine.identity import demo
from engine.identity.tables import accounts
from engine.repository import deploy, read_bundle
from tests.webui.api.api_driver import Caller
from webui.app import create_app

HOME = Path(__file__).parents[3]
MONDAY = datetime(2026, 3, 9, 8, 40, tzinfo=SHANGHAI)
BUNDLE = read_bundle(HOME / "processes" / "appeal", HOME / "forms")
CALLED = read_bundle(HOME / "processes" / "escalation", HOME / "forms")  # an upload finds it deployed

Login = Callable[..., Caller]


@pytest.fixture
def clock() -> ControlledClock:
    return ControlledClock(MONDAY)


def address(database: Engine) -> str:
    """The URL that leads an app to this very database, on PostgreSQL to its schema."""
    url = database.url
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            schema = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
        url = url.update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


def build(url: str, clock: ControlledClock, **config: object) -> Flask:
    settings = {"DATABASE": url, "SECRET_KEY": "tests", "CLOCK": clock, "RATELIMIT_ENABLED": False, **config}
    return create_app(settings)


@pytest.fixture
def app(database: Engine, clock: ControlledClock) -> Iterator[Flask]:
    app = build(address(database), clock)
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.writing() as connection:
        worktime.seed(connection)
        demo.load_demo(connection, clock.now())
        for bundle in (CALLED, BUNDLE):
            deploy(connection, bundle, operations=engine.operations, actor="system", now=clock.now())
    yield app
    engine.database.dispose()


@pytest.fixture
def login(app: Flask) -> Login:
    """The caller of a demonstration account, by username."""

    def enter(username: str, language: str = "") -> Caller:
        engine: runtime.Engine = app.extensions["zhiban"]
        with engine.writing() as connection:
            query = sa.select(accounts.c.id).where(accounts.c.username == username)
            account = connection.execute(query).scalar_one()
            token = identity.issue_token(connection, account, "tests", engine.clock.now(), 30)
        return Caller(app, token, language)

    return enter
