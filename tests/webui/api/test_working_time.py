"""Working time by API: the calendar and the rules for officers, a case's deadlines for its readers."""

from tests.webui.api.api_driver import Caller
from tests.webui.api.conftest import Login
from tests.webui.api.test_disclosure import handled


def items(caller: Caller, case: str) -> dict[str, dict[str, object]]:
    return {item["name"]: item for item in caller.get(f"/cases/{case}/deadlines")["items"]}


def test_a_year_is_told_with_its_arranged_days_and_hours(login: Login) -> None:
    answer = login("market-1").get("/calendar")
    assert (answer["year"], answer["published"], answer["workdays"]) == (2026, True, 248)
    days = {day["date"]: day for day in answer["days"]}
    assert days["2026-02-14"]["worked"] and not days["2026-02-16"]["worked"]
    assert answer["hours"] == [{"department": "", "opening": "09:00-12:00 13:30-17:30", "closing": "17:30"}]
    unpublished = login("leader").get("/calendar", year=2027)
    assert (unpublished["published"], unpublished["days"], unpublished["source"]) == (False, [], "")
    assert login("leader").get("/calendar", year=1).status == 422


def test_the_rules_in_force_are_told(login: Login) -> None:
    answer = login("platform").get("/rules")
    assert answer["planned"] == [] and answer["in_force"]["revision"] == 0
    fallback = [r for r in answer["in_force"]["limits"] if r["name"] == "handling"][-1]
    assert (fallback["count"], fallback["unit"], fallback["urgent"]) == (3, "workdays", None)
    assert [step["when"] for step in answer["in_force"]["reminders"]["standard"]][:2] == ["before", "day"]


def test_calendar_and_rules_are_for_officers(login: Login) -> None:
    for path in ("/calendar", "/rules"):
        assert login("jingmi").get(path).status == 403
        assert login("auditor").get(path).status == 200


def test_deadlines_say_how_they_stand(login: Login) -> None:
    case = handled(login)
    found = items(login("platform"), case)
    assert found["研判派发"]["state"] == "met" and found["研判派发"]["words"] == ""
    assert found["回访"]["state"] == "running" and "个工作日" in str(found["回访"]["words"])
    assert "working day" in str(items(login("platform", language="en"), case)["回访"]["words"])


def test_an_enterprise_reads_the_open_deadlines_of_its_own_case(login: Login) -> None:
    case = handled(login)
    assert set(items(login("jingmi"), case)) == {"回访"}
    assert login("lvneng").get(f"/cases/{case}/deadlines").status == 404
    assert login("tax-1").get(f"/cases/{case}/deadlines").status == 403


def test_a_clock_is_stopped_and_runs_again(login: Login) -> None:
    case, control = login("jingmi").start(), login("control")
    body = {"kind": "补正", "reason": "等材料"}
    assert control.post(f"/cases/{case}/stop", body).body == {"stopped": True}
    assert "已暂停计时（补正）" in str(items(control, case)["研判派发"]["words"])
    assert control.post(f"/cases/{case}/stop", body).status == 409
    assert control.post(f"/cases/{case}/resume").body == {"stopped": False}
    assert control.post(f"/cases/{case}/resume").status == 409
    for wrong in ({}, {"kind": "补正"}, {"kind": "别的", "reason": "x"}):
        assert control.post(f"/cases/{case}/stop", wrong).status == 422
    for username, status in (("leader", 403), ("jingmi", 403), ("lvneng", 404), ("tax-1", 403)):
        assert login(username).post(f"/cases/{case}/stop", body).status == status, username


def test_a_task_that_stands_still_says_why_it_takes_no_answer(login: Login) -> None:
    case, control, officer = login("jingmi").start(), login("control"), login("platform")
    (task,) = officer.get(f"/cases/{case}")["tasks"]
    sheet = f"/tasks/{task['id']}"
    assert (officer.get(sheet)["may_complete"], officer.get(sheet)["why_not"]) == (True, "")
    control.post(f"/cases/{case}/stop", {"kind": "特别程序", "reason": "等鉴定"})
    held = officer.get(sheet)
    assert held["stopped"] and not held["may_complete"] and held["form"] is not None
    assert "暂停计时（特别程序）" in str(held["why_not"]) and "恢复计时" in str(held["why_not"])
    refused = officer.post(f"{sheet}/complete", {"values": {"outcome": "直接答复"}, "version": 1})
    assert refused.status == 409 and refused.body["detail"] == held["why_not"]
    assert officer.get(f"/cases/{case}")["stop"]["kind"] == "特别程序"
    ahead = officer.get(f"/cases/{case}/outlook")
    assert ahead["stopped"] is True
    control.post(f"/cases/{case}/resume")
    assert officer.get(f"/cases/{case}")["stop"] is None and officer.get(sheet)["may_complete"]


def test_what_is_to_be_supplied_is_told_the_enterprise_as_it_was_written(login: Login) -> None:
    case, control, enterprise = login("jingmi").start(), login("control"), login("jingmi")
    control.post(f"/cases/{case}/stop", {"kind": "补正", "reason": "材料不齐", "needs": "许可证\n平面图"})
    assert enterprise.get(f"/cases/{case}")["stop"]["needs"] == "许可证\n平面图"
    (told,) = [n for n in enterprise.get("/notices")["items"] if n["template"] == "clock-stopped-needs"]
    assert told["needs"] == "许可证\n平面图" and "许可证" not in told["text"]
    events = enterprise.get(f"/cases/{case}/history")["items"]
    (event,) = [e for e in events if e["kind"] == "clock.stopped"]
    assert event["data"] == {"kind": "补正", "needs": "许可证\n平面图"}
    assert all(n["needs"] == "" for n in control.get("/notices")["items"])
    too_long = {"kind": "补正", "reason": "x", "needs": "x" * 2001}
    assert control.post(f"/cases/{case}/stop", too_long).status == 422
