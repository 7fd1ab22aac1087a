"""Stopping a case's clock from its page: by whom, with which reason, and how it is told while it stands."""

from collections.abc import Callable
from datetime import timedelta

from engine.clock import ControlledClock
from tests.webui.test_working import claimed, dispatched
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
WHY = "等企业补交排水许可"
GIVEN = {"kind": "补正", "reason": WHY, "needs": "排水许可证复印件"}
NEEDS = "一、排水许可证复印件\n二、<b>管网图</b>"


def stopped(someone: Someone, appeal: str, username: str = "control") -> Browser:
    return someone(username).open(f"/cases/{appeal}/clock").send(GIVEN)


def test_a_stopped_clock_is_told_in_words_on_inbox_task_and_case(someone: Someone, appeal: str) -> None:
    officer = someone("platform")
    address = claimed(officer)
    browser = stopped(someone, appeal)
    assert browser.path == f"/cases/{appeal}" and f"暂停计时（补正）：{WHY} 赵军" in browser.text, (
        browser.text
    )
    for path in ("/inbox", address, f"/cases/{appeal}"):
        assert "已暂停计时（补正）" in officer.open(path).text, path
        assert officer.page.tree.xpath("//main//use[contains(@href, '#pause-circle-fill')]"), path
    for browser in (officer, someone("jingmi")):
        now = browser.open(f"/cases/{appeal}").page.tree.xpath("//li[@class='now']")
        assert now and all("已暂停计时（补正）" in li.text_content() for li in now)
    told = officer.page.tree.xpath("//section[@aria-labelledby='case-notices']")[0].text_content()
    assert "李娜" in told, "who has claimed the task is named"
    enterprise = someone("jingmi").open(f"/cases/{appeal}")
    assert "暂停计时（补正）" in enterprise.text and WHY not in enterprise.text
    assert not enterprise.links("/clock")


def test_resuming_moves_the_deadline_on_and_the_page_says_from_when(
    someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    stopped(someone, appeal)
    clock.move_to(clock.now() + timedelta(days=2))
    browser = someone("control").open(f"/cases/{appeal}/clock")
    assert "恢复计时" in browser.text
    browser.send(press="_resume")
    assert browser.path == f"/cases/{appeal}" and "恢复计时，期限顺延" in browser.text
    assert "原期限 3月9日 17:00" in browser.text and "3月11日 17:00" in browser.text
    assert "由 2026年3月9日 17:00 周一 改为 2026年3月11日 17:00 周三" in browser.text


def test_a_reason_and_a_kind_are_needed_and_what_was_typed_is_kept(someone: Someone, appeal: str) -> None:
    browser = someone("control").open(f"/cases/{appeal}/clock").send({"reason": WHY})
    assert browser.status == 422 and "选明类别" in browser.text
    assert browser.page.tree.xpath("//textarea")[0].text.strip() == WHY
    assert "暂停计时（" not in browser.open(f"/cases/{appeal}").text


def test_only_who_works_on_the_case_or_watches_over_it_may_stop_it(someone: Someone, appeal: str) -> None:
    for username, status in (("leader", 403), ("market-1", 403), ("auditor", 403), ("jingmi", 403)):
        browser = someone(username).open(f"/cases/{appeal}/clock")
        assert browser.status == status, username
        token = browser.open("/").page.tree.xpath("//input[@name='csrf_token']/@value")[0]
        data = {"csrf_token": token, "kind": "补正", "reason": WHY}
        assert browser.client.post(f"/cases/{appeal}/clock", data=data).status_code == status, username
    for username in ("supervisor", "platform"):
        assert someone(username).open(f"/cases/{appeal}/clock").status == 200, username


def test_stopping_twice_by_one_form_is_once_and_by_two_is_told(someone: Someone, appeal: str) -> None:
    second = someone("supervisor").open(f"/cases/{appeal}/clock")
    browser = someone("control").open(f"/cases/{appeal}/clock")
    page = browser.page
    browser.send(GIVEN)
    browser.page = page
    assert browser.send(GIVEN).path == f"/cases/{appeal}"
    assert browser.text.count(f"暂停计时（补正）：{WHY}") == 1
    assert second.send({"kind": "其他", "reason": "x"}).status == 409 and "已经暂停计时" in second.text


def test_a_task_that_stands_still_offers_a_draft_and_says_why_nothing_more(
    someone: Someone, appeal: str
) -> None:
    officer = someone("platform")
    address = claimed(officer)
    early = officer.page
    stopped(someone, appeal)
    officer.open(address)
    form = officer.form(address)
    assert not form.xpath(".//*[@data-submit]") and form.get("data-blocked") == "stop-held"
    assert all(b.get("formaction", "").endswith("/draft") for b in form.xpath(".//button[not(@name)]"))
    assert "暂停期间不能提交" in officer.text and "恢复计时后再提交" in officer.text
    assert officer.links(f"/cases/{appeal}/clock")
    officer.send({"outcome": "直接答复"}, at=f"{address}/draft")
    assert "草稿保存于" in officer.text
    assert officer.page.tree.xpath("//input[@name='outcome' and @value='直接答复' and @checked]")
    officer.page = early
    officer.send({"outcome": "不予受理", "rejection_reason": "早先打开的"})
    assert officer.status == 409 and "可以先保存草稿" in officer.text
    assert "早先打开的" in officer.page.tree.text_content(), "what was typed is kept"
    officer.open(f"/cases/{appeal}/clock").send(press="_resume")
    officer.open(address)
    assert officer.form(address).xpath(".//*[@data-submit]") and "暂停期间不能提交" not in officer.text


def test_what_begins_during_a_stop_is_named_as_running(
    someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    """The department asks for an extension while the clock stands: who decides on it is not held up."""
    dispatched(someone)
    admin = someone("housing-admin")
    claimed(admin)
    admin.send({"sign": "签收"}, press="_refresh").send({"sign": "签收", "handler": ""})
    stopped(someone, appeal)
    clock.move_to(clock.now() + timedelta(minutes=1))
    officer = someone("housing-1").open(f"/cases/{appeal}")
    officer.open(officer.links("/messages/")[0]).send(
        {"extension_reason": "要等水文资料", "extension_days": "1"}
    )
    page = someone("control").open(f"/cases/{appeal}")
    assert "暂停以后才开始的照常计时、照常办理：延期审批" in page.text, page.text
    assert "暂停以后才开始" not in someone("jingmi").open(f"/cases/{appeal}").text


def test_what_is_ahead_says_that_the_clock_stands_still(
    someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    stopped(someone, appeal)
    clock.move_to(clock.now() + timedelta(days=2))
    for person in ("platform", "jingmi"):
        browser = someone(person).open(f"/cases/{appeal}")
        (card,) = browser.page.tree.xpath("//section[@aria-labelledby='ahead-title']")
        said = " ".join(card.text_content().split())
        assert "已暂停计时（补正）" in said and "按现在就恢复计时推算" in said, said
        assert "3月11日 17:00" in said, "the stopped working time is given back"


def test_who_stops_for_what_is_missing_tells_the_enterprise_what(someone: Someone, appeal: str) -> None:
    """The notice, the case's page and the form for what is added hold the words as they were written."""
    browser = someone("control").open(f"/cases/{appeal}/clock").send({"kind": "补正", "reason": WHY})
    assert browser.status == 422 and "请写明要企业补充的内容" in browser.text
    assert browser.page.tree.xpath("//textarea[@name='reason']")[0].text.strip() == WHY
    browser.send({"kind": "补正", "reason": WHY, "needs": NEEDS.replace("\n", "\r\n")})
    enterprise = someone("jingmi").open("/notices")
    assert "需要补正，已暂停计时" in enterprise.text and written(enterprise) == [NEEDS]
    enterprise.open(f"/cases/{appeal}")
    assert written(enterprise) == [NEEDS] and "请补充以下内容" in enterprise.text
    assert WHY not in enterprise.text
    first = enterprise.page.tree.xpath("//main/*[@role='status' or contains(@class, 'split')]")[0]
    assert first.get("role") == "status", "what is asked for comes before how far the case has come"
    (address,) = enterprise.page.tree.xpath("//div[@role='status']//a[contains(@href, '/messages/')]/@href")
    enterprise.open(address)
    assert written(enterprise) == [NEEDS] and WHY not in enterprise.text
    withdraw = [link for link in enterprise.open(f"/cases/{appeal}").links("/messages/") if link != address]
    assert written(enterprise.open(withdraw[0])) == [], "only the form that lets the clock run again"
    assert "Please supply the following" in enterprise.open(f"/cases/{appeal}?lang=en").text
    officer = someone("control").open(f"/cases/{appeal}")
    assert written(officer) == [NEEDS] and "已告知企业需要补充" in officer.text
    someone("control").open(f"/cases/{appeal}/clock").send(press="_resume")
    assert written(someone("jingmi").open(f"/cases/{appeal}")) == []


def written(browser: Browser) -> list[str]:
    return [str(p.text_content()) for p in browser.page.tree.xpath("//main//p[@class='needs']")]
