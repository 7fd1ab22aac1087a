"""Signers by the API: what a task says of them, and that an enterprise is told nothing."""

from tests.webui.api.api_driver import CONTACT, HANDLE, SIGN, TRIAGE
from tests.webui.api.conftest import Login


def test_a_task_says_who_was_asked_and_what_they_said(login: Login) -> None:
    case = login("jingmi").start()
    login("platform").do(case, "研判派发", TRIAGE)
    owner, signer = login("market-admin"), login("market-1")
    task = owner.task(case, "签收")
    asked = {"people": [signer.get("/me")["id"]], "version": task["version"], "opinion": "归谁？"}
    assert owner.post(f"/tasks/{task['id']}/sign-before", asked).status == 200
    waiting = owner.get(f"/tasks/{task['id']}")
    assert (waiting["held"], waiting["may_complete"], waiting["form"]) == ("before", False, None)
    (one,) = waiting["signers"]
    assert (one["name"], one["how"], one["state"], one["outcome"]) == ("吴强", "before", "open", None)
    own = signer.get(f"/tasks/{one['task_id']}")
    assert own["may_decide"] and not own["may_complete"]
    told = own["asked"]
    assert (told["how"], told["note"], told["values"]) == ("before", "归谁？", None)
    assert told["by"] == owner.get("/me")["id"] and waiting["asked"] is None
    refused = signer.post(f"/tasks/{one['task_id']}/decide", {"outcome": "disagree"})
    assert refused.status == 422
    said = {"outcome": "disagree", "opinion": "不属于本科室"}
    assert signer.post(f"/tasks/{one['task_id']}/decide", said).status == 200
    (one,) = owner.get(f"/tasks/{task['id']}")["signers"]
    assert (one["outcome"], one["opinion"]) == ("disagree", "不属于本科室")
    assert login("market-admin").do(case, "签收", SIGN)["status"]
    assert "加签" not in str(login("jingmi").get(f"/cases/{case}")["tasks"])


def test_who_is_asked_after_reads_what_was_filled_in(login: Login) -> None:
    case = login("jingmi").start()
    login("platform").do(case, "研判派发", TRIAGE)
    login("market-admin").do(case, "签收", SIGN)
    owner, signer = login("market-1"), login("market-2")
    owner.do(case, "联系企业", CONTACT)
    task = owner.task(case, "处置答复")
    body = {"people": [signer.get("/me")["id"]], "version": task["version"], "values": HANDLE}
    assert owner.post(f"/tasks/{task['id']}/sign-after", body).status == 200
    (one,) = owner.get(f"/tasks/{task['id']}")["signers"]
    asked = signer.get(f"/tasks/{one['task_id']}")["asked"]
    assert (asked["how"], asked["values"]["answer"]) == ("after", HANDLE["answer"])
