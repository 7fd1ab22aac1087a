"""Event sub-processes and called processes: each side listens for itself, on variables of its own."""

from engine.bpmn import soundness, stepping
from tests.bpmn.drawing import ERROR, boundary, call, draw, end
from tests.bpmn.event_drawing import aside
from tests.bpmn.game import MESSAGE, Play, later, plain, timer
from tests.bpmn.test_stepping_calls import bound

QUIET = {**plain("u1"), "q9": aside("q9", "u9>e9", plain("u9"))}


def calling(**own: str) -> dict[str, str]:
    return {"k1": call("k1", "other"), **plain("u2"), **own}


def test_what_a_called_process_listens_for_ends_the_call_and_the_case_goes_on(play: Play) -> None:
    game = play(bound(draw("s>k1>u2>e", calling()), other=draw("s>u1>e", QUIET, key="other")))
    assert [key for _, key in stepping.awaited(game.run)] == ["k1/q9_s"]
    step = game.deliver("撤回", why="x")
    assert game.open() == ["k1/u9"] and game.variables == {}, "what it brought is the call's own"
    assert [one.element.id for one in step.unsubscribed] == ["k1/q9_s"]
    (token,) = game.waiting()
    assert token.workflow.variables == {"why": "x"}
    game.complete("k1/u9")
    assert game.open() == ["u2"] and game.run.calls() == {}


def test_what_the_case_listens_for_ends_the_call_with_all_it_listens_for(play: Play) -> None:
    inner = {**plain("u1"), "q8": aside("q8", "u8>e8", plain("u8"), timer("PT1H"), False)}
    own = calling(q9=aside("q9", "u9>e9", plain("u9")))
    game = play(bound(draw("s>k1>u2>e", own), other=draw("s>u1>e", inner, key="other")))
    game.fire("k1/q8_s")
    assert game.open() == ["k1/u1", "k1/u8"]
    step = game.deliver("撤回")
    assert game.open() == ["u9"] and {c.element.id for c in step.closed} == {"k1/u1", "k1/u8"}
    assert game.run.calls() == {} and game.run.subprocesses.keys() == {
        game.waiting()[0].workflow.parent_task_id
    }


def test_an_error_out_of_a_called_process_is_caught_by_a_scope_around_the_call(play: Play) -> None:
    other = draw("s>u1>e", {**plain("u1"), "e": end("e", ERROR)}, key="other")
    own = calling(q9=aside("q9", "u9>e9", plain("u9"), ERROR))
    game = play(bound(draw("s>k1>u2>e", own), other=other))
    game.complete("k1/u1")
    assert game.open() == ["u9"]
    game.complete("u9")
    assert game.ended


def test_a_message_at_the_edge_of_a_call_is_first_and_nothing_within_acts(play: Play) -> None:
    inner = {**plain("u1"), "q9": aside("q9", "u9>e9", plain("u9"), MESSAGE, False)}
    own = calling(b1=boundary("b1", "k1", MESSAGE), **plain("u3"))
    game = play(bound(draw("s>k1>u2>e b1>u3>e3", own), other=draw("s>u1>e", inner, key="other")))
    assert len(stepping.awaited(game.run)) == 2
    game.deliver("撤回")
    assert game.open() == ["u3"] and stepping.awaited(game.run) == {}


def test_such_a_diagram_is_sound_and_its_timers_are_the_cases(play: Play) -> None:
    inner = {**plain("u1"), "q8": aside("q8", "u8>e8", plain("u8"), timer("PT1H"))}
    diagram = bound(draw("s>k1>u2>e", calling()), other=draw("s>u1>e", inner, key="other"))
    result = soundness.explore(diagram)
    assert result.proven and result.problems == ()
    game = play(diagram)
    assert game.timers() == {"k1/q8_s": later(hours=1)}
    game.fire("k1/q8_s")
    assert game.open() == ["k1/u8"] and game.timers() == {}
