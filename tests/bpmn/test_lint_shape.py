"""The shape of a diagram: each rule has a diagram that breaks only it, and its mended twin."""

from dataclasses import replace

import pytest

from engine.bpmn import lint

from .drawing import (
    CONTEXT,
    ERROR,
    MESSAGE,
    TIMER,
    boundary,
    codes,
    draw,
    end,
    inside,
    parameters,
    service,
    sub,
    user,
)  # fmt: skip

SET = service("t1", extension=parameters(outputs={"a": "= 1"}))
SECOND = "<b:startEvent id='s2'/><b:sequenceFlow id='s2-u1' sourceRef='s2' targetRef='u1'/>"
TWINS = "<b:sequenceFlow id='more' sourceRef='p1' targetRef='u1'/>"
PLAIN = "<b:exclusiveGateway id='x1'/>"
MANY = "<b:multiInstanceLoopCharacteristics camunda:collection='= [1]' camunda:elementVariable='one'/>"
AFTER = "<b:standardLoopCharacteristics loopMaximum='3'/>"
FIRST = AFTER.replace("/>", " testBefore='true'/>")


def around(node: str, key: str = "t1") -> dict:
    """A circle in which nothing but that node could wait."""
    return {"ways": f"s>x2>{key}>x1>x2 x1>e", "own": {key: node}}


def retrying(ways: str) -> dict:
    """A sub-process that ends in an error, which leads back to it."""
    own = {"sub": sub("sub", ways, {"e2": end("e2", ERROR)}), "b1": boundary("b1", "sub", ERROR)}
    return {"ways": "s>x2>sub>e b1>x2", "own": own}


# code, what breaks it, what mends it: arguments of `draw`
CASES = [
    ("lint.no-start", {"ways": "s>u1>e", "own": {"u1": sub("u1", "u2>e2")}}, {"ways": "s>u1>e"}),
    ("lint.second-start", {"ways": "s>u1>e", "head": SECOND}, {"ways": "s>u1>e"}),
    ("lint.no-end", {"ways": "s>u1>e", "own": {"u1": sub("u1", "s2>u2")}}, {"ways": "s>u1>e"}),
    ("lint.no-way-in", {"ways": "s>u1>e u2>e"}, {"ways": "s>x1>u1>e x1>u2>e"}),
    ("lint.no-way-out", {"ways": "s>x1>u1>e x1>u2"}, {"ways": "s>x1>u1>e x1>u2>e"}),
    ("lint.way-into-event", {"ways": "s>u1>x1>s x1>e"}, {"ways": "s>u1>x1>u1 x1>e"}),
    ("lint.way-out-of-end", {"ways": "s>u1>e>u1"}, {"ways": "s>u1>e"}),
    ("lint.many-ways-out", {"ways": "s>u1>u2>e u1>u3>e"}, {"ways": "s>u1>p1>u2>e p1>u3>e"}),
    ("lint.flow-twice", {"ways": "s>p1>u1>e", "head": TWINS}, {"ways": "s>p1>u1>e"}),
    (
        "lint.condition-place",
        {"ways": "s>u1>e", "conditions": {"u1-e": "= amount = 1"}},
        {"ways": "s>u1>x1>u2>e x1>e"},
    ),
    (
        "lint.condition-alone",
        {"ways": "s>u1>x1>e", "conditions": {"x1-e": "= amount = 1"}},
        {"ways": "s>u1>x1>e"},
    ),
    (
        "lint.condition-default",
        {"ways": "s>x1>u1>e x1>e", "conditions": {"x1-e": "= amount = 1"}},
        {"ways": "s>x1>u1>e x1>e"},
    ),
    (
        "lint.no-condition",
        {"ways": "s>x1>u1>e x1>e", "conditions": {"x1-u1": ""}},
        {"ways": "s>x1>u1>e x1>e"},
    ),
    (
        "lint.no-default",
        {"ways": "s>x1>u1>e x1>e", "own": {"x1": PLAIN}, "conditions": {"x1-e": "= amount = 1"}},
        {"ways": "s>x1>u1>e x1>e"},
    ),
    (
        "lint.default-place",
        {"ways": "s>p1>u1>e p1>e", "own": {"p1": "<b:parallelGateway id='p1' default='p1-e'/>"}},
        {"ways": "s>p1>u1>e p1>e"},
    ),
    ("lint.event-gateway-few", {"ways": "s>v1>c1>e"}, {"ways": "s>v1>c1>e v1>m1>e"}),
    ("lint.event-gateway-target", {"ways": "s>v1>c1>e v1>u1>e"}, {"ways": "s>v1>c1>e v1>m1>e"}),
    (
        "lint.restless-loop",
        {"ways": "s>x2>t1>x1>x2 x1>e", "own": {"t1": SET}},
        {"ways": "s>x2>u1>x1>x2 x1>e"},
    ),
    ("lint.restless-loop", around(sub("t1", "s2>x3>u2>e2 x3>e3")), around(sub("t1", "s2>x3>u2>e2 x3>u3>e3"))),
    ("lint.restless-loop", around(user("u1", inner=MANY), "u1"), around(user("u1"), "u1")),
    ("lint.restless-loop", around(user("u1", inner=FIRST), "u1"), around(user("u1", inner=AFTER), "u1")),
    ("lint.restless-loop", retrying("s2>e2"), retrying("s2>u2>e2")),
    ("lint.timer-loop", {"ways": "s>x2>c1>x1>x2 x1>e"}, {"ways": "s>x2>c1>u1>x1>x2 x1>e"}),
    ("lint.timer-loop", around(sub("t1", "s2>c1>e2")), around(sub("t1", "s2>c1>m1>e2"))),
    ("lint.timer-loop", {"ways": "s>x2>c1>x1>x2 x1>e"}, {"ways": "s>x2>v1>c1>x2 v1>m1>e"}),
]


@pytest.mark.parametrize(("code", "broken", "mended"), CASES, ids=[case[0] for case in CASES])
def test_a_broken_shape_is_refused_and_its_mended_twin_passes(code, broken, mended):
    found = codes(draw(**broken))
    assert code in found
    assert set(found) <= {code, *ALONGSIDE.get(code, ())}
    assert codes(draw(**mended)) == []


# Where one mistake breaks a neighbouring rule of necessity.
ALONGSIDE = {
    "lint.no-start": ("lint.no-way-in",),
    "lint.no-end": ("lint.no-way-out",),
}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (lint.Limits(nodes=2), "lint.nodes"),
        (lint.Limits(flows=1), "lint.flows"),
        (lint.Limits(depth=0), "lint.depth"),
    ],
)
def test_a_diagram_beyond_the_limits_is_only_told_its_size(limits, code):
    diagram = draw("s>u1>e", {"u1": sub("u1", "s2>u2>e2")})
    assert codes(diagram, replace(CONTEXT, limits=limits)) == [code]
    assert codes(diagram) == []


def test_a_problem_names_the_element_the_line_and_the_mend():
    (problem,) = lint.check(draw("s>u1>x1>u2>e x1>e", {"x1": "<b:exclusiveGateway id='x1' name='金额'/>"},
                                 {"x1-e": "= amount = 1"}), CONTEXT)  # fmt: skip
    assert problem.where == "x1"
    assert problem.facts["line"] > 1
    assert "金额" in problem.say("zh")
    assert "default" in problem.say("en")


def test_a_loop_in_which_something_waits_is_fine():
    assert codes(draw("s>x2>m1>x1>x2 x1>e")) == []
    assert codes(draw("s>x2>t1>x1>x2 x1>e", {"t1": sub("t1", "s2>u2>e2")})) == []


def test_a_boundary_event_has_a_way_out_and_needs_none_in():
    own = {"b1": boundary("b1", "u1", TIMER), "b2": boundary("b2", "u1", MESSAGE)}
    assert codes(draw("s>u1>e b1>u2>e b2>e", own)) == []


def test_sub_processes_are_judged_as_the_process_is():
    inner = sub("sub", "s2>x1>u1>e2 x1>e3", {"x1": PLAIN})
    assert codes(draw("s>sub>e", {"sub": inner})) == ["lint.no-condition", "lint.no-default"]


def test_a_large_sound_diagram_is_judged_quickly():
    ways = "s>" + ">".join(f"u{n}" for n in range(390)) + ">e"
    assert codes(draw(ways)) == []
    assert inside("s>e").count("sequenceFlow") == 2
