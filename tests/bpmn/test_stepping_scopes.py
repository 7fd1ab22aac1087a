"""Event sub-processes: what an interrupting one cancels, what one beside the flow leaves alone."""

from typing import Any

import pytest

from engine.bpmn import stepping
from engine.errors import Conflict
from tests.bpmn.drawing import ERROR, TERMINATE, boundary, end, properties, service, sub, user
from tests.bpmn.event_drawing import SIGNAL, aside
from tests.bpmn.game import (
    ESCALATION,
    MESSAGE,
    PLAIN,
    Game,
    Play,
    catch,
    inside,
    later,
    many,
    plain,
    timer,
)

ESCALATE = f"<b:intermediateThrowEvent id='it'>{ESCALATION}</b:intermediateThrowEvent>"
RING = f"<b:intermediateThrowEvent id='it'>{SIGNAL}</b:intermediateThrowEvent>"
IE = {"ie": "<b:endEvent id='ie'/>"}


def test_an_interrupting_start_cancels_everything_else_and_the_case_ends_with_its_body(play: Play) -> None:
    own = {
        **plain("u1", "u2", "u3"),
        "b1": boundary("b1", "u1", timer("PT1H")),
        "q9": aside("q9", "u9>e9", plain("u9")),
        "q8": aside("q8", "e8", {}, timer("PT5H")),
    }
    game = play("s>p1>u1>e p1>u2>e2 b1>u3>e3", own)
    assert game.open() == ["u1", "u2"] and set(game.timers()) == {"b1", "q8_s"}
    step = game.deliver("撤回", why="solved")
    assert game.open() == ["u9"] and game.timers() == {} and game.variables == {"why": "solved"}
    assert {c.element.id for c in step.closed} == {"u1", "u2"}
    assert {t.element.id for t in step.timers_cleared} == {"b1", "q8_s"}
    assert step.elements == ["q9_s"]
    with pytest.raises(Conflict):
        game.deliver("撤回")
    step = game.complete("u9")
    assert game.ended and step.ended and step.elements == ["u9", "e9", "q9"]


def test_a_start_beside_the_flow_leaves_it_alone_and_may_come_again_and_again(play: Play) -> None:
    game = play("s>u1>e", {**plain("u1"), "q9": aside("q9", "u9>e9", plain("u9"), interrupting=False)})
    for count in (1, 2, 3):
        step = game.deliver("撤回", said=count)
        assert game.open() == ["u1", *["u9"] * count] and step.closed == []
    game.complete("u9", 1)
    game.complete("u1")
    assert game.open() == ["u9", "u9"] and not game.ended, "the case ends only when they are done"
    game.deliver("撤回")
    for _ in range(3):
        assert not game.ended
        game.complete("u9")
    assert game.ended and game.tokens() < 12


def test_what_is_only_listened_for_keeps_no_scope_open(play: Play) -> None:
    asides = {
        "q9": aside("q9", "e9", {}, interrupting=False),
        "q8": aside("q8", "e8", {}, timer("PT1H")),
        "q7": aside("q7", "e7", {}, SIGNAL),
    }
    inner = inside("is>iu1>ie", {**plain("iu1"), **IE, "iq": aside("iq", "ie9", {}, timer("PT1H"))})
    game = play("s>q1>u1>e", {**plain("u1"), "q1": inner, **asides})
    assert set(game.timers()) == {"q8_s", "iq_s"}
    step = game.complete("iu1")
    assert [t.element.id for t in step.timers_cleared] == ["iq_s"]
    step = game.complete("u1")
    assert game.ended and game.timers() == {}
    assert [t.element.id for t in step.timers_cleared] == ["q8_s"]


def test_in_a_sub_process_it_cancels_that_one_only_and_the_flow_goes_on_behind_it(play: Play) -> None:
    drawn = inside(
        "is>ip1>iu1>ie ip1>iu2>ie2",
        {
            **plain("iu1", "iu2"),
            **IE,
            "ip1": "<b:parallelGateway id='ip1'/>",
            "ie2": "<b:endEvent id='ie2'/>",
            "q9": aside("q9", "u9>e9", plain("u9")),
        },
    )
    own = {**plain("u1", "u2"), "q1": drawn, "b1": boundary("b1", "q1", timer("PT1H"))}
    game = play("s>p1>q1>u1>e p1>u2>e2 b1>e3", own)
    game.deliver("撤回")
    assert game.open() == ["u2", "u9"] and set(game.timers()) == {"b1"}
    step = game.complete("u9")
    assert game.open() == ["u1", "u2"] and game.timers() == {}
    assert step.elements == ["u9", "e9", "q9", "q1"]


def test_a_boundary_event_around_a_sub_process_ends_its_event_sub_processes_too(play: Play) -> None:
    drawn = inside(
        "is>iu1>ie", {**plain("iu1"), **IE, "q9": aside("q9", "u9>e9", plain("u9"), interrupting=False)}
    )
    game = play("s>q1>e b1>u3>e3", {**plain("u3"), "q1": drawn, "b1": boundary("b1", "q1")})
    game.deliver("撤回")
    game.deliver("撤回")
    step = game.fire("b1")
    assert game.open() == ["u3"] and [c.element.id for c in step.closed] == ["iu1", "u9", "u9"]
    assert game.run.subprocesses == {}
    with pytest.raises(Conflict):
        game.deliver("撤回")


def test_each_instance_of_a_sub_process_listens_for_itself_and_keeps_what_the_message_brought(
    play: Play,
) -> None:
    inner = {
        "is": "<b:startEvent id='is'/>",
        **IE,
        **plain("iu1"),
        "q9": aside("q9", "u9>e9", plain("u9"), interrupting=False),
    }
    loop = many(collection="= items", element="one", into="out", value="= one")
    drawn = sub("q1", "is>iu1>ie", inner).removesuffix("</b:subProcess>") + loop + "</b:subProcess>"
    game = play("s>q1>u2>e", {**plain("u2"), "q1": drawn}, items=["a", "b"])
    game.complete("iu1", 0)
    game.deliver("撤回", said="x")
    assert game.open() == ["iu1", "u9"] and "said" not in game.variables
    assert [t.data["said"] for t in game.waiting() if t.task_spec.element.id == "u9"] == ["x"]
    game.complete("iu1")
    game.complete("u9")
    assert game.open() == ["u2"] and game.variables["out"] == ["a", "b"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_timer_starts_it_once(play: Play, interrupting: bool) -> None:
    own = {**plain("u1"), "q9": aside("q9", "u9>e9", plain("u9"), timer("= P"), interrupting)}
    game = play("s>u1>e", own, P="PT3H")
    assert game.timers() == {"q9_s": later(hours=3)}
    token = next(t.id for t in game.run.all_tokens() if t.task_spec.listens)
    step = game.fire("q9_s")
    assert game.open() == (["u9"] if interrupting else ["u1", "u9"]) and game.timers() == {}
    assert [(t.element.id, t.fired) for t in step.timers_cleared] == [("q9_s", True)]
    with pytest.raises(Conflict):
        stepping.fire(game.run, token, "q9_s", game.host)


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_signal_thrown_within_the_case_starts_it(play: Play, interrupting: bool) -> None:
    drawn = inside("is>iu1>it>iu2>ie", {**plain("iu1", "iu2"), **IE, "it": RING})
    own = {**plain("u1"), "q1": drawn, "q9": aside("q9", "u9>e9", plain("u9"), SIGNAL, interrupting)}
    game = play("s>q1>u1>e", own)
    step = game.complete("iu1")
    assert game.open() == (["u9"] if interrupting else ["iu2", "u9"])
    assert "it" in step.elements
    game.complete("u9")
    assert game.ended is interrupting


def test_an_error_is_caught_in_its_own_scope_before_the_one_around_it(play: Play) -> None:
    drawn = inside(
        "is>ip1>iu1>ie ip1>iu2>ie2",
        {
            **plain("iu1", "iu2"),
            "ip1": "<b:parallelGateway id='ip1'/>",
            "ie": end("ie", ERROR),
            "ie2": "<b:endEvent id='ie2'/>",
            "q9": aside("q9", "u9>e9", plain("u9"), ERROR),
        },
    )
    own = {**plain("u1", "u3"), "q1": drawn, "b1": boundary("b1", "q1", ERROR)}
    game = play("s>q1>u1>e b1>u3>e3", own)
    game.complete("iu1", why="x")
    assert game.open() == ["u9"]
    game.complete("u9")
    assert game.open() == ["u1"], "an error that was dealt with is none for the parent"


def test_an_error_out_of_an_event_sub_process_is_the_parents(play: Play) -> None:
    body = aside("q9", "u9>e9", {**plain("u9"), "e9": end("e9", ERROR)}, ERROR)
    drawn = inside("is>iu1>ie", {**plain("iu1"), "ie": end("ie", ERROR), "q9": body})
    own = {**plain("u1", "u3"), "q1": drawn, "b1": boundary("b1", "q1", ERROR)}
    game = play("s>q1>u1>e b1>u3>e3", own)
    game.complete("iu1")
    game.complete("u9")
    assert game.open() == ["u3"]


def test_an_error_caught_by_the_process_itself(play: Play) -> None:
    drawn = inside("is>iu1>ie", {**plain("iu1"), "ie": end("ie", ERROR)})
    own = {**plain("u1", "u2"), "q1": drawn, "q9": aside("q9", "u9>e9", plain("u9"), ERROR)}
    game = play("s>p1>q1>u1>e p1>u2>e2", own)
    game.complete("iu1")
    assert game.open() == ["u9"]
    game.complete("u9")
    assert game.ended


def test_an_error_thrown_beside_a_boundary_event_of_another_activity_passes_it_by(play: Play) -> None:
    """The library called an error out to every boundary event of the scope."""
    deep = sub("q2", "s2>u2>e2", {"s2": "<b:startEvent id='s2'/>", "e2": end("e2", ERROR), **plain("u2")})
    drawn = inside(
        "is>ip1>q2>ie3 ip1>iu1>ie b2>ie4",
        {
            **plain("iu1"),
            "q2": deep,
            "b2": boundary("b2", "q2", ERROR),
            "ip1": "<b:parallelGateway id='ip1'/>",
            "ie": end("ie", ERROR),
            "ie3": "<b:endEvent id='ie3'/>",
            "ie4": "<b:endEvent id='ie4'/>",
        },
    )
    own = {**plain("u1", "u3"), "q1": drawn, "b1": boundary("b1", "q1", ERROR)}
    game = play("s>q1>u1>e b1>u3>e3", own)
    assert game.open() == ["iu1", "u2"]
    game.complete("iu1")
    assert game.open() == ["u3"]


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_starts_it(play: Play, interrupting: bool) -> None:
    drawn = inside(
        "is>iu1>it>iu2>ie",
        {
            **plain("iu1", "iu2"),
            **IE,
            "it": ESCALATE,
            "q9": aside("q9", "u9>e9", plain("u9"), ESCALATION, interrupting),
        },
    )
    own = {**plain("u1", "u3"), "q1": drawn, "b1": boundary("b1", "q1", ESCALATION, False)}
    game = play("s>q1>u1>e b1>u3>e3", own)
    game.complete("iu1")
    assert game.open() == (["u9"] if interrupting else ["iu2", "u9"])
    game.complete("u9")
    if not interrupting:
        game.complete("iu2")
    assert game.open() == ["u1"]


def test_an_escalation_out_of_a_body_does_not_start_that_body_again(play: Play) -> None:
    throw = {**plain("u9"), "it9": ESCALATE.replace("'it'", "'it9'")}
    own = {**plain("u1", "u2", "u3"), "q9": aside("q9", "u9>it9>e9", throw, ESCALATION, False)}
    drawn = inside("is>it>iu1>ie", {**plain("iu1"), **IE, "it": ESCALATE})
    game = play("s>q1>e", {"q1": drawn, **own})
    assert game.open() == ["iu1", "u9"]
    game.complete("u9")
    assert game.open() == ["iu1"]


def test_a_terminate_end_in_a_body_ends_the_body_and_one_in_the_flow_ends_all(play: Play) -> None:
    two = {
        **plain("u8", "u9"),
        "p9": "<b:parallelGateway id='p9'/>",
        "e9": end("e9", TERMINATE),
        "e8": "<b:endEvent id='e8'/>",
    }
    body = aside("q9", "p9>u9>e9 p9>u8>e8", two, interrupting=False)
    game = play("s>u1>e", {**plain("u1"), "q9": body, "e": end("e", TERMINATE)})
    game.deliver("撤回")
    game.deliver("撤回")
    game.complete("u9")
    assert game.open() == ["u1", "u8", "u9"]
    game.complete("u1")
    assert game.ended and game.open() == []


def test_an_event_sub_process_within_one(play: Play) -> None:
    deep = aside("q8", "u8>e8", plain("u8"), timer("PT1H"))
    body = aside("q9", "u9>e9", {**plain("u9"), "q8": deep}, interrupting=False)
    game = play("s>u1>e", {**plain("u1"), "q9": body})
    assert game.timers() == {}
    game.deliver("撤回")
    assert set(game.timers()) == {"q8_s"} and game.open() == ["u1", "u9"]
    game.fire("q8_s")
    assert game.open() == ["u1", "u8"]
    game.complete("u8")
    assert game.open() == ["u1"] and game.timers() == {}


def test_one_message_for_an_interrupting_start_and_for_what_it_cancels(play: Play) -> None:
    own = {
        **plain("u1", "u2"),
        "m1": catch("m1", MESSAGE),
        "q9": aside("q9", "u9>e9", plain("u9")),
        "q8": aside("q8", "u8>e8", plain("u8"), interrupting=False),
    }
    game = play("s>p1>m1>u1>e p1>u2>e2", own)
    step = game.deliver("撤回")
    assert game.open() == ["u9"] and step.elements == ["q9_s"]


def test_the_status_is_the_flows_own_and_not_that_of_what_stands_beside_it(play: Play) -> None:
    def named(key: str, status: str) -> str:
        return user(key, PLAIN, extension=properties(status=status))

    def body(key: str, interrupting: bool, event: str) -> str:
        return aside(key, f"u{key}>e{key}", {f"u{key}": named(f"u{key}", key)}, event, interrupting)

    own = {"u1": named("u1", "办理中"), "q9": body("q9", False, MESSAGE), "q8": body("q8", True, SIGNAL)}
    game = play("s>u1>e", own)
    assert game.step.status == "办理中"
    assert game.deliver("撤回").status is None
    assert game.deliver("停办", kind="signal").status == "q8"


def _rounds(game: Game, rounds: int, act: Any) -> tuple[list[int], list[int]]:
    tokens, sizes = [], []
    for number in range(rounds):
        act(number)
        tokens.append(game.tokens())
        sizes.append(game.size())
    return tokens, sizes


@pytest.mark.parametrize("warm", [True, False])
def test_a_thousand_rounds_beside_listeners_and_an_open_body_stay_flat(warm: bool) -> None:
    own = {
        **plain("u1", "u2"),
        "q9": aside("q9", "u9>e9", plain("u9"), interrupting=False),
        "q8": aside("q8", "u8>e8", plain("u8"), SIGNAL),
        "q7": aside("q7", "t7>e7", {}, timer("PT1H")),
        "b1": boundary("b1", "u1", timer("PT1H")),
    }
    game = Game("s>x1>u1>u2>x2>x1 x2>e b1>e3", own, {"x2-x1": "= go != false"}, stored=not warm)

    def act(number: int) -> None:
        game.complete("u1")
        if number % 3 == 0:
            game.deliver("撤回")
        if number % 6 == 3:
            game.complete("u9")
            game.complete("u9")
        game.complete("u2")

    tokens, sizes = _rounds(game, 1000, act)
    assert max(tokens) <= max(tokens[:9]) and max(sizes) <= max(sizes[:9]) + 60


def test_a_message_that_comes_a_thousand_times_leaves_nothing_behind(play: Play) -> None:
    own = {**plain("u1", "u2"), "q9": aside("q9", "t9>e9", {}, interrupting=False)}
    game = play("s>p1>u1>e p1>u2>e2", own)
    tokens, sizes = _rounds(game, 300, lambda _: game.deliver("撤回"))
    assert max(tokens) <= tokens[2] and max(sizes) <= sizes[2] + 20


def test_what_an_interrupting_event_ends_does_nothing_more_in_that_step(play: Play) -> None:
    """Both the edge and a scope within wait for the message: the outer one is first, and the last."""
    body = aside("q9", "t9>e9", {"t9": service("t9", "notify")}, interrupting=False)
    drawn = inside("is>iu1>ie", {**plain("iu1"), **IE, "q9": body})
    own = {**plain("u1", "u3"), "q1": drawn, "b1": boundary("b1", "q1", MESSAGE)}
    game = play("s>q1>u1>e b1>u3>e3", own)
    step = game.deliver("撤回")
    assert game.open() == ["u3"] and game.host.called == []
    assert step.elements == ["b1"] and [c.element.id for c in step.closed] == ["iu1"]


def test_an_error_ends_its_sub_process_before_another_branch_moves_on(play: Play) -> None:
    two = {
        **plain("iu1"),
        "ip1": "<b:parallelGateway id='ip1'/>",
        "ie": end("ie", ERROR),
        "it1": service("it1", "notify"),
        "ie2": "<b:endEvent id='ie2'/>",
    }
    drawn = inside("is>iu1>ip1>ie ip1>it1>ie2", two)
    game = play("s>q1>e b1>u3>e3", {**plain("u3"), "q1": drawn, "b1": boundary("b1", "q1", ERROR)})
    game.complete("iu1")
    assert game.open() == ["u3"] and game.host.called == []
