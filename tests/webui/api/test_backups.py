"""A/B 岗, what deputies have, and accounts, by the API."""

import pytest
from flask import Flask

from tests.webui.absence.test_absence_pages import appeals, id_of
from tests.webui.api.conftest import Login


def test_who_stands_in_is_read_and_set_by_the_departments_keeper(login: Login, app: Flask) -> None:
    admin, person, other = login("market-admin"), id_of(app, "market-1"), id_of(app, "market-2")
    (own,) = login("market-1").get("/backups")["items"]
    assert (own["account"], own["backup"]) == (person, None)
    assert other in {one["id"] for one in own["eligible"]}
    assert admin.send("PUT", f"/backups/{person}", json={"backup": other})["backup_name"] == "郑洁"
    items = {one["account"]: one for one in admin.get("/backups", department="market")["items"]}
    assert (items[person]["backup"], items[other]["backup"]) == (other, None)
    away = {"since": "2026-03-10", "until": "2026-03-10"}
    assert login("market-1").post("/absences", away)["deputy"] == other
    assert admin.send("PUT", f"/backups/{person}", json={"backup": ""})["backup"] is None
    assert login("market-1").get("/backups")["items"][0]["backup"] is None


def test_nobody_else_sets_or_reads_it(login: Login, app: Flask) -> None:
    person, other = id_of(app, "market-1"), id_of(app, "market-2")
    for who in ("market-1", "market-2", "tax-admin", "control", "leader", "jingmi"):
        refused = login(who).send("PUT", f"/backups/{person}", json={"backup": other})
        assert refused.status == 403, who
        assert login(who).get("/backups", department="market").status == 403, who
    assert login("market-1").get("/backups")["items"][0]["backup"] is None
    assert login("control").get("/backups", department="-").status == 200
    assert login("administrator").get("/backups", department="nowhere").status == 404


def test_a_stranger_is_no_stand_in(login: Login, app: Flask) -> None:
    admin, person = login("market-admin"), id_of(app, "market-1")
    refused = admin.send("PUT", f"/backups/{person}", json={"backup": id_of(app, "tax-1")})
    assert (refused.status, refused.wheres) == (422, {"backup"})
    assert admin.send("PUT", f"/backups/{person}", json={}).wheres == {"backup"}
    assert admin.send("PUT", f"/backups/{person}", json={"backup": "0" * 32}).status == 404
    assert admin.send("PUT", f"/backups/{'0' * 32}", json={"backup": person}).status == 404
    assert login("market-1").get("/backups")["items"][0]["backup"] is None


@pytest.mark.parametrize("way", ["give-back", "take-home"])
def test_what_a_deputy_has_goes_home(login: Login, app: Flask, way: str) -> None:
    person, deputy = login("market-1"), login("market-2")
    rule = {"deputy": id_of(app, "market-2"), "since": "2026-03-09", "until": "2026-03-10"}
    made = person.post("/absences", rule)
    appeals(app, "market-1", 1)
    (item,) = deputy.get("/deputised")["for_others"]
    assert [one["id"] for one in person.get("/deputised")["with_others"]] == [item["id"]]
    assert (item["person_name"], item["holder_name"]) == ("吴强", "郑洁")
    path, who = f"/tasks/{item['id']}/{way}", deputy if way == "give-back" else person
    early = who.post(path)
    assert early.status == 409 and early["detail"]
    person.post(f"/absences/{made['id']}/end")
    for stranger in ("market-admin", "tax-1", "jingmi"):
        assert login(stranger).post(path).status == 403
    assert who.post(path).status == 200
    assert person.get(f"/tasks/{item['id']}")["assignee"] == id_of(app, "market-1")
    assert who.post(path).status == 403
    assert who.post(f"/tasks/{'0' * 32}/{way}").status == 404


def test_an_account_is_stopped_once_nothing_hangs_on_it(login: Login, app: Flask) -> None:
    administrator, person = login("administrator"), id_of(app, "market-1")
    appeals(app, "market-1", 1)
    held = administrator.post(f"/accounts/{person}/stop")
    assert (held.status, held["code"], held["facts"]["count"]) == (409, "runtime.handover.hanging", 1)
    open_ = {one["id"]: one["open"] for one in administrator.get("/accounts", limit=200)["items"]}
    assert open_[person] == 1
    tasks = [one["id"] for one in administrator.get(f"/handover/{person}")["items"]]
    administrator.post(f"/handover/{person}", {"tasks": tasks, "to": [id_of(app, "market-2")]})
    caller = login("market-1")
    assert administrator.post(f"/accounts/{person}/stop").body == {"id": person, "active": False}
    assert caller.get("/me")["code"] == "identity.inactive"
    assert administrator.post(f"/accounts/{person}/start")["active"]
    assert login("market-1").get("/me").status == 200


def test_accounts_are_the_administrators(login: Login, app: Flask) -> None:
    person, administrator = id_of(app, "market-1"), login("administrator")
    for who in ("market-admin", "control", "market-1", "jingmi"):
        assert login(who).get("/accounts").status == 403
        assert login(who).post(f"/accounts/{person}/stop").status == 403
    assert administrator.post(f"/accounts/{id_of(app, 'administrator')}/stop").status == 403
    assert administrator.post(f"/accounts/{'0' * 32}/stop").status == 404
    page = administrator.get("/accounts", limit=2, offset=1)
    assert len(page["items"]) == 2 and page["more"]
