"""A Chromium, the platform on a port of its own, and people who sit in front of it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import abort
from playwright.sync_api import Browser, Error, sync_playwright
from sqlalchemy.exc import OperationalError

from engine import runtime, worktime
from engine.clock import SHANGHAI, ControlledClock
from engine.database import open_database
from engine.errors import Conflict
from engine.identity import demo
from engine.repository import deploy, read_bundle
from tests.browser.browser_driver import WIDE, Person, Site, new_context
from tests.browser.gallery import Gallery
from tests.conftest import unavailable
from webui.access import access

HOME = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=SHANGHAI)
LONG = 90 * 24 * 3600  # seconds: a story lasts for weeks, and nobody signs in anew each morning
People = Callable[..., Person]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each person has a context of their own in it."""
    if not CHROMIUM.is_file():
        unavailable(f"no {CHROMIUM}: on Debian, apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        except Error as error:
            unavailable(f"Chromium does not start: {error.message}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the calendar, people and the appeal process, which each site copies."""
    path = tmp_path_factory.mktemp("browser") / "furnished.db"
    shutil.copy(sqlite_template, path)
    engine = runtime.Engine(open_database(f"sqlite:///{path}"), ControlledClock(WEDNESDAY))
    bundle = read_bundle(HOME / "processes" / "appeal", HOME / "forms")
    now = engine.clock.now()
    with engine.writing() as connection:
        worktime.seed(connection)
        demo.load_demo(connection, now)
        deploy(connection, bundle, operations=engine.operations, actor="system", now=now)
    engine.database.dispose()
    return path


@pytest.fixture
def site(furnished: Path, tmp_path: Path) -> Iterator[Site]:
    """The platform on a Wednesday morning, without a single case."""
    database = tmp_path / "zhiban.db"
    shutil.copy(furnished, database)
    site = Site(database, ControlledClock(WEDNESDAY), SESSION_IDLE=LONG, SESSION_LONGEST=LONG)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def people(chromium: Browser, site: Site) -> Iterator[People]:
    """Opens a window for somebody, signed in; whatever they do, no page of theirs may make a noise."""
    with ExitStack() as windows:
        opened: list[Person] = []

        def enter(username: str = "", width: int = WIDE, **options: Any) -> Person:
            context = windows.enter_context(new_context(chromium, width, **options))
            person = Person(context, site)
            opened.append(person)
            if username:
                person.sign_in(username)
            return person

        yield enter
        assert [complaint for person in opened for complaint in person.watch.complaints] == []


@pytest.fixture(scope="session")
def gallery(
    chromium: Browser, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gallery]:
    """The platform with the demonstration's cases; its clock stands still."""
    database = tmp_path_factory.mktemp("gallery") / "zhiban.db"
    shutil.copy(furnished, database)
    site = Site(database, ControlledClock(WEDNESDAY))
    site.app.add_url_rule("/broken/<int:status>", "broken", access("officer")(broken))
    site.start()
    gallery = Gallery(site, chromium)
    gallery.furnish()
    yield gallery
    gallery.close()
    site.stop()


def broken(status: int) -> None:
    """Fail as asked: an error that is known, a busy database, or something nobody foresaw."""
    if status == 503:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))
    if status == 500:
        raise RuntimeError("made for these tests")
    if status == 409:
        raise Conflict("webui.sent_before")
    abort(status)
