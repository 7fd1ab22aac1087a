"""A double click: two equal forms at the same moment, on both databases, lead to one place."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from engine import runtime, worktime
from engine.clock import ControlledClock
from engine.identity import demo
from engine.repository import deploy
from engine.runtime.tables import cases
from tests.webui.api.conftest import BUNDLE, address, build
from tests.webui.test_working import TRIAGE, claimed
from tests.webui.webui_driver import APPEAL, Browser


@pytest.fixture
def app(database: Engine, clock: ControlledClock) -> Iterator[Flask]:
    app = build(address(database), clock)
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.writing() as connection:
        worktime.seed(connection)
        demo.load_demo(connection, clock.now())
        deploy(connection, BUNDLE, operations=engine.operations, actor="system", now=clock.now())
    yield app
    engine.database.dispose()


def clicked_twice(app: Flask, browser: Browser, sent: dict[str, Any]) -> list[tuple[int, str]]:
    """Both answers to the page's form. The case is held until both have asked whether they are the first."""
    body = {**dict(browser.form().form_values()), **sent}
    target = browser.form().get("action")
    cookie = browser.page.response.request.headers["Cookie"]

    def click() -> tuple[int, str]:
        answer = app.test_client(use_cookies=False).post(target, data=body, headers={"Cookie": cookie})
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(2) as pool:
        with app.extensions["zhiban"].writing() as connection:
            connection.execute(sa.update(cases).values(title=cases.c.title))
            both = [pool.submit(click) for _click in range(2)]
            time.sleep(1)
        return [one.result() for one in both]


def test_a_task_clicked_twice_at_once_is_no_conflict_with_oneself(app: Flask, someone: Any) -> None:
    someone("jingmi").open("/start/appeal").send(APPEAL)
    browser = someone("platform")
    claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh")
    first, second = clicked_twice(app, browser, TRIAGE)
    assert first == second == (303, "/inbox")


def test_a_start_clicked_twice_at_once_is_one_case(app: Flask, someone: Any) -> None:
    browser = someone("jingmi").open("/start/appeal")
    first, second = clicked_twice(app, browser, APPEAL)
    assert first == second and first[0] == 303
    with app.extensions["zhiban"].reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one() == 1
