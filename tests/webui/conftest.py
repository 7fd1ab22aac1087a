"""The whole app over a real database with the demonstration's people and the appeal process."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from engine import runtime, worktime
from engine.clock import SHANGHAI, ControlledClock
from engine.database import open_database
from engine.identity import demo
from engine.migrations import upgrade
from engine.repository import deploy, read_bundle
from tests.webui.webui_driver import APPEAL, Browser
from webui.app import create_app

HOME = Path(__file__).parents[2]
MONDAY = datetime(2026, 3, 9, 8, 40, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the calendar, people and the appeal process, which each test copies."""
    path = tmp_path_factory.mktemp("webui") / "ready.db"
    engine = runtime.Engine(open_database(f"sqlite:///{path}"), ControlledClock(MONDAY))
    upgrade(engine.database)
    bundle = read_bundle(HOME / "processes" / "appeal", HOME / "forms")
    now = engine.clock.now()
    with engine.writing() as connection:
        worktime.seed(connection)
        demo.load_demo(connection, now)
        deploy(connection, bundle, operations=engine.operations, actor="system", now=now)
    engine.database.dispose()
    return path


@pytest.fixture
def clock() -> ControlledClock:
    return ControlledClock(MONDAY)


@pytest.fixture
def app(ready: Path, tmp_path: Path, clock: ControlledClock) -> Iterator[Flask]:
    copy = tmp_path / "zhiban.db"
    shutil.copy(ready, copy)
    app = create_app(
        {"DATABASE": f"sqlite:///{copy}", "SECRET_KEY": "tests", "CLOCK": clock, "TESTING": True}
    )
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.extensions["zhiban"].database.dispose()


@pytest.fixture
def someone(app: Flask) -> Callable[[str], Browser]:
    """A browser in which the account of that username has signed in."""

    def enter(username: str) -> Browser:
        browser = Browser(app)
        browser.open("/sign-in")
        browser.send({"username": username, "password": demo.PASSWORD})
        assert browser.status == 200, browser.text
        return browser

    return enter


@pytest.fixture
def appeal(someone: Callable[[str], Browser]) -> str:
    """An appeal of 晶密电子 that waits for triage; its case's id."""
    browser = someone("jingmi").open("/start/appeal")
    browser.send(APPEAL)
    assert browser.path.startswith("/start/done/"), browser.text
    return browser.path.rsplit("/", 1)[-1]
