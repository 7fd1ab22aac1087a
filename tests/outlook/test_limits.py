"""What another limit would have meant: worked out by hand for a handful of cases."""

from datetime import date, datetime

import pytest
import sqlalchemy as sa

from engine.clock import SHANGHAI
from engine.errors import Invalid
from engine.outlook.limits import Effect, effect, month_of
from engine.repository import Bundle
from engine.runtime import clocks
from engine.runtime.tables import deadlines
from engine.worktime.rules import DEFAULT, Limit
from tests.runtime.agreement import picture
from tests.runtime.small import small, task
from tests.runtime.stage import Platform

MARCH = date(2026, 3, 1), date(2026, 3, 31)
ORDINARY = next(row for row in DEFAULT.limits if row.name == "handling" and row.fallback)  # 3 working days
DUE = '= rule due("handling", {process: "small", type: note, complexity: "一般", urgent: false})'


def at(platform: Platform, day: int, hour: int) -> None:
    platform.clock.move_to(datetime(2026, 3, day, hour, tzinfo=SHANGHAI))


def counted_process() -> Bundle:
    """One task, due by the limit for handling; the note that begins a case is its type."""
    own = {"u1": task("u1").replace("'P3D'", f"'{DUE}'").replace('"', "&quot;")}
    return small("s>u1>e", own, said={"type": "= note"})


@pytest.fixture
def cases(platform: Platform) -> dict[str, str]:
    """Four cases begun on Wednesday 2026-03-11, due after the 12th, 13th, 16th; the last one is not done."""
    platform.deploy(counted_process())
    found = {
        name: platform.start("platform", "small", note=name) for name in ("两天", "三天", "四天", "没办")
    }
    for name, day, hour in (("两天", 13, 12), ("三天", 16, 12), ("四天", 17, 12)):
        at(platform, day, hour)
        platform.complete(found[name], note=name, go="x")
    at(platform, 18, 9)
    return found


def counted(
    platform: Platform, count: int, limit: Limit = ORDINARY, span: tuple[date, date] = MARCH
) -> Effect:
    with platform.engine.reading() as connection:
        return effect(connection, limit, count, *span, platform.clock.now())


def test_a_shorter_limit_makes_late_what_was_done_on_the_last_day(
    platform: Platform, cases: dict[str, str]
) -> None:
    found = counted(platform, 2)  # 12, 13: due on the 13th at 17:30
    assert (found.total, found.late, found.would_be_late, found.kept) == (4, 2, 3, 0)
    (changed,) = found.changed
    assert changed.case_id == cases["三天"] and changed.type == "三天"
    assert changed.would_be == datetime(2026, 3, 13, 17, 30, tzinfo=SHANGHAI)
    assert changed.due == datetime(2026, 3, 16, 17, 30, tzinfo=SHANGHAI)
    first = found.shares[0]
    assert (first.type, first.total, first.late, first.would_be_late) == ("三天", 1, 0, 1)


def test_a_longer_limit_saves_what_was_a_day_late(platform: Platform, cases: dict[str, str]) -> None:
    found = counted(platform, 4)  # the 17th at 17:30
    assert (found.late, found.would_be_late) == (2, 1)
    assert [(v.case_id, v.was_late, v.would_be_late) for v in found.changed] == [(cases["四天"], True, False)]


def test_the_same_limit_changes_nothing(platform: Platform, cases: dict[str, str]) -> None:
    found = counted(platform, 3)
    assert found.late == found.would_be_late == 2 and found.changed == ()


def test_only_clocks_that_the_row_decided_are_counted(platform: Platform, cases: dict[str, str]) -> None:
    urgent = next(row for row in DEFAULT.limits if row.urgent)
    contact = next(row for row in DEFAULT.limits if row.name == "contact")
    assert counted(platform, 9, urgent).total == counted(platform, 9, contact).total == 0
    assert counted(platform, 9, span=(date(2026, 4, 1), date(2026, 4, 30))).total == 0
    assert counted(platform, 9, span=(date(2026, 3, 11), date(2026, 3, 11))).total == 4


def test_what_was_moved_otherwise_stays_where_it_is(platform: Platform, cases: dict[str, str]) -> None:
    later = datetime(2026, 3, 20, 17, 30, tzinfo=SHANGHAI)
    with platform.engine.writing() as connection:
        mine = deadlines.c.case_id == cases["没办"]
        connection.execute(sa.update(deadlines).where(mine).values(due_at=later))
    found = counted(platform, 2)
    assert (found.late, found.would_be_late, found.kept) == (1, 2, 1)


def test_counting_writes_nothing(platform: Platform, cases: dict[str, str]) -> None:
    before = picture(platform.engine)
    counted(platform, 1)
    assert picture(platform.engine) == before


@pytest.mark.parametrize("count", [-1, 10_001])
def test_a_count_that_cannot_be_is_refused(platform: Platform, count: int) -> None:
    with pytest.raises(Invalid):
        counted(platform, count)


def test_a_span_that_cannot_be_is_refused(platform: Platform) -> None:
    for span in ((date(2026, 3, 2), date(2026, 3, 1)), (date(2025, 1, 1), date(2026, 12, 31))):
        with pytest.raises(Invalid):
            counted(platform, 2, span=span)


def test_a_month_is_read_from_its_text() -> None:
    assert month_of("2026-02") == (date(2026, 2, 1), date(2026, 2, 28))
    assert month_of("2026-12") == (date(2026, 12, 1), date(2026, 12, 31))
    assert [month_of(text) for text in ("", "2026", "2026-13", "2026-2-1", "xxxx-01")] == [None] * 5


def test_a_clock_that_stands_still_is_judged_as_it_stood(platform: Platform) -> None:
    platform.deploy(counted_process())
    case_id = platform.start("platform", "small", note="停")  # due on the 16th
    at(platform, 12, 10)
    with platform.engine.writing() as connection:
        given = {"actor": platform.actors["control"], "case_id": case_id, "kind": "补正", "reason": "x"}
        clocks.stop(platform.engine, connection, **given)
    at(platform, 18, 9)
    found = counted(platform, 1)  # the 12th at 17:30: after the stop began
    assert (found.total, found.late, found.would_be_late, found.stopped) == (1, 0, 0, 1)
    assert counted(platform, 0).would_be_late == 1, "late before the stop began"
