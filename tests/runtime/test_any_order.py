"""Whole cases in any order: calendar edits, stops, extensions, time that passes; run and rows always agree.

Beside each case a twin goes the same way at the same moments, but on the last calendar from the beginning:
whatever the calendar was in between, both end with the same dates.
"""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import runtime, worktime
from engine.clock import ControlledClock
from engine.errors import Conflict
from engine.identity import SYSTEM
from engine.runtime import clocks
from engine.runtime.tables import cases, deadlines, timers
from tests.bpmn.drawing import boundary, parameters, service
from tests.bpmn.game import many, timer
from tests.runtime.agreement import agree, picture
from tests.runtime.small import small
from tests.runtime.stage import BEGINNING, Platform
from tests.runtime.test_deadlines import phase, user

MESSAGE = '<b:messageEventDefinition messageRef="msg"/>'
MONDAY = date(2026, 3, 9)
Deed = tuple[str, int, bool]

deeds = st.one_of(
    st.tuples(st.just("edit"), st.integers(0, 25), st.booleans()),
    st.tuples(st.just("pass"), st.integers(1, 70), st.just(True)),
    st.tuples(st.sampled_from(["stop", "resume", "extend", "recount"]), st.just(0), st.just(True)),
)


@pytest.fixture
def drawn(platform: Platform) -> Platform:
    """A phase with a task, a task for each of two, a timer on its edge, and a message that extends it."""
    several = user("u2", "= workdays(4)").replace(
        "</b:userTask>", many(collection="= [1, 2]") + "</b:userTask>"
    )
    inner = {"u1": user("u1", "= workdays(2)"), "u2": several}
    own = {
        "set": service("set", "set variables", parameters({}, {"first": "= workdays(5)", "due": "= first"})),
        "q1": phase("q1", "is>p2>u1>e6 p2>u2>e7 p2>u3>e8", {**inner, "u3": user("u3", "= due")}, "= due"),
        "b": boundary("b", "q1", timer('= due - duration("PT30M")', "timeDate"), False),
        "b2": boundary("b2", "q1", timer("= working hours(12)", "timeDate"), False),
        "m1": boundary("m1", "q1", MESSAGE, False),
        "more": service("more", "set variables", parameters({}, {"due": "= workdays(2, first)"})),
    }
    platform.deploy(small("s>set>q1>e b>e2 b2>e5 m1>more>e3", own))
    return platform


class Way:
    """One case on an engine with a clock of its own, and what is done with it."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.clock = platform, ControlledClock(BEGINNING)
        self.engine = runtime.Engine(platform.database, self.clock)
        self.engine.definitions = platform.engine.definitions
        with self.engine.writing() as connection:
            given_ = {"actor": platform.actors["platform"], "process": "small", "values": {"note": "x"}}
            self.case_id = runtime.start_case(self.engine, connection, **given_).case_id

    def take(self, deed: Deed) -> None:
        name, number, worked = deed
        if name == "pass":
            self.clock.move_to(self.clock.now() + timedelta(hours=number))
            return
        if name == "recount":
            clocks.recount_cases(self.engine)
            return
        with self.engine.writing() as connection:
            common = {"actor": SYSTEM, "case_id": self.case_id}
            if name == "edit":
                day, now = MONDAY + timedelta(days=number), self.clock.now()
                worktime.edit_day(connection, day, worked, note="", reason="通知", by="control", now=now)
            elif name == "extend":
                runtime.deliver(self.engine, connection, message="撤回", values={}, **common)
            elif name == "stop":
                clocks.stop(self.engine, connection, kind="补正", reason="x", **common)
            else:
                clocks.resume(self.engine, connection, **common)

    def attempted(self, deed: Deed) -> None:
        try:
            self.take(deed)
        except Conflict as refused:  # stopped already or not; a boundary message acts once an activity
            assert refused.code in ("runtime.stopped_already", "runtime.not_stopped", "bpmn.not_expected")

    def dates(self) -> dict[tuple[str, int, str], datetime]:
        """The due moments by kind, token and element."""
        found: dict[tuple[str, int, str], datetime] = {}
        for table, kind in ((timers, "timer"), (deadlines, "limit")):
            for row in self.platform.rows(table, table.c.case_id == self.case_id):
                found[getattr(row, "kind", kind), row.token, row.element] = row.due_at
        return found

    def sound(self) -> None:
        agree(self.engine, self.case_id)


def empty(platform: Platform) -> None:
    """As if no example had been before: the days are as they were, and no case is open."""
    with platform.engine.writing() as connection:
        connection.execute(sa.update(cases).values(state="ended"))
        for day in sorted(worktime.load(connection).days):
            if MONDAY <= day <= MONDAY + timedelta(days=25):
                facts = {"reason": "还原", "by": "control", "now": platform.clock.now()}
                worktime.edit_day(connection, day, None, **facts)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds.filter(lambda d: d[0] != "extend"), min_size=1, max_size=9))
def test_whatever_happens_dates_are_those_of_the_last_calendar(drawn: Platform, done: list[Deed]) -> None:
    empty(drawn)
    first = Way(drawn)
    for deed in done:
        first.attempted(deed)
        first.sound()
    clocks.recount_cases(first.engine)
    first.sound()
    seen = picture(drawn.engine)
    assert clocks.recount_cases(drawn.restarted(shared_definitions=True)) == 0
    assert picture(drawn.engine) == seen
    twin = Way(drawn)
    for deed in done:
        if deed[0] not in ("edit", "recount"):
            twin.attempted(deed)
    twin.sound()
    assert first.dates() == twin.dates()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(deeds.filter(lambda d: d[0] not in ("stop", "resume", "edit")), max_size=4), st.integers(1, 90)
)
def test_a_stop_never_makes_any_date_of_a_whole_case_earlier(
    drawn: Platform, done: list[Deed], lasting: int
) -> None:
    empty(drawn)
    way = Way(drawn)
    for deed in done:
        way.attempted(deed)
    for _ in range(2):
        before = way.dates()
        for deed in (("stop", 0, True), ("pass", lasting, True), ("resume", 0, True)):
            way.take(deed)
            way.sound()
        after = way.dates()
        assert before.keys() == after.keys()
        assert all(after[key] >= moment for key, moment in before.items())
