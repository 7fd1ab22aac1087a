"""Acting on several rows at once: each for itself, and each with its result."""

from collections.abc import Callable

from flask import Flask

from engine.runtime import queries
from engine.runtime.tables import tasks
from tests.webui.api.api_driver import TRIAGE
from tests.webui.inbox.test_lists import account, appeals, titles
from tests.webui.test_casefile import Stage
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]


def chosen(browser: Browser, name: str = "task") -> list[str]:
    return [str(one) for one in browser.page.tree.xpath(f"//td[@class='pick']//input[@name='{name}']/@value")]


def checked(browser: Browser) -> list[str]:
    return [str(one) for one in browser.page.tree.xpath("//td[@class='pick']//input[@checked]/@value")]


def holders(app: Flask) -> dict[str, str | None]:
    with app.extensions["zhiban"].reading() as connection:
        return {row.id: row.assignee for row in connection.execute(tasks.select())}


def test_several_are_claimed_and_each_says_so(app: Flask, someone: Someone) -> None:
    appeals(someone, "甲的事", "乙的事", "丙的事")
    browser = someone("platform").open("/inbox?tab=claimable")
    wanted = chosen(browser)
    browser.send({"task": wanted[:2]}, to="/inbox/bulk", press="act=claim")
    assert "2 件全部办成" in browser.text and len(titles(browser)) == 1
    mine = account(app, "platform")
    assert [holders(app)[one.partition(".")[0]] for one in wanted[:2]] == [mine, mine]


def test_what_fails_says_why_and_stays_selected_and_the_rest_is_done(app: Flask, someone: Someone) -> None:
    appeals(someone, "甲的事", "乙的事")
    slow = someone("platform-2").open("/inbox?tab=claimable")
    wanted = chosen(slow)
    quick = someone("platform").open("/inbox?tab=claimable")
    quick.send({"task": wanted[:1]}, to="/inbox/bulk", press="act=claim")
    slow.send({"task": wanted}, to="/inbox/bulk", press="act=claim")
    assert "1 件已办，1 件没有办成" in slow.text and "李娜" in slow.text
    assert holders(app)[wanted[1].partition(".")[0]] == account(app, "platform-2")


def test_a_failed_row_that_is_still_there_is_selected_again(someone: Someone) -> None:
    appeals(someone, "甲的事", "乙的事")
    browser = someone("platform").open("/inbox?tab=claimable")
    stale = [one.partition(".")[0] + ".7" for one in chosen(browser)]
    browser.send({"task": stale}, to="/inbox/bulk", press="act=claim")
    assert "2 件没有办成" in browser.text and len(checked(browser)) == 2


def test_the_same_form_sent_again_does_nothing_twice(app: Flask, someone: Someone) -> None:
    appeals(someone, "甲的事")
    browser = someone("platform").open("/inbox?tab=claimable")
    form, wanted = browser.page, chosen(browser)
    browser.send({"task": wanted}, to="/inbox/bulk", press="act=claim")
    browser.open("/inbox").send({"task": chosen(browser)}, to="/inbox/bulk", press="act=release")
    assert list(holders(app).values()) == [None]
    browser.page = form
    browser.send({"task": wanted}, to="/inbox/bulk", press="act=claim")
    assert "1 件全部办成" in browser.text and list(holders(app).values()) == [None], (
        "it was done, and undone since"
    )


def test_tasks_are_handed_over_with_an_opinion(app: Flask, someone: Someone) -> None:
    appeals(someone, "甲的事", "乙的事")
    browser = someone("platform").open("/inbox?tab=claimable")
    browser.send({"task": chosen(browser)}, to="/inbox/bulk", press="act=claim").open("/inbox")
    to = account(app, "platform-2")
    browser.send(
        {"task": chosen(browser), "to": to, "opinion": "请接手"}, to="/inbox/bulk", press="act=transfer"
    )
    assert "2 件全部办成" in browser.text and set(holders(app).values()) == {to}
    assert titles(browser) == []


def test_to_whom_is_asked_once_and_the_rows_stay_selected(app: Flask, someone: Someone) -> None:
    appeals(someone, "甲的事", "乙的事")
    browser = someone("platform").open("/inbox?tab=claimable")
    browser.send({"task": chosen(browser)}, to="/inbox/bulk", press="act=transfer")
    assert browser.text.count("请先选择接收人，再转办。") == 1 and "没有办成" not in browser.text
    assert len(checked(browser)) == 2 and set(holders(app).values()) == {None}


def test_tasks_are_not_handed_to_just_anybody(app: Flask, someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable")
    stranger = account(app, "tax-1")
    browser.send({"task": chosen(browser), "to": stranger}, to="/inbox/bulk", press="act=transfer")
    assert "1 件没有办成" in browser.text and set(holders(app).values()) == {None}


def test_what_others_have_is_urged_from_the_list_of_what_one_has_done(app: Flask, someone: Someone) -> None:
    appeals(someone, "甲的事")
    officer = someone("platform").open("/inbox?tab=claimable").send(to="/claim")
    officer.open(officer.open("/inbox").links("/tasks/")[0])
    officer.send({"outcome": "派发"}, press="_refresh").send(
        {"outcome": "派发", "type": "税费", "complexity": "一般", "department": "tax", "triage_note": "请办"}
    )
    officer.open("/inbox?tab=done")
    officer.send({"case": chosen(officer, "case")}, to="/inbox/bulk", press="act=urge")
    assert "1 件全部办成" in officer.text
    with app.extensions["zhiban"].reading() as connection:
        (case,) = {row.case_id for row in connection.execute(tasks.select())}
        assert [t.urged for t in queries.open_tasks(connection, case)] == [1]
    officer.open("/inbox?tab=done").send({"case": [case]}, to="/inbox/bulk", press="act=urge")
    assert "1 件没有办成" in officer.text, "once an hour at most"


def test_a_case_in_which_nothing_waits_for_others_is_not_urged(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/inbox?tab=claimable").send(to="/claim")
    officer.open("/inbox")
    token = officer.form("/sign-out").fields["csrf_token"]
    sent = {"csrf_token": token, "act": "urge", "case": appeal, "list": ""}
    answer = officer.client.post("/inbox/bulk", data=sent)
    assert "不用催办" in answer.text


def test_nothing_selected_is_said(someone: Someone, appeal: str) -> None:
    browser = someone("platform").open("/inbox?tab=claimable").send(to="/inbox/bulk", press="act=claim")
    assert "请先选择" in browser.text


def test_of_what_one_may_not_see_one_learns_nothing(someone: Someone, appeal: str) -> None:
    officer = someone("platform").open("/inbox?tab=claimable")
    task = chosen(officer)[0]
    stranger = someone("tax-1").open("/inbox")
    token = stranger.form("/sign-out").fields["csrf_token"]
    answer = stranger.client.post("/inbox/bulk", data={"csrf_token": token, "act": "claim", "task": task})
    assert "没有办成" in answer.text and "厂区门口" not in answer.text and "SQ-" not in answer.text


def test_after_a_bulk_deed_one_is_where_one_was(app: Flask, someone: Someone) -> None:
    app.config["PAGE_SIZE"] = 2
    appeals(someone, *(f"{word}的路灯" for word in "甲乙丙丁戊"), "别的事")
    where = "/inbox?tab=claimable&text=路灯&sort=-title&page=2"
    browser = someone("platform").open(where)
    before = titles(browser)
    assert len(before) == 2 and "第 2 / 3 页" in browser.text
    browser.send({"task": [chosen(browser)[0].split(".")[0] + ".7"]}, to="/inbox/bulk", press="act=claim")
    assert "1 件没有办成" in browser.text and titles(browser) == before, "the same page of the same list"
    browser.send({"task": chosen(browser)[:1]}, to="/inbox/bulk", press="act=claim")
    assert "1 件全部办成" in browser.text and "别的事" not in browser.text
    assert titles(browser)[0] == before[1], "what was second is first now"
    browser.send({}, to="/claim")
    assert "已认领" in browser.text and "第 2 / 2 页" in browser.text


def test_who_four_eyes_keep_out_is_refused_row_by_row(app: Flask, someone: Someone) -> None:
    """A form made up by hand: the list itself doesn't show what somebody must not do."""
    stage = Stage(app)
    answered = {"own": "platform", "other": "platform-2"}
    cases = {name: stage.start(title=name) for name in answered}
    for name, who in answered.items():
        stage.do(cases[name], "triage", "platform", {**TRIAGE, "outcome": "直接答复", "department": None})
        stage.do(cases[name], "direct_answer", who, {"result": "解释说明", "answer": "可以申报。"})
    rows = {name: stage.task(case, "callback") for name, case in cases.items()}
    browser = someone("platform").open("/inbox?tab=claimable")
    assert chosen(browser) == [f"{rows['other'].id}.1"]
    both = [f"{row.id}.1" for row in rows.values()]
    browser.send({"task": both}, to="/inbox/bulk", press="act=claim")
    assert "1 件已办，1 件没有办成" in browser.text and "须由另一个人办理" in browser.text
    assert holders(app)[rows["own"].id] is None
    assert holders(app)[rows["other"].id] == account(app, "platform")
    second = someone("platform-2").open("/inbox?tab=claimable")
    give = {"to": account(app, "platform"), "opinion": "请接手"}
    second.send({"task": f"{rows['own'].id}.1", **give}, to="/inbox/bulk", press="act=transfer")
    assert "1 件没有办成" in second.text and "须由另一个人办理" in second.text
    assert holders(app)[rows["own"].id] is None
