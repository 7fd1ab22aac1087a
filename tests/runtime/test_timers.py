"""Timers across restarts and failures: each fires once, late if it must, and a bad one harms nobody else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.bpmn.model import Element
from engine.errors import NotFound
from engine.runtime.tables import incidents, timers
from engine.runtime.timers import LEASE, RETRIES
from tests.bpmn.drawing import boundary, parameters, service
from tests.runtime.agreement import agree, intact
from tests.runtime.answers import finish, lead_to
from tests.runtime.small import small
from tests.runtime.stage import Platform


def fired(platform: Platform, case_id: str) -> list[tuple[str, str, str]]:
    """Element, due moment and actual moment of each timer that fired, in the order of the record."""
    told = [h for h in platform.history(case_id) if h.kind == "timer.fired"]
    return [(h.element, h.data["due"], h.data["at"]) for h in told]


class Brittle:
    """An operation that fails for the cases whose note says so, as long as it is told to."""

    def __init__(self, platform: Platform) -> None:
        self.broken = True
        self.calls = 0
        platform.engine.operations.register(runtime.Operation("brittle", {"of": True}, (), self.run))

    def run(self, host: runtime.StepHost, parameters: Mapping[str, Any], element: Element) -> dict[str, Any]:
        self.calls += 1
        if self.broken and host.case["title"] == "bad":
            raise RuntimeError("the line is dead")
        return {}


@pytest.fixture
def brittle(platform: Platform) -> Brittle:
    found = Brittle(platform)
    own = {
        "b": boundary("b", "u1", interrupting=False),
        "r": service("r", "brittle", parameters({"of": "x"})),
    }
    platform.deploy(small("s>u1>e b>r>e2", own))
    return found


def test_after_a_long_stop_each_overdue_timer_fires_once_in_the_order_of_its_moment(
    platform: Platform,
) -> None:
    case_ids = []
    for day in range(4):
        case_ids.append(platform.start())
        case_ids.append(lead_to(platform, "contact"))
        platform.pass_time(hours=7, minutes=day)
    due = [(row.due_at, row.case_id, row.element) for row in platform.rows(timers)]
    platform.pass_time(days=400)
    again = platform.restarted()
    assert runtime.fire_due(again) == len(due) == 4 * 2 + 4 * 1
    assert runtime.fire_due(again) == 0 and platform.count(timers) == 0
    told = [
        (datetime.fromisoformat(moment), case_id, element)
        for case_id in case_ids
        for element, moment, at in fired(platform, case_id)
        if at == platform.clock.now().isoformat()
    ]
    assert sorted(told) == sorted(due), "the record holds the due moment, and the one at which it fired"
    for case_id in case_ids:
        moments = [moment for _, moment, _ in fired(platform, case_id)]
        assert moments == sorted(moments)
        agree(again, case_id)
        finish(platform, case_id)
    intact(again)


def test_timers_of_all_cases_fire_in_the_order_of_their_moments(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.deploy(small("s>c>u1>e", {"c": _catch("= note")}))
    moments = [platform.clock.now() + timedelta(minutes=m) for m in (50, 10, 30, 20, 40)]
    for moment in moments:
        platform.start("platform", "small", note=moment.isoformat())
    platform.pass_time(hours=2)
    order: list[datetime] = []
    genuine = runtime.timers.fire

    def seen(*given: Any, due: datetime, **facts: Any) -> Any:
        order.append(due)
        return genuine(*given, due=due, **facts)

    monkeypatch.setattr(runtime.timers, "fire", seen)
    assert runtime.fire_due(platform.engine) == 5
    assert order == sorted(moments)


def _catch(text: str) -> str:
    timer = f"<b:timerEventDefinition><b:timeDate>{text}</b:timeDate></b:timerEventDefinition>"
    return f"<b:intermediateCatchEvent id='c'>{timer}</b:intermediateCatchEvent>"


def test_nothing_fires_before_its_moment(platform: Platform) -> None:
    platform.start()
    first = min(row.due_at for row in platform.rows(timers))
    platform.clock.move_to(first - timedelta(microseconds=1))
    assert runtime.fire_due(platform.engine) == 0
    platform.clock.move_to(first)
    assert runtime.fire_due(platform.engine) == 1


def test_a_timer_that_fails_is_tried_again_and_then_waits_for_a_person(
    platform: Platform, brittle: Brittle
) -> None:
    bad, good = (platform.start("platform", "small", note=note) for note in ("bad", "good"))
    platform.pass_time(hours=1)
    assert runtime.fire_due(platform.engine) == 1, "the other case goes on"
    assert platform.kinds(good).count("timer.fired") == 1
    for failures, seconds in enumerate(RETRIES, 1):
        (row,) = platform.rows(timers)
        assert (row.attempts, row.state, row.lease) == (failures, "waiting", None)
        assert row.retry_at == platform.clock.now() + timedelta(seconds=seconds)
        assert runtime.fire_due(platform.engine) == 0 and brittle.calls == failures + 1
        platform.pass_time(seconds=seconds)
        assert runtime.fire_due(platform.engine) == 0
        agree(platform.engine, bad)
    (row,) = platform.rows(timers)
    assert row.state == "stuck"
    platform.pass_time(days=30)
    assert runtime.fire_due(platform.engine) == 0 and brittle.calls == 2 + len(RETRIES)
    (incident,) = platform.rows(incidents)
    assert incident.case_id == bad and incident.timer_id == row.id and incident.resolved_at is None
    assert "the line is dead" in incident.message
    assert platform.kinds(bad).count("incident.raised") == 1
    assert "timer.fired" not in platform.kinds(bad) and "operation.called" not in platform.kinds(bad)
    agree(platform.engine, bad)
    intact(platform.engine)


def test_an_incident_is_retried_once_and_leads_on(platform: Platform, brittle: Brittle) -> None:
    case_id = platform.start("platform", "small", note="bad")
    for seconds in (3600, *RETRIES):
        platform.pass_time(seconds=seconds)
        runtime.fire_due(platform.engine)
    (incident,) = platform.rows(incidents)
    brittle.broken = False
    facts = {"actor": platform.actors["administrator"], "incident_id": incident.id}
    with platform.engine.writing() as connection:
        runtime.retry(platform.engine, connection, **facts)
    with pytest.raises(NotFound), platform.engine.writing() as connection:
        runtime.retry(platform.engine, connection, **facts)
    assert runtime.fire_due(platform.engine) == 1 and runtime.fire_due(platform.engine) == 0
    kinds = platform.kinds(case_id)
    assert kinds.count("incident.retried") == kinds.count("timer.fired") == 1
    (incident,) = platform.rows(incidents)
    assert incident.resolved_by == platform.actors["administrator"].id
    platform.complete(case_id, note="done")
    assert platform.case(case_id).state == "ended"
    intact(platform.engine)


def test_a_case_is_completed_while_its_timer_is_stuck(platform: Platform, brittle: Brittle) -> None:
    case_id = platform.start("platform", "small", note="bad")
    for seconds in (3600, *RETRIES):
        platform.pass_time(seconds=seconds)
        runtime.fire_due(platform.engine)
    platform.complete(case_id, note="done")
    assert platform.case(case_id).state == "ended" and platform.count(timers) == 0
    (incident,) = platform.rows(incidents)
    assert (
        incident.resolved_at == platform.clock.now()
        and incident.resolved_by == platform.actors["platform"].id
    )
    (told,) = [h for h in platform.history(case_id) if h.kind == "incident.closed"]
    assert told.data == {"incident": incident.id}
    with pytest.raises(NotFound), platform.engine.writing() as connection:
        runtime.retry(platform.engine, connection, actor=platform.actors["platform"], incident_id=incident.id)
    agree(platform.engine, case_id)
    intact(platform.engine)


def test_a_hundred_and_one_cases_of_which_one_is_poisoned(platform: Platform, brittle: Brittle) -> None:
    notes = ["good"] * 50 + ["bad"] + ["good"] * 50
    case_ids = [platform.start("platform", "small", note=note) for note in notes]
    for seconds in (3600, *RETRIES):
        platform.pass_time(seconds=seconds)
        runtime.fire_due(platform.engine)
    assert platform.count(incidents) == 1
    done = [case_id for case_id in case_ids if "timer.fired" in platform.kinds(case_id)]
    assert len(done) == 100
    intact(platform.engine)


def test_a_lease_that_ran_out_is_anothers_and_the_first_is_fenced_off(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker claims, sleeps beyond its lease, wakes up and goes on: the timer has fired meanwhile."""
    case_id = platform.start()
    platform.pass_all_due()
    other = platform.restarted()
    genuine, slept = runtime.timers._fire_one, []

    def sleepy(engine: runtime.Engine, owner: str, row: Any) -> int:
        if engine is platform.engine and not slept:
            slept.append(row)
            assert runtime.fire_due(other) == 0, "while the lease holds nobody else fires"
            platform.clock.move_to(platform.clock.now() + LEASE + timedelta(seconds=1))
            assert runtime.fire_due(other) == 2
        return genuine(engine, owner, row)

    monkeypatch.setattr(runtime.timers, "_fire_one", sleepy)
    assert runtime.fire_due(platform.engine) == 0 and slept
    assert sorted(name for name, _, _ in fired(platform, case_id)) == ["triage_due_soon", "triage_overdue"]
    agree(platform.engine, case_id)
    intact(platform.engine)


def test_a_worker_that_was_fenced_off_while_failing_spoils_nothing(
    platform: Platform, brittle: Brittle, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.start("platform", "small", note="bad")
    platform.pass_time(hours=1)
    other = platform.restarted()
    genuine = runtime.timers._failed

    def late(engine: runtime.Engine, *given: Any) -> None:
        if engine is platform.engine:
            brittle.broken = False
            platform.clock.move_to(platform.clock.now() + LEASE + timedelta(seconds=1))
            assert runtime.fire_due(other) == 1
        genuine(engine, *given)

    monkeypatch.setattr(runtime.timers, "_failed", late)
    assert runtime.fire_due(platform.engine) == 0
    assert platform.count(timers) == platform.count(incidents) == 0
    intact(platform.engine)


def test_a_worker_that_died_after_its_claim_delays_the_timer_by_no_more_than_the_lease(
    platform: Platform,
) -> None:
    platform.start()
    platform.pass_all_due()
    with platform.engine.writing() as connection:
        until = platform.clock.now() + LEASE
        connection.execute(sa.update(timers).values(lease="dead", lease_until=until))
    assert runtime.fire_due(platform.engine) == 0
    platform.pass_time(seconds=LEASE.total_seconds())
    assert runtime.fire_due(platform.engine) == 0
    platform.pass_time(seconds=1)
    assert runtime.fire_due(platform.engine) == 2
