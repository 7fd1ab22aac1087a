"""One appeal from submission to its end, by nothing but the API."""

from datetime import timedelta

from engine.clock import ControlledClock
from tests.webui.api.api_driver import (
    APPEAL,
    CALLBACK,
    CONTACT,
    HANDLE,
    RATE_ENTERPRISE,
    RATE_SERVICE,
    SIGN,
    TRIAGE,
)
from tests.webui.api.conftest import Login


def test_an_appeal_runs_from_submission_to_its_end(login: Login, clock: ControlledClock) -> None:
    enterprise, platform = login("jingmi"), login("platform")
    started = enterprise.post("/cases", {"process": "appeal", "values": APPEAL}, key="first")
    assert (started.status, started["number"]) == (201, "SQ-20260309-0001")
    case = started["id"]
    clock.move_to(clock.now() + timedelta(minutes=30))
    triage = platform.task(case, "研判派发")
    assert triage["form"]["schema"]["properties"]["outcome"]["oneOf"][0]["const"] == "派发"
    assert triage["form"]["values"]["type"] == "市场监管"
    assert triage["form"]["key"] == "appeal/triage"
    assert triage["may_claim"] and triage["waits_for"] == ["服务中心"]
    claimed = platform.post(f"/tasks/{triage['id']}/claim", {"version": triage["version"]})
    assert claimed["version"] == triage["version"] + 1
    done = platform.do(case, "研判派发", TRIAGE)
    assert done["status"] == "待签收" and [t["name"] for t in done["opened"]] == ["签收"]
    login("market-admin").do(case, "签收", SIGN)
    handler = login("market-1")
    assert [t["name"] for t in handler.get("/tasks", tab="claimable")["items"]] == ["联系企业"]
    handler.do(case, "联系企业", CONTACT)
    handler.do(case, "处置答复", HANDLE)
    platform.do(case, "回访", CALLBACK)
    enterprise.do(case, "企业评价", RATE_SERVICE)
    last = login("market-admin").do(case, "部门评价", RATE_ENTERPRISE)
    assert (last["state"], last["status"]) == ("ended", "办结")
    told = platform.get(f"/cases/{started['number']}")
    assert told["id"] == case and told["tasks"] == [] and told["ended_at"] == "2026-03-09T01:10:00Z"
    assert platform.get("/tasks", tab="closed")["total"] == 1  # two steps, but a closed case is listed once
    assert enterprise.get("/cases", state="ended")["items"][0]["number"] == started["number"]


def test_a_task_can_be_taken_and_given_back(login: Login) -> None:
    case = login("jingmi").start()
    platform = login("platform")
    task = platform.task(case, "研判派发")
    assert platform.post(f"/tasks/{task['id']}/claim").status == 200
    assert platform.get("/tasks")["total"] == 1
    assert platform.post(f"/tasks/{task['id']}/release", {}).status == 200
    assert (platform.get("/tasks")["total"], platform.get("/tasks", tab="claimable")["total"]) == (0, 1)


def test_the_course_tells_what_was_passed_and_where_the_case_is(login: Login) -> None:
    case = login("jingmi").start()
    course = login("platform").get(f"/cases/{case}/diagram")
    assert course["present"] == ["triage"] and "register" in course["passed"]
    assert "submitted_to_register" in course["flows"] and course["late"] == []
    xml = login("platform").get("/definitions/appeal/diagram", version=course["version"])
    assert xml.data.startswith(b"<?xml") and xml.headers["Content-Type"].startswith("application/xml")


def test_the_chain_is_whole_and_auditors_read_its_hashes(login: Login) -> None:
    case = login("jingmi").start()
    items = login("auditor").get(f"/cases/{case}/history")["items"]
    assert [item["seq"] for item in items] == list(range(1, len(items) + 1))
    assert all(len(item["hash"]) == 64 for item in items)
    assert "hash" not in login("platform").get(f"/cases/{case}/history")["items"][0]
    assert items[0]["kind"] == "case.started" and items[0]["data"]["values"]["title"] == APPEAL["title"]


def test_definitions_are_listed_with_their_start_form(login: Login) -> None:
    found = login("jingmi").get("/definitions")["items"]
    assert found == [{"key": "appeal", "name": "企业诉求办理", "version": 1, "startable": True}]
    assert login("tax-1").get("/definitions")["items"][0]["startable"] is False
    schema = login("jingmi", "en").get("/definitions/appeal")["form"]["schema"]
    assert "uscc" in schema["required"] and schema["properties"]["title"]["maxLength"] == 60
    assert schema["properties"]["uscc"]["title"] == "Unified social credit code"
    assert schema["properties"]["urgent_reason"]["x-hidden"] is True
