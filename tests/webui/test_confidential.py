"""保密: a confidential case keeps its contact from joint handlers and from who was sent a copy."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engine import identity
from engine.identity.tables import accounts
from engine.runtime import actions
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
    parts = ("", "/history", "/diagram", "/notices", "/outlook", "/deadlines", "/messages")
    ways = (*(f"/cases/{case}{part}" for part in parts), "/cases", "/tasks", "/notices")
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
    leaks = [(path, word) for path, text in found.items() for word in SECRETS if word in text]
    assert not leaks
    page = found[f"/cases/{case}"]
    assert SEEN in page and "联系人和电话只对主办部门和平台显示" in page and "〔保密〕的营业执照.txt" in page


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
