"""The page of a case of many rounds reads little more than that of a few: rows are counted, not time."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engine.clock import ControlledClock
from engine.repository import deploy
from engine.runtime import queries
from tests.benchmarks.bench_step import endless
from tests.webui.api.api_driver import TRIAGE
from tests.webui.test_casefile import Someone, Stage
from webui.present import telling

SHOWN = 20  # of the deadlines that are over


def rows_read(app: Flask, someone: Someone, address: str, who: str = "leader") -> int:
    """How many rows come back for all that the page asks of the database."""
    database, said = app.extensions["zhiban"].database, list[tuple[str, Any]]()
    browser = someone(who)
    seen = lambda c, cursor, sql, given, *rest: said.append((sql, given))  # noqa: E731
    sa.event.listen(database, "before_cursor_execute", seen)
    browser.open(address)
    sa.event.remove(database, "before_cursor_execute", seen)
    asked = [one for one in said if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    assert len(asked) > 10
    with database.connect() as connection:
        return sum(len(connection.exec_driver_sql(sql, given).all()) for sql, given in asked)


def appeal(stage: Stage, rounds: int) -> str:
    """An appeal that has been dispatched again so often, and answered once more."""
    case = stage.start()
    stage.do(case, "triage", "platform", TRIAGE)
    for number in range(1, rounds):
        clock: Any = stage.engine.clock
        clock.move_to(clock.now() + timedelta(minutes=1))
        stage.round(case, f"第{number}轮的答复")
        stage.unhappy(case)
    return case


@pytest.fixture
def stage(app: Flask, clock: ControlledClock) -> Stage:
    """An appeal may go round for ever: supervision is out of reach."""
    found = Stage(app)
    operations, now = found.engine.operations, clock.now()
    with found.engine.writing() as connection:
        deploy(connection, endless(), operations=operations, actor="system", now=now)
    return found


def test_a_case_of_many_rounds_reads_as_much_as_one_of_half_as_many(
    app: Flask, someone: Someone, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "WINDOW", 60)
    few, many = appeal(stage, 14), appeal(stage, 28)
    for who in ("leader", "jingmi"):
        read = {case: rows_read(app, someone, f"/cases/{case}", who) for case in (few, many)}
        assert abs(read[many] - read[few]) <= 3, (who, read)
    assert rows_read(app, someone, f"/cases/{many}?all=1") > 2 * rows_read(app, someone, f"/cases/{many}")


def test_what_is_over_is_shown_from_its_end_and_counted_whole(someone: Someone, stage: Stage) -> None:
    case = appeal(stage, 7)
    with stage.engine.reading() as connection:
        row = queries.case(connection, case)
        diagram = stage.engine.definitions.get(connection, row.definition_id).diagram
        every = queries.deadlines_of(connection, case, diagram)
        over = [one for one in every if one.closed_at is not None]
        assert queries.last_over(connection, case, diagram, SHOWN) == (over[-SHOWN:], len(over))
        assert queries.last_over(connection, case, diagram, 1000) == (over, len(over))
        running = [one for one in every if one not in over]
        assert queries.open_deadlines_of(connection, case, diagram) == running
        told = queries.notices(connection, case)
        for most in (1, 12, 1000):
            kept = told[-most:]
            assert queries.last_notices(connection, case, most) == (kept, len(told) - len(kept)), most
    assert len(over) > SHOWN and len(told) > 12
    browser = someone("leader").open(f"/cases/{case}")
    assert (
        f"已结束的 {len(over)} 项" in browser.text and f"更早的 {len(told) - 12} 条没有列出" in browser.text
    )
    assert browser.text.count("已送达") < len(told)
    whole = browser.open(f"/cases/{case}?all=1").text
    assert "条没有列出" not in whole and f"已结束的 {len(over)} 项" in whole
