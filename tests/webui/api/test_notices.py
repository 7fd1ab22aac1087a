"""Notices by API: what one is told, unread and read, and where a case's notices have gone."""

import sqlalchemy as sa
from flask import Flask

from connectors.base import Outgoing, Refused
from engine import outbox
from engine.clock import ControlledClock
from tests.webui.api.api_driver import OTHERS, Caller
from tests.webui.api.conftest import Login


def texts(caller: Caller, **query: object) -> list[str]:
    return [item["text"] for item in caller.get("/notices", **query)["items"]]


def test_one_is_told_reads_and_has_read(login: Login) -> None:
    enterprise, officer = login("jingmi"), login("platform")
    case = enterprise.start()
    enterprise.start()
    page = officer.get("/notices", limit=1)
    assert (page["unread"], page["more"], len(page["items"])) == (2, True, 1)
    (newest,) = page["items"]
    assert newest["text"] == "诉求 SQ-20260309-0002 待研判派发"
    assert newest["unread"] and newest["title"] and newest["at"].startswith("2026-03-09T00:40")
    older = officer.get("/notices", limit=1, offset=1)["items"][0]
    assert older["case_id"] == case
    assert officer.post("/notices/read", {"ids": [older["id"]]}).body == {"unread": 1}
    assert [item["unread"] for item in officer.get("/notices")["items"]] == [True, False]
    assert texts(officer, unread="true") == [newest["text"]]
    assert officer.post("/notices/read", {"newest": newest["id"]}).body == {"unread": 0}
    assert login("platform", language="en").get("/notices")["items"][0]["text"].startswith("Appeal SQ-")


def test_an_enterprise_is_told_its_own(login: Login) -> None:
    own, other = login("jingmi"), login("lvneng")
    own.start()
    other.start(OTHERS)
    assert texts(own) == ["已收到您的诉求 SQ-20260309-0001"]
    assert texts(other) == ["已收到您的诉求 SQ-20260309-0002"]


def test_what_is_not_ones_own_or_no_list_is_refused(login: Login) -> None:
    login("jingmi").start()
    key = login("platform").get("/notices")["items"][0]["id"]
    stranger = login("lvneng")
    for body in ({"ids": [key]}, {"newest": key}, {"ids": ["x"]}):
        assert (stranger.post("/notices/read", body).status) == 404
    for body in (
        {},
        {"ids": [key], "newest": key},
        {"ids": []},
        {"ids": "x"},
        {"ids": [1]},
        {"ids": ["x"] * 201},
    ):
        assert login("platform").post("/notices/read", body).status == 422
    assert stranger.get("/notices", unread="perhaps").status == 422


def test_officers_see_where_a_notice_has_gone(login: Login, app: Flask, clock: ControlledClock) -> None:
    class Down:
        name = "sms"

        def send(self, notice: Outgoing) -> None:
            raise Refused("no such number")

    engine = app.extensions["zhiban"]
    engine.channels["sms"] = Down()
    case = login("jingmi").start()
    assert outbox.deliver_due(engine, engine.channels) == 0
    items = login("platform").get(f"/cases/{case}/notices")["items"]
    assert {item["recipient"] for item in items} == {"platform", "enterprise@91441802MA4X1Q2T0K"}
    here, there = items[0]["sendings"]
    assert (here["channel"], here["state"], here["problem"]) == ("in-app", "delivered", None)
    assert (there["channel"], there["state"], there["problem"]) == (
        "sms",
        "failed",
        "Refused: no such number",
    )
    assert login("jingmi").get(f"/cases/{case}/notices").status == 403
    assert login("market-1").get(f"/cases/{case}/notices").status == 403
    with engine.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(outbox.messages)).scalar() == 4
