"""The working calendar on its page: read by officers, changed by the control centre, previewed first."""

from collections.abc import Callable
from datetime import date, time
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from engine import runtime, worktime
from engine.runtime import clocks
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
REASON = "国办发明电〔2026〕7号"
CSV_2027 = "日期,类型,说明\n2027-01-01,休,元旦\n2027-02-05,休,春节\n2027-02-14,班,春节调休上班\n"


def editions(app: Flask) -> list[worktime.Edition]:
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.reading() as connection:
        return worktime.editions(connection)


def calendar(app: Flask) -> worktime.Calendar:
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.reading() as connection:
        return worktime.load(connection)


def cell(browser: Browser, day: str) -> str:
    """What stands in the calendar at a day that can be edited."""
    (link,) = browser.page.tree.xpath(f"//a[@href='/calendar/days/{day}']")
    return str(link.text_content())


def test_every_officer_reads_the_calendar_and_only_the_control_centre_may_change_it(someone: Someone) -> None:
    writing = ("/calendar/import", "/calendar/days/2026-02-14", "/calendar/hours")
    for username in ("platform", "leader", "market-1", "housing-admin", "auditor", "administrator"):
        browser = someone(username).open("/calendar")
        assert "全年 248 个工作日" in browser.text and "已公布" in browser.text, username
        assert not browser.links("/calendar/days") and not browser.links("/calendar/import")
        token = browser.page.tree.xpath("//input[@name='csrf_token']/@value")[0]
        for path in writing:
            assert browser.open(path).status == 403, (username, path)
            data = {"csrf_token": token, "reason": REASON, "kind": "off"}
            assert browser.client.post(path, data=data).status_code == 403, (username, path)
    assert someone("jingmi").open("/calendar").status == 403
    control = someone("control")
    assert all(control.open(path).status == 200 for path in writing)
    assert control.client.post(writing[1], data={"kind": "off", "reason": REASON}).status_code == 400


def test_a_year_reads_like_a_wall_calendar(someone: Someone) -> None:
    browser = someone("control").open("/calendar")
    assert cell(browser, "2026-02-15") == "15休春节" and cell(browser, "2026-02-16") == "16休"
    assert cell(browser, "2026-02-14") == "14班" and cell(browser, "2026-09-20") == "20班"
    assert cell(browser, "2026-03-14") == "14", "a plain Saturday"
    assert cell(browser, "2026-03-09") == "9今天"
    assert browser.page.tree.xpath("//a[@aria-current='date']/@href") == ["/calendar/days/2026-03-09"]
    assert browser.page.tree.xpath("count(//table[@class='days'])") == 12
    english = browser.open("/calendar?lang=en").text
    assert "Spring Festival" in english and "248 working days in all" in english


def test_a_year_that_is_not_published_is_marked_provisional(someone: Someone) -> None:
    browser = someone("control").open("/calendar?year=2027")
    assert "暂定" in browser.text and "还没有公布" in browser.text
    assert cell(browser, "2027-02-05") == "5休春节", "by the law itself"
    assert someone("control").open("/calendar?year=99999").status == 200


def test_a_day_is_changed_with_a_reason_and_the_history_says_so(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/calendar/days/2026-03-20")
    assert "现在：上班" in browser.text
    browser.send({"kind": "off", "note": "抗台风", "reason": REASON})
    assert browser.path == "/calendar" and cell(browser, "2026-03-20") == "20休抗台风"
    assert not calendar(app).is_workday(date(2026, 3, 20))
    for said in ("上班改为休息（抗台风）", REASON, "赵军", "调整一天"):
        assert said in someone("leader").open("/calendar").text, said
    browser.open("/calendar/days/2026-03-20").send({"kind": "weekday", "reason": "台风未来"})
    assert calendar(app).is_workday(date(2026, 3, 20)) and len(editions(app)) == 3


def test_it_is_told_how_many_open_cases_wait_to_be_counted_anew(
    someone: Someone, app: Flask, appeal: str
) -> None:
    assert "等待重新计算" not in someone("control").open("/calendar").text
    browser = someone("control").open("/calendar/days/2026-03-20")
    browser.send({"kind": "off", "note": "抗台风", "reason": REASON})
    assert "还有 1 件在办诉求等待重新计算期限" in browser.text
    assert clocks.recount_cases(app.extensions["zhiban"]) == 1
    assert "等待重新计算" not in browser.open("/calendar").text


def test_a_day_without_a_reason_is_not_changed_and_keeps_what_was_typed(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/calendar/days/2026-03-20").send({"kind": "off", "note": "抗台风"})
    assert browser.status == 422 and browser.page.tree.xpath("//*[@id='f-reason-error']")
    assert browser.page.tree.xpath("//input[@name='note']/@value") == ["抗台风"]
    assert browser.page.tree.xpath("//input[@name='kind'][@checked]/@value") == ["off"]
    assert browser.send({"kind": "perhaps", "reason": REASON}).status == 422
    assert len(editions(app)) == 1
    for nowhere in ("2026-02-30", "x", "9999-01-01"):
        assert browser.open(f"/calendar/days/{nowhere}").status == 404


def test_the_same_change_sent_twice_acts_once(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/calendar/days/2026-03-20")
    page = browser.page
    browser.send({"kind": "off", "note": "抗台风", "reason": REASON})
    browser.page = page
    browser.send({"kind": "off", "note": "抗台风", "reason": REASON})
    assert browser.path == "/calendar" and len(editions(app)) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_is_previewed_before_it_is_published(someone: Someone, app: Flask, encoding: str) -> None:
    browser = someone("control").open("/calendar/import")
    assert browser.page.tree.xpath("//input[@name='year']/@value") == ["2027"], (
        "the next that is not published"
    )
    upload = (BytesIO(CSV_2027.encode(encoding)), "2027.csv")
    browser.send({"file": upload}, press="_preview")
    assert "放假 2 天，调休上班 1 天" in browser.text
    assert "2027年2月14日 周日：休息改为上班（春节调休上班）" in browser.text
    assert "2027年4月5日 周一：休息改为上班" in browser.text, "Qingming is not in the file"
    assert len(editions(app)) == 1
    browser.send({"reason": REASON}, press="_publish")
    assert browser.page.response.request.full_path == "/calendar?year=2027" and "已公布" in browser.text
    assert calendar(app).is_workday(date(2027, 2, 14)) and 2027 in calendar(app).years
    assert "公布 2027 年" in browser.text and REASON in browser.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"csv": ""}, "请选择文件"),
        ({"csv": "日期,类型\n2027-02-30,休"}, "第 2 行："),
        ({"csv": "日期,类型\n2027-02-05,也许"}, "第 2 行："),
        ({"csv": CSV_2027, "year": "2028"}, "第 2 行："),
        ({"csv": CSV_2027, "year": "明年"}, "年份应为"),
    ],
)
def test_mistakes_in_a_file_are_told_by_line_and_nothing_is_written(
    someone: Someone, app: Flask, typed: dict[str, Any], said: str
) -> None:
    browser = someone("control").open("/calendar/import").send(typed, press="_preview")
    assert browser.status == 422 and said in browser.text, browser.text
    assert browser.page.tree.xpath("//textarea[@name='csv']")[0].text.strip() == typed["csv"].strip()
    assert len(editions(app)) == 1


def test_publishing_without_a_reason_shows_the_preview_again(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/calendar/import").send({"csv": CSV_2027}, press="_preview")
    browser.send({"reason": " "}, press="_publish")
    assert browser.status == 422 and browser.page.tree.xpath("//*[@id='f-reason-error']")
    assert "放假 2 天" in browser.text and len(editions(app)) == 1
    browser.send({"reason": REASON}, press="_publish")
    assert len(editions(app)) == 2


def test_a_calendar_that_changed_after_the_preview_is_previewed_anew(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/calendar/import").send({"csv": CSV_2027}, press="_preview")
    someone("control").open("/calendar/days/2027-02-05").send(
        {"kind": "off", "note": "春节", "reason": REASON}
    )
    browser.send({"reason": REASON}, press="_publish")
    assert browser.status == 409 and "下面是新的预览" in browser.text and "放假 2 天" in browser.text
    browser.send({"reason": REASON}, press="_publish")
    assert browser.path == "/calendar" and len(editions(app)) == 3


def test_the_house_and_a_department_have_hours(someone: Someone, app: Flask) -> None:
    browser = someone("control").open("/calendar/hours?department=tax")
    assert "与全单位相同" in browser.text
    browser.send({"from0": "08:30", "to0": "11:30", "closing": "16:30", "reason": REASON})
    assert browser.path == "/calendar" and "08:30–11:30" in browser.text, browser.text
    assert calendar(app).of("tax").closing == time(16, 30) and calendar(app).closing == time(17, 30)
    assert "办公时间有变：税务局" in browser.text
    browser.open("/calendar/hours?department=tax").send({"reason": "恢复"}, press="_drop")
    assert calendar(app).of("tax").closing == time(17, 30)
    browser.open("/calendar/hours").send({"closing": "18:00", "reason": REASON})
    assert calendar(app).closing == time(18)
    assert browser.open("/calendar/hours?department=nowhere").status == 404


@pytest.mark.parametrize(
    "typed",
    [{"from0": "12:00", "to0": "09:00"}, {"from0": "09:00", "to0": ""}, {"closing": "x"}, {"reason": ""}],
)
def test_hours_that_cannot_be_are_refused_with_what_was_typed(
    someone: Someone, app: Flask, typed: dict[str, str]
) -> None:
    browser = someone("control").open("/calendar/hours").send({"reason": REASON, **typed})
    assert browser.status == 422 and browser.page.tree.xpath("//p[@class='error']"), browser.text
    (name, value), *_others = typed.items()
    (field,) = browser.page.tree.xpath(f"//*[@name='{name}']")
    assert (field.text if field.tag == "textarea" else field.get("value")).strip() == value
    assert len(editions(app)) == 1
