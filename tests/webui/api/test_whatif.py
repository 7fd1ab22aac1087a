"""What another limit would have meant, as programs and as the page read it."""

from datetime import timedelta

import pytest
from flask import Flask

from engine import runtime
from engine.clock import ControlledClock
from engine.repository import deploy
from engine.worktime.rules import DEFAULT
from tests.outlook.test_limits import ORDINARY, counted_process
from tests.webui.api.conftest import Login

ROW = DEFAULT.limits.index(ORDINARY)
ASKED = {"row": ROW, "count": 2, "month": "2026-03"}


@pytest.fixture
def late(app: Flask, login: Login, clock: ControlledClock) -> str:
    """A case begun on Monday 2026-03-09, due with the 12th, done on its last day; its number."""
    engine: runtime.Engine = app.extensions["zhiban"]
    with engine.writing() as connection:
        deploy(connection, counted_process(), operations=engine.operations, actor="system", now=clock.now())
    platform = login("platform")
    case = platform.post("/cases", {"process": "small", "values": {"note": "税费", "go": None}}).body
    clock.move_to(clock.now() + timedelta(days=3, hours=4))
    platform.do(case["id"], "u1", {"note": "税费", "go": None})
    return str(case["number"])


def test_the_control_centre_reads_which_cases_change(login: Login, late: str) -> None:
    found = login("control").get("/whatif/limit", **ASKED)
    assert found.status == 200, found.body
    assert (found["total"], found["late"], found["would_be_late"], found["unit"]) == (1, 0, 1, "workdays")
    (changed,) = found["changed"]
    assert (changed["number"], changed["type"], changed["would_be"]) == (late, "税费", "2026-03-11T09:30:00Z")
    assert found["shares"][0]["would_be_late"] == 1


def test_an_analyst_reads_no_number(login: Login, late: str) -> None:
    found = login("analyst").get("/whatif/limit", **ASKED)
    assert found["would_be_late"] == 1 and found["changed"][0]["number"] is None
    assert late not in found.data.decode()


@pytest.mark.parametrize("wrong", [{"count": -1}, {"row": -1}, {"month": "2026"}, {"month": "2026-99"}])
def test_what_cannot_be_counted_is_refused(login: Login, wrong: dict[str, object]) -> None:
    assert login("analyst").get("/whatif/limit", **{**ASKED, **wrong}).status == 422


def test_a_row_that_is_not_there_is_not_found(login: Login) -> None:
    assert login("analyst").get("/whatif/limit", **{**ASKED, "row": 99}).status == 404


def test_others_are_not_let_in(login: Login) -> None:
    for username in ("platform", "market-1", "jingmi", "leader"):
        assert login(username).get("/whatif/limit", **ASKED).status == 403
