"""Sub-processes and events: what is cancelled, what goes on, and when a timer is due."""

from typing import Any

import pytest

from engine.bpmn import stepping
from engine.errors import Conflict, Invalid
from tests.bpmn.drawing import ERROR, TERMINATE, boundary, end, sub, user
from tests.bpmn.game import (
    ESCALATION,
    NOW,
    PLAIN,
    Play,
    catch,
    inside,
    later,
    plain,
    timer,
)


def test_sub_processes_in_sub_processes_end_from_the_inside_out(play: Play) -> None:
    deep = sub(
        "q3", "s3>u3>e3", {"s3": "<b:startEvent id='s3'/>", "e3": "<b:endEvent id='e3'/>", **plain("u3")}
    )
    middle = sub(
        "q2", "s2>q3>e2", {"s2": "<b:startEvent id='s2'/>", "e2": "<b:endEvent id='e2'/>", "q3": deep}
    )
    drawn = inside("is>q2>ie", {"q2": middle, "ie": "<b:endEvent id='ie'/>"})
    game = play("s>q1>u1>e", {**plain("u1"), "q1": drawn})
    assert game.open() == ["u3"]
    step = game.complete("u3", value=1)
    assert game.open() == ["u1"] and game.variables == {"value": 1}
    assert step.elements == ["u3", "e3", "q3", "e2", "q2", "ie", "q1"]
    assert game.run.subprocesses == {}


def test_a_terminate_end_ends_its_own_sub_process_only(play: Play) -> None:
    drawn = inside(
        "is>ip1>u1>ie ip1>u2>ie2",
        {
            **plain("u1", "u2"),
            "ip1": "<b:parallelGateway id='ip1'/>",
            "ie": end("ie", TERMINATE),
            "ie2": "<b:endEvent id='ie2'/>",
        },
    )
    game = play("s>q1>u3>e", {**plain("u3"), "q1": drawn})
    step = game.complete("u1")
    assert game.open() == ["u3"] and {c.element.id for c in step.closed} == {"u1", "u2"}


def test_a_terminate_end_of_the_process_ends_everything(play: Play) -> None:
    drawn = inside("is>u2>ie", {**plain("u2"), "ie": "<b:endEvent id='ie'/>"})
    own = {**plain("u1"), "q1": drawn, "e": end("e", TERMINATE), "b": boundary("b", "q1")}
    game = play("s>p1>u1>e p1>q1>e2 b>e3", own)
    assert game.open() == ["u1", "u2"]
    step = game.complete("u1")
    assert game.ended and step.ended and game.open() == [] and game.timers() == {}
    assert [c.element.id for c in step.timers_cleared] == ["b"]


def test_an_interrupting_timer_cancels_the_task_and_one_that_does_not_leaves_it(play: Play) -> None:
    own = {
        **plain("u1", "u2", "u3"),
        "b1": boundary("b1", "u1", timer("PT1H"), False),
        "b2": boundary("b2", "u1", timer("PT2H")),
    }
    game = play("s>u1>e b1>u2>e2 b2>u3>e3", own)
    assert game.timers() == {"b1": later(hours=1), "b2": later(hours=2)}
    assert {(t.element.id, t.due) for t in game.step.timers_set} == set(game.timers().items())
    step = game.fire("b1")
    assert game.open() == ["u1", "u2"] and [t.fired for t in step.timers_cleared] == [True]
    step = game.fire("b2")
    assert game.open() == ["u2", "u3"]
    assert [(c.element.id, c.completed) for c in step.closed] == [("u1", False)]
    game.complete("u2")
    game.complete("u3")
    assert game.ended


def test_completing_a_task_clears_its_timers(play: Play) -> None:
    own = {
        **plain("u1", "u2", "u3"),
        "b1": boundary("b1", "u1", timer("PT1H"), False),
        "b2": boundary("b2", "u1", timer("PT2H")),
    }
    game = play("s>u1>u3>e b1>u2>e2 b2>e3", own)
    game.fire("b1")
    step = game.complete("u1")
    assert game.timers() == {} and game.open() == ["u2", "u3"]
    assert [(t.element.id, t.fired) for t in step.timers_cleared] == [("b2", False)]


def test_a_timer_around_a_sub_process_cancels_what_is_open_in_it(play: Play) -> None:
    drawn = inside(
        "is>u1>ie", {**plain("u1"), "ie": "<b:endEvent id='ie'/>", "b2": boundary("b2", "u1", timer("PT9H"))}
    )
    game = play(
        "s>q1>e b1>u2>e2",
        {
            **plain("u2"),
            "q1": drawn.replace("</b:subProcess>", "</b:subProcess>"),
            "b1": boundary("b1", "q1"),
        },
    )
    step = game.fire("b1")
    assert game.open() == ["u2"] and game.timers() == {} and game.run.subprocesses == {}
    assert [c.element.id for c in step.closed] == ["u1"]


@pytest.mark.parametrize("first", ["c1", "c2", "m1"])
def test_of_two_timers_and_a_message_behind_a_gateway_the_first_decides(play: Play, first: str) -> None:
    own = {**plain("u1", "u2", "u3"), "c1": catch("c1", timer("PT1H")), "c2": catch("c2", timer("PT3H"))}
    game = play("s>v1>c1>u1>e v1>c2>u2>e v1>m1>u3>e", own)
    assert game.timers() == {"c1": later(hours=1), "c2": later(hours=3)}
    step = game.deliver("撤回", why="x") if first == "m1" else game.fire(first)
    assert game.open() == [{"c1": "u1", "c2": "u2", "m1": "u3"}[first]]
    assert game.timers() == {} and {t.element.id for t in step.timers_cleared} == {"c1", "c2"}
    assert {t.element.id for t in step.timers_cleared if t.fired} == {first} - {"m1"}
    assert game.variables == ({"why": "x"} if first == "m1" else {})
    with pytest.raises(Conflict):
        game.deliver("撤回")


def test_a_timer_follows_the_variable_it_names_and_no_other(play: Play) -> None:
    own = {**plain("u1", "u2"), "b1": boundary("b1", "u1", timer("= at", "timeDate"))}
    game = play("s>p1>u1>e p1>u2>e2 b1>e3", own, at=later(hours=5))
    game.host.now = later(hours=1)
    step = game.complete("u2", at=later(hours=9))
    assert game.timers() == {"b1": later(hours=9)}
    assert [(m.kind, m.element, m.before, m.after) for m in step.moved] == [
        ("timer", "b1", later(hours=5), later(hours=9))
    ]
    own = {**plain("u1", "u2"), "b1": boundary("b1", "u1", timer("PT5H"))}
    game = play("s>p1>u1>e p1>u2>e2 b1>e3", own, at=later(hours=5))
    game.host.now = later(hours=1)
    assert game.complete("u2", at=later(hours=9)).moved == []
    assert game.timers() == {"b1": later(hours=5)}


@pytest.mark.parametrize(
    "text, due",
    [
        ("PT90M", later(minutes=90)),
        ("P2D", later(days=2)),
        ('= duration("PT5M")', later(minutes=5)),
        ('= date("2026-03-12")', NOW.replace(day=12, hour=9, minute=30)),
        ("2026-03-12T10:00:00+08:00", NOW.replace(day=12, hour=2)),
        ('= date and time("2026-03-12T10:00:00")', NOW.replace(day=12, hour=2)),
        ("P1M", NOW.replace(month=4)),
    ],
)
def test_what_a_moment_may_be(play: Play, text: str, due: Any) -> None:
    game = play("s>c1>e", {"c1": catch("c1", timer(text, "timeDate"))})
    assert game.timers() == {"c1": due}


@pytest.mark.parametrize(
    "text",
    ["= null", "= 5", "soon", "= \"\"", "= [1]", "= missing", "P9999999D", "= duration(\"P999999999D\")",
     "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "P99999Y"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(play: Play, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        play("s>c1>e", {"c1": catch("c1", timer(text, "timeDate"))})
    assert caught.value.code == "bpmn.no_moment"


@pytest.mark.parametrize("due", ["= null", "P9999999D", '= "tomorrow"'])
def test_a_deadline_that_is_no_moment_is_refused(play: Play, due: str) -> None:
    with pytest.raises(Invalid) as caught:
        play("s>u1>e", {"u1": user("u1", f"{PLAIN} camunda:dueDate='{due}'")})
    assert caught.value.code == "bpmn.no_moment"


def test_an_error_end_is_caught_around_its_sub_process(play: Play) -> None:
    drawn = inside("is>ip1>u1>ie ip1>u2>ie2", {
        **plain("u1", "u2"), "ip1": "<b:parallelGateway id='ip1'/>",
        "ie": end("ie", ERROR), "ie2": "<b:endEvent id='ie2'/>",
    })  # fmt: skip
    game = play("s>q1>e b1>u3>e3", {**plain("u3"), "q1": drawn, "b1": boundary("b1", "q1", ERROR)})
    game.complete("u1", why="x")
    assert game.open() == ["u3"] and game.variables == {"why": "x"}
    assert game.run.subprocesses == {}


def test_an_escalation_is_caught_without_ending_what_raised_it(play: Play) -> None:
    throw = f"<b:intermediateThrowEvent id='it'>{ESCALATION}</b:intermediateThrowEvent>"
    drawn = inside("is>u1>it>u2>ie", {**plain("u1", "u2"), "it": throw, "ie": "<b:endEvent id='ie'/>"})
    own = {**plain("u3"), "q1": drawn, "b1": boundary("b1", "q1", ESCALATION, interrupting=False)}
    game = play("s>q1>e b1>u3>e3", own)
    game.complete("u1")
    assert game.open() == ["u2", "u3"]
    game.complete("u2")
    game.complete("u3")
    assert game.ended


def test_a_message_that_nothing_waits_for_is_refused(play: Play) -> None:
    game = play("s>u1>m>e", plain("u1"))
    for name in ("撤回", "其他"):
        with pytest.raises(Conflict) as caught:
            game.deliver(name)
        assert caught.value.code == "bpmn.not_expected"
    with pytest.raises(Conflict):
        game.deliver("撤回", kind="signal")
    game.keep()
    game.complete("u1")
    game.deliver("撤回", x=1)
    assert game.ended and game.variables["x"] == 1


def test_a_step_on_what_no_longer_waits_is_refused(play: Play) -> None:
    game = play("s>u1>u2>e", {**plain("u1", "u2"), "b1": boundary("b1", "u1", interrupting=False)})
    token = game.waiting()[0].id
    game.complete("u1")
    with pytest.raises(Conflict):
        stepping.complete(game.run, token, {}, game.host)
    for element in ("b1", "u2", "nothing"):
        with pytest.raises(Conflict):
            stepping.fire(game.run, game.waiting()[0].id, element, game.host)
