"""What an added signer is asked stands above the answer, on the task's page and beside the list."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.webui.api.api_driver import HANDLE
from tests.webui.test_signing import Desk
from tests.webui.test_working import dispatched
from tests.webui.webui_driver import APPEAL, Browser

Someone = Callable[[str], Browser]


@pytest.fixture
def desk(app: Flask, someone: Someone, appeal: str) -> Desk:
    dispatched(someone)
    return Desk(app, appeal)


def card(page: Browser) -> str:
    found = page.page.tree.xpath("//section[@aria-labelledby='asked']")
    return " ".join(found[0].text_content().split()) if found else ""


def both(someone: Someone, who: str, task: str) -> list[str]:
    """The card on the task's page and beside the list."""
    page = someone(who)
    return [card(page.open(at)) for at in (task, f"/inbox?task={task.rsplit('/', 1)[1]}")]


def test_who_is_asked_before_reads_who_asks_and_why(someone: Someone, desk: Desk) -> None:
    desk.add("housing-admin", "housing-1", opinion="这件归哪个科室？")
    for shown in both(someone, "housing-1", desk.of("housing-1")):
        assert "前加签" in shown and desk.people["housing-admin"].name in shown
        assert "这件归哪个科室？" in shown and "先听您的意见" in shown and "要您认可的内容" not in shown
    owner = someone("housing-admin").open(f"/tasks/{desk.task}")
    assert not card(owner)


def test_who_is_asked_after_reads_what_the_owner_filled_in(someone: Someone, desk: Desk) -> None:
    desk.answering()
    values = {**HANDLE, "answer": "属于水务局职责"}
    desk.add("housing-1", "tax-1", how="after", values=values, opinion="请把关")
    for shown in both(someone, "tax-1", desk.of("tax-1")):
        assert "后加签" in shown and "请把关" in shown and "属于水务局职责" in shown
    desk.task = desk.of("tax-1").rsplit("/", 1)[1]
    desk.add("tax-1", "hrss-1", opinion="帮我看看")
    shown = card(someone("hrss-1").open(desk.of("hrss-1")))
    assert "帮我看看" in shown and "前加签" in shown and "属于水务局职责" in shown, (
        "the matter is the owner's"
    )


def test_the_contact_of_a_confidential_case_stays_hidden(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal").send(APPEAL | {"confidential": "true"})
    dispatched(someone)
    desk = Desk(app, browser.path.rsplit("/", 1)[-1])
    desk.answering()
    values = {**HANDLE, "answer": f"电话{APPEAL['phone']}无人接听"}
    desk.add("housing-1", "tax-1", how="after", values=values, opinion=f"请联系{APPEAL['contact']}")
    for shown in both(someone, "tax-1", desk.of("tax-1")):
        assert "无人接听" in shown and APPEAL["phone"] not in shown and APPEAL["contact"] not in shown
