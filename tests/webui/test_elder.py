"""Elder mode: chosen on any page, kept by a cookie, and told in both languages."""

from collections.abc import Callable

from flask import Flask

from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]


def large(browser: Browser) -> bool:
    return "elder" in (browser.page.tree.get("class") or "").split()


def toggle(browser: Browser) -> str:
    """Where the link in the page's head leads."""
    (address, *_same) = browser.page.tree.xpath("//header//a[@data-elder]/@href")
    return browser.path + str(address)


def test_a_stranger_may_read_in_large_letters_and_go_back(app: Flask) -> None:
    browser = Browser(app).open("/sign-in")
    assert not large(browser) and "长辈版" in browser.page.tree.find(".//header").text_content()
    assert large(browser.open(toggle(browser))) and large(browser.open("/sign-in"))
    assert not large(browser.open(toggle(browser))) and not large(browser.open("/sign-in"))


def test_the_choice_outlives_signing_in_and_mistakes(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/enterprise?elder=1")
    assert large(browser.open("/start/appeal").send({"phone": "138"})) and browser.status == 422
    assert large(browser.open("/no/such/page")) and browser.status == 404


def test_the_link_keeps_what_was_asked_for(someone: Someone) -> None:
    browser = someone("platform").open("/cases?text=厂区&state=open&lang=en")
    assert "&" in toggle(browser)
    browser.open(toggle(browser))
    assert large(browser) and browser.page.tree.get("lang") == "en"
    assert browser.page.tree.xpath("//input[@name='text']/@value") == ["厂区"]


def test_only_what_is_offered_can_be_chosen(app: Flask) -> None:
    browser = Browser(app).open("/sign-in?elder=huge")
    assert not large(browser) and not browser.client.get_cookie("zb_elder")


def test_deadlines_are_told_alike_in_both_modes_and_languages(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    for query in ("", "&elder=1"):
        chinese = browser.open(f"/inbox?tab=claimable{query}").text
        assert "今日到期" in chinese and "3月9日 17:00" in chinese and "还剩 8 小时 20 分" in chinese
        english = browser.open(f"/inbox?tab=claimable&lang=en{query}").text
        assert "Due today" in english and "9 Mar 17:00" in english and "8 h 20 min left" in english
        browser.open("/inbox?lang=zh")
