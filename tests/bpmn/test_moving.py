"""Moves one by one: side ways, branches without a join, instances, calls, event sub-processes."""

from collections.abc import Callable

import pytest

from engine.bpmn import stepping
from engine.errors import Conflict
from tests.bpmn.drawing import boundary, call, draw, end, properties, user
from tests.bpmn.event_drawing import aside
from tests.bpmn.game import MESSAGE, PLAIN, Game, Host, catch, inside, many, plain, timer
from tests.bpmn.test_stepping_calls import bound

TERMINATE = "<b:terminateEventDefinition/>"


class Voters(Host):
    """Everybody is an account."""

    def signer(self, name: str) -> str | None:
        return "account"


def offered(game: Game, element: str) -> list[str]:
    (token,) = [t for t in game.waiting() if t.task_spec.element.id == element]
    return [one.id for one in stepping.targets(game.run, token.id)]


def back(
    game: Game, element: str, to: str, index: int = 0, move: Callable = stepping.send_back
) -> stepping.Step:
    token = [t for t in game.waiting() if t.task_spec.element.id == element][index]
    return game._took(move(game.run, token.id, to, game.host))


def finished(game: Game, element: str, **values: object) -> stepping.Finished:
    """Complete the task at `element`; returns what was done, to open it again."""
    (token,) = [t for t in game.waiting() if t.task_spec.element.id == element]
    done = stepping.Finished(element, token.id, dict(token.data))
    game.complete(element, **values)
    return done


def again(game: Game, done: stepping.Finished) -> stepping.Step:
    return game._took(stepping.reopen(game.run, done, game.host))


def completed(game: Game, *elements: str) -> Game:
    for element in elements:
        game.complete(element)
    return game


def test_a_side_way_begun_before_the_target_stands_and_one_begun_after_it_falls() -> None:
    own = {**plain("u1", "u2", "u3", "u4"), "b": boundary("b", "u1", MESSAGE, False)}
    game = Game("s>u1>u2>u3>e b>u4>e2", own)
    game.deliver("撤回")
    completed(game, "u1", "u2")
    assert offered(game, "u3") == ["u1", "u2"]
    assert offered(game, "u4") == ["u1"]
    back(game, "u3", "u2")
    assert game.open() == ["u2", "u4"]
    game.complete("u2")
    step = back(game, "u3", "u1")
    assert game.open() == ["u1"]
    assert sorted(c.element.id for c in step.closed) == ["u3", "u4"]
    game.deliver("撤回")
    assert game.open() == ["u1", "u4"], "the boundary event is armed anew"
    completed(game, "u1", "u4", "u2", "u3")
    assert game.ended


def test_from_a_side_way_the_main_flow_is_called_back_too() -> None:
    own = {**plain("u0", "u1", "u2", "u3", "u4"), "b": boundary("b", "u1", MESSAGE, False)}
    game = Game("s>u0>u1>u2>e b>u3>u4>e2", own)
    completed(game, "u0")
    game.deliver("撤回")
    completed(game, "u1", "u3")
    assert offered(game, "u4") == ["u0", "u1", "u3"]
    back(game, "u4", "u3")
    assert game.open() == ["u2", "u3"]
    completed(game, "u3")
    back(game, "u4", "u0")
    assert game.open() == ["u0"]
    completed(game, "u0", "u1", "u2")
    assert game.ended


def test_a_side_way_that_runs_into_the_flow_is_not_moved_about_in() -> None:
    own = {**plain("u0", "u1", "u2", "u3", "u4"), "b": boundary("b", "u1", MESSAGE, False)}
    game = Game("s>u0>u1>u2>x2>u3>e b>u4>x2", own)
    game.complete("u0")
    game.deliver("撤回")
    completed(game, "u1", "u2", "u4")
    token = game.waiting()[0]
    assert [one.id for one in stepping.targets(game.run, token.id)] == ["u0", "u1"]
    with pytest.raises(Conflict) as refused:
        back(game, "u3", "u2")
    assert refused.value.code == "bpmn.cannot_send_back"
    back(game, "u3", "u1")
    assert game.open() == ["u1"], "the other token at u3 came from u1 as well"


def test_side_ways_may_share_an_end_with_the_flow() -> None:
    own = {**plain("u1", "u2"), "b": boundary("b", "u1", MESSAGE, False), "t": "<b:task id='t'/>"}
    game = completed(Game("s>u1>u2>e b>t>e", own), "u1")
    assert offered(game, "u2") == ["u1"]


def test_branches_that_end_by_themselves_need_no_join() -> None:
    game = Game("s>u0>p1>u1>u2>e1 p1>u3>e2", plain("u0", "u1", "u2", "u3"))
    completed(game, "u0", "u1", "u3")
    assert offered(game, "u2") == ["u0", "u1"]
    back(game, "u2", "u1")
    assert game.open() == ["u1"]
    completed(game, "u1", "u2")
    assert game.ended


def test_a_branch_that_ends_all_beside_it_is_a_branch() -> None:
    own = {**plain("u1", "u2", "u3", "u4"), "e1": end("e1", TERMINATE)}
    game = completed(Game("s>u1>p1>u2>u3>e1 p1>u4>e2", own), "u1", "u2")
    assert offered(game, "u3") == ["u1", "u2"] and offered(game, "u4") == ["u1"]
    back(game, "u3", "u2")
    assert game.open() == ["u2", "u4"]


def test_crossed_branches_offer_only_what_lies_before_them() -> None:
    ways = "s>u0>p1>u1>p3>u3>p2>e p1>u2>p4>u4>p2 p3>p5 p4>p5>u5>p2"
    game = Game(ways, plain("u0", "u1", "u2", "u3", "u4", "u5"))
    completed(game, "u0", "u1", "u2")
    assert offered(game, "u3") == ["u0"]
    back(game, "u3", "u0")
    assert game.open() == ["u0"]


def test_into_a_block_whose_other_branch_is_done() -> None:
    game = Game("s>p1>u1>p3>u2>p4>p2>u5>e p3>u3>p4 p1>u4>p2", plain("u1", "u2", "u3", "u4", "u5"))
    completed(game, "u1", "u2", "u3", "u4")
    assert offered(game, "u5") == ["u1", "u2", "u3", "u4"]
    back(game, "u5", "u3")
    assert game.open() == ["u3"]
    game.complete("u3")
    assert game.open() == ["u5"]
    for _ in range(3):  # rounds do not add up
        back(game, "u5", "u4")
        game.complete("u4")
        assert game.open() == ["u5"]
    game.complete("u5")
    assert game.ended


def test_an_inclusive_join_waits_only_for_what_is_on_its_way() -> None:
    game = Game("s>i1>u1>i2>u4>e i1>u2>i2 i1>u3>i2", plain("u1", "u2", "u3", "u4"), {"i1-u1": "= true"})
    completed(game, "u1", "u2")
    back(game, "u4", "u1")
    assert game.open() == ["u1"]
    game.complete("u1")
    assert game.open() == ["u4"]


def test_instances_go_back_and_begin_as_a_whole() -> None:
    own = {**plain("u1", "u3"), "u2": user("u2", PLAIN, many(count="3"))}
    game = Game("s>u1>u2>u3>e", own)
    completed(game, "u1")
    game.complete("u2")
    step = back(game, "u2", "u1", index=1)
    assert game.open() == ["u1"] and len(step.closed) == 2
    completed(game, "u1")
    assert game.open() == ["u2"] * 3
    completed(game, "u2", "u2", "u2")
    back(game, "u3", "u2")
    assert game.open() == ["u2"] * 3
    completed(game, "u2", "u2", "u2", "u3")
    assert game.ended


def test_inside_one_instance_the_others_go_on() -> None:
    inner = inside("is>u1>u2>e5", plain("u1", "u2"))
    own = {
        "q1": inner.replace("</b:subProcess>", many(collection="= [7, 8]", element="n") + "</b:subProcess>")
    }
    game = Game("s>u0>q1>u3>e", {**own, **plain("u0", "u3")})
    completed(game, "u0", "u1", "u1")
    step = back(game, "u2", "u1", index=1)
    assert game.open() == ["u1", "u2"] and step.opened[0].local["n"] == 8
    game.complete("u2")
    back(game, "u1", "u0")
    assert game.open() == ["u0"]
    completed(game, "u0", "u1", "u1", "u2", "u2")
    assert offered(game, "u3") == ["u0", "q1"]
    back(game, "u3", "q1")
    assert game.open() == ["u1", "u1"]


def test_into_a_finished_sub_process_with_all_that_listens_there() -> None:
    body = aside("q2", "u9>e9", plain("u9"), MESSAGE, False)
    inner = {**plain("u1", "u2"), "q2": body, "b": boundary("b", "u2", timer("PT1H"))}
    edges = {"late": boundary("late", "q1", timer("PT9H"), False), **plain("u0", "u3")}
    game = Game("s>u0>q1>u3>e late>e8", {"q1": inside("is>u1>u2>e5 b>e5", inner), **edges})
    completed(game, "u0", "u1", "u2")
    assert offered(game, "u3") == ["u0", "u1", "u2"] and game.timers() == {}
    back(game, "u3", "u2")
    assert game.open() == ["u2"] and sorted(game.timers()) == ["b", "late"]
    game.deliver("撤回")
    assert game.open() == ["u2", "u9"]
    assert offered(game, "u9") == []
    completed(game, "u9", "u2", "u3")
    assert game.ended


def test_a_phase_begins_anew_when_its_sub_process_is_entered_again() -> None:
    phase = f"<b:extensionElements>{properties(deadline='= @&quot;P3D&quot;')}</b:extensionElements>"
    inner = inside("is>u1>u2>e5", plain("u1", "u2")).replace("<b:startEvent", f"{phase}<b:startEvent", 1)
    game = Game("s>q1>u3>e", {"q1": inner, **plain("u3")})
    completed(game, "u1")
    assert not back(game, "u2", "u1").phases_opened, "it goes on while its inside moves"
    completed(game, "u1", "u2")
    step = back(game, "u3", "u2")
    assert [phase.element.id for phase in step.phases_opened] == ["q1"]


def test_within_a_call_and_not_out_of_it() -> None:
    called = draw("s>u1>u2>e", plain("u1", "u2"), key="other")
    drawn = draw("s>u0>a1>u3>e", {"a1": call("a1", "other"), **plain("u0", "u3")})
    game = Game(bound(drawn, other=called))
    completed(game, "u0", "a1/u1")
    assert offered(game, "a1/u2") == ["a1/u1"]
    back(game, "a1/u2", "a1/u1")
    assert game.open() == ["a1/u1"]
    completed(game, "a1/u1", "a1/u2")
    assert offered(game, "u3") == ["u0", "a1"]
    back(game, "u3", "a1")
    assert game.open() == ["a1/u1"]


def test_out_of_an_interrupting_event_sub_process_nothing_leads() -> None:
    body = aside("q2", "u8>u9>e9", plain("u8", "u9"), MESSAGE, True)
    game = completed(Game("s>u1>u2>e", {**plain("u1", "u2"), "q2": body}), "u1")
    game.deliver("撤回")
    assert game.open() == ["u8"] and offered(game, "u8") == []
    game.complete("u8")
    assert offered(game, "u9") == ["u8"]
    back(game, "u9", "u8")
    completed(game, "u8", "u9")
    assert game.ended


def test_what_waits_for_moments_and_messages_falls_with_the_move() -> None:
    game = Game("s>u1>p1>c1>p2>u3>e p1>u2>p2", {"c1": catch("c1", timer("PT5H")), **plain("u1", "u2", "u3")})
    done = finished(game, "u1")
    step = again(game, done)
    assert game.open() == ["u1"] and game.timers() == {}
    assert [cleared.element.id for cleared in step.timers_cleared] == ["c1"]


def test_a_rejection_leads_ahead_out_of_branches_and_never_into_them() -> None:
    game = Game("s>u1>p1>u2>p2>u4>e p1>u3>p2", plain("u1", "u2", "u3", "u4"))
    with pytest.raises(Conflict):
        back(game, "u1", "u2", move=stepping.reject)
    game.complete("u1")
    step = back(game, "u2", "u4", move=stepping.reject)
    assert game.open() == ["u4"] and sorted(c.element.id for c in step.closed) == ["u2", "u3"]
    game.complete("u4")
    assert game.ended


def test_a_branch_is_opened_again_while_others_are_under_way() -> None:
    game = Game("s>p1>u1>p2>u4>e p1>u2>u3>p2", plain("u1", "u2", "u3", "u4"))
    first, second = finished(game, "u1"), finished(game, "u2")
    again(game, first)
    assert game.open() == ["u1", "u3"]
    again(game, second)
    assert game.open() == ["u1", "u2"]
    completed(game, "u1", "u2")
    last = finished(game, "u3")
    assert game.open() == ["u4"]
    again(game, last)
    assert game.open() == ["u3"]
    completed(game, "u3", "u4")
    assert game.ended


def test_an_item_is_opened_again_while_others_are_under_way() -> None:
    items = many(collection="= [7, 8, 9]", element="n", into="all", value="note")
    game = Game("s>u1>u2>e", {"u1": user("u1", PLAIN, items), **plain("u2")})
    tokens = [t.id for t in game.waiting()]
    game.complete("u1", 0, note="a")
    game.complete("u1", 1, note="c")
    assert game.variables["all"] == ["a", "c"]
    step = again(game, stepping.Finished("u1", tokens[0], {}))
    assert game.variables["all"] == ["c"] and step.opened[0].local["n"] == 7 and not step.closed
    for note in ("b", "d"):
        game.complete("u1", note=note)
    assert game.open() == ["u2"] and game.variables["all"] == ["c", "b", "d"]
    with pytest.raises(Conflict):
        again(game, stepping.Finished("u1", tokens[1], {}))


def test_of_items_in_turn_only_the_last_is_opened_again() -> None:
    items = many("sequential", count="3")
    game = Game("s>u1>u2>e", {"u1": user("u1", PLAIN, items), **plain("u2")})
    first, second = finished(game, "u1"), finished(game, "u1")
    with pytest.raises(Conflict):
        again(game, first)
    step = again(game, second)
    assert [opened.local["loopCounter"] for opened in step.opened] == [1] and len(step.closed) == 1
    completed(game, "u1", "u1", "u2")
    assert game.ended


def test_a_vote_that_is_taken_back_counts_no_more() -> None:
    said = {"signing": "票签", "signers": "a,b,c", "pass": "60%"}
    game = Game("s>u1>e", {"u1": user("u1", "", "", properties(**said))}, host=Voters())
    tokens = [t.id for t in game.waiting()]
    game.complete("u1", decision="同意")
    again(game, stepping.Finished("u1", tokens[0], {}))
    assert game.variables["u1_result_opinions"] == []
    game.complete("u1", 0, decision="不同意")
    game.complete("u1", 0, decision="不同意")
    assert game.ended and game.variables["u1_result"] == "不通过"


def test_an_earlier_instance_is_not_mistaken_for_a_later_one() -> None:
    body = aside("q2", "u8>u9>e9", plain("u8", "u9"), MESSAGE, False)
    game = Game("s>u1>e", {**plain("u1"), "q2": body})
    game.deliver("撤回")
    done = finished(game, "u8")
    game.deliver("撤回")
    with pytest.raises(Conflict) as refused:
        again(game, done)
    assert refused.value.code == "bpmn.cannot_reopen"


def test_what_is_said_of_a_move_names_both_ends() -> None:
    game = completed(Game("s>u1>u2>e", plain("u1", "u2")), "u1")
    with pytest.raises(Conflict) as refused:
        back(game, "u2", "u9")
    assert "u2" in refused.value.say("en") and "u9" in refused.value.say("en")
    with pytest.raises(Conflict) as gone:
        stepping.send_back(game.run, 1, "u1", game.host)
    assert gone.value.code == "bpmn.not_waiting"


def test_a_hundred_ways_back_cost_no_more_than_one() -> None:
    game = Game("s>p1>u1>u2>p2>e p1>u3>p2", plain("u1", "u2", "u3"))
    sizes = []
    for _ in range(100):
        game.complete("u1")
        back(game, "u2", "u1")
        sizes.append(game.tokens())
    assert sizes[-1] <= sizes[1] + 2
