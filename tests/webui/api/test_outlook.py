"""What is ahead of a case, as programs read it."""

from tests.webui.api.api_driver import TRIAGE
from tests.webui.api.conftest import Login
from tests.webui.api.test_disclosure import handled


def test_a_case_and_its_task_tell_the_same_ahead(login: Login) -> None:
    case = login("jingmi").start()
    platform = login("platform")
    found = platform.get(f"/cases/{case}/outlook")
    task = platform.task(case, "研判派发")["id"]
    assert found.status == 200 and platform.get(f"/tasks/{task}/outlook").body == found.body
    assert (found["case_id"], found["status"], found["why"]) == (case, "办结", None)
    first, *_rest, last = found["steps"]
    assert (first["name"], first["who"], first["task_id"]) == ("研判派发", ["服务中心"], task)
    assert first["assumed"][0] == "派发" and first["at"] == first["due"]
    assert last["name"] == "部门评价" and found["ends"] == last["due"] and last["task_id"] is None


def test_looking_ahead_leaves_the_case_as_it_is(login: Login) -> None:
    case = login("jingmi").start()
    platform = login("platform")
    before = platform.get(f"/cases/{case}").body
    platform.get(f"/cases/{case}/outlook")
    assert platform.get(f"/cases/{case}").body == before
    platform.do(case, "研判派发", TRIAGE)


def test_an_enterprise_reads_ahead_of_its_own_case_only(login: Login) -> None:
    case = handled(login)
    own = login("jingmi").get(f"/cases/{case}/outlook")
    assert [step["name"] for step in own["steps"]] == ["回访", "企业评价", "部门评价"]
    assert not any(step["assumed"] for step in own["steps"]) and own["steps"][2]["task_id"] is None
    assert "market-admin" not in own.data.decode() and "周敏" not in own.data.decode()
    assert login("lvneng").get(f"/cases/{case}/outlook").status == 404
    task = login("platform").task(case, "回访")["id"]
    assert login("lvneng").get(f"/tasks/{task}/outlook").status == 404


def test_who_may_not_read_the_case_reads_nothing_ahead_of_it(login: Login) -> None:
    case = login("jingmi").start()
    assert login("tax-1").get(f"/cases/{case}/outlook").status == 403
    assert login("platform").get("/cases/SQ-20990101-0001/outlook").status == 404
