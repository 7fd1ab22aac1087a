"""Around a task's form: drafts, who else is there, the next task of the same list, the task beside it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from engine.clock import ControlledClock
from tests.webui.inbox.test_lists import appeals
from tests.webui.webui_driver import Browser, upload

Someone = Callable[[str], Browser]
TRIAGE = {
    "outcome": "派发",
    "type": "工程建设",
    "complexity": "一般",
    "department": "housing",
    "triage_note": "请限时处置",
}


def claimed(browser: Browser, number: int = 1) -> list[str]:
    """Claim that many; their tasks' addresses in the order of the inbox."""
    for _ in range(number):
        browser.open("/inbox?tab=claimable").send(to="/claim")
    found = browser.open("/inbox").page.tree.xpath("//td[contains(@class, 'full')]/a/@href")
    return [str(one).partition("?")[0] for one in found]


def complete(browser: Browser) -> Browser:
    return browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)


def beat(browser: Browser, address: str, **sent: Any) -> dict[str, Any]:
    token = browser.form("/sign-out").fields["csrf_token"]
    answer = browser.client.post(f"{address}/seen", data={"csrf_token": token, **sent})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def draft(browser: Browser, values: dict[str, Any]) -> Browser:
    """Press the button that saves the draft."""
    (button,) = browser.page.tree.xpath("//form[@data-form]//button[contains(@formaction, '/draft')]")
    task = button.get("formaction").removesuffix("/draft")
    return browser.send(values, to=task, at=button.get("formaction"))


def test_a_draft_is_kept_shown_again_and_goes_with_the_task(
    someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    browser.open(address).send({"outcome": "派发"}, press="_refresh")
    draft(browser, {"triage_note": "写到一半"})
    assert browser.path == address and "已保存草稿" in browser.text
    clock.move_to(clock.now() + timedelta(minutes=20))
    again = someone("platform").open(address)
    assert "草稿保存于" in again.text and again.form(address).fields["triage_note"].strip() == "写到一半"
    assert "草稿" in again.open("/inbox?mark=draft").text
    again.open(address).send(TRIAGE, to=address)
    assert "已提交" in again.text


def test_a_draft_keeps_its_uploads(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    browser.open(address).send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    officer = someone("housing-admin")
    (task,) = claimed(officer)
    officer.open(task)
    files = officer.page.tree.xpath("//input[@type='file']/@name")
    if not files:
        officer.send({"sign": "签收"}, press="_refresh")
        files = officer.page.tree.xpath("//input[@type='file']/@name")
    assert files or officer.form() is not None
    for name in files:
        draft(officer, {name: upload()})
        assert "现场.txt" in officer.open(task).text


def test_a_draft_is_thrown_away_by_its_link(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    draft(browser.open(address), {"type": "税费"})
    browser.send(to="/draft", press="act=discard")
    assert browser.path == address and "草稿保存于" not in browser.text


def test_another_never_sees_the_draft(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    browser.open(address).send({"outcome": "派发"}, press="_refresh")
    draft(browser, {"triage_note": "只有我看得到"})
    browser.send(to="/release")
    other = someone("platform-2").open(address).send(to="/claim")
    assert "只有我看得到" not in other.page.response.text and "草稿保存于" not in other.text


def test_a_page_that_saves_by_itself_hears_how_it_went(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    token = browser.open(address).form("/sign-out").fields["csrf_token"]
    by_script = {"X-Requested-With": "fetch"}
    sent = {"csrf_token": token, "triage_note": "自动"}
    saved = browser.client.post(f"{address}/draft", data=sent, headers=by_script)
    assert saved.status_code == 200 and "草稿保存于" in saved.get_json()["saved"]
    browser.open(address).send({"outcome": "派发"}, to=address, press="_refresh").send(TRIAGE, to=address)
    late = browser.client.post(f"{address}/draft", data=sent, headers=by_script)
    assert late.status_code == 409 and "李娜" in late.get_json()["error"]


def test_two_people_at_one_task_see_each_other(someone: Someone, appeal: str, clock: ControlledClock) -> None:
    one, two = someone("platform").open("/inbox?tab=claimable"), someone("platform-2")
    address = one.links("/tasks/")[0].partition("?")[0]
    assert beat(one.open(address), address, version=1)["others"] == ""
    assert "李娜 也打开了这件事项" in two.open(address).text
    assert "李娜" in beat(two, address, version=1)["others"]
    assert "王磊" in beat(one, address, version=1)["others"]
    beat(two, address, leave=1)
    assert beat(one, address, version=1)["others"] == ""
    clock.move_to(clock.now() + timedelta(seconds=61))
    assert "李娜" not in two.open(address).text


def test_reading_a_page_leaves_no_sign(app: Flask, someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable")
    address = browser.links("/tasks/")[0]
    browser.open(address)
    assert "也打开了" not in someone("platform-2").open(address).text


def test_who_was_faster_is_said_while_one_types(someone: Someone, appeal: str) -> None:
    one, two = someone("platform"), someone("platform-2").open("/inbox?tab=claimable")
    address = two.links("/tasks/")[0].partition("?")[0]
    two.open(address)
    assert beat(two, address, version=1)["changed"] == ""
    claimed(one)
    assert "李娜" in beat(two, address, version=1)["changed"]
    complete(one.open(address))
    assert "李娜" in beat(two, address, version=1)["changed"]


def test_the_next_task_of_the_same_list_opens(someone: Someone) -> None:
    appeals(someone, "甲 发票", "乙 用工", "丙 发票")
    browser = someone("platform")
    claimed(browser, 3)
    found = browser.open("/inbox?text=发票").page.tree.xpath("//td[contains(@class, 'full')]/a/@href")
    assert len(found) == 2 and "list=" in found[0]
    complete(browser.open(str(found[0])))
    assert "下面是您的下一件" in browser.text and browser.path == str(found[1]).partition("?")[0]
    complete(browser)
    assert browser.path == "/inbox" and "这个筛选下的事项已经办完" in browser.text
    assert browser.page.response.request.args.get("text") == "发票"


def test_the_task_stands_beside_the_list_and_keeps_its_place_there(someone: Someone) -> None:
    appeals(someone, "甲的事", "乙的事", "丙的事")
    browser = someone("platform")
    ids = [address.rpartition("/")[2] for address in claimed(browser, 3)]
    browser.open(f"/inbox?task={ids[1]}")
    assert browser.page.tree.xpath("//section[@id='pane']//form[@data-form]")
    assert browser.page.tree.xpath(f"//tr[@data-row='{ids[1]}'][@aria-current]")
    browser.send({"outcome": "派发"}, to=f"/tasks/{ids[1]}", press="_refresh")
    assert browser.page.tree.xpath("//section[@id='pane']//textarea[@name='triage_note']")
    browser.send(TRIAGE, to=f"/tasks/{ids[1]}")
    assert browser.page.response.request.args.get("task") == ids[2], "the one that followed"


def test_the_part_beside_the_list_comes_by_itself_for_scripts(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    task = address.rpartition("/")[2]
    answer = browser.client.get(f"/inbox?task={task}", headers={"HX-Target": "pane", "HX-Request": "true"})
    assert "data-form" in answer.text and "<html" not in answer.text and "收件箱分类" not in answer.text
    none = browser.client.get("/inbox?task=none", headers={"HX-Target": "pane"})
    assert "hidden" in none.text and none.status_code == 200


def test_a_mistake_beside_the_list_is_shown_beside_the_list(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    browser.open(f"/inbox?task={address.rpartition('/')[2]}")
    browser.send({"complexity": "一般"}, to=address)
    assert browser.status == 422 and "处需要修改" in browser.text
    assert browser.page.tree.xpath("//section[@id='pane']//*[@id='error-summary']")


def test_beside_the_list_a_task_offers_what_its_own_page_offers(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    (address,) = claimed(browser)
    browser.open(f"/inbox?task={address.rpartition('/')[2]}")
    (pane,) = browser.page.tree.xpath("//section[@id='pane']")
    assert pane.xpath(".//textarea[@name='opinion']"), "an opinion can be given here too"
    ways = [
        link.partition("?")[0].rpartition("/")[2]
        for link in pane.xpath(".//a[contains(@href, '/do/')]/@href")
    ]
    own = browser.open(address).links("/do/")
    assert ways and ways == [link.partition("?")[0].rpartition("/")[2] for link in own]


def test_an_action_leads_on_in_the_list_that_the_task_was_opened_from(someone: Someone) -> None:
    appeals(someone, "甲 发票", "乙 用工", "丙 发票")
    browser = someone("platform")
    ids = [address.rpartition("/")[2] for address in claimed(browser, 3)]
    browser.open(f"/inbox?text=发票&task={ids[0]}").open(browser.links("/do/transfer")[0])
    assert browser.page.tree.xpath(f"//a[@class='back'][contains(@href, 'task={ids[0]}')]")
    (to,) = browser.page.tree.xpath("//input[@name='to'][../label[contains(., '王磊')]]/@value")
    browser.send({"to": str(to)}, to="/do/transfer")
    asked = browser.page.response.request.args
    assert "已转办给 王磊" in browser.text and "下面是您的下一件" in browser.text
    assert (browser.path, asked.get("text"), asked.get("task")) == ("/inbox", "发票", ids[2])
    browser.open(browser.links("/do/copy")[0])
    (to,) = browser.page.tree.xpath("//input[@name='to'][../label[contains(., '王磊')]]/@value")
    browser.send({"to": str(to)}, to="/do/copy")
    assert browser.page.response.request.args.get("task") == ids[2], (
        "what stays is still open beside its list"
    )
