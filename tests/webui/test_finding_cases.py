"""The page that finds cases: everything stands in its address, and it works without scripts."""

from collections.abc import Callable

from flask import Flask

from tests.webui.webui_driver import APPEAL, Browser

Someone = Callable[[str], Browser]


def submit(browser: Browser, **values: str) -> str:
    browser.open("/start/appeal").send({**APPEAL, **values})
    assert browser.path.startswith("/start/done/"), browser.text
    return browser.path.rsplit("/", 1)[-1]


def listed(browser: Browser) -> list[str]:
    return [
        link.get("href").rsplit("/", 1)[-1] for link in browser.page.tree.xpath("//a[@class='row-title']")
    ]


def facets(browser: Browser) -> dict[str, str]:
    """The choices by what they say, with where they lead."""
    links = browser.page.tree.xpath("//nav[@class='facets']//a")
    return {" ".join(link.text_content().split()): link.get("href") for link in links}


def test_words_are_found_and_marked_in_title_enterprise_and_text(someone: Someone) -> None:
    firm = someone("jingmi")
    case_id = submit(firm, title="新建厂房供水", content="园区东侧的水压一直不足，请协调加压。")
    submit(firm, title="另一件事", content="与此无关。")
    officer = someone("platform").open("/cases?text=供水 水压")
    assert listed(officer) == [case_id]
    assert [mark.text for mark in officer.page.tree.iter("mark")][:2] == ["供水", "水压"]
    assert "园区东侧的" in officer.text and "请协调加压" in officer.text
    officer.open("/cases?text=晶密")
    assert len(listed(officer)) == 2 and {m.text for m in officer.page.tree.iter("mark")} == {"晶密"}


def test_the_box_is_found_by_its_key_and_keeps_what_was_chosen(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/cases?text=x&type=税费&due=today&urgent=1&state=open")
    (box,) = officer.page.tree.xpath("//input[@data-search]")
    assert box.get("name") == "text" and box.value == "x"
    hidden = officer.page.tree.xpath("//form[@role='search']//input[@type='hidden']")
    assert {field.name: field.value for field in hidden} == {"type": "税费", "due": "today", "urgent": "1"}


def test_a_choice_narrows_the_list_and_can_be_taken_back(someone: Someone) -> None:
    firm = someone("jingmi")
    first, second = submit(firm, type="税费"), submit(firm, type="环保")
    officer = someone("platform").open("/cases")
    assert listed(officer) == [second, first]
    officer.open(facets(officer)["税费1"])
    assert listed(officer) == [first] and "环保1" in facets(officer), "another can be chosen at once"
    (chosen,) = officer.page.tree.xpath("//nav[@class='facets']//a[@aria-current]")
    assert listed(officer.open(chosen.get("href"))) == [second, first]
    assert listed(officer.open("/cases?due=nonsense&sort=nonsense&state=nonsense")) == [second, first]


def test_pages_keep_the_words(app: Flask, someone: Someone) -> None:
    app.config["PAGE_SIZE"] = 2
    firm = someone("jingmi")
    made = [submit(firm, title="发票额度", content=str(number)) for number in range(3)]
    officer = someone("platform").open("/cases?text=发票")
    assert listed(officer) == made[:0:-1]
    (further,) = officer.page.tree.xpath("//a[@rel='next']")
    assert listed(officer.open(further.get("href"))) == made[:1]
    assert listed(officer.open("/cases?text=发票&page=99")) == made[:1]


def test_an_empty_list_says_what_may_help(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/cases?text=没有这样的词&type=环保")
    assert listed(officer) == [] and "信用代码要写全 18 位" in officer.text
    (lead,) = officer.page.tree.xpath("//div[@class='empty']//a")
    assert "type" not in lead.get("href") and "text" in lead.get("href")
    assert "请输入汉字、字母或数字" in officer.open("/cases?text=，。").text


def test_no_word_of_a_query_is_taken_for_markup_or_an_operator(someone: Someone, appeal: str) -> None:
    officer = someone("platform")
    for query in ("<script>", "%22 OR *", "a:b NEAR(", "'; DROP", "%00", "𠮷" * 130):
        assert officer.open(f"/cases?text={query}").status in (200, 400), query
        assert b"<script>alert" not in officer.page.response.get_data()


def test_a_confidential_case_is_not_found_by_its_contact(someone: Someone) -> None:
    said = {"contact": "罗婷", "content": "请找罗婷，电话 13800000001。"}
    firm = someone("jingmi")
    open_, closed = submit(firm, **said), submit(firm, **said, confidential="true")
    officer = someone("platform")
    assert listed(officer.open("/cases?text=罗婷")) == [open_]
    assert listed(officer.open("/cases?text=电话")) == [closed, open_]


def test_who_sees_no_cases_is_shown_none(someone: Someone, appeal: str) -> None:
    page = someone("administrator").open("/cases?text=发票")
    assert listed(page) == [] and "不查看具体事项" in page.text and not facets(page)
