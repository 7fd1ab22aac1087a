"""The deadlines still to come: worked out by hand, compared with what then happens, and nothing written."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine import runtime
from engine.clock import SHANGHAI, local
from engine.outlook import Ahead, Outlook, outlook
from tests.bpmn.drawing import boundary, parameters, properties, service
from tests.runtime.agreement import intact, picture
from tests.runtime.answers import lead_to
from tests.runtime.small import FORM, form, small, task
from tests.runtime.stage import USCC, Platform, attach_platform
from tests.runtime.test_walks import Walk


def ahead(platform: Platform, case_id: str) -> Outlook:
    with platform.engine.reading() as connection:
        return outlook(platform.engine, connection, case_id)


def told(steps: tuple[Ahead, ...]) -> list[tuple[str, str]]:
    return [(step.name, f"{local(step.due):%m-%d %H:%M}" if step.due else "") for step in steps]


def noon(platform: Platform, *day: int) -> None:
    platform.clock.move_to(datetime(*day, 12, tzinfo=SHANGHAI))  # type: ignore[arg-type, misc]


def test_each_step_on_its_last_day_in_an_ordinary_month(platform: Platform) -> None:
    # submitted Wednesday 2026-03-11 09:00: dispatched the same day by 17:00. Signing: one working day after
    # dispatch, 12th. Contact: four working hours after dispatch, 17:00-17:30, 9:00-12:00, 13:30-14:00.
    # Handling: 12, 13, 16. Call-back: 17, 18. Ratings: 19, 20, 23, 24, 25.
    found = ahead(platform, platform.start())
    assert told(found.steps) == [
        ("研判派发", "03-11 17:00"),
        ("签收", "03-12 17:30"),
        ("联系企业", "03-12 14:00"),
        ("处置答复", "03-16 17:30"),
        ("回访", "03-18 17:30"),
        ("企业评价", "03-25 17:30"),
        ("部门评价", "03-25 17:30"),
    ]
    assert [step.name for step in found.steps if step.missed] == ["联系企业"], "signing late eats it up"
    assert (found.status, found.why) == ("办结", "") and found.ends is not None
    assert f"{local(found.ends):%m-%d %H:%M}" == "03-25 17:30"
    first = found.steps[0]
    assert first.groups == ("platform",) and first.task_id is not None
    assert [one.zh for one in first.assumed] == ["派发", "税费", "一般", "税务局"]
    assert found.steps[5].groups == (f"enterprise@{USCC}",) and found.steps[5].task_id is None


def test_over_the_spring_festival_and_its_made_up_days(platform: Platform) -> None:
    # Off 02-15..23; Saturdays 02-14 and 02-28 are worked. Submitted Friday 02-13: dispatched by 17:00.
    # Signing: 14. Contact: 13th 17:00-17:30, 14th 9:00-12:00, 13:30-14:00. Handling: 14, 24, 25.
    # Call-back: 26, 27. Ratings: 28, 03-02, 03, 04, 05.
    february = attach_platform(platform.database, datetime(2026, 2, 13, 9, tzinfo=SHANGHAI))
    found = ahead(february, february.start())
    assert told(found.steps) == [
        ("研判派发", "02-13 17:00"),
        ("签收", "02-14 17:30"),
        ("联系企业", "02-14 14:00"),
        ("处置答复", "02-25 17:30"),
        ("回访", "02-27 17:30"),
        ("企业评价", "03-05 17:30"),
        ("部门评价", "03-05 17:30"),
    ]
    assert not any(step.provisional for step in found.steps)


def test_over_the_turn_of_the_year_deadlines_are_provisional(platform: Platform) -> None:
    # Wednesday 2026-12-30: signing on the 31st, the last published day; 01-01 is off, so handling ends
    # with 12-31, 01-04, 01-05, of a year that nobody has published.
    noon(platform, 2026, 12, 30)
    found = ahead(platform, platform.start())
    assert [(step.name, step.provisional) for step in found.steps[:4]] == [
        ("研判派发", False),
        ("签收", False),
        ("联系企业", False),
        ("处置答复", True),
    ]
    assert told(found.steps)[3] == ("处置答复", "01-05 17:30")


def test_what_is_overdue_is_taken_to_be_done_at_once(platform: Platform) -> None:
    case_id = lead_to(platform, "handle")
    platform.pass_time(days=30)  # Friday 2026-04-10 09:00
    found = ahead(platform, case_id)
    assert found.steps[0].missed and found.steps[0].at == platform.clock.now()
    assert told(found.steps)[1] == ("回访", "04-14 17:30")  # two working days from now: 13, 14


def test_what_is_ahead_is_what_then_happens(platform: Platform) -> None:
    """Do each step for real at its last moment: the same tasks with the same deadlines come."""
    case_id = platform.start()
    found = ahead(platform, case_id)
    for step in found.steps:
        platform.clock.move_to(max(step.at, platform.clock.now()))
        row = platform.one(case_id, step.element)
        assert (row.name, row.due_at) == (step.name, step.due)
        assert row.provisional == step.provisional
        assert step.groups in (row.candidates, (row.assignee,))
        _do(platform, case_id, step)
    case = platform.case(case_id)
    assert (case.state, case.status, case.ended_at) == ("ended", found.status, found.ends)


def _do(platform: Platform, case_id: str, step: Ahead) -> None:
    """Complete the task with its assumed choices, and texts and moments that the form takes."""
    now = f"{local(platform.clock.now()):%Y-%m-%dT%H:%M}"
    words = {
        "contact": {"contact_person": "罗婷", "contact_finding": "属实", "contacted_at": now},
        "handle": {"answer": "已为企业办理。"},
    }
    chosen = {one.key: "tax" if one.key == "department" else one.zh for one in step.assumed}
    platform.complete(case_id, step.element, **words.get(step.element, {}), **chosen)


@pytest.mark.parametrize("seed", [3, 7, 19])
def test_looking_ahead_writes_nothing_and_time_never_goes_back(platform: Platform, seed: int) -> None:
    walk = Walk(platform, seed)
    for _ in range(12):
        before = picture(platform.engine)
        found = ahead(platform, walk.case_id)
        assert picture(platform.engine) == before, walk.trail
        moments = [platform.clock.now(), *(step.at for step in found.steps), *filter(None, [found.ends])]
        assert moments == sorted(moments), walk.trail
        assert all(step.due is None or step.at >= step.due or step.timer for step in found.steps), walk.trail
        assert found.why == "" and found.ends is not None, (walk.trail, found.why)
        if not walk.step():
            break
    intact(platform.engine)


def test_a_warm_case_is_not_touched(platform: Platform) -> None:
    case_id = platform.start()
    ahead(platform, case_id)
    platform.complete(case_id, "triage", outcome="不予受理", rejection_reason="不属于受理范围。")
    assert platform.case(case_id).status == "不予受理", "the copy went another way"


def test_a_case_that_has_ended_has_nothing_ahead(platform: Platform) -> None:
    case_id = platform.start()
    platform.complete(case_id, "triage", outcome="不予受理", rejection_reason="不属于受理范围。")
    assert ahead(platform, case_id).steps == ()


def _deploy(platform: Platform, ways: str, own: dict[str, str], **more: Any) -> str:
    platform.deploy(small(ways, own, **more))
    return platform.start("platform", "small", note="a")


def test_a_timer_that_interrupts_ends_the_step_in_its_place(platform: Platform) -> None:
    case_id = _deploy(
        platform, "s>u1>e b>u2>e2", {"b": boundary("b", "u1")}
    )  # an hour, the task has three days
    found = ahead(platform, case_id)
    assert [(step.name, step.timer) for step in found.steps] == [("b", True), ("u2", False)]
    assert found.steps[0].due == platform.clock.now() + timedelta(hours=1)
    assert found.steps[1].due == platform.clock.now() + timedelta(hours=1, days=3)


def test_a_timer_beside_the_task_changes_nothing_that_is_seen(platform: Platform) -> None:
    own = {"b": boundary("b", "u1", interrupting=False)}
    found = ahead(platform, _deploy(platform, "s>u1>e b>t>e2", own))
    assert [step.name for step in found.steps] == ["u1"] and found.ends == found.steps[0].due


def test_a_case_that_waits_for_a_message_says_so(platform: Platform) -> None:
    found = ahead(platform, _deploy(platform, "s>u1>m1>e", {}))
    assert [step.name for step in found.steps] == ["u1"]
    assert (found.ends, found.why) == (None, "waits")


def test_a_loop_is_followed_so_far_and_no_further(platform: Platform) -> None:
    found = ahead(platform, _deploy(platform, "s>x1>u1>x2>x1 x2>e", {}, conditions={"x2-x1": "= true"}))
    assert (len(found.steps), found.why) == (30, "steps")


def test_a_task_says_what_is_expected_of_it(platform: Platform) -> None:
    own = {
        "u1": task("u1", f"<b:extensionElements>{properties(expected='= {go: note}')}</b:extensionElements>")
    }
    ways, conditions = "s>u1>x1>u2>e x1>u3>e", {"x1-u2": '= go = "a"'}
    found = ahead(platform, _deploy(platform, ways, own, conditions=conditions))
    assert [step.name for step in found.steps] == ["u1", "u2"]


def test_a_value_that_leads_nowhere_ends_the_look_ahead(platform: Platform) -> None:
    own = {"u2": task("u2").replace("P3D", "= date(go)")}
    found = ahead(platform, _deploy(platform, "s>u1>u2>e", own, forms={FORM: form("note", "go")}))
    assert [step.name for step in found.steps] == ["u1"] and found.why == "stopped"


def test_operations_do_nothing(platform: Platform) -> None:
    calls: list[str] = []

    def run(host: runtime.StepHost, parameters: Any, element: Any) -> dict[str, Any]:
        calls.append(host.now.isoformat())
        return {"found": "x"}

    platform.engine.operations.register(runtime.Operation("look up", {}, ("found",), run))
    read = parameters(outputs={"seen": "= found"})
    case_id = _deploy(platform, "s>u1>r>e", {"r": service("r", "look up", read)})
    assert ahead(platform, case_id).ends is not None and calls == []


def test_of_a_stopped_case_the_dates_are_as_if_its_clock_ran_again_now(platform: Platform) -> None:
    case_id = platform.start()
    running = ahead(platform, case_id)
    with platform.engine.writing() as connection:
        given = {"actor": platform.actors["control"], "case_id": case_id, "kind": "补正", "reason": "x"}
        runtime.clocks.stop(platform.engine, connection, **given)
    platform.pass_time(days=2)  # the stopped closes of the 11th and 12th; 17:00 of the 13th is next
    before = picture(platform.engine)
    found = ahead(platform, case_id)
    assert running.stop is None and found.stop is not None and found.stop.kind == "补正"
    assert told(found.steps)[0] == ("研判派发", "03-13 17:00")
    assert picture(platform.engine) == before, "nothing is written"
    with platform.engine.writing() as connection:
        runtime.clocks.resume(platform.engine, connection, actor=platform.actors["control"], case_id=case_id)
    again = ahead(platform, case_id)
    assert again.stop is None and (again.steps, again.ends) == (found.steps, found.ends)
