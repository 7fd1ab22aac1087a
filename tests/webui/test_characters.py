"""Characters that no database can keep are refused before any page reads them."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from engine.identity import demo
from tests.webui.webui_driver import APPEAL, Browser, upload

Someone = Callable[[str], Browser]
NUL = "甲\0乙"


@pytest.mark.parametrize(
    "address", ["/cases/%00", "/tasks/%00", "/files/%00", "/start/%00", "/static/%00", "/%00"]
)
def test_an_address_with_nul_leads_nowhere(someone: Someone, address: str) -> None:
    assert someone("platform").open(address).status == 404


@pytest.mark.parametrize(
    "address", ["/cases?text=%00", "/inbox?tab=%00", "/cases?%00=1", "/sign-in?lang=%00"]
)
def test_a_parameter_with_nul_is_refused(someone: Someone, address: str) -> None:
    browser = someone("platform").open(address)
    assert browser.status == 400 and "字符" in browser.text


@pytest.mark.parametrize("address", ["/cases/%ED%A0%80", "/cases?text=%ED%A0%80"])
def test_bytes_that_are_no_text_do_no_harm(someone: Someone, address: str) -> None:
    assert someone("platform").client.get(address).status_code < 500


def test_a_stranger_cannot_send_nul_either(app: Flask) -> None:
    browser = Browser(app).open("/sign-in")
    browser.send({"username": "a\0b", "password": demo.PASSWORD})
    assert browser.status == 400 and "刷新后重新提交" in browser.text


@pytest.mark.parametrize("field", ["title", "_once", "no\0field"])
def test_a_field_with_nul_is_refused_and_a_form_without_it_still_passes(someone: Someone, field: str) -> None:
    browser = someone("jingmi").open("/start/appeal")
    form = browser.page
    assert browser.send({**APPEAL, field: NUL}).status == 400
    browser.page = form
    assert browser.send(APPEAL).path.startswith("/start/done/")


def test_a_file_named_with_nul_is_refused(someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "attachments": [(BytesIO(upload()[0].getvalue()), "现\0场.txt")]})
    assert browser.status == 400
