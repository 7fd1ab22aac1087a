"""Multi-instance: one token an item, nothing that leaks, results in one list."""

from typing import Any

import pytest

from engine.errors import Invalid
from tests.bpmn.drawing import sub, user
from tests.bpmn.game import (
    PLAIN,
    Play,
    many,
    plain,
)


def test_parallel_instances_have_each_their_item_and_their_results_are_gathered(play: Play) -> None:
    loop = many(collection="= people", element="one", into="answers", value='= one + ": " + said')
    game = play("s>u1>u2>e", plain("u1", "u2", u1=loop), people=["a", "b", "c"])
    assert game.open() == ["u1"] * 3
    assert [t.data["one"] for t in game.waiting()] == ["a", "b", "c"]
    for text in ("x", "y", "z"):
        game.complete("u1", said=text)
    assert game.open() == ["u2"]
    assert game.variables["answers"] == ["a: x", "b: y", "c: z"]
    assert set(game.variables) == {"people", "answers"}, "what is local to an instance does not leak"
    assert game.waiting()[0].data == {}


def test_instances_that_are_completed_in_any_order_lose_no_result(play: Play) -> None:
    loop = many(collection="= people", element="one", into="answers", value="= one")
    game = play("s>u1>u2>e", plain("u1", "u2", u1=loop), people=["a", "b", "c", "d"])
    for index in (2, 0, 1, 0):
        game.complete("u1", index)
    assert sorted(game.variables["answers"]) == ["a", "b", "c", "d"]


def test_sequential_instances_come_one_after_another(play: Play) -> None:
    loop = many("sequential", collection="= people", element="one", into="answers", value="= said")
    game = play("s>u1>u2>e", plain("u1", "u2", u1=loop), people=["a", "b", "c"])
    for expected in ("a", "b", "c"):
        (token,) = game.waiting()
        assert token.data["one"] == expected
        assert "said" not in token.data
        game.complete("u1", said=expected * 2)
    assert game.open() == ["u2"] and game.variables["answers"] == ["aa", "bb", "cc"]
    assert set(game.variables) == {"people", "answers"}


@pytest.mark.parametrize("kind", ["parallel", "sequential"])
def test_instances_are_counted_by_a_cardinality(play: Play, kind: str) -> None:
    game = play("s>u1>u2>e", plain("u1", "u2", u1=many(kind, count="= n")), n=4)
    for _ in range(4):
        assert "u1" in game.open()
        game.complete("u1")
    assert game.open() == ["u2"]


@pytest.mark.parametrize("kind", ["parallel", "sequential"])
def test_a_completion_condition_ends_the_rest(play: Play, kind: str) -> None:
    until = "= nrOfCompletedInstances &gt;= 2 and nrOfInstances = 4"
    game = play("s>u1>u2>e", plain("u1", "u2", u1=many(kind, count="4", until=until)))
    game.complete("u1")
    step = game.complete("u1")
    assert game.open() == ["u2"]
    assert len(step.closed) == (3 if kind == "parallel" else 1)
    assert sum(c.completed for c in step.closed) == 1


@pytest.mark.parametrize("kind", ["parallel", "sequential"])
@pytest.mark.parametrize("loop", [{"collection": "= nobody"}, {"count": "0"}])
def test_no_instances_at_all_go_straight_on_and_leave_no_old_results(
    play: Play, kind: str, loop: dict[str, str]
) -> None:
    inner = many(kind, into="answers", value="= loopCounter", **loop)
    game = play("s>u1>u2>e", plain("u1", "u2", u1=inner), nobody=[], answers=["from before"])
    assert game.open() == ["u2"]
    assert game.variables["answers"] == []


@pytest.mark.parametrize("given", ["text", 5, None, {"a": 1}])
def test_instances_over_what_is_no_list_are_refused(play: Play, given: Any) -> None:
    with pytest.raises(Invalid) as caught:
        play("s>u1>e", plain("u1", u1=many(collection="= people")), people=given)
    assert caught.value.code == "bpmn.not_a_list"


@pytest.mark.parametrize("given", ["many", None, -1, 10_001, 2.5, True])
def test_a_cardinality_that_is_no_count_is_refused(play: Play, given: Any) -> None:
    with pytest.raises(Invalid) as caught:
        play("s>u1>e", plain("u1", u1=many(count="= n")), n=given)
    assert caught.value.code == "bpmn.not_a_count"


def test_results_are_gathered_anew_each_round(play: Play) -> None:
    loop = many(collection="= people", element="one", into="answers", value="= one")
    own = {**plain("u1", "u2", u1=loop), "x1": "<b:exclusiveGateway id='x1'/>"}
    game = play("s>x1>u1>u2>x2>x1 x2>e", own, {"x2-x1": "= true"}, people=["a", "b"])
    for _ in range(3):
        game.complete("u1")
        game.complete("u1")
        assert game.variables["answers"] == ["a", "b"]
        game.complete("u2")


def test_instances_within_instances_gather_their_own_results(play: Play) -> None:
    task = user("iu1", PLAIN, many(collection="= team", element="one", into="answers", value="= one"))
    inner = {"is": "<b:startEvent id='is'/>", "ie": "<b:endEvent id='ie'/>", "iu1": task}
    outer = many(collection="= teams", element="team", into="all", value="= answers")
    drawn = sub("q1", "is>iu1>ie", inner).replace("</b:subProcess>", outer + "</b:subProcess>")
    game = play("s>q1>u2>e", {**plain("u2"), "q1": drawn}, teams=[["a", "b"], ["c"]])
    assert game.open() == ["iu1"] * 3
    for _ in range(3):
        game.complete("iu1")
    assert game.open() == ["u2"]
    assert game.variables["all"] == [["a", "b"], ["c"]]
    assert set(game.variables) == {"teams", "all"}


def test_a_sub_process_for_each_item_keeps_its_values_apart(play: Play) -> None:
    inner = {"is": "<b:startEvent id='is'/>", "ie": "<b:endEvent id='ie'/>", **plain("iu1", "iu2")}
    loop = many(collection="= items", element="one", into="out", value="= one + note")
    drawn = sub("q1", "is>iu1>iu2>ie", inner).replace("</b:subProcess>", loop + "</b:subProcess>")
    game = play("s>q1>u2>e", {**plain("u2"), "q1": drawn}, items=["a", "b"])
    game.complete("iu1", 0, note="1")
    game.complete("iu1", 0, note="2")
    assert game.open() == ["iu2", "iu2"]
    game.complete("iu2", 0)
    game.complete("iu2", 0)
    assert game.variables["out"] == ["a1", "b2"] and "note" not in game.variables
