"""Every error is a page that says what to do next, or a problem document for programs."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Unavailable
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]

CASES = [
    (NotAllowed("webui.not_for_you"), 403, "管理员"),
    (NotFound("runtime.no_case"), 404, "编号"),
    (Conflict("runtime.case_ended"), 409, "办件已结束"),
    (Invalid("forms.rejected", count=1, problems=[Problem("identity.name", "name")]), 422, "请填写名称"),
    (Unavailable("webui.503"), 503, "重新提交"),
    (sa.exc.OperationalError("SELECT", {}, Exception("locked")), 503, "重新提交"),
    (ValueError("a secret of somebody"), 500, "编号"),
]


@pytest.fixture
def broken(app: Flask) -> Callable[[Exception], None]:
    """Two addresses, of a page and of the API, that fail as asked."""

    def fail_with(error: Exception) -> None:
        def fail() -> None:
            raise error

        fail.access_rule = ("public",)  # type: ignore[attr-defined]
        app.add_url_rule("/broken", "broken", fail)
        app.add_url_rule("/api/broken", "api_broken", fail)

    return fail_with


@pytest.mark.parametrize(("error", "status", "words"), CASES, ids=lambda value: type(value).__name__)
def test_an_error_is_a_page_with_its_status_and_the_next_step(
    app: Flask, broken: Callable[[Exception], None], error: Exception, status: int, words: str
) -> None:
    broken(error)
    browser = Browser(app).open("/broken")
    assert browser.status == status
    assert words in browser.text
    assert "secret" not in browser.text
    assert browser.page.response.headers["X-Request-ID"] in browser.text


@pytest.mark.parametrize(("error", "status", "words"), CASES, ids=lambda value: type(value).__name__)
def test_a_program_gets_the_same_error_as_a_problem_document(
    app: Flask, broken: Callable[[Exception], None], error: Exception, status: int, words: str
) -> None:
    broken(error)
    answer = app.test_client().get("/api/broken")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["status"] == status
    assert "secret" not in answer.text


def test_an_unknown_error_is_logged_under_the_request_without_its_words(
    app: Flask, broken: Callable[[Exception], None], capsys: pytest.CaptureFixture[str]
) -> None:
    broken(ValueError("罗婷 13800000001"))
    answer = app.test_client().get("/broken")
    logged = capsys.readouterr().err
    assert answer.headers["X-Request-ID"] in logged and "ValueError" in logged
    assert "13800000001" not in logged and "罗婷" not in logged


def test_a_page_that_does_not_exist_says_so_with_the_way_home(someone: Someone) -> None:
    browser = someone("platform").open("/nothing/here")
    assert browser.status == 404
    assert browser.links("/")
    assert browser.page.tree.xpath("//header//a[contains(@href, '/inbox')]"), "the way back to the inbox"


def test_pages_of_officers_are_closed_to_enterprises(someone: Someone) -> None:
    browser = someone("jingmi")
    assert browser.open("/inbox").status == 403
    assert browser.open("/cases").status == 403
