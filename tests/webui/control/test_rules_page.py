"""The rules of time on their page: read by officers, changed by the control centre, without a script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from engine import runtime
from engine.clock import ControlledClock
from engine.worktime import rules
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
NOTE = "荣政办〔2026〕8号"


def published(app: Flask) -> list[rules.Published]:
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.reading() as connection:
        return rules.history(connection)


def values(browser: Browser, column: str) -> list[str]:
    """What stands in that column of the limits, from top to bottom."""
    found = browser.page.tree.xpath(f"//*[starts-with(@name, 'limits[')][contains(@name, '].{column}')]")
    return [one.value if one.tag == "select" else one.get("value") for one in found]


def ordinary(browser: Browser) -> int:
    """The row for a case that is neither complex nor urgent."""
    rows = zip(*(values(browser, c) for c in ("name", "complexity", "urgent")), strict=True)
    return list(rows).index(("handling", "", ""))


def test_every_officer_reads_the_rules_and_only_the_control_centre_may_change_them(someone: Someone) -> None:
    for username in ("platform", "leader", "market-1", "housing-admin", "auditor", "analyst", "supervisor"):
        browser = someone(username).open("/rules")
        assert "3 个工作日" in browser.text and "4 个工作小时" in browser.text, username
        assert "修改规则" not in browser.text
        assert browser.open("/rules/edit").status == 403
    browser = someone("control").open("/rules")
    assert "修改规则" in browser.text and "系统自带" in browser.text
    assert someone("jingmi").open("/rules").status == 403


def test_nobody_else_can_send_rules_either(someone: Someone, app: Flask) -> None:
    for username in ("platform", "administrator", "jingmi"):
        browser = someone(username).open("/inbox")
        token = browser.page.tree.xpath("//input[@name='csrf_token']/@value")[0]
        answer = browser.client.post("/rules/edit", data={"csrf_token": token, "note": NOTE})
        assert answer.status_code == 403, username
    assert published(app) == []
    control = someone("control").open("/rules/edit")
    assert control.client.post("/rules/edit", data={"note": NOTE}).status_code == 400, "without a token"


def test_a_limit_is_changed_and_the_history_says_who_why_and_what(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/rules/edit")
    row = ordinary(browser)
    browser.send({f"limits[{row}].count": "5", "note": NOTE})
    assert browser.path == "/rules" and "已发布第 1 版" in browser.text, browser.text
    (one,) = published(app)
    assert one.note == NOTE and one.rules.limit("handling", {}).count == 5  # type: ignore[union-attr]
    for said in (NOTE, "赵军", "由 3 个工作日，可延期 改为 5 个工作日，可延期", "第 1 版"):
        assert said in someone("leader").open("/rules").text, said


def test_rows_are_added_moved_and_removed_by_plain_buttons(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/rules/edit")
    before = values(browser, "count")
    browser.send(press="_add=limits")
    added = values(browser, "count").index("")
    assert browser.status == 200 and len(values(browser, "count")) == len(before) + 1
    browser.send(
        {f"limits[{added}].type": "融资", f"limits[{added}].count": "2"}, press=f"_up=limits[{added}]"
    )
    assert values(browser, "count")[added - 1] == "2" and values(browser, "type")[added - 1] == "融资"
    browser.send(press=f"_down=limits[{added - 1}]").send(press="_remove=limits[0]")
    assert values(browser, "count") == [*before[1:added], "2", *before[added:]]
    assert published(app) == [], "nothing is published by arranging"


def test_reminders_are_rows_too_and_a_plan_of_ones_own_can_be_added(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/rules/edit")
    browser.send(press="_remove=standard[0]").send({"new_policy": "加急提醒"}, press="_add_policy")
    browser.send(press="_add=加急提醒")
    assert browser.page.tree.xpath("//input[@name='reminders.加急提醒[0].days']/@value") == ["1"]
    browser.send({"reminders.加急提醒[0].to": ["handler", "leader"], "note": NOTE})
    assert browser.path == "/rules", browser.text
    (one,) = published(app)
    (step,) = one.rules.reminders["加急提醒"]
    assert (step.when, step.days, step.to) == ("before", 1, ("handler", "leader"))
    assert [step.name for step in one.rules.reminders["standard"]] == ["pre2", "over0", "daily", "over3"]
    assert one.rules.reminders["none"] == ()
    assert "新增提醒方案“加急提醒”" in browser.text and "标准方案：删除提醒" in browser.text


def test_mistakes_are_told_beside_their_fields_and_nothing_typed_is_lost(
    someone: Someone, app: Flask
) -> None:
    browser = someone("control").open("/rules/edit")
    browser.send({"limits[0].count": "很多", "limits[1].type": "写" * 41, "note": NOTE, "day": "昨天"})
    assert browser.status == 422 and "有 3 处需要修改" in browser.text, browser.text
    assert "时限第 1 行：" in browser.text and "时限第 2 行：" in browser.text
    assert values(browser, "count")[0] == "很多" and values(browser, "type")[1] == "写" * 41
    assert browser.page.tree.xpath("//textarea[@name='note']")[0].text.strip() == NOTE
    wrong = browser.page.tree.xpath("//input[@name='limits[0].count']")[0]
    assert wrong.get("aria-invalid") == "true"
    assert browser.page.tree.xpath(f"//p[@id='{wrong.get('aria-describedby')}']")
    assert published(app) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"note": ""}, "请写明修改原因"),
        ({"note": NOTE, "day": "2026-03-08"}, "不能早于现在"),
        ({"note": NOTE, "day": "三月", "hour": "09:00"}, "生效时间写得不对"),
        ({"note": NOTE, "hour": "09:00"}, "生效时间写得不对"),
    ],
)
def test_a_reason_and_a_moment_to_come_are_needed(
    someone: Someone, app: Flask, typed: dict[str, Any], said: str
) -> None:
    browser = someone("control").open("/rules/edit").send(typed)
    assert browser.status == 422 and said in browser.text, browser.text
    assert published(app) == []


def test_a_preview_says_what_changes_and_what_a_case_of_today_would_meet(
    someone: Someone, app: Flask
) -> None:
    browser = someone("control").open("/rules/edit")
    row = ordinary(browser)
    browser.send({f"limits[{row}].count": "5"}, press="_preview")
    assert "由 3 个工作日，可延期 改为 5 个工作日，可延期" in browser.text
    assert "2026年3月16日 17:30 周一" in browser.text, "five working days after Monday 9 March"
    assert "2026年3月13日 09:00 周五承办人即将到期" in browser.text
    assert "2026年3月19日 09:00 周四领导严重逾期" in browser.text
    assert values(browser, "count")[row] == "5" and published(app) == []
    assert browser.send({f"limits[{row}].count": "0"}, press="_preview").status == 422


def test_planned_rules_are_shown_and_hold_from_their_moment_on(
    someone: Someone, app: Flask, clock: ControlledClock
) -> None:
    browser = someone("control").open("/rules/edit")
    row = ordinary(browser)
    browser.send({f"limits[{row}].count": "5", "note": NOTE, "day": "2026-03-16", "hour": "00:00"})
    assert "将要执行：第 1 版" in browser.text and "2026年3月16日 00:00 周一 起" in browser.text
    assert "系统自带" in browser.text, "the present ones hold until then"
    assert values(browser.open("/rules/edit"), "count")[row] == "5", (
        "the next change builds on what is planned"
    )
    clock.move_to(clock.now() + timedelta(days=7))
    text = someone("leader").open("/rules").text
    assert "将要执行" not in text and "第 1 版 · 2026年3月16日 00:00 周一 起" in text


def test_two_who_edit_at_once_do_not_overwrite_each_other(someone: Someone, app: Flask) -> None:
    first, second = someone("control").open("/rules/edit"), someone("control").open("/rules/edit")
    first.send({"limits[0].count": "8", "note": NOTE})
    second.send({"limits[0].count": "9", "note": "另一个原因"})
    assert second.status == 409 and "刚刚有人发布了新的版本" in second.text
    assert values(second, "count")[0] == "9" and len(published(app)) == 1
    second.send()
    assert second.path == "/rules" and len(published(app)) == 2, "having been told, one may insist"


def test_the_same_form_sent_twice_publishes_once(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/rules/edit")
    page = browser.page
    browser.send({"limits[0].count": "8", "note": NOTE})
    browser.page = page
    browser.send({"limits[0].count": "8", "note": NOTE})
    assert browser.path == "/rules" and len(published(app)) == 1


def test_an_older_edition_can_be_the_beginning_of_the_next(someone: Someone) -> None:
    browser = someone("control").open("/rules/edit")
    first = values(browser, "count")[0]
    browser.send({"limits[0].count": "8", "note": NOTE}).open("/rules/edit")
    browser.send({"limits[0].count": "9", "note": NOTE})
    assert values(browser.open("/rules/edit?from=1"), "count")[0] == "8" != first
    assert values(browser.open("/rules/edit?from=77"), "count")[0] == "9"


def test_the_course_of_another_moment_can_be_asked_for(someone: Someone) -> None:
    text = someone("market-1").open("/rules?day=2026-02-13&hour=16:00").text
    assert "2026年2月25日 17:30 周三" in text, "three working days after 13 February: 14, 24, 25"
    assert someone("market-1").open("/rules?day=x&hour=y").status == 200
