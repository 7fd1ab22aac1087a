"""What failed and waits for a person: who is shown it, in which words, and letting it try again."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import runtime
from engine.runtime import queries
from engine.runtime.casework.mishaps import hold_clock, raise_incident, write_incident
from engine.runtime.tables import incidents, timers
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
WHY = ValueError("no such day")


@pytest.fixture
def engine(app: Flask) -> runtime.Engine:
    found: runtime.Engine = app.extensions["zhiban"]
    return found


@pytest.fixture
def broken(engine: runtime.Engine, appeal: str) -> str:
    """The case's clock, a reminder of its task and its timer are held, in this order."""
    hold_clock(engine, appeal, "", WHY)
    hold_clock(engine, appeal, "triage", WHY)
    with engine.writing() as connection:
        timer = connection.execute(sa.select(timers).where(timers.c.case_id == appeal).limit(1)).one()
        held = sa.update(timers).where(timers.c.id == timer.id)
        connection.execute(held.values(state="stuck", attempts=5))
        raise_incident(engine, connection, appeal, timer.element, WHY, timer.id)
    return appeal


def badge(browser: Browser) -> list[str]:
    found = browser.page.tree.xpath("//nav[@class='nav-wide']//a[@href='/incidents']//span[@class='badge-z']")
    return [str(one.text_content()) for one in found]


def test_the_control_centre_reads_what_happened_and_what_to_do(someone: Someone, broken: str) -> None:
    browser = someone("control")
    assert badge(browser) == ["3"], "the menu says how many wait"
    browser.open("/incidents")
    cards = [" ".join(c.text_content().split()) for c in browser.page.tree.xpath("//section[header]")]
    assert len(cards) == 3
    assert "期限没有算成" in cards[0] and "“研判派发”的期限提醒没有发成" in cards[1], cards
    assert "试了几次都没有执行成" in cards[2] and "原定" in cards[2]
    assert all("ValueError: no such day" in card and "SQ-20260309-0001" in card for card in cards)
    assert "厂区门口道路长期积水" in cards[0] and browser.links(f"/cases/{broken}")
    english = browser.open("/incidents?lang=en").text
    assert "The reminder of “研判派发” could not be sent" in english


def test_what_is_retried_leaves_the_list_and_tries_again(
    someone: Someone, engine: runtime.Engine, broken: str
) -> None:
    browser = someone("control").open("/incidents")
    for left in ("2", "1", ""):
        page = browser.page
        browser.send(to="/retry")
        assert "已重试" in browser.text and badge(browser) == ([left] if left else [])
    assert "现在没有等人处理的异常" in browser.text
    browser.page = page
    assert "没有这个异常，或已处理" in browser.send(to="/retry").text, "somebody was faster"
    with engine.reading() as connection:
        assert set(connection.execute(sa.select(timers.c.state)).scalars()) == {"waiting"}
        assert not connection.execute(sa.select(incidents).where(incidents.c.resolved_at.is_(None))).all()
        told = [row.kind for row in queries.history(connection, broken)]
    assert told.count("incident.retried") == 3


def test_an_administrator_mends_without_reading_the_case(someone: Someone, broken: str) -> None:
    browser = someone("administrator").open("/incidents")
    assert "SQ-20260309-0001" in browser.text and "厂区门口" not in browser.text
    assert not browser.links("/cases/") and "no such day" in browser.text
    assert "已重试" in browser.send(to="/retry").text


def test_an_administrator_reads_nothing_of_what_was_entered_confidentially(
    someone: Someone, engine: runtime.Engine, broken: str
) -> None:
    with engine.writing() as connection:
        connection.execute(sa.update(runtime.tables.cases).values(confidential=True))
    assert "ValueError" in someone("administrator").open("/incidents").text
    assert "no such day" not in someone("administrator").open("/incidents").text
    assert "no such day" in someone("control").open("/incidents").text


def test_it_is_nobody_elses(someone: Someone, broken: str) -> None:
    for username in ("platform", "leader", "market-1", "analyst", "jingmi"):
        browser = someone(username)
        assert "/incidents" not in browser.page.response.get_data(as_text=True), username
        assert browser.open("/incidents").status == 403, username


def test_a_task_for_nobody_is_told_and_not_retried(
    someone: Someone, engine: runtime.Engine, appeal: str
) -> None:
    with engine.writing() as connection:
        (task,) = queries.open_tasks(connection, appeal)
        write_incident(engine, connection, appeal, task.element, "无人可办", task=task.id)
    browser = someone("control").open("/incidents")
    assert "“研判派发”没有人可以办" in browser.text and "自动消除" in browser.text
    assert not browser.page.tree.xpath("//main//form")
