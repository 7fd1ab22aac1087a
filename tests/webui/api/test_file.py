"""A case's file by the API, and what a task says of those it goes through."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.outbox.tables import messages
from tests.webui.absence.test_absence_pages import id_of
from tests.webui.api.api_driver import APPEAL, CALLBACK, CONTACT, HANDLE, SIGN, TRIAGE
from tests.webui.api.conftest import Login

UNHAPPY = {**CALLBACK, "solved": "未解决", "satisfaction": "不满意", "dissatisfaction_reasons": ["结果"]}
AGAIN = {"department": "market", "redispatch_requirement": "请换一个办法，三日内答复。"}


def twice(login: Login, **more: Any) -> str:
    """An appeal in its second round."""
    case = login("jingmi").start({**APPEAL, **more})
    login("platform").do(case, "研判派发", TRIAGE)
    login("market-admin").do(case, "签收", SIGN)
    login("market-1").do(case, "联系企业", CONTACT)
    login("market-1").do(case, "处置答复", {**HANDLE, "answer": "第一轮的答复"})
    login("platform").do(case, "回访", UNHAPPY)
    login("platform").do(case, "重新派件", AGAIN)
    return case


def test_the_rounds_tell_what_the_process_tells_of_each(login: Login) -> None:
    case = twice(login)
    for who in ("platform", "jingmi"):
        first, second = login(who).get(f"/cases/{case}/rounds")["items"]
        assert (first["number"], second["number"], second["until"]) == (1, 2, None)
        assert first["until"] == second["since"]
        facts = {fact["label"]: fact["text"] for fact in first["facts"]}
        assert facts["承办部门"] == "市场监督管理局"


def test_the_opinions_are_the_houses_own(login: Login) -> None:
    case = twice(login)
    found = login("platform").get(f"/cases/{case}/opinions")["items"]
    assert any(AGAIN["redispatch_requirement"] in one["text"] for one in found)
    assert all(one["who"] and one["at"] and one["step"] for one in found)
    assert login("jingmi").get(f"/cases/{case}/opinions").status == 403


def test_what_was_done_is_said_in_the_callers_language(login: Login) -> None:
    case = login("jingmi").start()
    task = login("platform").task(case, "研判派发")["id"]
    login("control").post(f"/tasks/{task}/urge", {"opinion": "企业来电"})
    told = {
        tag: login("platform", tag).get(f"/cases/{case}/opinions")["items"][0]["outcome"]
        for tag in ("zh", "en")
    }
    assert told["zh"] == "催办" and told["en"].isascii() and told["en"]


def test_the_files_are_those_the_reader_may_have(login: Login) -> None:
    enterprise = login("jingmi")
    kept = enterprise.post("/files", data={"file": (BytesIO(b"%PDF-1.7 %%EOF"), "licence.pdf")})
    case = enterprise.start({**APPEAL, "attachments": [kept["id"]]})
    for who in ("jingmi", "platform"):
        (item,) = login(who).get(f"/cases/{case}/files")["items"]
        assert (item["id"], item["name"], item["size"]) == (kept["id"], "licence.pdf", 14)
        assert item["who"] == "罗婷" and item["step"]
    assert login("market-1").get(f"/cases/{case}/files").status == 403
    assert login("lvneng").get(f"/cases/{case}/files").status == 404


def test_the_values_are_what_the_reader_may_know(login: Login) -> None:
    case = twice(login)
    officer = login("platform").get(f"/cases/{case}/values")["values"]
    assert (officer["title"], officer["answer"], officer["department"]) == (
        APPEAL["title"],
        "第一轮的答复",
        "market",
    )
    enterprise = login("jingmi").get(f"/cases/{case}/values")["values"]
    assert enterprise["title"] == APPEAL["title"] and enterprise["answer"] == "第一轮的答复"
    assert "triage_note" not in enterprise and "redispatch_requirement" not in enterprise


PARTS = ("rounds", "opinions", "files", "values", "notices", "history")


@pytest.mark.parametrize("part", PARTS)
def test_who_may_not_read_the_case_reads_no_part_of_it(login: Login, part: str) -> None:
    case = login("jingmi").start()
    assert login("market-1").get(f"/cases/{case}/{part}").status == 403
    outward = login("lvneng").get(f"/cases/{case}/{part}")
    assert outward.status == (403 if part in ("opinions", "notices") else 404)
    assert login("platform").get(f"/cases/SQ-20260309-9999/{part}").status == 404


@pytest.mark.parametrize("part", PARTS)
def test_the_contact_of_a_confidential_case_is_in_no_part_of_it(login: Login, app: Flask, part: str) -> None:
    more = {"confidential": True, "content": "请找罗婷，电话 13800000001。"}
    case = login("jingmi").start({**APPEAL, **more})
    task = login("platform").task(case, "研判派发")["id"]
    said = {"to": [id_of(app, "hrss-1")], "note": "企业的电话是 13800000001"}
    login("platform").post(f"/tasks/{task}/copy", said)
    login("control").post(f"/tasks/{task}/urge", {"opinion": "罗婷来电，13800000001"})
    told = login("hrss-1").get(f"/cases/{case}/{part}")
    assert told.status == 200
    assert "罗婷" not in told.data.decode() and "13800000001" not in told.data.decode()
    assert login("platform").get(f"/cases/{case}/{part}").status == 200


def test_a_notice_that_failed_is_sent_again(login: Login, app: Flask) -> None:
    case, platform = login("jingmi").start(), login("platform")
    way = platform.get(f"/cases/{case}/notices")["items"][0]["sendings"][0]
    path = f"/cases/{case}/notices/{way['id']}/again"
    early = platform.post(path)
    assert (early.status, early["code"]) == (409, "outbox.not_failed")
    with app.extensions["zhiban"].writing() as connection:
        connection.execute(sa.update(messages).where(messages.c.id == way["id"]).values(state="failed"))
    assert login("leader").post(path).status == login("jingmi").post(path).status == 403
    assert platform.post(f"/cases/{case}/notices/{'0' * 32}/again").status == 404
    assert platform.post(path, key="k").body == platform.post(path, key="k").body
    states = {
        s["id"]: s["state"] for i in platform.get(f"/cases/{case}/notices")["items"] for s in i["sendings"]
    }
    assert states[way["id"]] == "queued"


def test_a_task_tells_whose_it_is_was_and_may_be(login: Login, app: Flask) -> None:
    case, platform, second = login("jingmi").start(), login("platform"), login("platform-2")
    task = platform.task(case, "研判派发")
    assert task["candidates"] == [{"id": "platform", "name": "服务中心", "kind": "group"}]
    assert (task["may_claim"], task["may_release"], task["may_complete"]) == (True, False, True)
    assert (task["owner"], task["delegation"], task["parent"], task["claimed_at"]) == (None,) * 4
    platform.post(f"/tasks/{task['id']}/claim")
    held = platform.get(f"/tasks/{task['id']}")
    assert held["may_release"] and held["claimed_at"] == "2026-03-09T00:40:00Z"
    platform.post(f"/tasks/{task['id']}/delegate", {"to": id_of(app, "platform-2")})
    given = second.get(f"/tasks/{task['id']}")
    assert (given["delegation"], given["delegated_by_name"], given["owner_name"]) == (
        "pending",
        "李娜",
        "李娜",
    )
    assert (given["may_answer"], given["may_complete"], given["may_release"]) == (True, False, False)
    assert given["form"]["key"] == "appeal/triage"
    second.post(f"/tasks/{task['id']}/answer", {"values": TRIAGE})
    back = platform.get(f"/tasks/{task['id']}")
    assert (back["delegation"], back["assignee_name"]) == (None, "李娜") and back["draft_at"]
    outward = [t for t in login("jingmi").get(f"/cases/{case}")["tasks"] if t["name"] == "研判派发"][0]
    for name in ("owner", "delegated_by", "claimed_at", "held", "draft_at", "acting_for"):
        assert outward.get(name) is None, name


def test_an_added_signer_is_given_the_sheet_to_decide_by(login: Login, app: Flask) -> None:
    case, platform, leader = login("jingmi").start(), login("platform"), login("leader")
    task = platform.task(case, "研判派发")
    platform.post(f"/tasks/{task['id']}/claim")
    platform.post(f"/tasks/{task['id']}/sign-before", {"people": [id_of(app, "leader")]})
    assert platform.get(f"/tasks/{task['id']}")["held"] == "before"
    (signing,) = leader.get("/tasks")["items"]
    shown = leader.get(f"/tasks/{signing['id']}")
    assert (shown["parent"], shown["may_decide"], shown["may_complete"]) == (task["id"], True, False)
    assert set(shown["form"]["schema"]["properties"]) == {"outcome", "opinion", "reason"}
    leader.post(f"/tasks/{signing['id']}/decide", {"outcome": "disagree", "opinion": "不妥"})
    (one,) = platform.get(f"/tasks/{task['id']}")["signers"]
    assert (one["outcome"], one["opinion"]) == ("disagree", "不妥")
