"""Incidents by API: what waits for a person, and letting it try again."""

from flask import Flask

from engine import runtime
from engine.runtime.casework.mishaps import hold_clock
from tests.webui.api.conftest import Login


def test_an_incident_is_told_and_retried(app: Flask, login: Login) -> None:
    case, control = login("jingmi").start(), login("control")
    engine: runtime.Engine = app.extensions["zhiban"]
    hold_clock(engine, case, "", ValueError("no such day"))
    (item,) = control.get("/incidents")["items"]
    assert (item["kind"], item["case_id"], item["detail"]) == ("calendar", case, "ValueError: no such day")
    assert "期限没有算成" in item["what"] and "重试" in item["todo"]
    (kept,) = login("administrator").get("/incidents")["items"]
    assert (kept["case_id"], kept["title"], kept["number"]) == (None, None, item["number"])
    for username in ("platform", "jingmi"):
        assert login(username).get("/incidents").status == 403
        assert login(username).post(f"/incidents/{item['id']}/retry").status == 403
    assert control.post(f"/incidents/{item['id']}/retry").body == {"retried": True}
    assert control.get("/incidents")["items"] == []
    assert control.post(f"/incidents/{item['id']}/retry").status == 404
