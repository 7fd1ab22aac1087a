"""The actions' pages: each from its link to what it says afterwards, by plain forms."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.bpmn import desk
from engine.runtime.desk.tables import follows
from tests.webui.test_working import TRIAGE
from tests.webui.test_working import claimed as taken
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]


def claimed(browser: Browser) -> str:
    """The address of the first task that can be claimed, which is claimed and open."""
    return taken(browser).split("?")[0]


def way(browser: Browser, slug: str) -> str:
    """The link to an action, on this page or on the case's that it leads to."""
    if not browser.links(f"/do/{slug}"):
        browser.open(next(link for link in browser.links("/cases/") if link.count("/") == 2))
    (found,) = {link for link in browser.links("/do/") if link.split("?")[0].endswith(f"/do/{slug}")}
    return found


def person(browser: Browser, name: str) -> str:
    """The value of the choice that is called so."""
    (found,) = browser.page.tree.xpath(f"//input[@name='to'][../label[contains(., '{name}')]]")
    return str(found.get("value"))


def test_a_task_is_transferred_from_its_page(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    assert "其他办理方式" in browser.text and browser.links("/do/transfer")
    browser.open(way(browser, "transfer"))
    assert "您不再负责" in browser.text and browser.page.tree.xpath("//h1")[0].text == "转办"
    browser.send({"opinion": "出差"}, to="/do/transfer")
    assert browser.status == 422 and "请从名单中选择人员" in browser.text and "出差" in browser.text
    browser.send({"to": person(browser, "王磊")}, to="/do/transfer")
    assert "已转办给 王磊" in browser.text and browser.path == "/inbox"
    assert "王磊" in browser.open(address).text
    assert address in {link.split("?")[0] for link in someone("platform-2").open("/inbox").links("/tasks/")}


def test_what_was_typed_is_said_to_go_or_comes_along(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    assert "草稿作废" not in browser.text
    link = way(browser, "transfer")
    assert "作废" not in browser.open(link).text
    browser.open(address).send({"outcome": "派发"}, to=address, press="_refresh")
    browser.send({**TRIAGE, "note": "待核实"}, at=f"{address}/draft")
    assert "放回后，草稿作废" in browser.text
    assert "您有未提交的草稿" in browser.open(link).text
    assert "您有未提交的草稿" not in browser.open(way(browser.open(address), "delegate")).text
    browser.open(way(browser.open(address), "sign-after"))
    kind = browser.page.tree.xpath("//select[@name='type']/option[@selected]/@value")
    assert kind == [TRIAGE["type"]], "what was typed is filled in"


def test_a_delegate_hands_back_and_the_owner_submits(someone: Someone, appeal: str) -> None:
    browser, second = someone("platform"), someone("platform-2")
    address = claimed(browser)
    browser.open(way(browser, "delegate"))
    browser.send({"to": person(browser, "王磊")}, to="/do/delegate")
    second.open(address)
    assert "交回委派" in second.text and not second.page.tree.xpath("//form[@data-form]")
    second.open(way(second, "answer")).send({**TRIAGE, "opinion": "已核实"}, to="/do/answer")
    assert "已交回 李娜" in second.text
    browser.open(address).send({"outcome": "派发"}, to=address, press="_refresh").send(TRIAGE, to=address)
    assert "已提交" in browser.text


def test_an_owner_recalls_what_was_delegated(someone: Someone, appeal: str) -> None:
    browser, second = someone("platform"), someone("platform-2")
    address = claimed(browser)
    browser.open(way(browser, "delegate"))
    browser.send({"to": person(browser, "王磊")}, to="/do/delegate")
    assert not second.open(address).links("/do/recall")
    assert browser.open(f"/cases/{appeal}").links("/do/recall"), "the case's page offers it"
    browser.open(address)
    assert "您已委派 王磊 办理" in browser.text and browser.links("/do/recall")
    browser.open(way(browser, "recall")).send({"opinion": "自己来办"}, to="/do/recall")
    assert "已收回，由您继续办理" in browser.text and browser.path == address
    assert browser.page.tree.xpath("//form[@data-form]") and not browser.links("/do/recall")
    assert "收回委派" in browser.open(f"/cases/{appeal}").text
    assert "委派已收回" in second.open("/notices").text
    second.open(f"{address}/do/answer")
    assert second.path == address and "李娜 正在办理" in second.text


def test_a_signer_is_found_asked_and_agrees(someone: Someone, appeal: str) -> None:
    browser, leader = someone("platform"), someone("leader")
    address = claimed(browser)
    browser.open(way(browser, "sign-before")).send({"q": "张建国"}, to="/do/sign-before", press="_search")
    browser.send({"to": person(browser, "张建国"), "opinion": "请把关"}, to="/do/sign-before")
    assert "已请 张建国 加签" in browser.text
    browser.open(address)
    assert way(browser, "remove-signer")
    leader.open("/inbox")
    (task,) = {link for link in leader.links("/tasks/") if "/do/" not in link}
    leader.open(task)
    leader.open(way(leader, "decide")).send({"outcome": "disagree"}, to="/do/decide")
    assert leader.status == 422 and "不同意时请写明" in leader.text
    leader.send({"outcome": "agree"}, to="/do/decide")
    assert "已提交加签意见" in leader.text
    browser.open(address)
    assert browser.page.tree.xpath("//form[@data-form]")


def test_an_approval_waits_for_those_asked_after(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    claimed(browser)
    browser.open(way(browser, "sign-after")).send({"outcome": "派发"}, to="/do/sign-after", press="_refresh")
    browser.send({**TRIAGE, "q": "张建国"}, to="/do/sign-after", press="_search")
    browser.send({"to": person(browser, "张建国")}, to="/do/sign-after")
    assert "都同意后自动提交" in browser.text, browser.text[:600]


def test_an_approval_asks_for_its_opinion_where_completing_does(
    someone: Someone, appeal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = desk.needs_opinion
    monkeypatch.setattr(desk, "needs_opinion", lambda element, act: act == "complete" or needs(element, act))
    browser = someone("platform")
    claimed(browser)
    browser.open(way(browser, "sign-after"))
    assert "办理意见" in browser.text and "（选填）" not in browser.text
    browser.send({"outcome": "派发"}, to="/do/sign-after", press="_refresh")
    browser.send({**TRIAGE, "q": "张建国"}, to="/do/sign-after", press="_search")
    browser.send({"to": person(browser, "张建国")}, to="/do/sign-after")
    assert browser.status == 422 and "请填写意见" in browser.text
    browser.send({"opinion": "同意派发"}, to="/do/sign-after")
    assert "都同意后自动提交" in browser.text


def test_a_signer_is_taken_away_again(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    browser.open(way(browser, "sign-before")).send({"q": "张建国"}, to="/do/sign-before", press="_search")
    browser.send({"to": person(browser, "张建国")}, to="/do/sign-before")
    browser.open(address).open(way(browser, "remove-signer")).send({}, to="/do/remove-signer")
    assert "不再等 张建国 加签" in browser.text and browser.path == address
    assert browser.page.tree.xpath("//form[@data-form]")


def test_urging_is_told_and_not_offered_again_within_the_hour(someone: Someone, appeal: str) -> None:
    claimed(someone("platform"))
    control = someone("control").open(f"/cases/{appeal}")
    link = way(control, "urge")
    control.open(link).send({"opinion": "企业来电"}, to="/do/urge")
    assert "已催办" in control.text
    control.open(link)
    assert "“催办”现在不能用" in control.text
    assert not [one for one in control.open(f"/cases/{appeal}").links("/do/urge")]


def test_a_copy_lets_its_reader_open_the_case(someone: Someone, appeal: str) -> None:
    browser, reader = someone("platform"), someone("market-1")
    claimed(browser)
    assert reader.open(f"/cases/{appeal}").status == 403
    browser.open(way(browser, "copy")).send({"q": "市场监督"}, to="/do/copy", press="_search")
    browser.send(
        {"to": [person(browser, "吴强"), person(browser, "郑洁")], "opinion": "请知悉"}, to="/do/copy"
    )
    assert "已抄送给 吴强、郑洁" in browser.text
    assert reader.open(f"/cases/{appeal}").status == 200


def test_a_finished_step_is_taken_back_from_the_case(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    browser.open(f"/cases/{appeal}").open(way(browser, "take-back")).send({}, to="/do/take-back")
    assert "已撤回，请重新办理" in browser.text and browser.page.tree.xpath("//form[@data-form]")


def test_what_can_be_taken_back_no_more_says_why(someone: Someone, appeal: str) -> None:
    browser, department = someone("platform"), someone("housing-admin")
    address = claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    claimed(department)
    department.send({"sign": "退单"}, press="_refresh")
    department.send({"sign": "退单", "return_reason": "不属于本局职责", "return_basis": "三定规定"})
    assert "已提交" in department.text, department.text[:300]
    browser.open(f"{address}/do/take-back")
    assert "“研判派发”不能重新打开：它正在办理" in browser.text and "请改用退回" in browser.text


def test_a_task_is_sent_back_with_an_opinion(someone: Someone, appeal: str) -> None:
    browser, department = someone("platform"), someone("housing-admin")
    claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    claimed(department)
    assert not department.links("/do/send-back"), "what is not theirs they return with reason and legal basis"
    department.send({"sign": "签收"})
    officer = someone("housing-1")
    claimed(officer)
    officer.open(way(officer, "send-back")).send({}, to="/do/send-back")
    assert officer.status == 422 and "请填写意见" in officer.text
    officer.send({"opinion": "应由另一科办理"}, to="/do/send-back")
    assert "已退回到“签收”" in officer.text, officer.text[:500]


def test_a_conflict_says_who_was_faster_and_keeps_the_opinion(someone: Someone, appeal: str) -> None:
    one, other = someone("platform"), someone("platform")
    claimed(one)
    address = way(one, "transfer")
    one.open(address)
    other.open(address)
    second = person(one, "王磊")
    one.send({"to": second}, to="/do/transfer")
    other.send({"to": second, "opinion": "我要出差"}, to="/do/transfer")
    assert other.status in (403, 409)
    if other.status == 409:
        assert "李娜" in other.text and "转办" in other.text and "我要出差" in other.text


def test_a_conflict_shows_the_form_to_be_taken_along(someone: Someone, appeal: str) -> None:
    one, other = someone("platform"), someone("platform")
    claimed(one)
    other.open(way(one, "sign-after")).send({"outcome": "派发"}, to="/do/sign-after", press="_refresh")
    other.send(
        {**TRIAGE, "triage_note": "写了很久的一段话", "q": "张建国"}, to="/do/sign-after", press="_search"
    )
    one.open(way(one, "transfer"))
    one.send({"to": person(one, "王磊")}, to="/do/transfer")
    other.send({"to": person(other, "张建国"), "opinion": "请审定"}, to="/do/sign-after")
    assert other.status == 409 and "已由李娜" in other.text
    assert "您刚才填写的内容" in other.text and "写了很久的一段话" in other.text and "请审定" in other.text


def test_the_control_centre_ends_a_case_and_says_why(someone: Someone, appeal: str) -> None:
    control = someone("control").open(f"/cases/{appeal}")
    (link,) = set(control.links("/do/terminate"))
    control.open(link).send({}, to="/do/terminate")
    assert control.status == 422 and "请填写意见" in control.text
    control.send({"opinion": "重复提交"}, to="/do/terminate")
    assert "办件已终止" in control.text and "已终止" in control.text
    assert someone("platform").open(f"/cases/{appeal}/do/terminate").status == 409
    assert "重复提交" in someone("jingmi").open(f"/cases/{appeal}").text, "the enterprise is told why"


def test_a_case_is_followed_and_no_longer(app: Flask, someone: Someone, appeal: str) -> None:
    browser = someone("platform").open(f"/cases/{appeal}").send({}, to="/follow")
    assert "已关注" in browser.text
    with app.extensions["zhiban"].reading() as connection:
        assert connection.execute(sa.select(follows.c.case_id)).scalars().all() == [appeal]
    assert "已取消关注" in browser.send({}, to="/follow", press="_stop").text


@pytest.mark.parametrize("who", ["lvneng", "tax-admin"])
def test_outsiders_reach_no_action(someone: Someone, appeal: str, who: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    outsider = someone(who)
    for slug in ("transfer", "delegate", "urge", "copy", "send-back", "decide"):
        assert outsider.open(f"{address}/do/{slug}").status in (403, 404)
    assert browser.open(f"{address}/do/nonsense").status == 404


def test_an_enterprise_urges_its_own_case(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    enterprise = someone("jingmi").open(f"/cases/{appeal}")
    assert {link.rsplit("/", 1)[1] for link in enterprise.links("/do/")} <= {"urge", "withdraw"}
    enterprise.open(way(enterprise, "urge")).send({"opinion": "很着急"}, to="/do/urge")
    assert "已催办" in enterprise.text and enterprise.path == f"/cases/{appeal}"


def noted(browser: Browser) -> list[str]:
    """What stands above the form of those who handed the task on."""
    return [" ".join(one.text_content().split()) for one in browser.page.tree.xpath("//*[@class='note']")]


def test_who_gets_a_task_reads_why_and_a_signer_what_is_asked(someone: Someone, appeal: str) -> None:
    browser, second = someone("platform"), someone("platform-2")
    address = claimed(browser)
    browser.open(way(browser, "transfer"))
    browser.send({"to": person(browser, "王磊"), "opinion": "我下午出差"}, to="/do/transfer")
    second.open(address)
    assert len(noted(second)) == 1 and "我下午出差" in noted(second)[0] and "李娜" in noted(second)[0]
    second.open(way(second, "sign-before"))
    second.send({"to": person(second, "刘洋"), "opinion": "请看是否属实"}, to="/do/sign-before")
    signer = someone("supervisor").open("/inbox")
    signer.open(signer.links("/tasks/")[0])
    (asked,) = signer.page.tree.xpath("//section[@aria-labelledby='asked']")
    assert "请看是否属实" in asked.text_content() and "王磊" in asked.text_content() and not noted(signer)
    signer.send({"outcome": "agree", "opinion": "属实"}, to=signer.path)
    assert "已提交加签意见，事项回到 王磊 手里" in signer.text
    assert not [note for note in noted(second.open(address)) if "请看是否属实" in note], "his own words"


def test_who_has_to_do_a_step_again_reads_why_until_it_is_done(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    browser.open(address).send({"outcome": "派发"}, to=address, press="_refresh").send(TRIAGE, to=address)
    admin = someone(f"{TRIAGE['department']}-admin")
    signing = claimed(admin)
    admin.open(signing).send({"sign": "签收"}, to=signing, press="_refresh").send(
        {"sign": "签收"}, to=signing
    )
    officer = someone(f"{TRIAGE['department']}-1")
    officer.open(claimed(officer)).open(way(officer, "send-back"))
    officer.send({"to": "sign", "opinion": "应由规划科承办"}, to="/do/send-back")
    assert "已退回到“签收”" in officer.text
    again = admin.open("/inbox").links("/tasks/")[0].split("?")[0]
    assert again != signing and "应由规划科承办" in noted(admin.open(again))[0]


def test_one_does_not_ask_oneself_and_enter_in_the_search_only_searches(
    someone: Someone, appeal: str
) -> None:
    browser = someone("platform")
    claimed(browser)
    browser.open(way(browser, "sign-before"))
    (form,) = browser.page.tree.xpath("//form[contains(@action, '/do/sign-before')]")
    assert not form.xpath(".//input[@name='to'][../label[contains(., '李娜')]]")
    assert form.xpath(".//button")[0].get("name") == "_search", "what Enter presses"
