"""The ledger by API: listed to whom it concerns, objected to and decided once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.clock import ControlledClock
from engine.runtime.ledger.tables import assessments
from tests.webui.api.conftest import Login

KEY = "e" * 32


@pytest.fixture
def fault(app: Flask, login: Login, clock: ControlledClock) -> str:
    case, now = login("jingmi").start(), clock.now()
    row = {"id": KEY, "case_id": case, "number": "SQ-20260309-0001", "kind": "late_handling", "at": now}
    row |= {
        "answerable": "market",
        "element": "handle",
        "state": "standing",
        "due_at": now - timedelta(days=4),
    }
    with app.extensions["zhiban"].writing() as connection:
        connection.execute(sa.insert(assessments).values(**row))
    return f"/assessments/{KEY}"


def test_it_is_listed_disputed_and_decided(login: Login, fault: str) -> None:
    admin, centre = login("market-admin"), login("control")
    (item,) = centre.get("/assessments", kind="late_handling", state="standing")["items"]
    assert (item["id"], item["late_days"], item["done_at"], item["answerable_name"]) == (
        KEY,
        2,
        None,
        "市场监督管理局",
    )
    assert admin.post(f"{fault}/objection", {"text": "系统停机"})["state"] == "objected"
    assert admin.post(f"{fault}/objection", {"text": "系统停机"}).status == 409
    assert admin.post(f"{fault}/decision", {"choice": "revoke", "text": "属实"}).status == 403
    decided = centre.post(f"{fault}/decision", {"choice": "uphold", "text": "已核实"})
    assert (decided["state"], decided["decision"]) == ("upheld", "已核实")


@pytest.mark.parametrize("who, status", [("market-1", 404), ("ecology-admin", 404), ("jingmi", 403)])
def test_it_is_not_others(login: Login, fault: str, who: str, status: int) -> None:
    other = login(who)
    assert other.get(fault).status == status
    assert other.post(f"{fault}/objection", {"text": "系统停机"}).status == status
    assert who == "jingmi" or other.get("/assessments")["total"] == 0


def test_what_is_missing_is_named(login: Login, fault: str) -> None:
    admin = login("market-admin")
    assert admin.post(f"{fault}/objection", {}).wheres == {"text"}
    assert admin.post(f"{fault}/objection", {"text": "   "}).status == 422
    assert login("control").post(f"{fault}/decision", {"choice": "maybe", "text": "x"}).wheres == {"choice"}
