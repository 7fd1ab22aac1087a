"""The bell and its list: what a person is told, that it is counted, read one by one or all at once."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import outbox
from engine.clock import ControlledClock
from tests.webui.webui_driver import Browser
from webui.transaction import zhiban

Someone = Callable[[str], Browser]


def bell(browser: Browser) -> str:
    (link,) = browser.page.tree.xpath("//a[@class='bell']")
    return " ".join(link.text_content().split())


def tell(app: Flask, case: str, *keys: str, to: str = "platform", template: str = "late") -> None:
    """Queue notices of the case, as its next steps would."""
    with app.app_context(), zhiban().writing() as connection:
        notices = [outbox.Notice(to, template, key, {"days": n}) for n, key in enumerate(keys)]
        said = {"number": "SQ-1", "title": "厂区门口"}
        outbox.queue(connection, case, notices, said, zhiban().clock.now(), channels=())


def test_the_bell_counts_what_the_list_shows(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/inbox")
    assert bell(officer) == "通知 1 条未读"
    officer.open("/notices")
    assert "诉求 SQ-20260309-0001 待研判派发" in officer.text
    assert bell(someone("market-1").open("/inbox")) == "通知", "nobody has told the department"


def test_opening_a_notice_reads_it_and_leads_to_its_case(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/notices")
    (form,) = [f for f in officer.page.tree.forms if "case" in f.fields]
    officer._take(officer.client.post(form.action, data=dict(form.form_values()), follow_redirects=True))
    assert officer.path == f"/cases/{appeal}"
    assert bell(officer) == "通知"
    officer.open("/notices")
    assert officer.links(f"/cases/{appeal}") != []
    assert "未读" not in officer.text.replace("全部 未读", "")


def test_one_is_marked_read_and_the_rest_stays(app: Flask, someone: Someone, appeal: str) -> None:
    tell(app, appeal, "a", "b")
    officer = someone("platform").open("/notices?unread=1")
    assert bell(officer) == "通知 3 条未读"
    form = next(f for f in officer.page.tree.forms if "id" in f.fields and "case" not in f.fields)
    officer._take(officer.client.post(form.action, data=dict(form.form_values()), follow_redirects=True))
    assert bell(officer) == "通知 2 条未读"
    assert officer.path == "/notices"


def test_all_are_marked_read_up_to_what_was_seen(
    app: Flask, someone: Someone, appeal: str, clock: ControlledClock
) -> None:
    tell(app, appeal, "a", "b")
    officer = someone("platform").open("/notices")
    clock.move_to(clock.now().replace(minute=59))
    tell(app, appeal, "came while the page was open")
    form = next(f for f in officer.page.tree.forms if "newest" in f.fields)
    officer._take(officer.client.post(form.action, data=dict(form.form_values()), follow_redirects=True))
    assert bell(officer) == "通知 1 条未读"


def test_above_ninety_nine_the_bell_shows_no_number(app: Flask, someone: Someone, appeal: str) -> None:
    tell(app, appeal, *(str(n) for n in range(98)))
    assert bell(someone("platform").open("/notices")) == "通知 99 条未读"
    tell(app, appeal, "one more", template="soon")
    officer = someone("platform").open("/notices")
    assert bell(officer) == "通知 99+ 条未读"
    assert len(officer.page.tree.xpath("//ul[@class='notices']/li")) == 25
    officer.open("/notices?page=4")
    assert len(officer.page.tree.xpath("//ul[@class='notices']/li")) == 25
    officer.open("/notices?page=5")
    assert "还没有通知" in officer.text


@pytest.mark.parametrize("who, shown", [("platform", True), ("market-1", False)])
def test_the_title_is_shown_to_who_may_read_the_case(
    app: Flask, someone: Someone, appeal: str, who: str, shown: bool
) -> None:
    """A department may be told of a case before it has it, or of a confidential one."""
    tell(app, appeal, "k", to="handler@market" if who == "market-1" else "platform")
    reader = someone(who).open("/notices")
    assert "办件 SQ-1 已逾期" in reader.text
    assert ("厂区门口道路长期积水" in reader.text) is shown
    assert (
        (f"/cases/{appeal}" in reader.page.response.text) or (appeal in reader.page.response.text)
    ) is shown


def test_an_enterprise_reads_its_own_and_no_step_of_the_diagram(
    app: Flask, someone: Someone, appeal: str
) -> None:
    with app.app_context(), zhiban().writing() as connection:
        moved = outbox.Notice("enterprise@91441802MA4X1Q2T0K", "deadline-moved", "k", {"step": "内部核查"})
        outbox.queue(connection, appeal, [moved], {"number": "SQ-1"}, zhiban().clock.now(), channels=())
    own = someone("jingmi").open("/notices")
    assert "办件 SQ-1 的期限已调整" in own.text and "内部核查" not in own.text
    assert bell(own) == "通知 2 条未读"
    assert "SQ-1" not in someone("lvneng").open("/notices").text


def test_anothers_notice_is_not_ones_own_to_read(app: Flask, someone: Someone, appeal: str) -> None:
    with app.app_context(), zhiban().reading() as connection:
        key = connection.execute(
            sa.select(outbox.messages.c.id).where(outbox.messages.c.recipient == "platform")
        ).scalar_one()
    stranger = someone("lvneng").open("/notices")
    token = stranger.page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    for name in ("id", "newest"):
        answer = stranger.client.post("/notices/read", data={name: key, "csrf_token": token})
        assert answer.status_code == 404
    assert bell(someone("platform").open("/inbox")) == "通知 1 条未读"


def test_a_page_of_a_failure_has_a_bell_without_a_number(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/no/such/page")
    assert officer.status == 404
    assert bell(officer) == "通知"


def test_an_officer_sees_on_the_case_whom_its_notices_reached(
    app: Flask, someone: Someone, appeal: str
) -> None:
    with app.app_context(), zhiban().writing() as connection:
        late = outbox.Notice("handler@market", "late", "k")
        outbox.queue(connection, appeal, [late], {"number": "SQ-1"}, zhiban().clock.now(), channels=["sms"])
        connection.execute(
            sa.update(outbox.messages).where(outbox.messages.c.channel == "sms").values(state="failed")
        )
    text = someone("platform").open(f"/cases/{appeal}").text
    assert "通知与送达" in text and "办件 SQ-1 已逾期 市场监督管理局 承办人" in text
    assert "短信 发送失败" in text and "已送达" in text
    assert "通知与送达" not in someone("jingmi").open(f"/cases/{appeal}").text
