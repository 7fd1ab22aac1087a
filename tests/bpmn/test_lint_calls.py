"""Call activities: each rule with what breaks it and what mends it, and what a call means to other rules."""

from dataclasses import replace

import pytest

from engine.bpmn import calls, lint, soundness
from engine.bpmn.model import Diagram

from . import drawing
from .drawing import (
    ERROR,
    MESSAGE,
    Form,
    boundary,
    call,
    end,
    extended,
    parameters,
    properties,
    service,
    sub,
    user,
)

CONTEXT = replace(
    drawing.CONTEXT,
    forms={
        **drawing.CONTEXT.forms,
        "发起": Form(["firm", "topic", "spare"]),
        "会诊": Form(["advice"], ["firm"]),
    },
    processes=frozenset({"process", "consult", "back", "quick", "stuck"}),
)
BEGIN = {"s": "<b:startEvent id='s' camunda:formKey='发起'/>"}
CONSULT = user("u1", "camunda:formKey='会诊' camunda:candidateGroups='= topic' camunda:dueDate='P3D'")
KNOWN = {
    "consult": drawing.draw("s>u1>e", {**BEGIN, "u1": CONSULT}, key="consult"),
    "back": drawing.draw("s>k1>e", {"k1": call("k1", "process")}, key="back"),
    "quick": drawing.draw("s>t1>e", key="quick"),
    "stuck": drawing.draw("s>x1>u1>p1>e x1>u2>p1", key="stuck"),
}
LINE = "s>u1>k1>e"
GOOD = "amount>firm department>topic result<advice"


def draw(ways: str, own: dict[str, str] | None = None, process: str = "", head: str = "") -> Diagram:
    return calls.bind(drawing.draw(ways, own, process=process, head=head), KNOWN)


def calling(process: str = "consult", mapping: str = GOOD, more: str = "", attributes: str = "") -> dict:
    drawn = call("k1", process, mapping, attributes=attributes)
    if more:
        drawn = drawn.replace("</b:callActivity>", extended(more) + "</b:callActivity>")
    return {"ways": LINE, "own": {"k1": drawn}}


MENDED = calling()
HALF = "<camunda:in source='amount'/>"
EMPTY = "<camunda:out target='answer'/>"
ALL = "<camunda:in variables='all'/>"
NULL = "<camunda:in sourceExpression='= null' target='topic'/>"
LONG = "k" * 118
CASES = [
    ("lint.call-nothing", calling("", ""), MENDED),
    ("lint.call-expression", calling("= topic", ""), MENDED),
    ("lint.call-expression", calling("${topic}", ""), MENDED),
    ("lint.call-unknown", calling("consul", ""), MENDED),
    ("lint.call-circle", calling("process", ""), MENDED),
    ("lint.call-mapping", calling(more=HALF), MENDED),
    ("lint.call-mapping", calling(more=EMPTY), MENDED),
    ("lint.call-needs", calling(mapping="amount>firm"), calling(mapping="amount>firm", more=NULL)),
    ("lint.call-passed", calling(mapping=GOOD + " amount>frim"), calling(mapping=GOOD + " amount>spare")),
    ("lint.set-twice", calling(mapping=GOOD + " department>firm"), MENDED),
    ("lint.unknown-name", calling(mapping=GOOD + " amonut>spare"), calling(mapping=GOOD + " amount>spare")),
    ("lint.unknown-name", calling(mapping=GOOD + " b<advise"), calling(mapping=GOOD + " b<advice")),
    ("lint.reserved", calling(mapping=GOOD + " case<advice"), MENDED),
    ("lint.attribute", calling(attributes="camunda:calledElementBinding='version'"), MENDED),
    (
        "lint.attribute",
        calling(attributes="camunda:calledElementVersion='2'"),
        calling(attributes="camunda:calledElementBinding='deployment'"),
    ),
    ("lint.code", calling(attributes="camunda:variableMappingClass='a.B'"), MENDED),
    ("lint.extension", calling(more=ALL.replace("/>", " local='true'/>")), calling(more=ALL)),
    ("lint.extension", {"ways": "s>u1>e", "own": {"u1": user("u1", extension=HALF)}}, {"ways": "s>u1>e"}),
    (
        "lint.id-long",
        {"ways": f"s>u1>{LONG}>e", "own": {LONG: call(LONG, "quick")}},
        {"ways": f"s>u1>{LONG[1:]}>e", "own": {LONG[1:]: call(LONG[1:], "quick")}},
    ),
]  # fmt: skip


def codes(diagram: Diagram) -> list[str]:
    return drawing.codes(diagram, CONTEXT)


@pytest.mark.parametrize(("code", "broken", "mended"), CASES, ids=[case[0] for case in CASES])
def test_a_call_that_would_go_wrong_is_refused_and_its_mended_twin_passes(code, broken, mended):
    assert codes(draw(**broken)) == [code]
    assert codes(draw(**mended)) == []


def test_what_a_call_returns_is_known_behind_it_and_what_it_keeps_is_not():
    for name, expected in (
        ("result", []),
        ("advice", ["lint.unknown-name"]),
        ("firm", ["lint.unknown-name"]),
    ):
        own = {**MENDED["own"], "t1": service("t1", extension=parameters(outputs={"a": f"= {name}"}))}
        assert codes(draw("s>u1>k1>t1>e", own)) == expected


def test_everything_returned_is_everything_the_called_process_has():
    mapping = "amount>firm department>topic <*"
    for name, expected in (("advice", []), ("topic", []), ("loopCounter", ["lint.unknown-name"])):
        own = {
            **calling(mapping=mapping)["own"],
            "t1": service("t1", extension=parameters(outputs={"a": f"= {name}"})),
        }
        assert codes(draw("s>u1>k1>t1>e", own)) == expected


def test_everything_passed_is_what_is_seen_at_the_call():
    own = {
        "t1": service("t1", extension=parameters(outputs={"firm": "= 1"})),
        "k1": call("k1", "consult", "*>"),
    }
    (problem,) = lint.check(draw("s>t1>k1>e", own), CONTEXT)
    assert problem.code == "lint.call-needs" and problem.facts["variable"] == "topic"
    own["t1"] = service("t1", extension=parameters(outputs={"firm": "= 1", "topic": "= 2"}))
    assert codes(draw("s>t1>k1>e", own)) == []


def test_a_circle_over_another_process_is_that_processs_problem():
    diagram = draw(**calling("back", ""))
    assert codes(diagram) == [] and codes(diagram.called["back"]) == ["lint.call-circle"]


def test_a_call_waits_only_if_the_called_process_does():
    for key, expected in (("quick", ["lint.restless-loop"]), ("consult", [])):
        mapping = GOOD if key == "consult" else ""
        own = {"x1": "<b:exclusiveGateway id='x1'/>", "k1": call("k1", key, mapping)}
        assert codes(draw("s>u1>x1>k1>x2>x1 x2>e", own)) == expected


def test_a_message_may_be_thrown_to_what_the_called_process_waits_for():
    known = {"waiting": drawing.draw("s>m1>e", key="waiting")}
    throw = f"<b:intermediateThrowEvent id='t1'>{MESSAGE}</b:intermediateThrowEvent>"
    own = {"k1": call("k1", "waiting"), "t1": throw}
    context = replace(CONTEXT, processes=frozenset({"waiting"}))
    diagram = drawing.draw("s>p1>k1>p2>e p1>t1>p2", own)
    assert drawing.codes(calls.bind(diagram, known), context) == []
    assert "lint.thrown-to-nobody" in drawing.codes(diagram, context)


def test_what_is_too_large_with_all_that_it_calls_is_only_told_its_size():
    known = {}
    for n in range(12):
        own = {"k1": call("k1", f"p{n + 1}"), "k2": call("k2", f"p{n + 1}")}
        known[f"p{n}"] = drawing.draw("s>k1>k2>e", own, key=f"p{n}")
    known["p12"] = drawing.draw("s>t1>e", key="p12")
    (wide, deep) = lint.check(calls.bind(known["p0"], known), lint.LintContext())
    assert {wide.code, deep.code} == {"lint.call-size", "lint.depth"} and wide.say() != wide.code


def test_soundness_takes_a_call_for_a_task_and_names_the_called_process_with_its_problems():
    assert soundness.explore(draw(**MENDED)).problems == ()
    found = soundness.explore(draw("s>u1>k1>k2>e", {"k1": call("k1", "stuck"), "k2": call("k2", "stuck")}))
    assert [(p.code, p.where) for p in found.problems] == [("soundness.stuck", "stuck: p1")]
    assert found.proven


def test_soundness_knows_what_a_called_process_throws():
    thrower = drawing.draw("s>x1>u1>e x1>e2", {"e2": end("e2", ERROR)}, key="thrower")
    for key, expected in (("thrower", []), ("quick", ["soundness.dead"])):
        own = {"k1": call("k1", key), "b1": boundary("b1", "k1", ERROR)}
        diagram = calls.bind(drawing.draw("s>k1>e b1>u2>e3", own), {**KNOWN, "thrower": thrower})
        assert [p.code for p in soundness.explore(diagram).problems] == expected


def test_a_call_within_a_sub_process_and_a_call_that_calls_are_bound_too():
    inner = sub("q1", "s2>k2>e2", {"k2": call("k2", "consult", "amount>firm department>topic")})
    assert codes(draw("s>u1>q1>e", {"q1": inner})) == []
    inner = sub("q1", "s2>k2>e2", {"k2": call("k2", "consult")})
    assert codes(draw("s>u1>q1>e", {"q1": inner})) == ["lint.call-needs"] * 2


def test_the_properties_of_a_call_are_checked_like_any_others():
    status = properties(status="会诊中")
    assert codes(draw(**calling(more=status))) == []
    assert codes(draw(**calling(more=properties(status="= x")))) == ["lint.status"]
