"""Loops: a thousand rounds cost what three do."""

import pytest

from tests.bpmn.drawing import boundary, sub
from tests.bpmn.game import (
    Game,
    Play,
    plain,
)


def _rounds(game: Game, rounds: int, *elements: str) -> tuple[list[int], list[int]]:
    tokens, sizes = [], []
    for _ in range(rounds):
        for element in elements:
            game.complete(element)
        tokens.append(game.tokens())
        sizes.append(game.size())
    return tokens, sizes


def _flat(found: tuple[list[int], list[int]]) -> None:
    tokens, sizes = found
    assert max(tokens) <= tokens[2] and max(sizes) <= sizes[2] + 40  # token numbers get longer


@pytest.mark.parametrize("warm", [True, False])
def test_a_loop_of_a_thousand_rounds_stays_flat(warm: bool) -> None:
    own = plain("u1", "u2")
    game = Game("s>x1>u1>u2>x2>x1 x2>e", own, {"x2-x1": "= go != false"}, stored=not warm)
    _flat(_rounds(game, 1000, "u1", "u2"))
    game.complete("u1")
    game.complete("u2", go=False)
    assert game.ended


def test_a_loop_with_boundary_timers_in_a_sub_process_and_a_parallel_part_stays_flat(play: Play) -> None:
    inner = sub(
        "q1", "is>iu1>ie", {"is": "<b:startEvent id='is'/>", "ie": "<b:endEvent id='ie'/>", **plain("iu1")}
    )
    own = {**plain("u1", "u2"), "q1": inner, "b1": boundary("b1", "q1", interrupting=False)}
    ways = "s>x1>q1>p1>u1>p2>x2>x1 p1>u2>p2 x2>e b1>t1>e2"
    game = play(ways, own, {"x2-x1": "= true"})
    tokens, sizes = [], []
    for number in range(120):
        if number % 3 == 0:
            game.fire("b1")
        found = _rounds(game, 1, "iu1", "u2", "u1")
        tokens += found[0]
        sizes += found[1]
    assert max(tokens[3:]) <= max(tokens[:3]) and max(sizes[3:]) <= max(sizes[:3]) + 24


def test_a_loop_beside_a_task_that_waits_grows_no_faster_than_its_rounds(play: Play) -> None:
    own = {**plain("u1", "u9"), "x1": "<b:exclusiveGateway id='x1'/>"}
    game = play("s>p1>u9>p2>e p1>x1>u1>x2>x1 x2>p2", own, {"x2-x1": "= go != false"})
    for _ in range(60):
        game.complete("u1")
    assert game.tokens() < 400 and game.open() == ["u1", "u9"]
    game.complete("u1", go=False)
    game.complete("u9")
    assert game.ended


@pytest.mark.parametrize("before", [True, False])
def test_a_standard_loop_repeats_while_its_condition_holds_and_no_more_than_its_maximum(
    play: Play, before: bool
) -> None:
    def turning(condition: str, maximum: int) -> str:
        return (
            f"<b:standardLoopCharacteristics testBefore='{str(before).lower()}' loopMaximum='{maximum}'>"
            f"<b:loopCondition>{condition}</b:loopCondition></b:standardLoopCharacteristics>"
        )

    game = play("s>u1>u2>e", plain("u1", "u2", u1=turning("= go != false", 3)))
    for _ in range(3):
        assert game.open() == ["u1"]
        game.complete("u1")
    assert game.open() == ["u2"]
    game = play("s>u1>u2>e", plain("u1", "u2", u1=turning("= go != false", 3)), go=False)
    assert game.open() == (["u2"] if before else ["u1"])
