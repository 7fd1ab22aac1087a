"""Absences on their pages: making, ending, A/B 岗, handing over with results, stopping accounts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from engine import identity, runtime
from engine.clock import SHANGHAI, ControlledClock
from engine.identity import absence
from tests.webui.webui_driver import APPEAL, Browser

Someone = Callable[[str], Browser]


def id_of(app: Flask, username: str) -> str:
    with app.extensions["zhiban"].reading() as connection:
        (found,) = [a.id for a in identity.list_accounts(connection) if a.username == username]
    return found


def away(
    someone: Someone, app: Flask, who: str = "market-1", deputy: str = "market-2", **more: str
) -> Browser:
    given = {"since": "2026-03-09", "until": "2026-03-13", "deputy": id_of(app, deputy), **more}
    return someone(who).open("/absence").send(given, to="/absence")


def appeals(app: Flask, who: str, count: int = 1) -> list[str]:
    """Appeals that `who` is the handler of; their cases."""
    engine: runtime.Engine = app.extensions["zhiban"]
    found = []
    with engine.writing() as connection:
        people = {a.username: a.id for a in identity.list_accounts(connection)}

        def actor(name: str) -> identity.Actor:
            return identity.load_actor(connection, people[name])

        for _ in range(count):
            given = {name: value for name, value in APPEAL.items() if name != "enterprise_name"}
            started = runtime.start_case(
                engine, connection, actor=actor("jingmi"), process="appeal", values=given
            )
            (task,) = started.opened
            values = {"outcome": "派发", "type": "市场监管", "complexity": "一般", "department": "market"}
            (task,) = runtime.complete(
                engine, connection, actor=actor("platform"), task_id=task, values=values
            ).opened
            values = {"sign": "签收", "handler": people[who]}
            runtime.complete(engine, connection, actor=actor("market-admin"), task_id=task, values=values)
            found.append(started.case_id)
    return found


def holders(app: Flask, cases: list[str]) -> list[str | None]:
    with app.extensions["zhiban"].reading() as connection:
        return [runtime.queries.open_tasks(connection, case)[0].assignee_name for case in cases]


def test_an_officer_sets_and_ends_the_own_absence(someone: Someone, app: Flask) -> None:
    browser = away(someone, app, until="2026-03-15", reason="年休假")
    assert browser.path == "/absence" and "代理已设定：由郑洁代理" in browser.text, browser.text
    assert "3月9日 00:00 至 3月15日 23:59含 5 个工作日" in browser.text
    assert "生效中" in browser.text and "年休假" in browser.text
    deputy = someone("market-2").open("/absence")
    assert "您正代 吴强 办理，至 3月15日 23:59" in deputy.text
    assert not deputy.page.tree.xpath("//form[contains(@action, '/end')]")
    browser.send(to="/end")
    assert "吴强的代理已结束" in browser.text and "现在和今后都没有代理安排" in browser.text


def test_mistakes_stand_beside_their_fields_and_what_was_typed_is_kept(someone: Someone, app: Flask) -> None:
    given = {"since": "2026-03-13", "until": "2026-03-10", "until_hour": "09:30", "reason": "培训"}
    browser = someone("market-1").open("/absence").send(given, to="/absence")
    assert browser.status == 422 and browser.title.startswith("有误")
    assert [link for link in browser.links("#f-")] == ["#f-deputy", "#f-until"]
    assert "请选择代理人。吴强没有设定 B 岗。" in browser.text and "结束应晚于开始" in browser.text
    assert browser.page.tree.xpath("//input[@name='until_hour']/@value") == ["09:30"]
    assert browser.page.tree.xpath("//input[@name='reason']/@value") == ["培训"]


def test_the_same_form_sent_twice_sets_one_absence(someone: Someone, app: Flask) -> None:
    browser = someone("market-1").open("/absence")
    page = browser.page
    given = {"since": "2026-03-09", "until": "2026-03-13", "deputy": id_of(app, "market-2")}
    browser.send(given, to="/absence")
    browser.page = page
    assert browser.send(given, to="/absence").path == "/absence"
    with app.extensions["zhiban"].reading() as connection:
        assert len(absence.listed(connection, account=id_of(app, "market-1"))) == 1


def test_the_administrator_sees_who_is_away_and_sets_a_stand_in_who_is_the_default(
    someone: Someone, app: Flask
) -> None:
    browser = someone("market-admin").open("/absence/department")
    assert "本周没有人不在岗" in browser.text
    one, other = id_of(app, "market-1"), id_of(app, "market-2")
    form = browser.page.tree.xpath(f"//form[.//input[@name='account'][@value='{one}']]")[0]
    form.fields["backup"] = other
    browser.send({"account": one, "backup": other}, to="/backup")
    assert "B 岗已保存" in browser.text
    browser.send({"account": one, "since": "2026-03-09", "until": "2026-03-09"}, to="/absence/department")
    assert "吴强由郑洁代理" in browser.text and "生效中" in browser.text, browser.text
    browser.send(
        {"account": other, "deputy": one, "since": "2026-03-16", "until": "2026-03-16"},
        to="/absence/department",
    )
    assert "以后" in browser.text and "未开始" in browser.text
    assert "我的 B 岗：郑洁" in someone("market-1").open("/absence").text


def test_others_do_not_open_the_page_of_a_department(someone: Someone, app: Flask) -> None:
    assert someone("market-1").open("/absence/department").status == 403
    browser = someone("control").open("/absence/department")
    assert "李娜" in browser.text and "吴强" not in browser.text
    keeper = someone("administrator").open("/absence/department?place=tax")
    assert "税务局" in keeper.text and "褚燕" in keeper.text


def test_tasks_are_handed_over_with_a_result_for_each(someone: Someone, app: Flask) -> None:
    cases = appeals(app, "market-1", 3)
    browser = someone("market-admin").open(f"/handover/{id_of(app, 'market-1')}")
    assert "待办 3 项" in browser.text
    ids = browser.page.tree.xpath("//input[@name='task']/@value")
    given = {f"to-{ids[0]}": id_of(app, "market-admin"), "to": [id_of(app, "market-2")], "reason": "轮岗"}
    browser.send(given, to=f"/handover/{id_of(app, 'market-1')}")
    assert "已移交 3 项。" in browser.text, browser.text
    assert holders(app, cases) == ["周敏", "郑洁", "郑洁"]
    again = browser.open(f"/handover/{id_of(app, 'market-1')}")
    assert "没有待办任务" in again.text


def test_what_changed_hands_meanwhile_is_told_beside_what_went(someone: Someone, app: Flask) -> None:
    cases = appeals(app, "market-1", 2)
    browser = someone("market-1").open(f"/handover/{id_of(app, 'market-1')}")
    page = browser.page
    ids = page.tree.xpath("//input[@name='task']/@value")
    browser.send({"task": [ids[0]], "to": ["-"]}, to=id_of(app, "market-1"))
    assert holders(app, cases) == [None, "吴强"]
    browser.page = page
    browser.send({"to": [id_of(app, "market-2")]}, to=id_of(app, "market-1"))
    assert "已移交 1 项。" in browser.text
    assert holders(app, cases) == [None, "郑洁"]


def test_handing_over_asks_for_a_task_and_a_receiver(someone: Someone, app: Flask) -> None:
    appeals(app, "market-1")
    who = id_of(app, "market-1")
    browser = someone("market-1").open(f"/handover/{who}").send(to=who)
    assert browser.status == 422 and "请选择接收人" in browser.text
    assert browser.send({"task": []}, to=who).status == 422 and "请至少选择一项任务" in browser.text
    assert someone("market-2").open(f"/handover/{who}").status == 403


def test_a_leaver_has_tasks_handed_over_before_the_account_is_stopped(someone: Someone, app: Flask) -> None:
    appeals(app, "market-1")
    who = id_of(app, "market-1")
    leaver = someone("market-1").open("/inbox")
    browser = someone("administrator").open("/accounts?page=1")
    while not browser.page.tree.xpath(f"//form[contains(@action, '{who}')]"):
        browser.open(browser.page.tree.xpath("//a[@rel='next']/@href")[0])
    browser.send(to=f"/accounts/{who}", press="_stop")
    assert browser.status == 409 and "吴强名下还有 1 项待办" in browser.text
    browser.open(browser.links("/handover/")[0])
    browser.send({"to": [id_of(app, "market-2")]}, to=who)
    assert "已移交 1 项。" in browser.text
    token = browser.open("/accounts").page.tree.xpath("//input[@name='csrf_token']/@value")[0]
    answer = browser.client.post(f"/accounts/{who}", data={"csrf_token": token, "_stop": "1"})
    assert answer.status_code == 303
    assert leaver.open("/inbox").path == "/sign-in"
    assert someone("market-admin").open("/accounts").status == 403


def test_what_a_deputy_has_is_given_back(someone: Someone, app: Flask, clock: ControlledClock) -> None:
    (case,) = appeals(app, "market-1")
    away(someone, app, who="market-2", deputy="market-admin", until="2026-03-10")
    browser = someone("market-1").open(f"/handover/{id_of(app, 'market-1')}")
    browser.send({"to": [id_of(app, "market-2")]}, to=id_of(app, "market-1"))
    assert holders(app, [case]) == ["周敏"]
    deputy = someone("market-admin").open("/absence")
    assert "我代别人办的任务" in deputy.text
    deputy.send(to=deputy.page.tree.xpath("//form[contains(@action, 'give-back')]/@action")[0])
    assert deputy.status == 409 and "郑洁仍不在岗" in deputy.text
    clock.move_to(datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI))
    person = someone("market-2").open("/absence")
    person.send(to=person.page.tree.xpath("//form[contains(@action, 'take-home')]/@action")[0])
    assert "任务已收回" in person.text and holders(app, [case]) == ["郑洁"]
    clock.move_to(clock.now() + timedelta(minutes=1))
    assert "我代别人办的任务" not in someone("market-admin").open("/absence").text


def test_the_chooser_of_officers_says_who_is_away_and_to_whom_it_would_go(
    someone: Someone, app: Flask
) -> None:
    away(someone, app, until="2026-03-20")
    engine: runtime.Engine = app.extensions["zhiban"]
    appeals(app, "market-2")
    with engine.writing() as connection:
        people = {a.username: a.id for a in identity.list_accounts(connection)}
        started = runtime.start_case(
            engine,
            connection,
            actor=identity.load_actor(connection, people["jingmi"]),
            process="appeal",
            values={name: value for name, value in APPEAL.items() if name != "enterprise_name"},
        )
        values = {"outcome": "派发", "type": "市场监管", "complexity": "一般", "department": "market"}
        (task,) = runtime.complete(
            engine,
            connection,
            actor=identity.load_actor(connection, people["platform"]),
            task_id=started.opened[0],
            values=values,
        ).opened
        admin = identity.load_actor(connection, people["market-admin"])
        runtime.claim(engine, connection, actor=admin, task_id=task)
    browser = someone("market-admin").open(f"/tasks/{task}")
    browser.send({"sign": "签收"}, to=f"/tasks/{task}", press="_refresh")
    names = [option.text for option in browser.page.tree.xpath("//select[@name='handler']/option")]
    assert "吴强（不在岗，至3月21日 00:00，将转给郑洁）" in names and "郑洁" in names, names
