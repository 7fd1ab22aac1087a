"""The inbox by the API: what its tabs may be narrowed by, copies, cases followed, and kept filters."""

from typing import Any

import pytest
from flask import Flask

from tests.webui.api.api_driver import APPEAL, TRIAGE, Caller
from tests.webui.api.conftest import Login


def copied(login: Login, reader: Caller, **changed: Any) -> str:
    """A case of which the reader was sent a copy."""
    case = login("jingmi").start({**APPEAL, **changed})
    task = login("platform").task(case, "研判派发")["id"]
    to = {"to": [reader.get("/me")["id"]], "note": "请知悉"}
    assert login("platform").post(f"/tasks/{task}/copy", to).status == 200
    return case


def test_copies_are_listed_unread_until_they_are_read(login: Login) -> None:
    reader = login("market-1")
    first, second = copied(login, reader, title="甲的事"), copied(login, reader, title="乙的事")
    page = reader.get("/copies")
    assert (page["total"], page["unread"]) == (2, 2)
    assert [item["case_id"] for item in page["items"]] == [second, first]
    item = page["items"][0]
    assert (item["sender"], item["note"], item["read_at"]) == ("李娜", "请知悉", None)
    assert reader.get("/me")["counts"]["copied"] == 2
    assert reader.post("/copies/read", {"case": first})["unread"] == 1
    assert [i["case_id"] for i in reader.get("/copies", unread="true")["items"]] == [second]
    assert reader.get("/copies", text="甲的事")["total"] == 1
    assert reader.get("/copies", limit=1, offset=1)["items"][0]["case_id"] == first
    assert reader.post("/copies/read")["unread"] == 0


def test_of_anothers_copies_nothing_is_told_or_marked(login: Login) -> None:
    reader, other = login("market-1"), login("tax-1")
    case = copied(login, reader)
    assert other.get("/copies")["items"] == []
    assert other.post("/copies/read", {"case": case}).status == 403
    assert other.post("/copies/read", {"case": "SQ-20260309-9999"}).status == 404
    assert reader.get("/copies")["unread"] == 1
    for path in ("/copies", "/follows", "/filters", "/tasks/facets", "/cases/facets"):
        assert login("jingmi").get(path).status == 403


def test_followed_cases_are_listed_while_they_may_be_read(login: Login, app: Flask) -> None:
    case, platform = login("jingmi").start(), login("platform")
    platform.post(f"/cases/{case}/follow")
    (item,) = platform.get("/follows")["items"]
    assert (item["case_id"], item["state"], item["stopped"]) == (case, "open", False)
    assert platform.get("/me")["counts"]["followed"] == platform.get("/follows")["total"] == 1
    assert platform.get("/follows", process="other")["total"] == 0
    assert login("platform-2").get("/follows")["total"] == 0


def test_what_a_tab_may_be_narrowed_by(login: Login) -> None:
    case = login("jingmi").start()
    login("platform").do(case, "研判派发", TRIAGE)
    found = login("market-admin").get("/tasks/facets", tab="claimable")
    assert found["step"] == [{"value": "签收", "label": "签收"}]
    assert found["process"] == [{"value": "appeal", "label": "企业诉求办理"}]
    assert found["department"] == [{"value": "market", "label": "市场监督管理局"}]
    assert login("tax-1").get("/tasks/facets", tab="claimable")["step"] == []


def test_several_marks_must_all_hold(login: Login) -> None:
    case, platform = login("jingmi").start(), login("platform")
    task = platform.task(case, "研判派发")["id"]
    platform.post(f"/tasks/{task}/claim")
    platform.send("PUT", f"/tasks/{task}/draft", json={"values": {"outcome": "派发"}})
    login("control").post(f"/tasks/{task}/urge")
    found = platform.get("/tasks", mark=["draft", "urged"])
    assert [(t["id"], t["urged"]) for t in found["items"]] == [(task, 1)]
    assert platform.get("/tasks", mark=["draft", "held"])["total"] == 0
    assert platform.get("/tasks", mark="draft")["total"] == 1
    refused = platform.get("/tasks", mark="nonsense")
    assert (refused.status, refused.wheres) == (422, {"mark.0"})


def test_a_hidden_status_is_no_question_to_an_enterprise(login: Login) -> None:
    case = login("jingmi").start()
    for _ in range(2):
        login("platform").do(case, "研判派发", TRIAGE)
        returned = {"sign": "退单", "return_reason": "不属本局职责", "return_basis": "三定规定第三条"}
        login("market-admin").do(case, "签收", returned)
    assert login("platform").get(f"/cases/{case}")["status"] == "待裁定"
    assert login("jingmi").get("/tasks", tab="done", status="待裁定").body["items"] == []


SOON = {"name": "临期的", "tab": "todo", "due": "soon", "mark": ["draft"]}


def test_a_filter_is_kept_listed_used_changed_and_deleted(login: Login) -> None:
    platform = login("platform")
    login("jingmi").start()
    kept = platform.post(
        "/filters", {"name": " 全部  待签 ", "tab": "claimable", "step": "研判派发"}, key="k"
    )
    assert kept.status == 201 and kept["name"] == "全部 待签" and kept["mine"] and kept["count"] is None
    assert kept["asks"] == {"tab": "claimable", "step": "研判派发"}
    assert platform.get("/tasks", **kept["asks"])["total"] == 1
    (item,) = platform.get("/filters", counts="true")["items"]
    assert (item["id"], item["count"], item["shared_with"]) == (kept["id"], 1, None)
    changed = platform.send("PUT", f"/filters/{kept['id']}", json={**SOON, "shared_with": "platform"})
    assert (changed["id"], changed["shared_with"]) == (kept["id"], "platform")
    assert changed["asks"] == {"tab": "todo", "due": "soon", "mark": ["draft"]}
    (shared,) = login("platform-2").get("/filters")["items"]
    assert (shared["mine"], shared["owner"], shared["asks"]) == (False, "李娜", changed["asks"])
    assert [platform.send("DELETE", f"/filters/{kept['id']}").status for _ in range(2)] == [204, 204]
    assert login("platform-2").get("/filters")["items"] == []


def test_the_same_filter_stands_on_the_page(login: Login) -> None:
    kept = login("platform").post("/filters", SOON)
    assert kept["query"] == "due=soon&mark=draft"


def test_anothers_filter_is_neither_changed_nor_deleted(login: Login) -> None:
    platform, second = login("platform"), login("platform-2")
    kept = platform.post("/filters", {**SOON, "shared_with": "platform"})
    refused = second.send("PUT", f"/filters/{kept['id']}", json={"name": "我的"})
    assert (refused.status, refused["code"]) == (404, "desk.no_filter")
    second.send("DELETE", f"/filters/{kept['id']}")
    assert [one["id"] for one in platform.get("/filters")["items"]] == [kept["id"]]
    assert [one["mine"] for one in second.get("/filters")["items"]] == [False]


def test_two_filters_of_one_person_have_two_names(login: Login) -> None:
    platform = login("platform")
    first, second = platform.post("/filters", SOON), platform.post("/filters", {"name": "别的"})
    taken = platform.send("PUT", f"/filters/{second['id']}", json=SOON)
    assert (taken.status, taken["code"], taken["facts"]["name"]) == (409, "desk.filter_exists", "临期的")
    again = platform.post("/filters", {**SOON, "due": "late"})
    assert again["id"] == first["id"] and again["asks"]["due"] == "late"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, "api.rejected"),
        ({"name": "   "}, "desk.filter_name"),
        ({"name": "长" * 61}, "api.rejected"),
        ({"tab": "nonsense"}, "api.rejected"),
        ({"mark": "draft"}, "api.rejected"),
        ({"mark": ["nonsense"]}, "api.rejected"),
        ({"urgent": "perhaps"}, "api.rejected"),
        ({"shared_with": "handler@tax"}, "desk.not_your_group"),
        ({"more": 1}, "api.rejected"),
    ],
)
def test_what_is_no_filter_is_refused_and_not_kept(login: Login, changed: dict[str, Any], code: str) -> None:
    platform = login("platform", "en")
    refused = platform.post("/filters", {**SOON, **changed})
    assert (refused.status, refused["code"]) == (422, code) and refused["detail"].isascii()
    assert platform.get("/filters")["items"] == []


def test_cases_are_counted_by_what_they_may_be_narrowed_by(login: Login) -> None:
    first = login("jingmi").start()
    login("jingmi").start({**APPEAL, "title": "别的事"})
    login("platform").do(first, "研判派发", TRIAGE)
    control = login("control")
    found = control.get("/cases/facets", department="market")
    assert (found["total"], found["more"], found["least"]) == (1, False, [])
    market = {"value": "market", "label": "市场监督管理局", "count": 1, "chosen": True}
    assert market in found["facets"]["department"]
    assert found["facets"]["status"] == [{"value": "待签收", "label": "待签收", "count": 1, "chosen": False}]
    everything = control.get("/cases/facets")
    assert everything["total"] == control.get("/cases")["total"] == 2
    assert login("market-2").get("/cases/facets")["total"] == 1
    assert login("tax-2").get("/cases/facets")["total"] == 0
    assert control.get("/cases/facets", due="nonsense").status == 422
