"""Absences and handing over by API."""

from flask import Flask

from engine import identity
from tests.webui.absence.test_absence_pages import appeals, holders, id_of
from tests.webui.api.conftest import Login


def test_an_absence_is_made_listed_and_ended(login: Login, app: Flask) -> None:
    person, admin = login("market-1"), login("market-admin")
    given = {"deputy": id_of(app, "market-2"), "since": "2026-03-09", "until": "2026-03-13 12:00"}
    made = person.post("/absences", given)
    assert made.status == 201, made.body
    assert (made["since_at"], made["until_at"]) == ("2026-03-08T16:00:00Z", "2026-03-13T04:00:00Z")
    (item,) = person.get("/absences")["items"]
    assert (item["account_name"], item["deputy_name"], item["how"], item["process"]) == (
        "吴强",
        "郑洁",
        "move",
        None,
    )
    assert admin.get("/absences", department="market")["items"] == [item]
    assert login("market-2").get("/absences", deputising="true")["items"] == [item]
    assert person.get("/absences", deputising="true")["items"] == []
    assert admin.get("/absences", department="tax").status == 403
    assert admin.get("/absences", account=id_of(app, "tax-1")).status == 403
    refused = person.post("/absences", given)
    assert refused.status == 422 and refused.wheres == {"since"}
    assert login("market-2").post(f"/absences/{item['id']}/end").status == 403
    assert admin.post(f"/absences/{item['id']}/end")["ended_at"] == "2026-03-09T00:40:00Z"
    assert person.get("/absences")["items"] == []
    assert person.post(f"/absences/{item['id']}/end").status == 409


def test_what_is_wrong_is_said_by_field(login: Login, app: Flask) -> None:
    given = {"deputy": id_of(app, "tax-1"), "since": "2026-03-09", "until": "2026-03-08"}
    assert login("market-1").post("/absences", {**given, "process": "none"}).wheres == {"process"}
    assert login("market-1").post("/absences", given).wheres == {"deputy", "until"}
    assert login("market-1").post("/absences", {**given, "since": "soon"}).wheres == {"since"}
    assert login("jingmi").post("/absences", given).status == 403


def test_tasks_are_handed_over_with_a_result_for_each(login: Login, app: Flask) -> None:
    cases = appeals(app, "market-1", 2)
    admin, path = login("market-admin"), f"/handover/{id_of(app, 'market-1')}"
    found = admin.get(path)
    ids = [item["id"] for item in found["items"]]
    assert [item["name"] for item in found["receivers"]] == ["周敏", "郑洁"]
    body = {"tasks": ids, "to": [id_of(app, "market-2"), "-"], "reason": "轮岗"}
    done = admin.post(path, body, key="once")
    assert (done["done"], done["failed"]) == (2, 0)
    assert sorted(holders(app, cases), key=str) == [None, "郑洁"]
    assert admin.post(path, body, key="once").body == done.body
    assert admin.post(path, body)["items"] == []
    assert login("market-2").get(path).status == 403
    assert admin.post(path, {"tasks": ids, "to": [id_of(app, "tax-1")]}).wheres == {"to"}


def test_what_four_eyes_refuse_stays_and_says_why(login: Login, app: Flask) -> None:
    appeals(app, "market-1", 2)
    engine = app.extensions["zhiban"]
    admin, path = login("market-admin"), f"/handover/{id_of(app, 'market-1')}"
    ids = [item["id"] for item in admin.get(path)["items"]]
    with engine.writing() as connection:
        table = identity.tables.metadata.tables["task_exclusions"]
        connection.execute(table.insert().values(task_id=ids[0], account=id_of(app, "market-2")))
    done = admin.post(path, {"tasks": ids, "to": [id_of(app, "market-2")]})
    assert (done["done"], done["failed"]) == (1, 1)
    (kept,) = [item for item in done["items"] if not item["done"]]
    assert kept["task_id"] == ids[0] and "不能移交给郑洁" in kept["why"]
