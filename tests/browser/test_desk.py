"""The desk in a real browser: by keyboard, beside the list, drafts that save themselves, two at one task."""

import pytest
from playwright.sync_api import expect

from tests.browser.browser_driver import PHONE, Person
from tests.browser.conftest import People

pytestmark = pytest.mark.browser

TITLES = ("应急转贷资金申请", "厂区道路积水", "发票额度不够")


def filed(firm: Person) -> None:
    for title in TITLES:
        firm.open("/start/appeal")
        firm.submit({"诉求类型": "融资", "标题": title, "诉求内容": f"{title}，请协调。"})


def keys(person: Person, *pressed: str) -> None:
    for key in pressed:
        person.page.keyboard.press(key)


def test_a_list_is_worked_by_keyboard_alone(people: People) -> None:
    filed(people("yuanhang"))
    officer = people("platform")
    officer.open("/inbox?tab=claimable")
    keys(officer, "j")
    expect(officer.page.get_by_role("link", name=TITLES[0], exact=True)).to_be_focused()
    keys(officer, "x", "j", "x")
    expect(officer.page.locator("[data-chosen]")).to_have_text("已选 2 件")
    keys(officer, "c")
    officer.page.wait_for_url("**/inbox/bulk")
    assert "2 件全部办成" in officer.text
    officer.open("/inbox")
    keys(officer, "/")
    expect(officer.page.locator("[data-search]")).to_be_focused()
    officer.page.keyboard.type("jjx应急")
    expect(officer.page.locator("[data-search]")).to_have_value("jjx应急")
    keys(officer, "Escape")
    officer.open("/inbox")
    keys(officer, "j", "Enter")
    expect(officer.page.locator("#pane")).to_be_focused()
    expect(officer.page.locator("tr.opened")).to_have_count(1)
    officer.page.get_by_role("radio", name="直接答复").focus()
    keys(officer, "Space", "Control+Enter")
    officer.page.wait_for_load_state()
    expect(officer.page.locator("main")).to_contain_text("已提交")


def test_single_keys_are_explained_and_can_be_turned_off(people: People) -> None:
    filed(people("yuanhang"))
    officer = people("platform")
    officer.open("/inbox?tab=claimable")
    keys(officer, "?")
    dialog = officer.page.get_by_role("dialog", name="快捷键")
    expect(dialog).to_be_visible()
    dialog.get_by_role("link", name="打开或关闭单键快捷键").click()
    officer.page.get_by_label("使用单键快捷键").uncheck()
    officer.press("保存")
    officer.open("/inbox?tab=claimable")
    keys(officer, "j", "x", "c", "?")
    assert officer.page.locator("tr.focus-row, td.pick input:checked, dialog[open]").count() == 0
    assert officer.path == "/inbox?tab=claimable"


def test_what_is_typed_saves_itself_and_is_there_again(people: People) -> None:
    filed(people("yuanhang"))
    officer = people("platform")
    officer.take(TITLES[0])
    officer.fill({"处理方式": "派发", "派发意见": "写到一半的话"})
    expect(officer.page.locator("[data-draft-state]")).to_contain_text("草稿保存于")
    officer.open("/inbox")
    expect(officer.page.get_by_role("row").filter(has_text=TITLES[0])).to_contain_text("草稿")
    officer.go_on_with(TITLES[0])
    expect(officer.page.get_by_label("派发意见")).to_have_value("写到一半的话")


def test_two_at_one_task_see_each_other_and_what_the_other_did(people: People) -> None:
    filed(people("yuanhang"))
    one, two = people("platform"), people("platform-2")
    one.open("/inbox?tab=claimable")
    address = one.page.get_by_role("link", name=TITLES[0], exact=True).get_attribute("href")
    assert address is not None
    one.open(address)
    two.open(address)
    expect(two.page.locator("[data-others]")).to_contain_text("李娜 也打开了")
    one.press("认领并办理")
    two.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(two.page.locator("[data-changed]")).to_contain_text("李娜")


def test_the_list_stays_beside_the_task_and_escape_leads_back(people: People) -> None:
    filed(people("yuanhang"))
    officer = people("platform")
    officer.open("/inbox?tab=claimable")
    officer.page.get_by_role("link", name=TITLES[1], exact=True).click()
    expect(officer.page.locator("#pane")).to_contain_text("还没有人办理")
    assert "task=" in officer.path
    keys(officer, "Escape")
    expect(officer.page.locator("#pane")).to_be_hidden()
    expect(officer.page.get_by_role("link", name=TITLES[1], exact=True)).to_be_focused()
    phone = people("platform-2", width=PHONE)
    phone.open("/inbox?tab=claimable")
    phone.page.get_by_role("link", name=TITLES[1], exact=True).click()
    phone.page.wait_for_url("**/tasks/*")
