"""Call activities: the called process runs in the same case, on variables of its own."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn import calls, stepping
from engine.bpmn.model import Diagram
from engine.errors import Conflict
from tests.bpmn.drawing import boundary, call, draw, end, parameters, properties, service, sub, user
from tests.bpmn.event_drawing import aside
from tests.bpmn.game import ESCALATION, MESSAGE, PLAIN, Play, catch, later, many, plain, timer


def bound(diagram: Diagram, **known: Diagram) -> Diagram:
    return calls.bind(diagram, known)


def calling(mapping: str = "", inner: str = "", **own: str) -> dict[str, str]:
    return {"k1": call("k1", "other", mapping, inner), **plain("u1", "u2"), **own}


OTHER = draw("s>u1>e", plain("u1"), key="other")


def test_a_called_process_runs_where_it_is_called_and_the_case_goes_on_behind_it(play: Play) -> None:
    game = play(bound(draw("s>u1>k1>u2>e", calling()), other=OTHER))
    assert game.open() == ["u1"]
    game.complete("u1")
    assert game.open() == ["k1/u1"]
    step = game.complete("k1/u1")
    assert game.open() == ["u2"] and not game.ended
    assert step.elements == ["k1/u1", "k1/e", "k1"] and step.flows == ["k1/u1-e", "k1-u2"]
    game.complete("u2")
    assert game.ended and game.run.calls() == {}


def test_it_sees_what_it_is_passed_and_returns_what_is_asked_for(play: Play) -> None:
    inner = draw(
        "s>t1>u1>e",
        {**plain("u1"), "t1": service("t1", extension=parameters(outputs={"seen": "= [a, b, case.id]"}))},
        key="other",
    )
    game = play(bound(draw("s>k1>u2>e", calling("x>a back<answer got<seen")), other=inner), x="X", b="B")
    assert game.variables == {"x": "X", "b": "B"}
    (token,) = game.waiting()
    assert token.workflow.variables == {"a": "X", "seen": ["X", None, "c1"]}, "b was not passed"
    step = game.complete("k1/u1", answer="yes", b="own")
    assert game.variables == {"x": "X", "b": "B", "back": "yes", "got": ["X", None, "c1"]}
    assert step.changed == {"back": "yes", "got": ["X", None, "c1"]}
    assert list(step.called.values()) == [{"answer": "yes", "b": "own"}]


def test_everything_may_be_passed_and_everything_returned(play: Play) -> None:
    game = play(bound(draw("s>k1>u2>e", calling("*> <*")), other=OTHER), x="X", y=["Y"])
    (token,) = game.waiting()
    assert token.workflow.variables == {"x": "X", "y": ["Y"]}
    game.complete("k1/u1", x="changed", z="new")
    assert game.variables == {"x": "changed", "y": ["Y"], "z": "new"}


def test_expressions_may_be_passed_and_see_the_calls_own_inputs(play: Play) -> None:
    extension = (
        parameters({"n": "= count(x)"}, {"total": "= n + back"})
        + "<camunda:in sourceExpression='= n * 2' target='a'/>"
        + "<camunda:in businessKey='= x'/>"
        + "<camunda:out sourceExpression='= a + answer' target='back'/>"
    )
    drawn = call("k1", "other").replace("</b:callActivity>", _extended(extension) + "</b:callActivity>")
    game = play(bound(draw("s>k1>u2>e", calling(k1=drawn)), other=OTHER), x=[1, 2])
    assert game.waiting()[0].workflow.variables == {"a": 4}
    game.complete("k1/u1", answer=Decimal(10))
    assert game.variables == {"x": [1, 2], "back": 14, "total": 16}


def _extended(extension: str) -> str:
    return f"<b:extensionElements>{extension}</b:extensionElements>"


def test_what_a_called_process_writes_never_reaches_the_case_by_itself(play: Play) -> None:
    game = play(bound(draw("s>p1>k1>p2>e p1>u1>p2", calling()), other=OTHER), x="case's")
    game.complete("k1/u1", x="call's", more=1)
    assert game.variables == {"x": "case's"}
    game.complete("u1")
    assert game.ended and game.variables == {"x": "case's"}


@pytest.mark.parametrize("kind", ["parallel", "sequential"])
def test_calls_for_each_item_do_not_see_each_other(play: Play, kind: str) -> None:
    loop = many(kind, collection="= people", element="one", into="all", value="= back")
    game = play(bound(draw("s>k1>u2>e", calling("one>name back<said", loop)), other=OTHER), people=["a", "b"])
    for number, name in enumerate(("a", "b")):
        token = game.waiting()[0]
        assert token.workflow.variables == {"name": name}
        assert len(game.waiting()) == (1 if kind == "sequential" else 2 - number)
        game.complete("k1/u1", said=name * 2, name="changed")
    assert game.open() == ["u2"]
    assert game.variables == {"people": ["a", "b"], "all": ["aa", "bb"]}


def test_a_call_in_an_item_of_a_sub_process_returns_to_that_item(play: Play) -> None:
    loop = many(collection="= people", element="one", into="all", value="= back + one")
    body = sub("q1", "is>k1>ie", {"is": "<b:startEvent id='is'/>", "ie": "<b:endEvent id='ie'/>",
               "k1": call("k1", "other", "one>name back<said")})  # fmt: skip
    drawn = body.replace("</b:subProcess>", loop + "</b:subProcess>")
    game = play(bound(draw("s>q1>u2>e", {**plain("u2"), "q1": drawn}), other=OTHER), people=["a", "b"])
    game.complete("k1/u1", 1, said="2")
    game.complete("k1/u1", 0, said="1")
    assert sorted(game.variables["all"]) == ["1a", "2b"] and set(game.variables) == {"people", "all"}


def test_calls_nest_and_each_has_its_own_variables(play: Play) -> None:
    middle = draw("s>u1>k2>e", {**plain("u1"), "k2": call("k2", "deep", "m>d back<d2")}, key="middle")
    deep = draw("s>u1>e", plain("u1"), key="deep")
    outer = draw("s>k1>e", {"k1": call("k1", "middle", "x>m y<back")})
    game = play(bound(outer, middle=middle, deep=deep), x="X")
    game.complete("k1/u1", d2="middle's")
    (token,) = game.waiting()
    assert game.open() == ["k1/k2/u1"] and token.workflow.variables == {"d": "X"}
    assert sorted(map(sorted, game.run.calls().values())) == [["d"], ["d2", "m"]]
    game.complete("k1/k2/u1", d2="deep's")
    assert game.ended and game.variables == {"x": "X", "y": "deep's"}


def test_a_process_called_twice_is_two_calls(play: Play) -> None:
    own = {"k1": call("k1", "other", "x>a r1<a"), "k2": call("k2", "other", "x>a r2<a"), **plain("u2")}
    game = play(bound(draw("s>p1>k1>p2>u2>e p1>k2>p2", own), other=OTHER), x="X")
    assert game.open() == ["k1/u1", "k2/u1"]
    game.complete("k2/u1", a="two")
    game.complete("k1/u1", a="one")
    assert game.variables == {"x": "X", "r1": "one", "r2": "two"}


def test_a_call_in_a_loop_begins_anew_each_round(play: Play) -> None:
    own = {"x1": "<b:exclusiveGateway id='x1'/>", **calling("n>n n<n")}
    game = play(bound(draw("s>x1>k1>x2>x1 x2>u2>e", own, {"x2-x1": "= n &lt; 3"}), other=OTHER), n=Decimal(0))
    sizes = []
    for n in (1, 2, 3):
        assert game.waiting()[0].workflow.variables == {"n": n - 1}
        game.complete("k1/u1", n=Decimal(n), junk="x")
        sizes.append(game.tokens())
    assert game.open() == ["u2"] and game.variables == {"n": 3} and len(set(sizes)) <= 2


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("how", ["timer", "message"])
def test_a_boundary_event_on_a_call(play: Play, interrupting: bool, how: str) -> None:
    event = timer("PT1H") if how == "timer" else MESSAGE
    own = {**calling("x>a x<a"), "b1": boundary("b1", "k1", event, interrupting)}
    middle = draw("s>k2>e", {"k2": call("k2", "deep")}, key="other")
    deep = draw("s>p1>u1>p2>e p1>c1>p2", plain("u1"), key="deep")
    game = play(bound(draw("s>k1>u1>e b1>u2>e2", own), other=middle, deep=deep), x=1)
    assert game.open() == ["k1/k2/u1"] and set(game.timers()) == {"k1/k2/c1"} | (
        {"b1"} if how == "timer" else set()
    )
    step = game.fire("b1") if how == "timer" else game.deliver("撤回")
    if interrupting:
        assert game.open() == ["u2"] and game.timers() == {} and game.run.calls() == {}
        assert [c.element.id for c in step.closed] == ["k1/k2/u1"] and not step.closed[0].completed
        assert "k1/k2/c1" in [t.element.id for t in step.timers_cleared]
    else:
        assert game.open() == ["k1/k2/u1", "u2"] and "k1/k2/c1" in game.timers()
        game.complete("k1/k2/u1")
        game.fire("k1/k2/c1")
        assert game.open() == ["u1", "u2"]


def test_an_escalation_and_an_error_reach_the_call_that_caused_them(play: Play) -> None:
    error = '<b:errorEventDefinition errorRef="err"/>'
    for event, thrown in ((error, end("e", error)), (ESCALATION, end("e", ESCALATION))):
        inner = draw("s>u1>e", {**plain("u1"), "e": thrown}, key="other")
        own = {**calling("x>a x<a"), "b1": boundary("b1", "k1", event)}
        game = play(bound(draw("s>k1>u1>e b1>u2>e2", own), other=inner), x=1)
        game.complete("k1/u1", a=2)
        assert game.open() == ["u2"] and game.variables == {"x": 1}, "an interrupted call returns nothing"


def test_terminating_a_called_process_ends_only_the_call(play: Play) -> None:
    own = {**plain("u1", "u3"), "e2": end("e2", "<b:terminateEventDefinition/>")}
    inner = draw("s>p1>u1>e p1>u3>e2", own, key="other")
    game = play(bound(draw("s>k1>u2>e", calling("x<y")), other=inner))
    step = game.complete("k1/u3", y="seen")
    assert game.open() == ["u2"] and game.variables == {"x": "seen"}
    assert [c.element.id for c in step.closed if not c.completed] == ["k1/u1"]


def test_messages_reach_what_waits_inside_a_call_and_bring_their_variables_there(play: Play) -> None:
    inner = draw("s>m1>u1>e", {**plain("u1"), "m1": catch("m1", MESSAGE)}, key="other")
    game = play(bound(draw("s>k1>u2>e", calling("got<reason")), other=inner))
    with pytest.raises(Conflict):
        stepping.deliver(game.run, "message", "别的", {}, game.host)
    game.deliver("撤回", reason="错了")
    assert game.open() == ["k1/u1"] and game.variables == {}
    game.complete("k1/u1")
    assert game.variables == {"got": "错了"}


def test_timers_inside_a_call_read_its_variables(play: Play) -> None:
    inner = draw("s>c1>u1>e", {**plain("u1"), "c1": catch("c1", timer("= wait"))}, key="other")
    extension = "<camunda:in sourceExpression='= @\"PT3H\"' target='wait'/>"
    drawn = call("k1", "other").replace("</b:callActivity>", _extended(extension) + "</b:callActivity>")
    game = play(bound(draw("s>k1>u2>e", calling(k1=drawn)), other=inner), wait="not mine")
    assert game.timers() == {"k1/c1": later(hours=3)}
    game.fire("k1/c1")
    assert game.open() == ["k1/u1"]


def test_a_called_process_that_waits_for_nobody_is_passed_within_the_step(play: Play) -> None:
    inner = draw("s>t1>e", {"t1": service("t1", extension=parameters(outputs={"b": "= a + 1"}))}, key="other")
    game = play(bound(draw("s>k1>u2>e", calling("x>a y<b")), other=inner), x=1)
    assert game.open() == ["u2"] and game.variables == {"x": 1, "y": 2}


def test_the_status_of_a_called_process_is_the_cases(play: Play) -> None:
    inner = draw("s>u1>e", {"u1": user("u1", PLAIN, extension=properties(status="会诊中"))}, key="other")
    game = play(bound(draw("s>k1>u2>e", calling()), other=inner))
    assert game.step.status == "会诊中"


def test_an_open_task_says_whose_variables_it_sees(play: Play) -> None:
    game = play(bound(draw("s>p1>k1>p2>e p1>u1>p2", calling("x>a")), other=OTHER), x=1)
    opened = {o.element.id: o.call for o in game.step.opened}
    assert opened["u1"] == 0 and game.run.calls() == {opened["k1/u1"]: {"a": 1}}
    stored = stepping.store_variables(game.variables, calls=game.run.calls())
    assert stepping.load_variables(stored) == {"x": 1}
    assert stepping.load_variables(stored, opened["k1/u1"]) == {"a": 1}
    assert stepping.load_variables(stored, 99) == {}


def test_what_an_internal_call_contains_is_internal() -> None:
    drawn = call("k1", "other").replace(
        "</b:callActivity>", _extended(properties(internal="true")) + "</b:callActivity>"
    )
    found = calls.expand(bound(draw("s>k1>e", {"k1": drawn}), other=OTHER))
    inside = [e.properties.get("internal") for key, e in found.elements.items() if key.startswith("k1/")]
    assert inside == ["true"] * 3


def test_a_circle_is_left_out_when_processes_are_bound() -> None:
    a = draw("s>k1>e", {"k1": call("k1", "b")}, key="a")
    b = draw("s>k1>e", {"k1": call("k1", "a")}, key="b")
    found = calls.bind(a, {"a": a, "b": b})
    assert set(found.called) == {"b"} and not found.called["b"].called
    assert calls.bind(replace(a, called={}), {}).called == {}
    assert calls.size(found) == 6 == len(calls.expand(found).elements)


def test_the_size_is_known_before_anything_is_drawn() -> None:
    """Each process calls the next one twice: thirty of them would be a thousand million nodes."""
    known: dict[str, Any] = {"p30": draw("s>t1>e", key="p30")}
    for n in range(29, -1, -1):
        own = {"k1": call("k1", f"p{n + 1}"), "k2": call("k2", f"p{n + 1}")}
        known[f"p{n}"] = draw("s>k1>k2>e", own, key=f"p{n}")
    assert calls.size(calls.bind(known["p0"], known)) == sum(4 * 2**n for n in range(30)) + 3 * 2**30
    few = calls.bind(known["p27"], known)
    assert calls.size(few) == len(calls.expand(few).elements)


def test_a_sub_process_sees_its_input_parameters_inside(play: Play) -> None:
    """As lint says; they used to be taken when it had ended."""
    inner = {"is": "<b:startEvent id='is'/>", "ie": "<b:endEvent id='ie'/>", **plain("iu1"),
             "t1": service("t1", extension=parameters(outputs={"seen": "= n + 1"}))}  # fmt: skip
    drawn = sub("q1", "is>t1>iu1>ie", inner, head=_extended(parameters({"n": "= x * 2"})))
    game = play("s>q1>u2>e", {**plain("u2"), "q1": drawn}, x=2)
    assert game.open() == ["iu1"] and game.variables == {"x": 2, "seen": 5}
    game.complete("iu1")
    assert game.waiting()[0].data == {}


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_event_sub_process_of_a_called_process_listens_while_the_call_runs(
    play: Play, interrupting: bool
) -> None:
    beside = {"ev": aside("ev", "u9>e9", plain("u9"), interrupting=interrupting), **plain("u1")}
    inner = draw("s>u1>e", beside, key="other")
    game = play(bound(draw("s>k1>u2>e", calling("got<reason")), other=inner), reason="case's")
    game.deliver("撤回", reason="错了")
    assert game.open() == (["k1/u9"] if interrupting else ["k1/u1", "k1/u9"])
    assert game.variables == {"reason": "case's"}, "what the message brings belongs to the call"
    game.complete("k1/u9")
    if not interrupting:
        game.deliver("撤回", reason="又错了")
        game.complete("k1/u9")
        game.complete("k1/u1")
    assert game.open() == ["u2"] and game.run.calls() == {}
    assert game.variables == {"reason": "case's", "got": "错了" if interrupting else "又错了"}
    with pytest.raises(Conflict):
        game.deliver("撤回", reason="太晚了")


def test_a_call_within_an_event_sub_process_stands_beside_the_flow(play: Play) -> None:
    status = {"u1": user("u1", PLAIN, extension=properties(status="会诊中"))}
    own = {
        "ev": aside("ev", "k9>e9", {"k9": call("k9", "other", "reason>a last<b")}, interrupting=False),
        **plain("u1"),
    }
    game = play(bound(draw("s>u1>e", own), other=draw("s>u1>e", status, key="other")))
    game.deliver("撤回", reason="one")
    step = game.deliver("撤回", reason="two")
    assert game.open() == ["k9/u1", "k9/u1", "u1"] and step.status is None
    assert [v["a"] for v in game.run.calls().values()] == ["one", "two"]
    game.complete("u1")
    assert not game.ended
    game.complete("k9/u1", b="first")
    game.complete("k9/u1", b="second")
    assert game.ended and game.variables["last"] == "second"


def test_a_phase_on_a_call_and_in_it_begins_and_ends_with_it(play: Play) -> None:
    phase = properties(deadline='= @"PT5H"')
    drawn = call("k1", "other").replace("</b:callActivity>", _extended(phase) + "</b:callActivity>")
    inner = draw("s>u1>e", {"u1": user("u1", PLAIN, extension=phase)}, key="other")
    game = play(bound(draw("s>k1>u2>e", calling(k1=drawn)), other=inner))
    assert [(p.element.id, p.due) for p in game.step.phases_opened] == [
        ("k1", later(hours=5)),
        ("k1/u1", later(hours=5)),
    ]
    step = game.complete("k1/u1")
    assert sorted((p.element.id, p.completed) for p in step.phases_closed) == [("k1", True), ("k1/u1", True)]
