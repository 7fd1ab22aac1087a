"""Signing in and out, sessions that end, and what protects every answer."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import limits.storage.memory
import pytest
from flask import Flask

from engine import identity
from engine.clock import ControlledClock
from engine.identity import demo
from tests.webui.webui_driver import Browser
from webui.app import create_app

Someone = Callable[[str], Browser]


def test_a_stranger_is_asked_to_sign_in_and_then_led_to_the_page_wished_for(app: Flask) -> None:
    browser = Browser(app).open("/inbox?tab=claimable")
    assert browser.path == "/sign-in"
    browser.send({"username": "platform", "password": demo.PASSWORD})
    assert browser.page.response.request.full_path == "/inbox?tab=claimable"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/\n/evil"]
)
def test_a_link_cannot_send_somebody_elsewhere_after_signing_in(app: Flask, elsewhere: str) -> None:
    browser = Browser(app)
    browser.page = browser.open("/sign-in").page
    address = "/sign-in"
    sent = {"username": "platform", "password": demo.PASSWORD, "csrf_token": token(browser)}
    answer = browser.client.post(address, query_string={"next": elsewhere}, data=sent)
    assert answer.headers["Location"] == "/"


def token(browser: Browser) -> str:
    return str(browser.form().fields["csrf_token"])


def test_a_wrong_password_is_refused_in_words_and_counts_towards_the_lock(app: Flask) -> None:
    browser = Browser(app).open("/sign-in")
    for _attempt in range(5):
        browser.send({"username": "platform", "password": "wrong"})
        assert browser.status == 422
    browser.send({"username": "platform", "password": demo.PASSWORD})
    assert browser.path == "/sign-in" and "锁定" in browser.text


def test_an_officer_arrives_at_the_inbox_and_an_enterprise_at_its_own_page(someone: Someone) -> None:
    assert someone("housing-1").path == "/inbox"
    assert someone("jingmi").path == "/enterprise"


def test_signing_out_ends_the_session(someone: Someone) -> None:
    browser = someone("platform")
    browser.send(to="/sign-out")
    assert browser.open("/inbox").path == "/sign-in"


def test_a_session_ends_when_nothing_was_done_for_half_an_hour(
    someone: Someone, clock: ControlledClock
) -> None:
    browser = someone("platform")
    clock.move_to(clock.now() + timedelta(minutes=29))
    assert browser.open("/inbox").path == "/inbox"
    clock.move_to(clock.now() + timedelta(minutes=29))
    assert browser.open("/inbox").path == "/inbox"
    clock.move_to(clock.now() + timedelta(minutes=31))
    assert browser.open("/inbox").path == "/sign-in"
    assert "重新登录" in browser.text


def test_even_a_busy_session_ends_after_twelve_hours(someone: Someone, clock: ControlledClock) -> None:
    browser = someone("platform")
    for _quarter in range(47):
        clock.move_to(clock.now() + timedelta(minutes=15))
        assert browser.open("/inbox").path == "/inbox"
    clock.move_to(clock.now() + timedelta(minutes=30))
    assert browser.open("/inbox").path == "/sign-in"


def test_who_is_stopped_is_out_at_once(app: Flask, someone: Someone) -> None:
    browser = someone("platform")
    engine = app.extensions["zhiban"]
    with engine.writing() as connection:
        found = {a.username: a.id for a in identity.list_accounts(connection)}
        identity.set_active(connection, found["platform"], False)
    assert browser.open("/inbox").path == "/sign-in"


def test_the_session_cookie_cannot_be_read_by_scripts_or_sent_from_elsewhere(app: Flask) -> None:
    answer = app.test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_over_https_cookies_travel_only_there(ready: Path) -> None:
    app = create_app({"DATABASE": f"sqlite:///{ready}", "SECRET_KEY": "tests", "HTTPS": True})
    answer = app.test_client().get("/sign-in", base_url="https://zhiban.test")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    app.extensions["zhiban"].database.dispose()


def test_guessing_is_braked(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # the minute that is counted stands still, however slow the machine
    now = time.time()
    standing = SimpleNamespace(time=lambda: now)
    monkeypatch.setattr(limits.storage.memory, "time", standing)
    app = create_app({"DATABASE": f"sqlite:///{ready}", "SECRET_KEY": "tests"})
    browser = Browser(app).open("/sign-in")
    statuses = []
    for number in range(31):
        statuses.append(browser.send({"username": f"nobody-{number}", "password": "x"}).status)
        if statuses[-1] == 429:
            break
    app.extensions["zhiban"].database.dispose()
    assert statuses == [422] * 30 + [429]
    assert browser.page.response.headers["Retry-After"]


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"username": "platform", "password": demo.PASSWORD})
    assert answer.status_code == 400
    assert "重新提交" in answer.text


def test_every_answer_carries_the_policy_and_an_id(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", headers={"X-Request-ID": "proxy-0123456789"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-ID"] == "proxy-0123456789"
    odd = app.test_client().get("/sign-in", headers={"X-Request-ID": "<script>"})
    assert odd.headers["X-Request-ID"] != "<script>"


def test_what_a_signed_in_person_reads_is_not_kept_by_caches(someone: Someone) -> None:
    assert someone("platform").open("/inbox").page.response.headers["Cache-Control"] == "no-store"


def test_the_language_is_chosen_by_a_link_and_remembered(app: Flask) -> None:
    browser = Browser(app).open("/sign-in")
    assert browser.page.tree.get("lang") == "zh-Hans-CN" and "登录" in browser.text
    browser.open("/sign-in?lang=en")
    assert "Sign in" in browser.text
    assert "Sign in" in browser.open("/sign-in").text
    assert browser.page.tree.get("lang") == "en"
    assert "登录" in browser.open("/sign-in?lang=zh").text
