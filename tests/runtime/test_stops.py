"""What a stop holds: it lasts as long as something that it holds, and everything says so alike."""

import pytest

from engine.errors import Conflict
from engine.runtime import waiting
from tests.bpmn.drawing import MESSAGE, boundary, extended, properties
from tests.runtime.agreement import agree, intact
from tests.runtime.small import small
from tests.runtime.stage import Platform
from tests.runtime.test_clocks import START, at, clock_words, resume, stop, worktime_text
from tests.runtime.test_deadlines import closes, phase, shown, user

GROUP = "handler@market"


def redirected(platform: Platform, own: dict[str, str], ways: str) -> str:
    """A case whose phase `q1` the control centre may take away by a message, which leads to `u2`."""
    taken = boundary("b", "q1", extended(properties(senders="control-centre")) + MESSAGE, True)
    drawn = {"u2": user("u2", "= workdays(2)", GROUP), "b": taken, **own}
    platform.deploy(small(ways, drawn))
    return platform.start("platform", "small", note="x")


def redirect(platform: Platform, case_id: str) -> None:
    with platform.engine.writing() as connection:
        who = platform.actors["control"]
        waiting.send(platform.engine, connection, actor=who, case_id=case_id, message="撤回", values={})


def test_a_stop_ends_with_the_last_that_it_holds(platform: Platform) -> None:
    """What a redirection opens runs, so the case is no longer stopped; those concerned hear of it."""
    inner = {"u1": user("u1", "= workdays(3)", GROUP)}
    case_id = redirected(platform, {"q1": phase("q1", "is>u1>e3", inner, "= workdays(3)")}, "s>q1>e b>u2>e2")
    platform.clock.move_to(at(12, 10))
    stop(platform, case_id, "market-1")
    platform.clock.move_to(at(13, 10))
    redirect(platform, case_id)
    assert platform.case(case_id).stop is None and platform.one(case_id).stop is None
    (ended,) = [h for h in platform.history(case_id) if h.kind == "clock.resumed"]
    assert ended.data["over"] is True and ended.data["kind"] == "补正"
    assert (GROUP, "clock-resumed", worktime_text(17)) in clock_words(platform, case_id)
    assert platform.one(case_id).due_at == closes(17)
    agree(platform.engine, case_id)
    with pytest.raises(Conflict):
        resume(platform, case_id)
    stop(platform, case_id, "market-1")
    assert platform.one(case_id).stop is not None, "the new round may be stopped by itself"
    intact(platform.engine)


def test_a_stop_lasts_while_a_part_of_what_it_holds_is_left(platform: Platform) -> None:
    inner = {"u1": user("u1", "= workdays(3)", GROUP)}
    own = {
        "p1": "<b:parallelGateway id='p1'/>",
        "u4": user("u4", "= workdays(3)", GROUP),
        "q1": phase("q1", "is>u1>e3", inner, "= workdays(3)"),
    }
    case_id = redirected(platform, own, "s>p1>q1>e p1>u4>e4 b>u2>e2")
    platform.clock.move_to(at(12, 10))
    stop(platform, case_id)
    platform.clock.move_to(at(13, 10))
    redirect(platform, case_id)
    assert platform.case(case_id).stop is not None
    held = {task.element: task.stop is not None for task in platform.open(case_id)}
    assert held == {"u4": True, "u2": False}
    assert {d.element: d.state for d in shown(platform, case_id) if not d.closed_at} == {
        "u4": "stopped",
        "u2": "running",
    }
    platform.complete(case_id, "u2", note="x")
    assert platform.case(case_id).stop is not None, "what the stop does not hold ends without it"
    agree(platform.engine, case_id)


def test_what_a_diagram_stops_it_lets_run_again_itself(platform: Platform) -> None:
    """Between `stop clock` and `resume clock` often nothing is held but dates still to be used."""
    enterprise = "enterprise@91441802MA4X1Q2T0K"
    own = {"u1": user("u1", "= workdays(1)", GROUP), "stop": START, "u5": user("u5", "P2D", enterprise)}
    own["u6"] = user("u6", "P2D", enterprise)
    platform.deploy(small("s>u1>stop>u5>u6>e", own))
    case_id = platform.start("platform", "small", note="x")
    for hour in (10, 11):
        platform.clock.move_to(at(12, hour))
        platform.complete(case_id, note="x")
    assert platform.case(case_id).stop is not None
