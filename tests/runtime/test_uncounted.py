"""A case whose dates cannot be counted anew, or not be reminded of: others go on, and a person learns it."""

from datetime import date
from typing import Any

import pytest

from engine import runtime
from engine.bpmn import stepping
from engine.errors import Conflict, NotFound
from engine.runtime import clocks, fire_due
from engine.runtime.tables import incidents
from tests.runtime.agreement import agree, intact, picture
from tests.runtime.stage import Platform
from tests.runtime.test_clocks import at, edit, one_task, reminded
from tests.runtime.test_deadlines import closes

OFF = date(2026, 3, 12)


class Broken:
    """Counting anew that fails for the cases with the title `bad`, as long as it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.genuine, self.broken, self.calls = stepping.recount, True, 0
        monkeypatch.setattr(stepping, "recount", self.recount)

    def recount(self, run: Any, before: Any, after: Any) -> Any:
        if after.case["title"] == "bad":
            self.calls += 1
            if self.broken:
                raise ArithmeticError("no such day")
        return self.genuine(run, before, after)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    return Broken(monkeypatch)


def cases_of(platform: Platform) -> tuple[str, str, str]:
    first = one_task(platform)
    return first, *(platform.start("platform", "small", note=note) for note in ("bad", "good"))


def retry(platform: Platform) -> str:
    (incident,) = platform.rows(incidents, incidents.c.resolved_at.is_(None))
    with platform.engine.writing() as connection:
        facts = {"actor": platform.actors["administrator"], "incident_id": incident.id}
        runtime.retry(platform.engine, connection, **facts)
    return str(incident.id)


def test_what_cannot_be_counted_waits_for_a_person_and_the_others_go_on(
    platform: Platform, broken: Broken
) -> None:
    first, bad, last = cases_of(platform)
    edit(platform, OFF, False)
    assert clocks.recount_cases(platform.engine) == 2
    assert [platform.one(key).due_at for key in (first, bad, last)] == [closes(17), closes(16), closes(17)]
    (incident,) = platform.rows(incidents)
    assert (incident.case_id, incident.timer_id) == (bad, None)
    assert incident.message == "ArithmeticError: no such day"
    seen = picture(platform.engine)
    assert clocks.recount_cases(platform.restarted()) == 0 and picture(platform.engine) == seen
    assert broken.calls == 1, "it is not tried for ever"
    agree(platform.engine, bad)

    retry(platform)
    assert clocks.recount_cases(platform.engine) == 0 and len(platform.rows(incidents)) == 2, "still broken"
    again = retry(platform)
    broken.broken = False
    assert clocks.recount_cases(platform.engine) == 1 and platform.one(bad).due_at == closes(17)
    kinds = platform.kinds(bad)
    assert kinds.count("incident.raised") == kinds.count("incident.retried") == 2
    with pytest.raises(NotFound), platform.engine.writing() as connection:
        runtime.retry(platform.engine, connection, actor=platform.actors["administrator"], incident_id=again)
    agree(platform.engine, bad)
    intact(platform.engine)


def test_a_step_on_such_a_case_says_what_is_wrong_and_heals_it_once_it_is_mended(
    platform: Platform, broken: Broken
) -> None:
    _, bad, _ = cases_of(platform)
    edit(platform, OFF, False)
    clocks.recount_cases(platform.engine)
    seen = picture(platform.engine)
    with pytest.raises(Conflict) as caught:
        platform.complete(bad, note="bad")
    assert caught.value.code == "runtime.not_counted" and "no such day" in caught.value.say()
    assert platform.case(bad).number in caught.value.say("en") and "{" not in caught.value.say("en")
    with pytest.raises(Conflict), platform.engine.writing() as connection:
        facts = {"case_id": bad, "kind": "补正", "reason": "x"}
        clocks.stop(platform.engine, connection, actor=platform.actors["control"], **facts)
    assert picture(platform.engine) == seen
    broken.broken = False
    platform.complete(bad, note="bad")
    (incident,) = platform.rows(incidents)
    assert incident.resolved_by == "system" and platform.kinds(bad).count("incident.closed") == 1
    agree(platform.engine, bad)
    intact(platform.engine)


def test_a_reminder_that_fails_is_held_and_sent_when_it_is_retried(
    platform: Platform, broken: Broken
) -> None:
    """Also if nobody has counted before: who reminds does it first."""
    first, bad, last = cases_of(platform)
    platform.clock.move_to(at(13, 9))
    edit(platform, date(2026, 3, 20), False)
    assert clocks.remind_due(platform.engine) == 2
    assert [len(reminded(platform, key)) for key in (first, bad, last)] == [1, 0, 1]
    (incident,) = platform.rows(incidents)
    assert (incident.case_id, incident.timer_id, incident.element) == (bad, None, "u1")
    seen = picture(platform.engine)
    assert clocks.remind_due(platform.engine) == 0 and picture(platform.engine) == seen
    with platform.engine.reading() as connection:
        assert clocks.next_moment(connection) == at(16, 9), "what is held is not what comes next"
    broken.broken = False
    retry(platform)
    assert clocks.remind_due(platform.engine) == 1 and len(reminded(platform, bad)) == 1
    intact(platform.engine)


def test_its_timer_waits_and_is_held_like_any_other_that_fails(platform: Platform, broken: Broken) -> None:
    _, bad, _ = cases_of(platform)
    edit(platform, date(2026, 3, 20), False)
    platform.clock.move_to(closes(16))
    assert clocks.recount_cases(platform.engine) == 2 and fire_due(platform.engine) == 2
    for seconds in runtime.timers.RETRIES:
        platform.pass_time(seconds=seconds)
        assert fire_due(platform.engine) == 0
    held = {(row.timer_id is None, row.message) for row in platform.rows(incidents)}
    assert held == {(True, "ArithmeticError: no such day"), (False, "ArithmeticError: no such day")}
    agree(platform.engine, bad)
    intact(platform.engine)
