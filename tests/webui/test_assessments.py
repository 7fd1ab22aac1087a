"""The ledger on pages: who reads it, objecting and deciding, and a table file that runs nothing."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.clock import SHANGHAI, ControlledClock
from engine.runtime.ledger.tables import assessments
from tests.webui.webui_driver import Browser
from webui.pages.desk.sheet import harmless
from webui.transaction import zhiban

Someone = Callable[[str], Browser]
REASONS = "=1+1 系统停机两小时"


@pytest.fixture
def fault(app: Flask, appeal: str, clock: ControlledClock) -> str:
    """The appeal's department is on record for answering late; the assessment's id."""
    key, now = "f" * 32, clock.now()
    row = {"id": key, "case_id": appeal, "number": "SQ-20260309-0001", "round": 1, "kind": "late_handling"}
    row |= {"answerable": "market", "element": "handle", "at": now, "state": "standing"}
    with app.app_context(), zhiban().writing() as connection:
        connection.execute(sa.insert(assessments).values(due_at=now - timedelta(days=1), **row))
    return key


def test_an_objection_goes_its_way(someone: Someone, fault: str) -> None:
    admin = someone("market-admin").open("/assessments")
    assert "不按时答复" in admin.text and "市场监督管理局" in admin.text and "尚未办完" in admin.text
    admin.open(f"/assessments/{fault}")
    assert "可申诉至 2026年3月16日 17:30 周一" in admin.text
    admin.send({"text": " "})
    assert admin.status == 422 and "请写明理由" in admin.text
    admin.send({"text": REASONS})
    assert "申诉已提交" in admin.text and not admin.page.tree.xpath("//textarea")
    centre = someone("control").open("/notices")
    assert "的考核记录有申诉，请裁定" in centre.text
    centre.open(f"/assessments/{fault}")
    assert REASONS in centre.text
    centre.send({"text": "属实", "choice": "revoke"})
    assert "裁定：已撤销" in centre.text
    assert "考核申诉已有结论：撤销" in someone("market-admin").open("/notices").text


def test_too_late_is_told_and_what_was_typed_is_kept_with_nobody(
    someone: Someone, fault: str, clock: ControlledClock
) -> None:
    admin = someone("market-admin").open(f"/assessments/{fault}")
    form = admin.form()
    clock.move_to(datetime(2026, 3, 16, 17, 31, tzinfo=SHANGHAI))
    again = someone("market-admin").open(f"/assessments/{fault}")
    assert not again.page.tree.xpath("//textarea")
    token = again.page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = again.client.post(form.action, data={"text": REASONS, "csrf_token": token})
    assert answer.status_code == 409 and "现已超过" in answer.text


@pytest.mark.parametrize(
    "who, status", [("market-1", 403), ("analyst", 403), ("jingmi", 403), ("leader", 200)]
)
def test_whose_the_ledger_is_not(someone: Someone, fault: str, who: str, status: int) -> None:
    browser = someone(who)
    for path in ("/assessments", f"/assessments/{fault}", "/assessments.csv"):
        assert browser.client.get(path).status_code == status
    browser.open("/")
    assert bool(browser.page.tree.xpath("//header//a[@href='/assessments']")) is (status == 200)


def test_an_enterprise_finds_no_word_of_it(someone: Someone, appeal: str, fault: str) -> None:
    browser = someone("jingmi").open(f"/cases/{appeal}")
    assert browser.status == 200
    assert "考核" not in browser.page.response.text
    assert browser.client.get(f"/assessments/{fault}").status_code == 403


def test_it_is_searched_and_downloaded(someone: Someone, fault: str) -> None:
    someone("market-admin").open(f"/assessments/{fault}").send({"text": REASONS})
    leader = someone("leader").open("/assessments?kind=late_handling&state=objected&since=2026-03-09")
    assert "SQ-20260309-0001" in leader.text
    (link,) = leader.links("assessments.csv")
    answer = leader.client.get(link)
    assert answer.headers["Content-Disposition"] == "attachment; filename=assessments.csv"
    heading, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    told = dict(zip(heading, row, strict=True))
    assert (told["编号"], told["考核事项"], told["状态"]) == ("SQ-20260309-0001", "不按时答复", "申诉中")
    assert told["申诉理由"] == "'" + REASONS, "a table program would run it"
    for query in ("kind=not_done", "state=revoked", "since=2026-03-10", "text=nothing", "answerable=ecology"):
        assert "没有符合条件" in leader.open(f"/assessments?{query}").text
    assert "SQ-20260309-0001" in leader.open("/assessments?since=soon&page=99").text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "市场监督管理局", "3", "a=b"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
