"""The case's file: rounds, opinions, papers, the ways of its notices; on the page, on paper, in the API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import history, identity, runtime
from engine.clock import ControlledClock
from engine.identity.tables import accounts
from engine.outbox.tables import messages
from engine.runtime import actions, queries
from tests.webui.api.api_driver import CALLBACK, CONTACT, HANDLE, SIGN, TRIAGE
from tests.webui.webui_driver import APPEAL, Browser, upload

Someone = Callable[[str], Browser]
UNHAPPY = {**CALLBACK, "solved": "未解决", "satisfaction": "不满意", "dissatisfaction_reasons": ["结果"]}
SECRETS = ("罗婷", "13800000001")
REQUIRED = "请换一个办法，三日内答复。"


class Stage:
    """People at work on the app's own engine."""

    def __init__(self, app: Flask) -> None:
        self.engine: runtime.Engine = app.extensions["zhiban"]

    def actor(self, username: str) -> identity.Actor:
        with self.engine.reading() as connection:
            query = sa.select(accounts.c.id).where(accounts.c.username == username)
            return identity.load_actor(connection, connection.execute(query).scalar_one())

    def start(self, **more: Any) -> str:
        values = {**APPEAL, **more}
        values.pop("enterprise_name")
        with self.engine.writing() as connection:
            actor = self.actor("jingmi")
            given = {"actor": actor, "process": "appeal", "values": values}
            return runtime.start_case(self.engine, connection, **given).case_id

    def task(self, case: str, element: str) -> queries.TaskRow:
        with self.engine.reading() as connection:
            return next(t for t in queries.open_tasks(connection, case) if t.element == element)

    def do(self, case: str, element: str, who: str, values: dict[str, Any]) -> None:
        task = self.task(case, element).id
        with self.engine.writing() as connection:
            actor = self.actor(who)
            runtime.complete(self.engine, connection, actor=actor, task_id=task, values=values)

    def round(self, case: str, answer: str) -> None:
        self.do(case, "sign", "market-admin", SIGN)
        self.do(case, "contact", "market-1", CONTACT)
        self.do(case, "handle", "market-1", {**HANDLE, "answer": answer})

    def unhappy(self, case: str) -> None:
        self.do(case, "callback", "platform", UNHAPPY)
        again = {"department": "market", "redispatch_requirement": REQUIRED}
        self.do(case, "redispatch", "platform", again)


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage(app)


@pytest.fixture
def twice(stage: Stage) -> str:
    """An appeal in its second round."""
    case = stage.start()
    stage.do(case, "triage", "platform", TRIAGE)
    stage.round(case, "第一轮的答复")
    stage.unhappy(case)
    return case


def words(browser: Browser, section: str) -> str:
    """What stands in the part of the page that is headed by this id."""
    found = browser.page.tree.xpath(f"//section[@aria-labelledby='{section}']")
    assert len(found) <= 1
    return " ".join(found[0].text_content().split()) if found else ""


def test_each_round_tells_who_had_it_what_was_answered_and_how_it_was_taken(
    someone: Someone, twice: str
) -> None:
    told = words(someone("leader").open(f"/cases/{twice}"), "rounds")
    second, first = told.split("第 1 轮")[0], told.split("第 1 轮")[1]
    assert "共 2 轮" in second and "本轮" in second and "市场监督管理局" in second
    assert "第一轮的答复" in first and "满意度不满意" in first and "2026年3月9日 08:40" in first
    assert "第一轮的答复" not in second and "满意度" not in second
    assert REQUIRED in first + second


def test_a_process_without_rounds_shows_none(someone: Someone, appeal: str) -> None:
    assert words(someone("leader").open(f"/cases/{appeal}"), "rounds") == ""


def test_opinions_name_who_gave_them_at_which_step_and_what_was_decided(
    someone: Someone, stage: Stage, twice: str
) -> None:
    back = {"sign": "退单", "return_reason": "主责在住建部门", "return_basis": "三定规定"}
    stage.do(twice, "sign", "market-admin", back)
    told = words(someone("leader").open(f"/cases/{twice}"), "opinions")
    assert "周敏 签收 退单" in told and "主责在住建部门" in told
    assert "李娜 重新派件" in told and REQUIRED in told


def test_what_is_handed_on_stands_in_the_course_with_names_and_is_not_the_enterprises_business(
    someone: Someone, stage: Stage, twice: str
) -> None:
    stage.do(twice, "sign", "market-admin", SIGN)
    task, holder, other = stage.task(twice, "contact").id, stage.actor("market-1"), stage.actor("market-2")
    with stage.engine.writing() as connection:
        runtime.claim(stage.engine, connection, actor=holder, task_id=task)
    with stage.engine.writing() as connection:
        moved = {"actor": holder, "task_id": task, "to": other.id, "opinion": "我明日出差"}
        actions.transfer(stage.engine, connection, **moved)
    page = someone("leader").open(f"/cases/{twice}")
    assert "转办给郑洁：联系企业" in words(page, "course-title") and "我明日出差" in words(page, "opinions")
    outward = someone("jingmi").open(f"/cases/{twice}")
    for secret in ("转办", "郑洁", "我明日出差", REQUIRED, "吴强"):
        assert secret not in outward.text and secret not in outward.open(f"/cases/{twice}/print").text
        outward.open(f"/cases/{twice}")


def test_the_enterprise_reads_the_rounds_in_its_own_words(someone: Someone, twice: str) -> None:
    told = words(someone("jingmi").open(f"/cases/{twice}"), "rounds")
    assert "市场监督管理局" in told and "第一轮的答复" in told and "本轮意见" not in told


def test_a_terminated_matter_tells_the_enterprise_why(someone: Someone, stage: Stage, twice: str) -> None:
    with stage.engine.writing() as connection:
        actor = stage.actor("control")
        actions.terminate(stage.engine, connection, actor=actor, case_id=twice, opinion="企业已注销")
    told = someone("jingmi").open(f"/cases/{twice}").text
    assert "终止办件" in told and "企业已注销" in told and "赵军" not in told


def test_papers_say_who_added_them_when_and_at_which_step(someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "attachments": upload("积水.txt")})
    case = browser.path.rsplit("/", 1)[-1]
    told = words(someone("platform").open(f"/cases/{case}"), "files")
    assert "积水.txt" in told and "罗婷" in told and "提交的内容" in told and "3月9日 08:40" in told


def test_a_notice_that_failed_is_sent_again_by_those_who_may(
    someone: Someone, stage: Stage, appeal: str
) -> None:
    with stage.engine.writing() as connection:
        one = connection.execute(sa.select(messages).where(messages.c.case_id == appeal)).mappings().first()
        assert one is not None
        failed = {"id": "f" * 32, "channel": "sms", "state": "failed", "dedupe": "x", "problem": "空号"}
        connection.execute(sa.insert(messages).values(**{**one, **failed, "attempts": 3}))
    leader = words(someone("leader").open(f"/cases/{appeal}"), "case-notices")
    assert "短信 发送失败，试过 3 次" in leader and "空号" in leader and "重新发送" not in leader
    browser = someone("platform").open(f"/cases/{appeal}").send(to="/again")
    assert "这条通知将重新发送" in browser.text
    with stage.engine.reading() as connection:
        row = connection.execute(sa.select(messages).where(messages.c.id == "f" * 32)).one()
    assert row.state == "queued" and row.next_at is not None


def test_the_sheet_holds_the_case_and_nothing_to_press(someone: Someone, twice: str) -> None:
    browser = someone("leader")
    sheet = browser.client.get(f"/cases/{twice}/print")
    text = sheet.get_data(as_text=True)
    for said in ("SQ-20260309-0001", "第 1 轮", "第一轮的答复", REQUIRED, "办理经过", "张建国"):
        assert said in text
    assert "<nav" not in text and "<form" not in text and "<script" not in text
    assert "css/print.css" in text


def test_who_can_act_next_is_counted(someone: Someone, twice: str) -> None:
    told = words(someone("leader").open(f"/cases/{twice}"), "ahead-title")
    assert "市场监督管理局 部门管理员 （1 人可办）" in told and "（2 人可办）" in told
    assert "人可办" not in someone("jingmi").open(f"/cases/{twice}").text


def test_a_long_case_shows_its_last_part_and_says_so(
    someone: Someone, stage: Stage, twice: str, clock: ControlledClock
) -> None:
    with stage.engine.writing() as connection:
        for _ in range(1500):
            event = history.Event("task.claimed", "sign", {"task": "x", "name": "签收"})
            runtime.guards.record(stage.engine, connection, twice, [event], "system")
    clock.move_to(clock.now() + timedelta(minutes=1))
    browser = someone("leader").open(f"/cases/{twice}")
    assert "更早的经过没有列出" in browser.text and len(browser.page.tree.xpath("//ol/li")) < 200
    assert "已提交" in words(browser, "course-title")
    whole = browser.open(f"/cases/{twice}?all=1")
    assert "更早的经过没有列出" not in whole.text and "第一轮的答复" in whole.text
