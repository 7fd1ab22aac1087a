"""What the API says when something is wrong: the status, the code, and who did what when."""

import pytest
from flask import Flask
from sqlalchemy.engine import Engine

from engine.clock import ControlledClock
from tests.webui.api.api_driver import APPEAL, SIGN, TRIAGE, Answer, Caller
from tests.webui.api.conftest import Login, address, build

PROBLEM = "application/problem+json"


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer["code"]) == (status, code), answer.body
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer["status"] == status and answer["type"] == f"urn:zhiban:{code}" and answer["detail"]


def test_without_a_token_nothing_is_told(app: Flask) -> None:
    for path in ("/me", "/cases", "/tasks", "/definitions"):
        refused(Caller(app).get(path), 401, "api.no_token")
    assert Caller(app).get("/me").headers["WWW-Authenticate"].startswith("Bearer")
    refused(Caller(app, "zhiban_guessed").get("/me"), 401, "identity.token")


def test_the_token_is_judged_before_the_body(app: Flask) -> None:
    refused(Caller(app).post("/cases", data=b"{", content_type="application/json"), 401, "api.no_token")


def test_a_session_of_the_pages_opens_nothing_here(app: Flask, login: Login) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(account=login("platform").get("/me")["id"], since=1773000000, seen=1773000000)
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_is_given_for_the_password_and_can_be_revoked(app: Flask) -> None:
    body = {"username": "platform", "password": "zhiban-demo-2026", "days": 1}
    made = Caller(app).post("/token", body)
    assert made.status == 201 and made["expires_at"] == "2026-03-10T00:40:00Z"
    caller = Caller(app, made["token"])
    assert caller.get("/me")["groups"] == ["platform"]
    assert caller.send("DELETE", "/token").status == 204
    refused(caller.get("/me"), 401, "identity.token")
    refused(Caller(app).post("/token", {**body, "password": "wrong"}), 401, "identity.wrong_password")


def test_wrong_passwords_lock_the_account_though_each_is_refused(app: Flask) -> None:
    for _ in range(5):
        Caller(app).post("/token", {"username": "leader", "password": "wrong"})
    answer = Caller(app).post("/token", {"username": "leader", "password": "zhiban-demo-2026"})
    refused(answer, 403, "identity.locked")


def test_guessing_is_slowed_down(database: Engine, app: Flask, clock: ControlledClock) -> None:
    slow = build(address(database), clock, RATELIMIT_ENABLED=True)
    answers = [Caller(slow).post("/token", {"username": "nobody", "password": "x"}) for _ in range(11)]
    refused(answers[-1], 429, "api.429")
    assert answers[-1].headers["Retry-After"] == "60"
    slow.extensions["zhiban"].database.dispose()


def test_unknown_and_missing_fields_are_named(login: Login) -> None:
    caller = login("jingmi")
    answer = caller.post("/cases", {"process": "appeal", "priority": 1, "actor": "system"})
    refused(answer, 422, "api.rejected")
    assert answer.wheres == {"values", "priority", "actor"}
    answer = caller.post("/cases", {"process": "appeal", "values": {**APPEAL, "status": "办结", "a.b": 1}})
    assert answer.wheres == {"values.a.b"}
    answer = caller.post("/cases", {"process": "appeal", "values": {**APPEAL, "status": "办结", "phone": ""}})
    refused(answer, 422, "forms.rejected")
    assert answer.wheres == {"status", "phone"}
    assert {p["code"] for p in answer["problems"]} == {"forms.unknown_field", "forms.required"}
    assert caller.get("/cases", colour="red").wheres == {"colour"}
    assert caller.get("/cases", limit=9999).wheres == {"limit"}


def test_sentences_are_in_the_callers_language(login: Login) -> None:
    body = {"process": "appeal", "values": {}}
    english = login("jingmi", "en-GB, zh;q=0.5").post("/cases", body)
    assert english["title"] == "The content is wrong" and english["problems"][0]["detail"].startswith(
        "Fill in"
    )
    chinese = login("jingmi", "fr").post("/cases", body)
    assert chinese["title"] == "内容有误" and chinese["problems"][0]["detail"].startswith("请填写")


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b'{"process": ', "application/json", 400, "api.not_json"),
        (b"\xff\xfe", "application/json", 400, "api.not_json"),
        (b'{"a": NaN}', "application/json", 400, "api.not_json"),
        (b'{"a": 1, "a": 2}', "application/json", 400, "api.twice"),
        (b"[" * 100_000, "application/json", 400, "api.too_deep"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "application/json", 400, "api.too_deep"),
        (b"[]", "application/json", 422, "api.rejected"),
        (b'{"process": "a\\u0000b", "values": {}}', "application/json", 422, "api.rejected"),
        (b'{"process": "\\ud800", "values": {}}', "application/json", 422, "api.rejected"),
        (b'{"process": {"a": 1}, "values": []}', "application/json", 422, "api.rejected"),
        (b"process=appeal", "application/x-www-form-urlencoded", 415, "api.415"),
        (b"<a/>", "text/xml", 415, "api.415"),
        (b'{"values": "' + b"x" * 1_100_000 + b'"}', "application/json", 413, "api.413"),
    ],
)
def test_what_is_not_a_proper_body_is_refused(
    login: Login, data: bytes, kind: str, status: int, code: str
) -> None:
    refused(login("jingmi").post("/cases", data=data, content_type=kind), status, code)


def test_unknown_addresses_methods_and_ids_are_told_as_problems(login: Login) -> None:
    caller = login("platform")
    refused(caller.get("/nothing"), 404, "api.404")
    refused(caller.send("PUT", "/cases"), 405, "api.405")
    refused(caller.get("/cases/SQ-1"), 404, "runtime.no_case")
    refused(caller.get("/cases/%00"), 404, "api.404")
    refused(caller.get("/cases/" + "0" * 32), 404, "runtime.no_case")
    refused(caller.get("/tasks/x"), 404, "runtime.no_task")
    refused(caller.get("/files/x"), 404, "forms.no_file")
    refused(caller.get("/definitions/x"), 404, "repository.unknown")
    refused(caller.get("/definitions/appeal/diagram", version=9), 404, "api.no_version")
    refused(caller.post("/cases", {"process": "x", "values": {}}), 404, "repository.unknown")
    refused(caller.get("/cases", text="\0"), 422, "api.rejected")


def test_a_finished_task_says_who_did_it_and_when(login: Login) -> None:
    case = login("jingmi").start()
    first, second = login("platform"), login("platform-2", "en")
    task = second.task(case, "研判派发")
    first.do(case, "研判派发", TRIAGE)
    answer = second.post(f"/tasks/{task['id']}/complete", {"version": 1, "values": TRIAGE})
    refused(answer, 409, "runtime.task_closed")
    facts = answer["facts"]
    assert (facts["who"], facts["did"], facts["when"]) == ("李娜", "completed", "2026-03-09 08:40")
    refused(second.post(f"/tasks/{task['id']}/claim", {}), 409, "runtime.task_closed")


def test_a_stale_version_and_anothers_task_say_who_has_it(login: Login) -> None:
    case = login("jingmi").start()
    first, second = login("platform"), login("platform-2")
    task = first.task(case, "研判派发")
    path = f"/tasks/{task['id']}"
    assert first.post(f"{path}/claim", {"version": task["version"]}).status == 200
    refused(second.post(f"{path}/claim", {}), 409, "runtime.task_taken")
    anothers = second.post(f"{path}/complete", {"version": 2, "values": TRIAGE})
    refused(anothers, 403, "runtime.not_assignee")
    assert anothers["facts"]["who"] == "李娜" and anothers["facts"]["did"] == "认领"
    stale = first.post(f"{path}/complete", {"version": task["version"], "values": TRIAGE})
    refused(stale, 409, "runtime.task_changed")
    refused(first.post(f"{path}/complete", {"values": TRIAGE}), 422, "api.rejected")


def test_what_is_not_ones_own_is_refused(login: Login) -> None:
    case = login("jingmi").start()
    refused(login("tax-1").get(f"/cases/{case}"), 403, "runtime.not_yours")
    task = login("platform").task(case, "研判派发")
    refused(login("tax-1").post(f"/tasks/{task['id']}/claim", {}), 403, "runtime.not_yours")
    refused(login("leader").post(f"/tasks/{task['id']}/claim", {}), 403, "runtime.not_candidate")
    refused(
        login("tax-1").post("/cases", {"process": "appeal", "values": APPEAL}), 403, "runtime.not_starter"
    )
    refused(login("analyst").get(f"/cases/{case}"), 403, "runtime.not_yours")
    login("platform").do(case, "研判派发", TRIAGE)
    task = login("platform").get(f"/cases/{case}")["tasks"][0]
    refused(
        login("platform").post(f"/tasks/{task['id']}/complete", {"version": 1, "values": SIGN}),
        403,
        "runtime.not_candidate",
    )


def test_a_message_that_the_diagram_does_not_know_is_refused(login: Login) -> None:
    case = login("jingmi").start()
    body = {"name": "撤回", "values": {"status": "办结"}}
    refused(login("jingmi").post(f"/cases/{case}/messages", body), 403, "api.message_not_yours")
    refused(login("auditor").post(f"/cases/{case}/messages", body), 403, "api.message_not_yours")
