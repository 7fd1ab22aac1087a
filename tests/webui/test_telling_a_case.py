"""What people tell a running case from its page: whose it is to send, its form, and what comes of it."""

from collections.abc import Callable

import pytest
from flask import Flask

from engine import runtime
from engine.clock import ControlledClock
from engine.repository import Bundle, deploy
from tests.webui.api.test_messages import DIAGRAM, START, WORK
from tests.webui.webui_driver import JINGMI, Browser

Someone = Callable[[str], Browser]
WHY = """{"type": "default", "id": "why", "title": "撤回", "components": [
  {"type": "textfield", "id": "r", "key": "reason", "label": "撤回原因", "validate": {"required": true}}
]}""".encode()
WITH_FORM = DIAGRAM.replace(
    b'<b:boundaryEvent id="withdraw"', b'<b:boundaryEvent id="withdraw" c:formKey="small/why"'
)


@pytest.fixture
def case(app: Flask, clock: ControlledClock, someone: Someone) -> str:
    """A case of 晶密电子 that its enterprise and the platform may withdraw, with a reason."""
    engine: runtime.Engine = app.extensions["zhiban"]
    bundle = Bundle(WITH_FORM, {}, {"small/start": START, "small/work": WORK, "small/why": WHY})
    with engine.writing() as connection:
        deploy(connection, bundle, operations=engine.operations, actor="system", now=clock.now())
    browser = someone("jingmi").open("/start/small").send({"title": "试", "uscc": JINGMI})
    return browser.path.rsplit("/", 1)[-1]


def test_an_enterprise_withdraws_its_case_with_a_reason(someone: Someone, case: str) -> None:
    browser = someone("jingmi").open(f"/cases/{case}")
    (address,) = browser.links("/messages/")
    assert "撤回诉求" in browser.text and "终止" not in browser.text
    browser.open(address).send({"reason": "已经解决"})
    assert browser.path == f"/cases/{case}" and "“撤回诉求”已提交" in browser.text
    assert "收到：撤回" in browser.text and "撤回原因已经解决" in browser.text
    assert not browser.links("/messages/")
    assert "已经解决" not in someone("lvneng").open(f"/cases/{case}").text


def test_a_mistake_in_the_form_keeps_what_was_typed_and_tells_the_case_nothing(
    someone: Someone, case: str
) -> None:
    browser = someone("jingmi").open(f"/cases/{case}/messages/撤回").send({"reason": " "})
    assert browser.status == 422 and "请填写“撤回原因”" in browser.text
    assert "收到" not in browser.open(f"/cases/{case}").text


def test_what_is_not_ones_own_to_send_is_refused(someone: Someone, case: str) -> None:
    for username, status in (("lvneng", 404), ("tax-1", 403), ("leader", 403)):
        browser = someone(username).open(f"/cases/{case}/messages/撤回")
        assert browser.status == status, username
        browser.open("/")
        token = browser.page.tree.xpath("//input[@name='csrf_token']/@value")[0]
        sent = browser.client.post(f"/cases/{case}/messages/撤回", data={"csrf_token": token, "reason": "x"})
        assert sent.status_code == status, username
    assert someone("jingmi").open(f"/cases/{case}/messages/终止").status == 403
    assert "收到" not in someone("jingmi").open(f"/cases/{case}").text


def test_what_cannot_be_sent_now_says_why_in_the_diagrams_words(someone: Someone, case: str) -> None:
    browser = someone("jingmi").open("/start/small").send({"title": "急", "uscc": JINGMI})
    browser.open("/cases/" + browser.path.rsplit("/", 1)[-1])
    assert "急件不能撤回" in browser.text and not browser.links("/messages/")
    browser.open(f"{browser.path}/messages/撤回")
    assert browser.status == 200 and "急件不能撤回" in browser.text
    assert not browser.page.tree.xpath("//main//form")


def test_the_same_message_sent_twice_is_told_once(someone: Someone, case: str) -> None:
    browser = someone("platform").open(f"/cases/{case}/messages/终止")
    page = browser.page
    browser.send()
    assert "“终止”已提交" in browser.text
    browser.page = page
    browser.send()
    assert browser.path == f"/cases/{case}" and browser.text.count("收到：终止") == 1


def test_who_comes_too_late_is_told_so(someone: Someone, case: str) -> None:
    browser = someone("jingmi").open(f"/cases/{case}/messages/撤回")
    someone("platform").open(f"/cases/{case}/messages/终止").send()
    browser.send({"reason": "已经解决"})
    assert browser.status == 403 and "最新进展" in browser.text
