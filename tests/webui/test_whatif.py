"""The analyst's page: a scenario's course on a calendar, for analysts and the control centre only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from engine import runtime
from engine.clock import ControlledClock
from engine.repository import deploy
from engine.worktime.rules import DEFAULT
from tests.outlook.test_limits import ORDINARY, counted_process
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
LATE = "/whatif?scenario=appeal/timers/0"
ROW = DEFAULT.limits.index(ORDINARY)
LIMIT = f"/whatif/limit?row={ROW}&count=2&month=2026-03"


def test_an_analyst_sees_a_scenario_on_its_days(someone: Someone) -> None:
    browser = someone("analyst").open("/whatif")
    options = browser.page.tree.xpath("//select[@name='scenario']//option/@value")
    assert "appeal/timers/0" in options
    browser.open(LATE)
    assert browser.status == 200 and "一路超时" in browser.text and "2026年3月" in browser.text
    (eleventh,) = [td for td in browser.page.tree.xpath("//td") if td.xpath(".//span[@class='no'][.='11']")]
    said = " ".join(eleventh.text_content().split())
    assert "10:00 提交" in said and "17:00 到时：派发时限已到" in said and "时限：研判派发（超期）" in said


def test_days_off_and_made_up_days_are_marked(someone: Someone) -> None:
    browser = someone("analyst").open("/whatif?scenario=appeal/calendar/5")
    marks = {mark.text for mark in browser.page.tree.xpath("//span[contains(@class, 'mark')]")}
    assert {"休", "班"} <= marks, browser.text


def test_it_is_said_in_english_too(someone: Someone) -> None:
    assert "Deadline: 研判派发 (missed)" in someone("analyst").open(LATE + "&lang=en").text


@pytest.mark.parametrize("username", ["platform", "market-1", "jingmi", "leader"])
def test_others_are_not_let_in(someone: Someone, username: str) -> None:
    assert someone(username).open("/whatif").status == 403


def counted(app: Flask, clock: ControlledClock, someone: Someone) -> str:
    """A case begun on Monday 2026-03-09, due with the 12th, done on its last day; its number."""
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.writing() as connection:
        deploy(connection, counted_process(), operations=engine.operations, actor="system", now=clock.now())
    browser = someone("platform").open("/start/small")
    browser.send({"note": "税费"})
    clock.move_to(clock.now() + timedelta(days=3, hours=4))
    browser = someone("platform").open("/inbox?tab=claimable")
    browser.send(to="/claim")
    browser.open(browser.open("/inbox").links("/tasks/")[0]).send({"note": "税费"})
    return "S-0001"


def test_a_changed_limit_is_counted_for_a_month(app: Flask, clock: ControlledClock, someone: Someone) -> None:
    number = counted(app, clock, someone)
    browser = someone("control").open(LIMIT)
    assert "结论有变的 1 件" in browser.text and "按时 → 超期" in browser.text, browser.text
    assert number in browser.text and "3月11日 17:30" in browser.text
    analyst = someone("analyst").open(LIMIT)
    assert "结论有变的 1 件" in analyst.text and number not in analyst.text
    assert "没有一件的结论因此改变" in analyst.open(LIMIT.replace("count=2", "count=3")).text
    assert "没有按这一条时限开始的" in analyst.open(LIMIT.replace("2026-03", "2026-02")).text


def test_what_cannot_be_counted_is_said(someone: Someone) -> None:
    browser = someone("analyst").open(LIMIT.replace("count=2", "count=x"))
    assert browser.status == 422 and "整数" in browser.text
    assert browser.open(LIMIT.replace("2026-03", "March")).status == 422
    assert browser.open(LIMIT.replace(f"row={ROW}", "row=99")).status == 404


def test_the_link_is_there_for_whom_it_opens(someone: Someone) -> None:
    assert someone("control").open("/inbox").page.tree.xpath("//header//a[@href='/whatif']")
    assert not someone("platform").open("/inbox").page.tree.xpath("//header//a[@href='/whatif']")


def test_what_is_not_on_the_shelf_is_not_found(someone: Someone) -> None:
    assert someone("analyst").open("/whatif?scenario=../../etc/passwd").status == 404
