"""A task's page holds what is needed to decide: the matter, what was said since, what else may be done."""

from collections.abc import Callable

from flask import Flask

from tests.webui.acting.test_acting_pages import person, way
from tests.webui.test_signing import Desk
from tests.webui.test_working import claimed, dispatched
from tests.webui.webui_driver import APPEAL, Browser, upload

Someone = Callable[[str], Browser]


def remark(page: Browser) -> str:
    found = page.page.tree.xpath("//*[contains(@class, 'remark')]")
    return " ".join(found[0].text_content().split()) if found else ""


def test_the_matter_stands_above_the_form_also_beside_the_list(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    task = claimed(browser).partition("?")[0]
    for at in (task, f"/inbox?task={task.rsplit('/', 1)[1]}"):
        shown = browser.open(at).text
        pane = shown[shown.index("提交的内容") :]
        assert pane.index(APPEAL["content"]) < pane.index("统一社会信用代码") < pane.index("本次办理")
        assert pane.index("本次办理") < pane.index("查看流程图和全部经过")
        assert browser.page.tree.xpath("//details[@class='folded'][not(@open)]//h2[@id='ahead-title']")


def test_what_the_enterprise_added_stands_on_the_task_with_its_files(someone: Someone, appeal: str) -> None:
    dispatched(someone)
    enterprise = someone("jingmi").open(f"/cases/{appeal}")
    (link,) = enterprise.page.tree.xpath("//a[contains(@href, '/messages/')][contains(., '补充')]/@href")
    enterprise.open(link).send({"supplement_text": "水位又涨了", "supplement_files": upload("水位.txt")})
    officer = someone("housing-admin")
    claimed(officer)
    assert "水位又涨了" in remark(officer) and "水位.txt" in remark(officer)
    assert "水位又涨了" in officer.text[officer.text.index("之前的办理") :]


def test_what_was_said_of_a_task_stands_among_what_was_done_before(someone: Someone, appeal: str) -> None:
    one = someone("platform")
    claimed(one)
    one.open(way(one, "transfer"))
    one.send({"to": person(one, "王磊"), "opinion": "我下周出差"}, to="/do/transfer")
    other = someone("platform-2")
    other.open(other.open("/inbox").links("/tasks/")[0])
    before = other.text[other.text.index("之前的办理") :]
    assert "转办给王磊" in before and "我下周出差" in before and "李娜" in before


def test_the_other_ways_hold_stopping_and_giving_back_but_not_for_who_signs(
    app: Flask, someone: Someone, appeal: str
) -> None:
    dispatched(someone)
    desk, owner = Desk(app, appeal), someone("housing-admin")
    claimed(owner)
    (card,) = owner.page.tree.xpath("//nav[contains(@class, 'ways')]")
    assert "暂停计时" in card.text_content() and "放回" in card.text_content()
    desk.add("housing-admin", "housing-1")
    signer = someone("housing-1").open(desk.of("housing-1"))
    assert "暂停计时" not in signer.text and "放回" not in signer.text


def test_what_was_typed_stays_when_the_decision_changes(app: Flask, someone: Someone, appeal: str) -> None:
    dispatched(someone)
    desk = Desk(app, appeal)
    desk.add("housing-admin", "housing-1")
    task = desk.of("housing-1")
    signer = someone("housing-1").open(task)
    signer.send({"outcome": "agree", "opinion": "请补充依据"}, press="_refresh", to=task)
    signer.send({"outcome": "disagree"}, press="_refresh", to=task)
    (field,) = signer.page.tree.xpath("//textarea[@name='reason']")
    assert field.text_content().strip() == "请补充依据"


def test_the_task_that_waits_for_signers_is_not_its_own_next_one(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    task = claimed(browser)
    browser.open(way(browser, "sign-before"))
    browser.send({"to": person(browser, "王磊")}, to="/do/sign-before")
    assert browser.path == "/inbox" and "下面是您的下一件" not in browser.text
    assert "已经办完" not in browser.text and browser.links(task.partition("?")[0])


def test_a_confidential_case_is_marked_in_the_lists_and_on_its_task(someone: Someone) -> None:
    someone("jingmi").open("/start/appeal").send(APPEAL | {"confidential": "true"})
    browser = someone("platform")
    assert "保密" in browser.open("/inbox?tab=claimable").text and "保密" in browser.open("/cases").text
    claimed(browser)
    assert browser.page.tree.xpath("//div[@class='head']//span[@class='tag'][contains(., '保密')]")
