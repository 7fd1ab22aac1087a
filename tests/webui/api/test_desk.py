"""The desk by the API: every action, who may, what is answered, and that a key acts once."""

from typing import Any

import pytest
from flask import Flask

from engine.runtime.desk.tables import task_exclusions
from tests.webui.api.api_driver import HANDLE, TRIAGE, Caller
from tests.webui.api.conftest import Login


def me(caller: Caller) -> str:
    return str(caller.get("/me")["id"])


def held(login: Login) -> tuple[Caller, str, dict[str, Any]]:
    """The platform's officer with a triage of an appeal; the case; the task."""
    case, platform = login("jingmi").start(), login("platform")
    task = platform.task(case, "研判派发")
    assert platform.post(f"/tasks/{task['id']}/claim").status == 200
    return platform, case, platform.task(case, "研判派发")


def offered(caller: Caller, task: str, **query: str) -> dict[str, Any]:
    return {one["action"]: one for one in caller.get(f"/tasks/{task}/actions", **query)["items"]}


def test_a_task_is_transferred_once_for_a_key(login: Login) -> None:
    platform, case, task = held(login)
    second = login("platform-2")
    people = offered(platform, task["id"])["transfer"]["people"]
    assert [(p["id"], p["place"]) for p in people] == [(me(second), "服务中心")]
    body = {"to": me(second), "opinion": "出差", "version": task["version"]}
    done = platform.post(f"/tasks/{task['id']}/transfer", body, key="k")
    again = platform.post(f"/tasks/{task['id']}/transfer", body, key="k")
    assert done.status == again.status == 200 and done.body == again.body
    assert again.headers["Idempotent-Replay"] == "true"
    assert second.task(case, "研判派发")["assignee"] == me(second)
    assert [r["kind"] for r in platform.get(f"/cases/{case}/history")["items"]].count("task.transferred") == 1
    refused = platform.post(f"/tasks/{task['id']}/transfer", {"to": me(platform)})
    assert (refused.status, refused["code"]) == (403, "runtime.not_assignee")


def test_a_delegates_answer_returns_the_task(login: Login) -> None:
    platform, case, task = held(login)
    second = login("platform-2")
    assert platform.post(f"/tasks/{task['id']}/delegate", {"to": me(second)}).status == 200
    refused = second.post(f"/tasks/{task['id']}/complete", {"version": task["version"] + 1, "values": TRIAGE})
    assert (refused.status, refused["code"]) == (409, "runtime.delegated")
    assert set(offered(second, task["id"])) == {"answer", "sign before", "copy"}
    done = second.post(f"/tasks/{task['id']}/answer", {"values": TRIAGE, "opinion": "已核"})
    assert done["version"] == task["version"] + 2
    assert platform.task(case, "研判派发")["assignee"] == me(platform)
    assert platform.do(case, "研判派发", TRIAGE)["status"] == "待签收"


def test_a_delegation_is_recalled_by_its_owner_alone(login: Login) -> None:
    platform, case, task = held(login)
    second = login("platform-2")
    early = platform.post(f"/tasks/{task['id']}/recall")
    assert (early.status, early["code"]) == (409, "runtime.nothing_to_recall")
    platform.post(f"/tasks/{task['id']}/delegate", {"to": me(second)})
    assert "recall" in offered(platform, task["id"])
    refused = second.post(f"/tasks/{task['id']}/recall")
    assert (refused.status, refused["code"]) == (403, "runtime.not_delegator")
    done = platform.post(f"/tasks/{task['id']}/recall", {"opinion": "自己办", "version": task["version"] + 1})
    assert done["version"] == task["version"] + 2
    late = second.post(f"/tasks/{task['id']}/answer", {"values": TRIAGE})
    assert (late.status, late["code"]) == (403, "runtime.not_assignee")
    assert platform.do(case, "研判派发", TRIAGE)["status"] == "待签收"


def test_signers_are_asked_decide_and_are_taken_away(login: Login) -> None:
    platform, case, task = held(login)
    leader, supervisor = login("leader"), login("supervisor")
    people = offered(platform, task["id"], q="领导")["sign before"]["people"]
    assert [p["id"] for p in people] == [] and offered(platform, task["id"])["sign before"]["people"] == []
    assert offered(platform, task["id"], q="张建国")["sign before"]["people"][0]["id"] == me(leader)
    asked = {"people": [me(leader), me(supervisor)]}
    assert platform.post(f"/tasks/{task['id']}/sign-before", asked).status == 200
    removable = {t["name"]: t["id"] for t in offered(platform, task["id"])["remove signer"]["targets"]}
    assert removable.keys() == {"张建国", "刘洋"}
    held_up = platform.post(f"/tasks/{task['id']}/transfer", {"to": me(leader)})
    assert (held_up.status, held_up["code"]) == (409, "runtime.task_held")
    assert platform.post(f"/tasks/{removable['刘洋']}/remove-signer", {}).status == 200
    assert "decide" in offered(leader, removable["张建国"])
    no = leader.post(f"/tasks/{removable['张建国']}/decide", {"outcome": "disagree"})
    assert (no.status, no.wheres) == (422, {"opinion"})
    done = leader.post(f"/tasks/{removable['张建国']}/decide", {"outcome": "agree", "opinion": "同意"})
    assert done["case_id"] == case
    assert platform.do(case, "研判派发", TRIAGE)["status"] == "待签收"


def test_an_approval_stands_until_those_asked_afterwards_agree(login: Login) -> None:
    platform, case, task = held(login)
    leader = login("leader")
    wrong = platform.post(f"/tasks/{task['id']}/sign-after", {"people": [me(leader)], "values": {}})
    assert wrong.status == 422
    given = {"people": [me(leader)], "values": TRIAGE, "version": task["version"]}
    assert platform.post(f"/tasks/{task['id']}/sign-after", given).status == 200
    (signing,) = leader.get("/tasks")["items"]
    done = leader.post(f"/tasks/{signing['id']}/decide", {"outcome": "agree"})
    assert done["status"] == "待签收" and platform.get(f"/cases/{case}")["status"] == "待签收"


def test_urging_says_when_it_may_be_done_again(login: Login) -> None:
    platform, case, task = held(login)
    control, enterprise = login("control", "en"), login("jingmi")
    assert control.post(f"/tasks/{task['id']}/urge", {"opinion": "企业来电"}).status == 200
    again = control.post(f"/tasks/{task['id']}/urge")
    assert (again.status, again["code"]) == (409, "runtime.urged_already")
    assert "2026-03-09 09:40" in again["detail"]
    own = platform.post(f"/tasks/{task['id']}/urge")
    assert (own.status, own["code"]) == (403, "runtime.own_task")
    assert enterprise.post(f"/tasks/{task['id']}/urge").status in (404, 409)


def test_a_copy_opens_the_case_to_its_reader(login: Login) -> None:
    platform, case, task = held(login)
    reader = login("market-1")
    assert reader.get(f"/cases/{case}").status == 403
    assert platform.post(f"/tasks/{task['id']}/copy", {"to": [me(reader)], "note": "请知悉"}).status == 200
    assert reader.get(f"/cases/{case}").status == 200
    nobody = platform.post(f"/tasks/{task['id']}/copy", {"to": ["0" * 32]})
    assert (nobody.status, nobody.wheres) == (422, {"to"})


def test_a_case_is_followed_and_ended(login: Login) -> None:
    _, case, _ = held(login)
    control, platform = login("control"), login("platform")
    assert platform.post(f"/cases/{case}/follow").body == {"case_id": case, "following": True}
    assert platform.post(f"/cases/{case}/unfollow").body == {"case_id": case, "following": False}
    assert control.post(f"/cases/{case}/terminate", {}).status == 422
    refused = platform.post(f"/cases/{case}/terminate", {"opinion": "重复"})
    assert (refused.status, refused["code"]) == (403, "runtime.no_terminator")
    ended = control.post(f"/cases/{case}/terminate", {"opinion": "重复"})
    assert (ended["state"], ended["status"]) == ("ended", "已终止")


@pytest.mark.parametrize(
    "path",
    [
        "transfer",
        "delegate",
        "answer",
        "recall",
        "copy",
        "sign-before",
        "sign-after",
        "remove-signer",
        "decide",
    ],
)
def test_an_enterprise_reaches_no_officers_action(login: Login, path: str) -> None:
    _, case, task = held(login)
    for who in ("jingmi", "lvneng"):
        refused = login(who).post(f"/tasks/{task['id']}/{path}", {"to": "x", "people": ["x"]})
        assert refused.status == 403


def test_an_opinion_comes_with_a_completion(login: Login) -> None:
    platform, case, task = held(login)
    body = {"version": task["version"], "values": TRIAGE, "opinion": "按类型派发"}
    assert platform.post(f"/tasks/{task['id']}/complete", body).status == 200
    told = [r for r in platform.get(f"/cases/{case}/history")["items"] if r["kind"] == "task.completed"]
    assert told[-1]["data"]["opinion"] == "按类型派发"
    outward = login("jingmi").get(f"/cases/{case}/history")
    assert "按类型派发" not in outward.data.decode() and HANDLE


def test_four_eyes_hold_at_every_door_of_the_api(login: Login) -> None:
    case, first, second = login("jingmi").start(), login("platform"), login("platform-2")
    first.do(case, "研判派发", {**TRIAGE, "outcome": "直接答复", "department": None})
    first.do(case, "直接答复", {"result": "解释说明", "answer": "可以申报。"})
    task = second.task(case, "回访")["id"]
    assert [item["id"] for item in first.get("/tasks", tab="claimable")["items"]] == []
    assert set(offered(first, task)) == {"urge"}
    called = {"reached": "未接通"}
    for caller, way, body in (
        (first, "claim", {}),
        (first, "complete", {"values": called, "version": 1}),
        (second, "transfer", {"to": me(first)}),
    ):
        refused = caller.post(f"/tasks/{task}/{way}", body)
        assert (refused.status, refused["code"]) == (403, "runtime.four_eyes"), way
    assert second.post(f"/tasks/{task}/complete", {"values": called, "version": 1}).status == 200


def test_who_four_eyes_keep_out_is_not_asked_to_sign_or_to_prepare(login: Login, app: Flask) -> None:
    platform, case, task = held(login)
    second, engine = login("platform-2"), app.extensions["zhiban"]
    with engine.writing() as connection:
        connection.execute(task_exclusions.insert().values(task_id=task["id"], account=me(second)))
    values = {
        "sign-before": {"people": [me(second)]},
        "sign-after": {"people": [me(second)], "values": TRIAGE},
    }
    for way, body in values.items():
        refused = platform.post(f"/tasks/{task['id']}/{way}", body)
        assert (refused.status, refused["code"]) == (403, "signers.four_eyes"), way
    refused = platform.post(f"/tasks/{task['id']}/delegate", {"to": me(second)})
    assert (refused.status, refused["code"]) == (403, "runtime.four_eyes")
    assert platform.task(case, "研判派发")["assignee"] == me(platform), "nothing has happened to it"
