"""Gateways: which way a token goes, and what a join waits for."""

from typing import Any

import pytest

from engine.bpmn import stepping
from engine.errors import Invalid
from tests.bpmn.game import (
    Play,
    catch,
    inside,
    many,
    plain,
    timer,
)


@pytest.mark.parametrize("amount, way", [(2, "u1"), (1, "u2"), (None, "u2"), ("viele", "u2"), ([], "u2")])
def test_a_condition_that_is_not_true_takes_the_default(play: Play, amount: Any, way: str) -> None:
    game = play("s>x1>u1>e x1>u2>e", plain("u1", "u2"), {"x1-u1": "= amount &gt; 1"}, amount=amount)
    assert game.open() == [way]
    assert f"x1-{way}" in game.step.flows


def test_the_first_condition_that_holds_is_taken(play: Play) -> None:
    given = {"x1-u1": "= n &gt; 10", "x1-u2": "= n &gt; 5", "x1-u3": "= n &gt; 1"}
    ways = "s>x1>u1>e x1>u2>e x1>u3>e x1>u4>e"
    found = [play(ways, plain("u1", "u2", "u3", "u4"), given, n=n).open() for n in (11, 6, 2, 0)]
    assert found == [["u1"], ["u2"], ["u3"], ["u4"]]


def test_no_way_out_of_a_gateway_is_a_clear_error_and_nothing_changes(play: Play) -> None:
    own = {**plain("u1", "u2", "u3"), "x1": "<b:exclusiveGateway id='x1'/>"}
    game = play("s>u3>x1>u1>e x1>u2>e", own, {"x1-u1": "= n = 1", "x1-u2": "= n = 2"})
    before = stepping.store_tokens(game.run), dict(game.variables)
    stored = stepping.store_variables(game.variables)
    with pytest.raises(Invalid) as caught:
        game.complete("u3", n=3)
    assert caught.value.code == "bpmn.stopped"
    again = stepping.load(game.program, {}, before[0], stored)
    assert stepping.store_tokens(again) == before[0] and again.variables == before[1]


@pytest.mark.parametrize(
    "a, b, open_",
    [(1, 1, ["u1", "u2"]), (1, 0, ["u1"]), (0, 1, ["u2"]), (0, 0, ["u3"]), (None, None, ["u3"])],
)
def test_an_inclusive_gateway_takes_every_way_that_holds_and_waits_for_all_of_them(
    play: Play, a: Any, b: Any, open_: list[str]
) -> None:
    ways = "s>i1>u1>i2 i1>u2>i2 i1>u3>i2 i2>u4>e"
    game = play(ways, plain("u1", "u2", "u3", "u4"), {"i1-u1": "= a = 1", "i1-u2": "= b = 1"}, a=a, b=b)
    assert game.open() == open_
    for number, element in enumerate(open_, 1):
        game.complete(element)
        assert (game.open() == ["u4"]) == (number == len(open_))
    game.complete("u4")
    assert game.ended


def test_an_inclusive_join_inside_a_loop_waits_anew_each_round(play: Play) -> None:
    ways = "s>x1>i1>u1>i2 i1>u2>i2 i2>x2>x1 x2>e"
    given = {"i1-u1": "= a = 1", "i1-u2": "= b = 1", "x2-x1": "= again = true"}
    own = {**plain("u1", "u2"), "x1": "<b:exclusiveGateway id='x1'/>", "i1": "<b:inclusiveGateway id='i1'/>"}
    game = play(ways, own, given, a=1, b=1)
    for _ in range(5):
        assert game.open() == ["u1", "u2"]
        game.complete("u2", again=True)
        assert game.open() == ["u1"]
        game.complete("u1")
    game.complete("u1", again=False, b=0)
    game.complete("u2")
    assert game.ended


@pytest.mark.parametrize("gateway", ["p", "i"])
def test_a_join_inside_a_loop_waits_anew_whatever_the_order_of_the_rounds(play: Play, gateway: str) -> None:
    """With no rest between two rounds, so that nothing of the first has been forgotten in the second."""
    a, b = f"{gateway}1", f"{gateway}2"
    ways = f"s>x1>{a}>u1>{b} {a}>u2>{b} {b}>x2>x1 x2>e"
    own = {**plain("u1", "u2"), "x1": "<b:exclusiveGateway id='x1'/>"}
    if gateway == "i":
        own["i1"] = "<b:inclusiveGateway id='i1'/>"
    game = play(
        ways,
        own,
        {f"{a}-u1": "", f"{a}-u2": "", "x2-x1": "= again = true"}
        if gateway == "p"
        else {"i1-u1": "= true", "i1-u2": "= true", "x2-x1": "= again = true"},
    )
    for first, second in (("u1", "u2"), ("u2", "u1"), ("u2", "u1"), ("u1", "u2"), ("u2", "u1")):
        assert game.open() == ["u1", "u2"]
        game.complete(first, again=True)
        assert game.open() == [second]
        game.complete(second)
    game.complete("u2", again=False)
    game.complete("u1")
    assert game.ended


@pytest.mark.parametrize("gateway", ["p", "i"])
def test_a_second_token_through_a_gateway_leaves_alone_what_the_first_led_to(
    play: Play, gateway: str
) -> None:
    ways = f"s>p1>u1>x1 p1>u2>x1 x1>{gateway}3>u3>e {gateway}3>u4>e"
    own = {
        **plain("u1", "u2", "u3", "u4"),
        "x1": "<b:exclusiveGateway id='x1'/>",
        "i3": "<b:inclusiveGateway id='i3'/>",
    }
    given = {"i3-u3": "= true", "i3-u4": "= true"} if gateway == "i" else {}
    game = play(ways, {k: v for k, v in own.items() if k[0] != "i" or gateway == "i"}, given)
    game.complete("u1")
    assert game.open() == ["u2", "u3", "u4"]
    game.complete("u2")
    assert game.open() == ["u3", "u3", "u4", "u4"]


def test_an_inclusive_join_waits_for_a_branch_that_is_still_far_from_it(play: Play) -> None:
    drawn = inside("is>iu1>ie", {**plain("iu1"), "ie": "<b:endEvent id='ie'/>"})
    many_ = many(count="2")
    own = {
        **plain("u2", "u3", "u4", "u5", u4=many_),
        "q1": drawn,
        "c1": catch("c1", timer("PT1H")),
        "i1": "<b:inclusiveGateway id='i1'/>",
    }
    given = {f"i1-{name}": "= true" for name in ("q1", "u2", "u4", "c1")}
    game = play("s>i1>q1>u3>i2 i1>u2>i2 i1>u4>t1>i2 i1>c1>t2>i2 i2>u5>e", own, given)
    assert game.open() == ["iu1", "u2", "u4", "u4"]
    game.complete("u2")
    assert "u5" not in game.open()
    game.fire("c1")
    game.complete("u4")
    game.complete("u4")
    assert game.open() == ["iu1"]
    game.complete("iu1")
    assert game.open() == ["u3"]
    game.complete("u3")
    assert game.open() == ["u5"]


def test_parallel_branches_join_once_whatever_their_order(play: Play) -> None:
    for first, second in (("u1", "u2"), ("u2", "u1")):
        game = play("s>p1>u1>p2>u3>e p1>u2>p2", plain("u1", "u2", "u3"))
        assert game.open() == ["u1", "u2"]
        game.complete(first)
        assert game.open() == [second]
        game.complete(second)
        assert game.open() == ["u3"]


def test_fourteen_diamonds_in_a_row_stay_small(play: Play) -> None:
    ways = " ".join(
        f"{'s' if n == 0 else f'p{n}b'}>p{n + 1}a>u{n}>p{n + 1}b p{n + 1}a>v{n}>p{n + 1}b" for n in range(14)
    )
    tasks = [f"{kind}{n}" for n in range(14) for kind in "uv"]
    game = play(f"{ways} p14b>e", plain(*tasks))
    most = game.tokens()
    for n in range(14):
        assert game.open() == [f"u{n}", f"v{n}"]
        game.complete(f"u{n}")
        most = max(most, game.tokens())
        game.complete(f"v{n}")
        most = max(most, game.tokens())
    assert game.ended and most <= 14 * 6
