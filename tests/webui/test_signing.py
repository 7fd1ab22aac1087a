"""Added signers on the pages: the sheet, who waits for whom, who said what; nothing for outsiders."""

from collections.abc import Callable

import pytest
from flask import Flask

from engine import identity, runtime
from engine.identity import Actor
from engine.runtime import queries, signers
from tests.webui.api.api_driver import CONTACT, HANDLE
from tests.webui.test_working import dispatched
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]


class Desk:
    """The task `签收` of the appeal, with its department's administrator; signers are added by the engine."""

    def __init__(self, app: Flask, case: str) -> None:
        self.engine: runtime.Engine = app.extensions["zhiban"]
        self.case = case
        with self.engine.reading() as connection:
            accounts = identity.list_accounts(connection)
            self.people = {a.username: identity.load_actor(connection, a.id) for a in accounts}
            (self.task,) = [task.id for task in queries.open_tasks(connection, case)]

    def add(self, by: str, *who: str, how: str = "before", **more: object) -> None:
        with self.engine.writing() as connection:
            people = [self.people[one].id for one in who]
            actor: Actor = self.people[by]
            signers.add_signers(
                self.engine, connection, actor=actor, task_id=self.task, people=people, how=how, **more
            )

    def done(self, by: str, values: dict[str, object]) -> None:
        """Complete the task, and take the next one in hand."""
        facts = {"actor": self.people[by], "task_id": self.task, "values": values}
        with self.engine.writing() as connection:
            runtime.complete(self.engine, connection, **facts)
            (self.task,) = [task.id for task in queries.open_tasks(connection, self.case)]

    def answering(self) -> None:
        """Go on to 处置答复, which asks others after: the matter is signed for, the enterprise was asked."""
        self.done("housing-admin", {"sign": "签收", "handler": self.people["housing-1"].id})
        self.done("housing-1", CONTACT)

    def of(self, who: str) -> str:
        with self.engine.reading() as connection:
            own = [t for t in queries.open_tasks(connection, self.case) if t.assignee == self.people[who].id]
        return f"/tasks/{own[-1].id}"


@pytest.fixture
def desk(app: Flask, someone: Someone, appeal: str) -> Desk:
    dispatched(someone)
    return Desk(app, appeal)


def test_the_owner_waits_and_reads_for_whom(someone: Someone, desk: Desk) -> None:
    desk.add("housing-admin", "housing-1", "tax-1")
    owner = someone("housing-admin").open(f"/tasks/{desk.task}")
    assert "正在等沈梅、褚燕加签" in owner.text and "意见收齐后" in owner.text
    assert "待出具意见" in owner.text
    with pytest.raises(AssertionError, match="no form"):
        owner.form(f"/tasks/{desk.task}")
    assert "等待：沈梅、褚燕" in owner.open(f"/cases/{desk.case}").text


def test_a_signer_gets_the_sheet_and_a_disagreement_needs_a_reason(someone: Someone, desk: Desk) -> None:
    desk.add("housing-admin", "housing-1", "tax-1")
    signer = someone("housing-1").open(desk.of("housing-1"))
    assert "您的意见" in signer.text and "签收" in signer.text
    signer.send({"outcome": "disagree"}, to=desk.of("housing-1"))
    assert "请填写“不同意的理由”" in signer.text
    signer.send({"outcome": "disagree", "reason": "不属于本科室"}, to=desk.of("housing-1"))
    assert "已提交" in signer.text
    owner = someone("housing-admin").open(f"/tasks/{desk.task}")
    assert "不属于本科室" in owner.text and "正在等褚燕加签" in owner.text
    someone("tax-1").open(desk.of("tax-1")).send({"outcome": "agree", "opinion": "可以"}, to=desk.of("tax-1"))
    owner.open(f"/tasks/{desk.task}")
    assert "正在等" not in owner.text and "不同意" in owner.text
    assert owner.form(f"/tasks/{desk.task}") is not None


def test_what_was_approved_completes_with_the_last_agreement(someone: Someone, desk: Desk) -> None:
    desk.answering()
    desk.add("housing-1", "tax-1", how="after", values=HANDLE)
    owner = someone("housing-1").open(f"/tasks/{desk.task}")
    assert "您填写的内容已经留存" in owner.text
    someone("tax-1").open(desk.of("tax-1")).send({"outcome": "agree"}, to=desk.of("tax-1"))
    page = owner.open(f"/cases/{desk.case}")
    assert "待回访" in page.text and "加签意见（同意）" in page.text


def test_an_enterprise_reads_nothing_of_it(someone: Someone, desk: Desk) -> None:
    desk.add("housing-admin", "housing-1")
    task = desk.of("housing-1")
    outsider = someone("jingmi").open(f"/cases/{desk.case}")
    assert "加签" not in outsider.text and "沈梅" not in outsider.text
    assert outsider.open(task).status == 403
