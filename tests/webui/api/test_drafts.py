"""Drafts by the API: one's own, for whoever has the task; and who else has it open."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from engine.clock import ControlledClock
from tests.webui.absence.test_absence_pages import id_of
from tests.webui.api.api_driver import TRIAGE, Caller
from tests.webui.api.conftest import Login

TYPED = {"outcome": "派发", "triage_note": "先记一笔"}


def waiting(login: Login) -> tuple[str, dict[str, Any]]:
    """An appeal's case that waits for triage, and the task."""
    case = login("jingmi").start()
    return case, login("platform").task(case, "研判派发")


def test_a_draft_is_kept_read_replaced_and_thrown_away(login: Login) -> None:
    _, task = waiting(login)
    platform, path = login("platform"), f"/tasks/{task['id']}/draft"
    none = platform.get(path)
    assert (none.status, none["code"]) == (404, "api.no_draft")
    kept = platform.send("PUT", path, json={"values": TYPED})
    assert (kept.status, kept["values"], kept["saved_at"]) == (200, TYPED, "2026-03-09T00:40:00Z")
    assert platform.get(path)["values"] == TYPED
    assert platform.get(f"/tasks/{task['id']}")["draft_at"] == "2026-03-09T00:40:00Z"
    assert [t["id"] for t in platform.get("/tasks", tab="claimable", mark="draft")["items"]] == [task["id"]]
    assert platform.send("PUT", path, json={"values": {"outcome": "退回"}})["values"] == {"outcome": "退回"}
    assert [platform.send("DELETE", path).status for _ in range(2)] == [204, 204]
    assert platform.get(path).status == 404


def test_nobody_else_reads_it_and_another_keeps_ones_own(login: Login) -> None:
    _, task = waiting(login)
    path, second = f"/tasks/{task['id']}/draft", login("platform-2")
    login("platform").send("PUT", path, json={"values": TYPED})
    assert second.get(path).status == 404
    assert second.send("DELETE", path).status == 204
    assert login("platform").get(path)["values"] == TYPED


@pytest.mark.parametrize(
    ("who", "status"),
    [("market-1", 403), ("leader", 403), ("lvneng", 404), ("jingmi", 403), ("analyst", 403)],
)
def test_whose_task_it_is_not_keeps_no_draft(login: Login, who: str, status: int) -> None:
    _, task = waiting(login)
    path = f"/tasks/{task['id']}/draft"
    refused = login(who).send("PUT", path, json={"values": TYPED})
    assert refused.status == status, refused.body
    assert "先记一笔" not in login("platform").get(path).data.decode()


def test_who_had_the_task_is_told_who_has_it_now(login: Login) -> None:
    _, task = waiting(login)
    path, second = f"/tasks/{task['id']}/draft", login("platform-2")
    second.post(f"/tasks/{task['id']}/claim")
    late = login("platform").send("PUT", path, json={"values": TYPED, "version": task["version"]})
    assert (late.status, late["code"]) == (409, "runtime.task_changed")
    assert late["facts"]["who"] == second.get("/me")["name"] and late["facts"]["when"]
    assert login("platform").send("PUT", path, json={"values": TYPED})["code"] == "desk.not_in_hand"
    second.post(f"/tasks/{task['id']}/complete", {"version": task["version"] + 1, "values": TRIAGE})
    over = second.send("PUT", path, json={"values": TYPED})
    assert (over.status, over["code"]) == (409, "runtime.task_closed")


@pytest.mark.parametrize(
    ("body", "wheres"),
    [
        ({}, {"values"}),
        ({"values": []}, {"values"}),
        ({"values": {"nonsense": 1}}, {"nonsense"}),
        ({"values": {"a.b": 1}}, {"values.a.b"}),
        ({"values": TYPED, "version": "x"}, {"version"}),
        ({"values": TYPED, "more": 1}, {"more"}),
    ],
)
def test_what_is_no_draft_is_refused_and_leaves_nothing(
    login: Login, body: dict[str, Any], wheres: set[str]
) -> None:
    _, task = waiting(login)
    path = f"/tasks/{task['id']}/draft"
    refused = login("platform").send("PUT", path, json=body)
    assert (refused.status, refused.wheres) == (422, wheres)
    assert login("platform").get(path).status == 404


def test_a_number_beyond_all_measure_is_kept_by_its_digits(login: Login) -> None:
    _, task = waiting(login)
    sent = {"data": b'{"values": {"complexity": -9223372036854775809}}', "content_type": "application/json"}
    kept = login("platform").send("PUT", f"/tasks/{task['id']}/draft", **sent)
    assert (kept.status, kept["values"]) == (200, {"complexity": "-9223372036854775809"})


def test_a_draft_longer_than_can_be_kept_is_refused(login: Login) -> None:
    _, task = waiting(login)
    body = {"values": {"triage_note": "长" * 500_000}}
    refused = login("platform").send("PUT", f"/tasks/{task['id']}/draft", json=body)
    assert (refused.status, refused["code"]) in ((422, "desk.draft_long"), (413, "api.413"))


def test_a_deputy_who_shares_the_desk_reads_the_form_and_keeps_a_draft(login: Login, app: Flask) -> None:
    _, task = waiting(login)
    platform, deputy = login("platform"), login("platform-2")
    platform.post(f"/tasks/{task['id']}/claim")
    assert deputy.get(f"/tasks/{task['id']}")["form"] is None
    away = {"deputy": id_of(app, "platform-2"), "since": "2026-03-09", "until": "2026-03-10", "how": "share"}
    assert platform.post("/absences", away).status == 201
    shown = deputy.get(f"/tasks/{task['id']}")
    assert shown["may_complete"] and not shown["may_release"] and shown["form"]["key"] == "appeal/triage"
    assert deputy.send("PUT", f"/tasks/{task['id']}/draft", json={"values": TYPED}).status == 200
    assert deputy.get("/me")["counts"]["todo"] == deputy.get("/tasks")["total"] == 1
    done = deputy.post(f"/tasks/{task['id']}/complete", {"version": shown["version"], "values": TRIAGE})
    assert done.status == 200


def seen(caller: Caller, task: str, **said: Any) -> Any:
    answer = caller.post(f"/tasks/{task}/seen", said)
    assert answer.status == 200, answer.body
    return answer.body


def test_who_else_has_the_task_open_and_what_has_changed(login: Login, clock: ControlledClock) -> None:
    _, task = waiting(login)
    platform, second = login("platform"), login("platform-2")
    assert seen(platform, task["id"])["others"] == []
    told = seen(second, task["id"], version=task["version"])
    assert [one["name"] for one in told["others"]] == [platform.get("/me")["name"]]
    assert (told["version"], told["state"], told["changed"]) == (task["version"], "open", None)
    platform.post(f"/tasks/{task['id']}/claim")
    told = seen(second, task["id"], version=task["version"])
    assert platform.get("/me")["name"] in told["changed"] and told["version"] == task["version"] + 1
    seen(platform, task["id"], leave=True)
    assert seen(second, task["id"])["others"] == []
    seen(platform, task["id"])
    clock.move_to(clock.now() + timedelta(seconds=61))
    assert seen(second, task["id"])["others"] == []


@pytest.mark.parametrize(("who", "status"), [("market-1", 403), ("jingmi", 403), ("lvneng", 403)])
def test_who_may_not_read_the_case_is_told_of_nobody(login: Login, who: str, status: int) -> None:
    _, task = waiting(login)
    seen(login("platform"), task["id"])
    refused = login(who).post(f"/tasks/{task['id']}/seen", {})
    assert refused.status == status and "李娜" not in refused.data.decode()
