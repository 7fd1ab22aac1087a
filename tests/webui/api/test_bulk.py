"""Several tasks at once by the API: a transaction and a result for each, and nothing twice."""

from typing import Any

import pytest
from flask import Flask

from tests.webui.absence.test_absence_pages import id_of
from tests.webui.api.api_driver import APPEAL, OTHERS, Answer, Caller
from tests.webui.api.conftest import Login


def waiting(login: Login, *titles: str) -> list[dict[str, Any]]:
    """Triages of new appeals, in this order."""
    cases = [login("jingmi").start({**APPEAL, "title": title}) for title in titles]
    return [login("platform").task(case, "研判派发") for case in cases]


def act(
    caller: Caller, what: str, tasks: list[dict[str, Any]], key: str | None = None, **more: Any
) -> Answer:
    given = [{"id": task["id"], "version": task["version"]} for task in tasks]
    return caller.post("/tasks/bulk", {"act": what, "tasks": given, **more}, key=key)


def test_each_is_claimed_released_transferred_and_says_so(login: Login, app: Flask) -> None:
    tasks, platform, second = waiting(login, "甲的事", "乙的事"), login("platform"), id_of(app, "platform-2")
    done = act(platform, "claim", tasks)
    assert (done.status, done["done"], done["failed"]) == (200, 2, 0)
    assert [(item["title"], item["version"]) for item in done["items"]] == [("甲的事", 2), ("乙的事", 2)]
    mine = platform.get("/tasks")["items"]
    assert act(platform, "release", mine[:1])["done"] == 1
    given = act(platform, "transfer", mine[1:], to=second, opinion="出差")
    assert given["items"][0]["done"] and login("platform-2").get("/tasks")["total"] == 1
    urged = act(login("control"), "urge", login("platform-2").get("/tasks")["items"], opinion="企业来电")
    assert urged["done"] == 1


def test_what_fails_says_why_and_keeps_nothing_else_back(login: Login) -> None:
    tasks = waiting(login, "甲的事", "乙的事")
    login("platform").post(f"/tasks/{tasks[0]['id']}/claim")
    done = act(login("platform-2", "en"), "claim", tasks)
    assert (done["done"], done["failed"]) == (1, 1)
    late, taken = done["items"]
    assert (late["done"], late["code"], late["version"]) == (False, "runtime.task_taken", None)
    assert "李娜" in late["why"] and "9 Mar 2026 08:40" in late["why"] and taken["done"]


def test_of_what_the_caller_may_not_see_only_why_not_is_told(login: Login) -> None:
    tasks = waiting(login, "甲的事")
    (item,) = act(login("market-1"), "claim", tasks)["items"]
    assert (item["done"], item["number"], item["title"]) == (False, "", "") and item["why"]
    missing = login("platform").post("/tasks/bulk", {"act": "claim", "tasks": [{"id": "0" * 32}]})
    assert missing["items"][0]["code"] == "runtime.no_task"
    assert login("jingmi").post("/tasks/bulk", {"act": "claim", "tasks": [{"id": "x"}]}).status == 403


def test_a_key_does_what_is_left_and_nothing_twice(login: Login) -> None:
    tasks, platform = waiting(login, "甲的事", "乙的事"), login("platform")
    stale = [tasks[0], {**tasks[1], "version": 7}]
    first = act(platform, "claim", stale, key="k")
    assert [item["done"] for item in first["items"]] == [True, False]
    platform.post(f"/tasks/{tasks[0]['id']}/release")
    again = act(platform, "claim", stale, key="k")
    assert again.body == first.body
    assert platform.get(f"/tasks/{tasks[0]['id']}")["assignee"] is None, "a retry claims nothing anew"
    other = act(platform, "claim", tasks, key="k")
    assert (other.status, other["code"]) == (409, "runtime.key_reused")


@pytest.mark.parametrize(
    ("body", "wheres"),
    [
        ({}, {"act", "tasks"}),
        ({"act": "complete", "tasks": [{"id": "x"}]}, {"act"}),
        ({"act": "claim", "tasks": []}, {"tasks"}),
        ({"act": "claim", "tasks": [{"id": "x"}] * 201}, {"tasks"}),
        ({"act": "claim", "tasks": ["x"]}, {"tasks.0"}),
        ({"act": "claim", "tasks": [{"version": 1}]}, {"tasks.0.id"}),
        ({"act": "claim", "tasks": [{"id": "x", "version": "y"}]}, {"tasks.0.version"}),
        ({"act": "transfer", "tasks": [{"id": "x"}]}, {"to"}),
        ({"act": "claim", "tasks": "x"}, {"tasks"}),
    ],
)
def test_what_makes_no_sense_is_refused(login: Login, body: dict[str, Any], wheres: set[str]) -> None:
    refused = login("platform").post("/tasks/bulk", body)
    assert (refused.status, refused.wheres) == (422, wheres), refused.body
    assert all(problem["detail"] for problem in refused["problems"])


def test_a_confidential_cases_contact_is_not_told_in_a_result(login: Login, app: Flask) -> None:
    secret = {**OTHERS, "confidential": True, "title": "找梁静 13800000002"}
    case = login("lvneng").start(secret)
    task = login("platform").task(case, "研判派发")
    reader = login("hrss-1")
    login("platform").post(f"/tasks/{task['id']}/copy", {"to": [id_of(app, "hrss-1")]})
    done = act(reader, "claim", [task])
    assert not done["items"][0]["done"] and done["items"][0]["number"]
    for path in ("/copies", "/follows", f"/tasks/{task['id']}"):
        reader.post(f"/cases/{case}/follow")
        told = reader.get(path).data.decode()
        assert "13800000002" not in told and "梁静" not in told, path
    assert "13800000002" not in done.data.decode() and "梁静" not in done.data.decode()
