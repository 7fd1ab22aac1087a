"""The inbox's lists in the browser: filters and orders in the address, filters by name, columns, copies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.clock import ControlledClock
from engine.database import new_id
from engine.runtime.desk.tables import copies, follows
from engine.runtime.tables import cases, tasks
from tests.webui.webui_driver import APPEAL, Browser
from webui.pages.inbox.asked import Asked
from webui.pages.inbox.liking import columns

Someone = Callable[[str], Browser]


def appeals(someone: Someone, *titles: str) -> None:
    enterprise = someone("jingmi")
    for title in titles:
        enterprise.open("/start/appeal").send({**APPEAL, "title": title})
        assert enterprise.path.startswith("/start/done/"), enterprise.text


def titles(browser: Browser) -> list[str]:
    found = browser.page.tree.xpath("//table[@data-rows]//*[contains(@class, 'row-title')]")
    return [node.text_content().strip() for node in found]


def account(app: Flask, username: str) -> str:
    with app.extensions["zhiban"].reading() as connection:
        return str(
            connection.execute(
                sa.text("SELECT id FROM accounts WHERE username = :u"), {"u": username}
            ).scalar()
        )


@pytest.mark.parametrize(
    "query",
    [
        "",
        "tab=claimable&text=%E5%8F%91%E7%A5%A8&due=late&mark=urged&mark=held&urgent=1&sort=-opened",
        "tab=copied&unread=1",
    ],
)
def test_an_address_and_what_it_asks_for_are_the_same_thing(query: str, app: Flask) -> None:
    with app.test_request_context():
        asked = Asked.read(query)
        assert Asked.read(asked.query()) == asked
        assert Asked.read(asked.address().partition("?")[2]) == asked


@pytest.mark.parametrize(
    "query",
    [
        "tab=x&due=y&sort=z&page=-1&mark=w",
        "page=99999999999",
        "&".join(f"a{n}=1" for n in range(60)),
        "page=²",
    ],
)
def test_what_an_address_cannot_mean_is_left_out(query: str) -> None:
    assert Asked.read(query) == Asked()


def test_the_address_narrows_and_sorts(someone: Someone) -> None:
    appeals(someone, "发票额度", "招工难", "道路积水")
    browser = someone("platform").open("/inbox?tab=claimable&text=发票")
    assert titles(browser) == ["发票额度"] and browser.form("/inbox/filters") is not None
    assert titles(browser.open("/inbox?tab=claimable&sort=number"))[0] == "发票额度"
    assert titles(browser.open("/inbox?tab=claimable&sort=-number"))[0] == "道路积水"
    browser.open("/inbox?tab=claimable&status=没有这个")
    assert "没有符合筛选的事项" in browser.text


def test_a_column_s_head_sorts_by_it_up_down_and_not_at_all(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable")
    for sort in ("number", "-number", ""):
        (head,) = browser.page.tree.xpath("//th[contains(@class, 'w-title')]/a/@href")
        browser.open(head)
        assert Asked.read(head.partition("?")[2]).sort == sort
    assert "aria-sort" not in browser.page.response.text


def test_a_filter_is_kept_by_name_shared_renamed_and_deleted(someone: Someone, appeal: str) -> None:
    mine = someone("platform").open("/inbox?tab=claimable&urgent=1")
    mine.send({"name": "加急可领", "shared_with": "platform"}, to="/inbox/filters")
    assert "已保存筛选“加急可领”" in mine.text and "修改筛选" in mine.text
    chip = mine.page.tree.xpath("//a[contains(@class, 'chip')]")[0]
    assert "0" in chip.text_content() and chip.get("aria-current")
    hers = someone("platform-2").open("/inbox")
    assert "加急可领" in hers.text and "李娜 共享" in hers.text
    assert "加急可领" not in someone("control").open("/inbox").text
    (action,) = [
        f.get("action") for f in mine.page.tree.forms if "/inbox/filters/" in (f.get("action") or "")
    ]
    mine.send({"name": "加急", "shared_with": ""}, to=action)
    assert "加急可领" not in someone("platform-2").open("/inbox").text
    mine.send(to=action, press="act=delete")
    assert "已删除筛选" in mine.text and not mine.page.tree.xpath("//a[contains(@class, 'chip')]")


def test_columns_are_chosen_and_ordered_and_the_way_to_the_task_stays(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox/settings")
    browser.send({"open": ["title", "enterprise", "department"]}, press="move=open.enterprise.up")
    assert browser.path == "/inbox/settings"
    browser.send({"size": "50"}).open("/inbox?tab=claimable")
    heads = [th.text_content().strip() for th in browser.page.tree.xpath("//thead//th")]
    assert heads[1:4] == ["企业", "事项", "主办部门"]
    browser.open("/inbox/settings").send(press="act=defaults")
    heads = [
        th.text_content().strip()
        for th in browser.open("/inbox?tab=claimable").page.tree.xpath("//thead//th")
    ]
    assert heads[1:6] == ["期限", "事项", "环节", "企业", "到达"]


def test_unknown_columns_are_forgotten() -> None:
    assert columns("open", ["x", "due", "due"]) == ("title", "due")
    assert columns("open", "nonsense") == ("due", "title", "step", "enterprise", "opened")


def test_single_keys_can_be_turned_off_and_stay_off(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox")
    assert browser.page.tree.xpath("//*[@data-keys='on']")
    browser.open("/inbox/settings").send({"keys": "", "beside": ""})
    browser = someone("platform").open("/inbox?tab=claimable")
    assert browser.page.tree.xpath("//*[@data-keys='off']") and browser.page.tree.xpath(
        "//*[@data-beside='off']"
    )


def test_a_copy_is_unread_until_it_is_opened(app: Flask, someone: Someone, appeal: str) -> None:
    leader, now = account(app, "leader"), app.extensions["zhiban"].clock.now()
    with app.extensions["zhiban"].writing() as connection:
        row = {
            "case_id": appeal,
            "account": leader,
            "by": account(app, "platform"),
            "at": now,
            "note": "请阅",
        }
        connection.execute(copies.insert().values(id=new_id(), **row))
        connection.execute(follows.insert().values(account=leader, case_id=appeal, at=now))
    browser = someone("leader").open("/inbox?tab=copied&unread=1")
    assert "李娜 抄送" in browser.text and "请阅" in browser.text and "未读" in browser.text
    browser.send(to="/inbox/copies/read")
    assert browser.path == f"/cases/{appeal}"
    assert "没有符合筛选" in browser.open("/inbox?tab=copied&unread=1").text
    assert titles(browser.open("/inbox?tab=followed")) == [APPEAL["title"]]


def test_what_a_row_bears_stands_in_words(
    app: Flask, someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    with app.extensions["zhiban"].writing() as connection:
        due = clock.now() - timedelta(days=3)
        connection.execute(sa.update(tasks).values(urged=2, held="before", urgent=True, due_at=due))
        connection.execute(sa.update(cases).values(title="试一试"))
    text = someone("platform").open("/inbox?tab=claimable&mark=urged&mark=held&due=late&urgent=1").text
    assert "催办 2" in text and "等待加签" in text and "加急" in text and "已超期" in text


def test_english_has_every_word(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable&urgent=1&lang=en")
    assert "Nothing matches the filter" in browser.text and "Save this filter" in browser.text
    for tab in ("todo", "done", "closed", "copied", "followed"):
        text = browser.open(f"/inbox?tab={tab}&lang=en").text
        assert not [letter for letter in text if "\u4e00" <= letter <= "\u9fff"], (tab, text)
