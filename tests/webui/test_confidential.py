"""保密: a confidential case keeps its contact from joint handlers and from who was sent a copy."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import identity
from engine.identity.tables import accounts
from engine.runtime import actions, queries, signers
from engine.runtime.desk.tables import copies
from engine.runtime.ledger.tables import assessments
from engine.runtime.tables import tasks
from tests.webui.api.api_driver import CONTACT, SIGN, TRIAGE, Caller
from tests.webui.test_casefile import Stage
from tests.webui.webui_driver import APPEAL, Browser, upload

Someone = Callable[[str], Browser]
NAME, PHONE, FILE = "罗婷", "13800000001", "罗婷的营业执照.txt"
SECRETS = (NAME, PHONE)
SEEN = "现场积水已有一周"


@pytest.fixture
def secret(app: Flask, someone: Someone) -> tuple[Stage, str]:
    """A confidential appeal that tax-1 handles jointly and of which hrss-1 was sent a copy."""
    stage, browser = Stage(app), someone("jingmi").open("/start/appeal")
    said = {
        "title": f"积水 {PHONE}，找{NAME}",
        "content": f"{SEEN}，请找{NAME}，电话 {PHONE}。",
        "confidential": "true",
    }
    browser.send({**APPEAL, **said, "attachments": upload(FILE)})
    case = browser.path.rsplit("/", 1)[-1]
    stage.do(case, "triage", "platform", {**TRIAGE, "joint_departments": ["tax"]})
    stage.do(case, "sign", "market-admin", SIGN)
    stage.do(case, "contact", "market-1", {**CONTACT, "contact_finding": f"{NAME}说情况属实"})
    with stage.engine.writing() as connection:
        task, actor = stage.task(case, "handle").id, stage.actor("market-1")
        to = [stage.actor("hrss-1").id]
        actions.copy(stage.engine, connection, actor=actor, task_id=task, to=to, note="请知悉")
    return stage, case


def pages(stage: Stage, case: str, someone: Someone, username: str) -> dict[str, str]:
    """Every page and answer about the case that this person may open, as texts by address."""
    browser, found = someone(username), {}
    tasks = [stage.task(case, element).id for element in ("handle", "joint_opinion")]
    paths = [f"/cases/{case}", f"/cases/{case}?all=1", f"/cases/{case}/print", f"/cases/{case}/diagram.json"]
    paths += [*(f"/tasks/{task}" for task in tasks), "/inbox", "/inbox?tab=claimable", "/inbox?tab=copied"]
    paths += ["/inbox?tab=followed", "/cases", "/notices"]
    for path in [*paths, f"/cases?text={PHONE}", f"/cases?text={SEEN}"]:
        answer = browser.client.get(path)
        echoed = answer.get_data(as_text=True)  # what was searched for stands in the field and in links
        found[path] = echoed.replace(f'value="{PHONE}"', "").replace(f"text={PHONE}", "")
        assert answer.status_code == 200, path
    api = caller(stage, browser, username)
    parts = ["", "/history", "/diagram", "/notices", "/outlook", "/deadlines", "/messages"]
    parts += ["/rounds", "/opinions", "/files", "/values"]
    desk = ("/cases", "/tasks", "/notices", "/copies", "/follows", "/cases/facets", "/tasks/facets")
    ways = (*(f"/cases/{case}{part}" for part in parts), *desk)
    for path in (*ways, *(f"/tasks/{task}" for task in tasks)):
        found[f"api {path}"] = api.get(path).data.decode()
    found["api claimable"] = api.get("/tasks", tab="claimable").data.decode()
    return found


def caller(stage: Stage, browser: Browser, username: str) -> Caller:
    with stage.engine.writing() as connection:
        account = connection.execute(sa.select(accounts.c.id).where(accounts.c.username == username)).scalar()
        now = stage.engine.clock.now()
        token = identity.issue_token(connection, str(account), "tests", now, 30)
    return Caller(browser.client.application, token)


@pytest.mark.parametrize("username", ["tax-1", "hrss-1"])
def test_the_contact_is_nowhere_for_joint_handlers_and_copies(
    secret: tuple[Stage, str], someone: Someone, username: str
) -> None:
    stage, case = secret
    found = pages(stage, case, someone, username)
    assert not leaks(found)
    page = found[f"/cases/{case}"]
    assert SEEN in page and "联系人和电话只对主办部门和平台显示" in page and "〔保密〕的营业执照.txt" in page


def leaks(found: dict[str, str]) -> list[tuple[str, str]]:
    return [(path, word) for path, text in found.items() for word in SECRETS if word in text]


@pytest.mark.parametrize("username", ["tax-1", "hrss-1"])
def test_what_officers_write_of_it_is_kept_as_well(
    secret: tuple[Stage, str], someone: Someone, username: str
) -> None:
    stage, case = secret
    task, colleague = stage.task(case, "handle").id, stage.actor("market-2")
    own, said = {"actor": stage.actor("market-1"), "task_id": task}, f"已问过{NAME}，{PHONE}"
    with stage.engine.writing() as connection:
        signers.add_signers(stage.engine, connection, **own, people=[colleague.id], how="before")
    with stage.engine.writing() as connection:
        [asked] = [t.id for t in queries.open_tasks(connection, case) if t.parent == task]
        signers.decide(
            stage.engine, connection, actor=colleague, task_id=asked, outcome="agree", opinion=said
        )
        actions.copy(stage.engine, connection, **own, to=[stage.actor("hrss-2").id], note=said)
        rows = {"note": said}
        connection.execute(sa.update(copies).values(rows))
    found = pages(stage, case, someone, username)
    assert not leaks(found)
    assert "已问过〔保密〕" in found[f"/tasks/{task}"]
    assert username != "hrss-1" or "已问过〔保密〕" in found["/inbox?tab=copied"]
    assert leaks(pages(stage, case, someone, "market-1"))


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_signer_of_another_department_reads_no_contact_then_or_later(
    secret: tuple[Stage, str], someone: Someone, how: str
) -> None:
    """Whoever is asked to agree needs the matter, not the person: also who was asked by a signer in turn."""
    stage, case = secret
    task = stage.task(case, "handle").id
    approved = {"values": {"result": "已解决", "answer": "已派人疏通。"}} if how == "after" else {}

    def ask(who: str, whom: str, at: str, **more: Any) -> str:
        with stage.engine.writing() as connection:
            given = {"actor": stage.actor(who), "task_id": at, "people": [stage.actor(whom).id]}
            signers.add_signers(stage.engine, connection, **given, how=more.pop("how", how), **more)
            open_ = queries.open_tasks(connection, case)
            return next(one.id for one in open_ if one.assignee == stage.actor(whom).id and one.parent == at)

    asked = ask("market-1", "housing-1", task, **approved)
    nested = ask("housing-1", "ecology-1", asked, how="before")
    for who in ("housing-1", "ecology-1"):
        found = pages(stage, case, someone, who)
        assert not leaks(found) and SEEN in found[f"/cases/{case}"]
        own = asked if who == "housing-1" else nested
        assert not leaks({own: someone(who).open(f"/tasks/{own}").text})
    with stage.engine.writing() as connection:
        said = {"outcome": "disagree", "opinion": f"请{NAME}补图"}
        for who, one in (("ecology-1", nested), ("housing-1", asked)):
            signers.decide(stage.engine, connection, actor=stage.actor(who), task_id=one, **said)
    for who in ("housing-1", "ecology-1"):
        assert not leaks(pages(stage, case, someone, who))
    assert leaks(pages(stage, case, someone, "market-1")), "who answers for the case has it"


def test_sending_back_opens_no_contact(secret: tuple[Stage, str], someone: Someone) -> None:
    """What a joint handler's sending back took from the department in charge is no work of theirs."""
    stage, case = secret
    with stage.engine.writing() as connection:
        cancelled = sa.update(tasks).where(tasks.c.case_id == case, tasks.c.element == "handle")
        connection.execute(cancelled.values(state="cancelled", closed_by=stage.actor("tax-1").id))
    browser = someone("tax-1")
    for path in (f"/cases/{case}", f"/cases/{case}/print"):
        assert not any(word in browser.open(path).text for word in SECRETS)


def test_nobodys_filter_asks_for_the_contact(secret: tuple[Stage, str], someone: Someone) -> None:
    stage, case = secret
    browser, task = someone("tax-1"), stage.task(case, "joint_opinion").id
    assert browser.open("/inbox?tab=claimable&text=积水").links(f"/tasks/{task}")
    api = caller(stage, browser, "tax-1")
    for word in SECRETS:
        assert not browser.open(f"/inbox?tab=claimable&text={word}").links(f"/tasks/{task}")
        assert api.get("/tasks", tab="claimable", text=word)["total"] == 0


def test_the_ledger_names_no_contact(secret: tuple[Stage, str], someone: Someone) -> None:
    """Who answers for a fault reads of it, and need not be allowed to read the case."""
    stage, case = secret
    with stage.engine.writing() as connection:
        row = {
            "id": "a" * 32,
            "case_id": case,
            "number": "SQ-1",
            "kind": "late_joint",
            "answerable": "tax",
            "element": "x",
        }
        said = {"objection": f"已联系{NAME}", "decision": f"{PHONE} 属实", "state": "upheld"}
        now = stage.engine.clock.now()
        connection.execute(sa.insert(assessments).values(**row, **said, at=now))
    for username, open_to in (("tax-admin", False), ("control", True)):
        browser = someone(username)
        paths = ("/assessments", f"/assessments/{row['id']}", "/assessments.csv")
        found = {path: browser.client.get(path).get_data(as_text=True) for path in paths}
        api = caller(stage, browser, username)
        found |= {p: api.get(p).data.decode() for p in ("/assessments", f"/assessments/{row['id']}")}
        assert bool(leaks(found)) == open_to
        assert open_to or "积水 〔保密〕，找〔保密〕" in found[f"/assessments/{row['id']}"]


@pytest.mark.parametrize("username", ["market-1", "market-admin", "platform", "leader"])
def test_who_answers_for_the_case_or_watches_over_it_has_the_contact(
    secret: tuple[Stage, str], someone: Someone, username: str
) -> None:
    stage, case = secret
    page = someone(username).open(f"/cases/{case}").text
    assert NAME in page and PHONE in page and FILE in page and "只对主办部门" not in page
    api = caller(stage, someone(username), username)
    assert PHONE in api.get(f"/cases/{case}/history").data.decode()


def test_the_enterprise_reads_what_it_wrote(secret: tuple[Stage, str], someone: Someone) -> None:
    page = someone("jingmi").open(f"/cases/{secret[1]}").text
    assert NAME in page and PHONE in page and FILE in page


def test_a_files_name_is_no_way_round(secret: tuple[Stage, str], someone: Someone) -> None:
    browser = someone("tax-1").open(f"/cases/{secret[1]}")
    link = browser.links("/files/")[0]
    answer = browser.client.get(link)
    assert answer.status_code == 200
    assert "%E7%BD%97%E5%A9%B7" not in answer.headers["Content-Disposition"]
    ours = someone("market-1").client.get(link)
    assert "%E7%BD%97%E5%A9%B7" in ours.headers["Content-Disposition"]


def test_of_an_open_case_everybody_who_reads_it_has_the_contact(app: Flask, someone: Someone) -> None:
    stage = Stage(app)
    case = stage.start()
    more: dict[str, Any] = {**TRIAGE, "joint_departments": ["tax"]}
    stage.do(case, "triage", "platform", more)
    stage.do(case, "sign", "market-admin", SIGN)
    stage.do(case, "contact", "market-1", CONTACT)
    assert PHONE in someone("tax-1").open(f"/cases/{case}").text
