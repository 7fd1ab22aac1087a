"""An officer's day: claim, read, fill in, submit; and what happens when somebody was faster."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from engine import runtime
from engine.clock import ControlledClock
from engine.runtime import queries
from tests.webui.webui_driver import APPEAL, Browser

Someone = Callable[[str], Browser]
TRIAGE = {
    "outcome": "派发",
    "type": "工程建设",
    "complexity": "一般",
    "department": "housing",
    "triage_note": "请限时处置",
}


def claimed(browser: Browser) -> str:
    """Claim the first task that can be claimed and open it; its address."""
    browser.open("/inbox?tab=claimable").send(to="/claim")
    (address, *_rest) = browser.open("/inbox").links("/tasks/")
    browser.open(address)
    return address


def dispatched(someone: Someone) -> None:
    browser = someone("platform")
    claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)


def test_the_inbox_counts_claims_and_empties(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable")
    assert "今日到期" in browser.text and "认领" in browser.text
    browser.send(to="/claim")
    assert browser.page.response.request.full_path == "/inbox?tab=claimable"
    assert "没有可以认领" in browser.text and "由您办理" in browser.text
    assert "厂区门口道路长期积水" in browser.open("/inbox").text


def test_a_task_shows_what_was_submitted_and_its_deadline(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    claimed(browser)
    assert APPEAL["content"] in browser.text and "13800000001" in browser.text
    assert "期限 2026年3月9日 17:00 周一" in browser.text
    assert browser.links(f"/cases/{appeal}") and "查看流程图和全部经过" in browser.text
    assert "case_id" not in browser.text, "no template shows its own source"


def test_completing_leads_to_the_next_task_of_ones_own(someone: Someone, appeal: str) -> None:
    someone("jingmi").open("/start/appeal").send({**APPEAL, "title": "第二件"})
    browser = someone("platform")
    browser.open("/inbox?tab=claimable").send(to="/claim").send(to="/claim")
    browser.open(browser.open("/inbox").links("/tasks/")[0])
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    assert browser.path.startswith("/tasks/") and "下面是您的下一件" in browser.text
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    assert browser.path == "/inbox" and "已经办完" in browser.text
    assert "待签收" in browser.open("/inbox?tab=done").text


def test_what_follows_in_the_same_case_opens_before_other_tasks(someone: Someone, appeal: str) -> None:
    someone("jingmi").open("/start/appeal").send({**APPEAL, "title": "第二件"})
    browser = someone("platform")
    browser.open("/inbox?tab=claimable").send(to="/claim").send(to="/claim")
    browser.open(browser.open("/inbox").links("/tasks/")[0])
    browser.send({"outcome": "直接答复"}, press="_refresh").send(
        {"outcome": "直接答复", "type": "工程建设", "complexity": "一般"}
    )
    assert "您也可以办理" in browser.text and "本次办理：直接答复" in browser.text
    address = browser.path
    browser.send(to="/claim")
    assert browser.path == address and browser.form().fields["_version"]


def test_a_finished_task_has_no_deadline_any_more(
    someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    browser = someone("platform")
    address = claimed(browser)
    assert browser.page.tree.xpath("//*[contains(@class, 'deadline-box')]")
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    clock.move_to(clock.now() + timedelta(days=3))
    finished = someone("platform").open(address)
    assert "这一步已经办完" in finished.text and "超期" not in finished.text
    assert not finished.page.tree.xpath("//*[contains(@class, 'deadline-box')]")


def test_what_happened_before_is_read_beside_the_form(someone: Someone, appeal: str) -> None:
    dispatched(someone)
    browser = someone("housing-admin")
    claimed(browser)
    assert "之前的办理" in browser.text and "请限时处置" in browser.text and "李娜" in browser.text


def test_a_released_task_can_be_claimed_by_another(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    browser.send(to="/release")
    assert "已放回" in browser.text
    other = someone("platform-2").open(address)
    assert "还没有人办理" in other.text
    other.send(to="/claim")
    assert other.path == address and other.form().fields["_version"]


def test_the_second_to_claim_is_told_who_was_first(someone: Someone, appeal: str) -> None:
    slow = someone("platform-2").open("/inbox?tab=claimable")
    claimed(someone("platform"))
    slow.send(to="/claim")
    assert "李娜" in slow.text and "“研判派发”已由李娜于 2026年3月9日 08:40" in slow.text


def test_a_task_of_another_is_shown_without_its_form(someone: Someone, appeal: str) -> None:
    address = claimed(someone("platform"))
    other = someone("platform-2").open(address)
    assert "李娜 正在办理" in other.text
    assert not other.page.tree.xpath("//form[@data-form]")


def test_a_stale_form_is_refused_with_the_facts_and_keeps_what_was_typed(
    someone: Someone, appeal: str
) -> None:
    browser = someone("platform")
    address = claimed(browser)
    old = browser.send({"outcome": "派发"}, press="_refresh").page
    browser.open(address).send(to="/release")
    browser.open(address).send(to="/claim")
    browser.page = old
    browser.send(TRIAGE)
    assert browser.status == 409 and "李娜" in browser.text
    assert browser.form().fields["triage_note"].strip() == "请限时处置"
    browser.send()
    assert browser.path == "/inbox" and "已提交" in browser.text


def test_a_form_for_a_finished_task_keeps_what_was_typed_for_copying(
    app: Flask, someone: Someone, appeal: str
) -> None:
    browser = someone("platform")
    address = claimed(browser)
    other_tab = browser.page
    browser.open(address).send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    browser.page = other_tab
    browser.send({**TRIAGE, "triage_note": "后来又写的一段话"})
    assert browser.status == 409
    assert "后来又写的一段话" in browser.text and "已由李娜" in browser.text


def test_a_resent_form_changes_nothing_and_leads_to_the_same_place(
    app: Flask, someone: Someone, appeal: str
) -> None:
    browser = someone("platform")
    claimed(browser)
    form = browser.send({"outcome": "派发"}, press="_refresh").page
    first = browser.send(TRIAGE).path
    events = _events(app, appeal)
    browser.page = form
    assert browser.send(TRIAGE).path == first
    assert _events(app, appeal) == events


def _events(app: Flask, case: str) -> int:
    with app.extensions["zhiban"].reading() as connection:
        return len(queries.history(connection, case))


def test_a_task_of_another_department_is_closed(someone: Someone, appeal: str) -> None:
    dispatched(someone)
    browser = someone("housing-admin")
    address = claimed(browser)
    assert someone("tax-admin").open(address).status == 403
    assert someone("jingmi").open(address).status in (403, 404)


def test_deadlines_are_said_in_words(
    app: Flask, someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    clock.move_to(clock.now() + timedelta(days=1, hours=1))
    runtime.fire_due(app.extensions["zhiban"])
    browser = someone("platform").open("/inbox?tab=claimable")
    assert "已超期 1 个工作日" in browser.text and "已超期 1 件" in browser.text
    assert "Overdue by 1 working day" in browser.open("/inbox?tab=claimable&lang=en").text


def test_lists_hide_the_middle_of_telephone_numbers(someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal").send({**APPEAL, "title": "请回电 13800000001"})
    officer = someone("platform").open("/inbox?tab=claimable")
    assert "138****0001" in officer.text and "13800000001" not in officer.text
    assert browser.status == 200


def test_long_lists_are_paged(app: Flask, someone: Someone) -> None:
    app.config["PAGE_SIZE"] = 2
    enterprise = someone("jingmi")
    for number in range(5):
        enterprise.open("/start/appeal").send({**APPEAL, "title": f"第{number}件诉求"})
    browser = someone("platform").open("/inbox?tab=claimable&page=2")
    assert "第2件诉求" in browser.text and "第0件诉求" not in browser.text and "第 2 / 3 页" in browser.text
    assert "第 3 / 3 页" in browser.open("/inbox?tab=claimable&page=99").text
    assert "第 1 / 3 页" in browser.open("/cases?page=-4").text


def test_outsiders_who_send_a_finished_tasks_form_learn_nothing(someone: Someone, appeal: str) -> None:
    browser = someone("platform")
    address = claimed(browser)
    browser.send({"outcome": "派发"}, press="_refresh").send(TRIAGE)
    for username in ("lvneng", "tax-admin"):
        outsider = someone(username)
        forged = {"csrf_token": outsider.form("/sign-out").fields["csrf_token"], "_version": "1", **TRIAGE}
        for action in ("", "/claim", "/release"):
            answer = outsider.client.post(address + action, data=forged, follow_redirects=True)
            assert answer.status_code == outsider.open(address).status in (403, 404), (username, action)
            assert "李娜" not in answer.text
