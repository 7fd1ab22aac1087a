"""What an enterprise reads of a case: its own, by departments, without what is internal."""

from io import BytesIO
from typing import Any

from tests.webui.api.api_driver import APPEAL, CALLBACK, CONTACT, HANDLE, OTHERS, SIGN, TRIAGE, Caller
from tests.webui.api.conftest import Login

OFFICERS = ("李娜", "周敏", "吴强", "请核实", "情况属实")
RETURN = {"sign": "退单", "return_reason": "不属本局职责", "return_basis": "三定规定第三条"}


def handled(login: Login, **answer: Any) -> str:
    """A case the department has answered."""
    case = login("jingmi").start()
    login("platform").do(case, "研判派发", TRIAGE)
    login("market-admin").do(case, "签收", SIGN)
    login("market-1").do(case, "联系企业", CONTACT)
    login("market-1").do(case, "处置答复", {**HANDLE, **answer})
    return case


def everything(caller: Caller, case: str) -> str:
    """All that the caller may read of a case, as one text."""
    paths = (f"/cases/{case}", f"/cases/{case}/history", f"/cases/{case}/diagram", "/cases", "/tasks")
    return "".join(caller.get(path).data.decode() for path in paths)


def test_two_enterprises_do_not_know_of_each_others_cases(login: Login) -> None:
    own, others = login("jingmi"), login("lvneng")
    case, number = own.start(), own.get("/cases")["items"][0]["number"]
    others.start(OTHERS)
    missing = others.get("/cases/SQ-20260309-9999")
    for path in (case, number, f"{case}/history", f"{number}/diagram"):
        refused = others.get(f"/cases/{path}")
        assert (refused.status, refused["code"], refused["detail"]) == (
            404,
            missing["code"],
            missing["detail"],
        )
    assert others.post(f"/cases/{case}/messages", {"name": "x"}).status == 404
    assert [item["enterprise"] for item in others.get("/cases")["items"]] == [OTHERS["uscc"]]
    assert others.get("/cases", text=number)["total"] == 0


def test_anothers_task_does_not_exist_for_an_enterprise(login: Login) -> None:
    case = login("jingmi").start()
    task = login("platform").task(case, "研判派发")["id"]
    for answer in (
        login("lvneng").get(f"/tasks/{task}"),
        login("lvneng").post(f"/tasks/{task}/claim", {}),
        login("lvneng").post(f"/tasks/{task}/complete", {"version": 1, "values": TRIAGE}),
    ):
        assert (answer.status, answer["code"]) == (404, "runtime.no_case")


def test_an_enterprise_starts_for_itself_only(login: Login) -> None:
    refused = login("lvneng").post("/cases", {"process": "appeal", "values": APPEAL})
    assert (refused.status, refused["code"]) == (403, "runtime.not_own_enterprise")
    assert login("jingmi").get("/cases")["total"] == 0


def test_an_enterprise_reads_departments_and_public_answers_only(login: Login) -> None:
    case = handled(login)
    told = everything(login("jingmi"), case)
    assert "市场监督管理局" in told and "服务中心" in told and HANDLE["answer"] in told
    assert APPEAL["content"] in told
    for secret in (*OFFICERS, "notify_triage", "三定"):
        assert secret not in told, secret
    assert all(name in everything(login("platform"), case) for name in OFFICERS)


def test_its_history_is_numbered_anew_and_has_no_hashes(login: Login) -> None:
    case = handled(login)
    items = login("jingmi").get(f"/cases/{case}/history")["items"]
    assert [item["seq"] for item in items] == list(range(1, len(items) + 1))
    assert {item["kind"] for item in items} <= {
        "case.started", "task.opened", "task.completed", "status.changed", "case.ended",
    }  # fmt: skip
    triage = next(item for item in items if item["kind"] == "task.completed")
    assert triage["element_name"] == "研判派发"
    assert triage["data"] == {"name": "研判派发", "values": {"outcome": "派发"}}
    assert triage["actor"] is None and triage["actor_name"] == "服务中心"


def test_internal_nodes_their_tasks_and_their_status_are_hidden(login: Login) -> None:
    case = login("jingmi").start()
    for _ in range(2):
        login("platform").do(case, "研判派发", TRIAGE)
        login("market-admin").do(case, "签收", RETURN)
    officer, enterprise = login("platform").get(f"/cases/{case}"), login("jingmi").get(f"/cases/{case}")
    assert officer["status"] == "待裁定" and [t["name"] for t in officer["tasks"]] == ["裁定"]
    assert enterprise["status"] == "待签收" and enterprise["tasks"] == [] and enterprise["due_at"] is None
    told = everything(login("jingmi"), case)
    assert "裁定" not in told and "ruling" not in told and "不属本局职责" not in told
    assert login("jingmi").get("/cases", status="待裁定")["total"] == 0
    hidden = officer["tasks"][0]["id"]
    assert login("jingmi").get(f"/tasks/{hidden}").status == 404
    assert login("jingmi").post(f"/tasks/{hidden}/claim", {}).status == 404


def test_a_departments_task_is_told_to_the_enterprise_without_its_handle(login: Login) -> None:
    case = login("jingmi").start()
    task = login("jingmi").get(f"/cases/{case}")["tasks"][0]
    assert task["id"] is None and task["waits_for"] == ["服务中心"] and task["assignee"] is None
    shown = login("platform").task(case, "研判派发")
    login("platform").post(f"/tasks/{shown['id']}/claim", {})
    assert login("jingmi").get(f"/cases/{case}")["tasks"][0]["assignee_name"] == "服务中心"
    refused = login("jingmi").post(f"/tasks/{shown['id']}/complete", {"version": 2, "values": TRIAGE})
    assert (refused.status, refused["code"]) == (403, "runtime.not_assignee")
    assert refused["facts"]["who"] == "服务中心" and "李娜" not in refused.data.decode()


def test_diagrams_are_not_for_enterprises(login: Login) -> None:
    assert login("jingmi").get("/definitions/appeal/diagram").status == 403
    course = login("jingmi").get(f"/cases/{login('jingmi').start()}/diagram")
    assert course["present"] == ["triage"] and "suggest_department" not in course["passed"]
    assert not any("suggest_department" in flow for flow in course["flows"])


def test_files_are_for_whoever_may_read_where_they_are_attached(login: Login) -> None:
    handler, enterprise = login("market-1"), login("jingmi")
    shown, hers = (
        caller.post("/files", data={"file": (BytesIO(b"%PDF-1.7 %%EOF"), "a.pdf")})["id"]
        for caller in (handler, enterprise)
    )
    assert enterprise.get(f"/files/{shown}").status == 404 and handler.get(f"/files/{shown}").status == 200
    assert login("platform").get(f"/files/{hers}").status == 404
    handled(login, answer_files=[shown])
    got = enterprise.get(f"/files/{shown}")
    assert got.status == 200 and got.data == b"%PDF-1.7 %%EOF"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert login("platform").get(f"/files/{shown}").status == 200
    assert login("lvneng").get(f"/files/{shown}").status == 404
    assert login("tax-1").get(f"/files/{shown}").status == 403


def test_a_file_of_a_form_that_is_not_public_stays_inside(login: Login) -> None:
    case = handled(login)
    login("platform").do(case, "回访", CALLBACK)
    assert "callback_note" not in everything(login("jingmi"), case)
    assert "评价" in everything(login("jingmi"), case)
