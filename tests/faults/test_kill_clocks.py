"""A kill between any two statements of what the case clock does: wholly or not at all, and never twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from engine import outbox
from engine.runtime import clocks
from engine.runtime.tables import cases, deadlines
from tests.bpmn.drawing import boundary, extended, properties
from tests.bpmn.game import timer
from tests.faults.test_kill import Request, Victims, difference, victims  # noqa: F401 - the fixture
from tests.runtime.agreement import agree, intact, picture, sizes
from tests.runtime.small import small
from tests.runtime.stage import Platform
from tests.runtime.test_clocks import act, edit
from tests.runtime.test_deadlines import user

DUE = "= workdays(3)"
TELLING = boundary("m1", "u1", '<b:messageEventDefinition messageRef="msg"/>')
OWN = {
    "u1": user("u1", DUE, "handler@market"),
    "b": boundary("b", "u1", timer(DUE, "timeDate"), False),
    "m1": TELLING.replace(">", ">" + extended(properties(senders="control-centre", variables="why")), 1),
}


def started(platform: Platform) -> str:
    return platform.start("platform", "small", note="x")


def stopped(platform: Platform) -> str:
    case_id = started(platform)
    act(platform, clocks.stop, case_id=case_id, kind="补正", reason="缺材料")
    platform.pass_time(days=3)
    return case_id


def reminding(platform: Platform, case_id: str) -> Request:
    (row,) = platform.rows(deadlines, deadlines.c.case_id == case_id)
    platform.clock.move_to(row.next_at)
    return {"act": "remind"}


def by_control(what: str, **more: Any) -> Callable[[Platform, str], Request]:
    return lambda platform, case_id: {
        "act": what,
        "case": case_id,
        "actor": platform.actors["control"].id,
        **more,
    }


@dataclass
class Deed:
    """What the clock does, how a case comes to where it can be done, and what it leaves behind."""

    prepare: Callable[[Platform], str]
    request: Callable[[Platform, str], Request]
    event: str
    notices: int = 1


DEEDS = {
    "a reminder is sent": Deed(started, reminding, "reminder.sent"),
    "a clock is stopped": Deed(started, by_control("stop"), "clock.stopped"),
    "a clock runs again": Deed(stopped, by_control("resume"), "clock.resumed"),
    "a message is sent": Deed(started, by_control("send", values={"why": "x"}), "message.received", 0),
}


def close(platform: Platform, case_id: str) -> None:
    """Nothing of the case is left to happen by itself."""
    with platform.engine.reading() as connection:
        stop = clocks.may_stop(platform.engine, connection, platform.actors["control"], case_id)
    assert stop
    if platform.case(case_id).stop is not None:
        act(platform, clocks.resume, case_id=case_id)
    while platform.open(case_id):
        platform.complete(case_id, note="x")
    agree(platform.engine, case_id)


@pytest.mark.parametrize("name", DEEDS)
def test_what_the_clock_does_is_done_wholly_or_not_at_all(
    platform: Platform,
    victims: Victims,  # noqa: F811
    name: str,
) -> None:
    deed = DEEDS[name]
    platform.deploy(small("s>u1>e b>e2 m1>u2>e3", OWN))
    undisturbed = deed.prepare(platform)
    request, before = deed.request(platform, undisturbed), sizes(platform.engine)
    assert victims.take(request, at=0)
    wanted, kinds = difference(before, sizes(platform.engine)), platform.kinds(undisturbed)
    assert wanted.get("messages", 0) == deed.notices and kinds.count(deed.event) == 1
    close(platform, undisturbed)
    at, deaths, lived = 0, 0, False
    while not lived:
        case_id = deed.prepare(platform)
        request = deed.request(platform, case_id)
        seen, before = picture(platform.engine), sizes(platform.engine)
        while True:
            at += 1
            lived = victims.take(request, at)
            deaths += not lived
            if (now := picture(platform.engine)) != seen:
                break
            assert not lived, "who lives through it has done it"
        assert difference(before, sizes(platform.engine)) == wanted
        assert platform.kinds(case_id) == kinds
        agree(platform.engine, case_id)
        assert clocks.remind_due(platform.engine) == 0, "it is not sent a second time"
        assert picture(platform.engine) == now
        close(platform, case_id)
    assert deaths > 8
    intact(platform.engine)


def test_a_recount_of_several_cases_goes_on_where_it_was_killed(
    platform: Platform,
    victims: Victims,  # noqa: F811
) -> None:
    """After each death each case stands wholly on one calendar; who comes next counts the rest, once."""
    platform.deploy(small("s>u1>e b>e2 m1>u2>e3", OWN))
    case_ids = [started(platform) for _ in range(2)]
    undone, half, at, lived, rounds = 0, 0, 0, False, 0
    while not lived:
        at, rounds = at + 1, rounds + 1
        old = {key: platform.one(key).due_at for key in case_ids}
        edit(platform, date(2026, 3, 12), worked=rounds % 2 == 0)
        lived = victims.take({"act": "recount"}, at)
        revision = max(row.calendar for row in platform.rows(cases))
        moved = {key for key in case_ids if platform.one(key).due_at != old[key]}
        counted = {row.id for row in platform.rows(cases) if row.calendar == revision} if moved else set()
        assert moved == counted
        assert (len(moved) == 2) or not lived
        undone, half = undone + (not moved), half + (len(moved) == 1)
        for key in case_ids:
            agree(platform.engine, key)
        assert clocks.recount_cases(platform.restarted(shared_definitions=True)) == 2 - len(moved)
        told = platform.rows(outbox.messages, outbox.messages.c.template == "deadline-moved")
        assert sorted(row.case_id for row in told) == sorted(case_ids * rounds), "each is told once"
        for key in case_ids:
            assert platform.one(key).due_at != old[key]
            assert platform.kinds(key).count("case.recounted") == rounds
    assert undone > 8 and half > 8
    intact(platform.engine)
