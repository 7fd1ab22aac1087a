"""What nodes say of actions, opinions, rejections and four eyes: what breaks each rule and what mends it."""

from typing import Any

import pytest

from engine.bpmn import lint
from tests.bpmn.drawing import CONTEXT, WORK, codes, draw, extended, properties, sub, user

COPY = extended(properties(actions="copy"))
LINE = "s>u1>u2>u3>e"
PARALLEL = "s>u1>p1>u2>p2>u4>e p1>u3>p2"
CROSSED = "s>u1>p1>u2>x1>u4>e p1>u3>x1"


def node(key: str, **said: str) -> str:
    return user(key, WORK, "", properties(**{name.replace("_", " "): value for name, value in said.items()}))


def at(key: str, ways: str = LINE, **said: str) -> dict[str, Any]:
    return {"ways": ways, "own": {key: node(key, **said)}}


def process(**said: str) -> dict[str, Any]:
    return {"ways": LINE, "head": extended(properties(**{n.replace("_", " "): v for n, v in said.items()}))}


CASES = {
    "lint.desk-place": (
        {
            "ways": "s>u1>t1>e",
            "own": {"t1": f"<b:task id='t1'>{extended(properties(actions='copy'))}</b:task>"},
        },
        at("u1", actions="copy"),
    ),
    "lint.desk-unknown": (at("u2", actions="转交"), at("u2", actions="转办，send back")),
    "lint.action-none": (at("u2", actions="none, copy"), at("u2", actions="none")),
    "lint.reject-nowhere": (at("u2", actions="驳回"), at("u2", actions="驳回", reject="end")),
    "lint.reject-idle": (at("u2", actions="退回", reject="u1"), at("u2", actions="退回、驳回", reject="u1")),
    "lint.reject-way": (at("u2", PARALLEL, reject="u3"), at("u2", PARALLEL, reject="u1")),
    "lint.send-back-idle": (
        at("u2", actions="copy", send_back_to="u1"),
        at("u2", actions="copy, send back", send_back_to="u1"),
    ),
    "lint.send-back-way": (at("u2", PARALLEL, send_back_to="u3"), at("u2", PARALLEL, send_back_to="u1")),
    "lint.eyes-own": (at("u2", not_performed_by="u2"), at("u2", not_performed_by="u1")),
    "lint.round-alone": (process(round_facts="金额: amount"), process(round="amount")),
    "lint.round-pair": (
        process(round="amount", round_facts="金额: amount, department"),
        process(round="amount", round_facts="金额: amount，部门：department"),
    ),
    "lint.round-unknown": (
        process(round="amount", round_facts="金额: amuont"),
        process(round="amount", round_facts="金额: amount,"),
    ),
    "lint.terminators": (process(terminators="nobody"), process(terminators="leader, admin")),
}


@pytest.mark.parametrize("code", CASES)
def test_a_rule_refuses_what_breaks_it_and_passes_what_mends_it(code: str) -> None:
    broken, mended = CASES[code]
    assert code in codes(draw(**broken))
    assert not [found for found in codes(draw(**mended)) if found in CASES]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (at("u2", opinion="意见"), ["lint.desk-unknown"]),
        (at("u2", opinion="complete, 退回"), []),
        (at("u2", reject="u9"), ["lint.desk-unknown"]),
        (at("u2", reject="u3"), []),  # ahead
        (at("u1", PARALLEL, reject="u2"), ["lint.reject-way"]),  # ahead into a branch
        (at("u2", PARALLEL, reject="u4"), []),  # ahead out of a branch
        (at("u4", PARALLEL, reject="u3"), []),
        (at("u4", CROSSED, reject="u3"), ["lint.reject-way"]),
        (at("u4", CROSSED, reject="u1"), []),
        (at("u2", not_performed_by="u1, u9"), ["lint.desk-unknown"]),
        (process(take_back="= amount = null"), []),
        (at("u2", send_back_to="u3"), ["lint.send-back-way"]),
        (at("u3", send_back_to="u1、u9"), ["lint.send-back-way"]),
        (process(round="rounds"), ["lint.round-unknown"]),
        (process(round="amount", round_facts=": amount, 金额:"), ["lint.round-pair"] * 2),
    ],
)
def test_where_work_may_be_led(said: dict[str, Any], wanted: list[str]) -> None:
    assert [found for found in codes(draw(**said)) if found in CASES] == wanted


def test_the_condition_to_take_a_case_back_is_an_expression_of_known_names() -> None:
    assert "lint.unknown-name" in codes(draw(**process(take_back="amuont = null")))
    assert "feel.syntax" in codes(draw(**process(take_back="= amount = = 1")))


def test_a_rejection_may_lead_out_of_a_sub_process_and_not_into_a_call_s_inside() -> None:
    inner = sub("q1", "is>u2>ie", {"is": "<b:startEvent id='is'/>", "ie": "<b:endEvent id='ie'/>"})
    own = {"q1": inner.replace("<b:userTask id='u2'", "<b:userTask id='u2' name='里面'")}
    own["u3"] = node("u3", reject="里面")
    assert not [c for c in codes(draw("s>u1>q1>u3>e", own)) if c.startswith("lint.reject")]
    looped = {**own, "q1": own["q1"].replace("</b:subProcess>", f"{MANY}</b:subProcess>")}
    assert "lint.reject-way" in codes(draw("s>u1>q1>u3>e", looped))


MANY = "<b:multiInstanceLoopCharacteristics camunda:collection='= [1, 2]' camunda:elementVariable='one'/>"


def test_what_stays_within_one_item_is_nothing_to_tell_of_a_round() -> None:
    items = f"<b:userTask id='u2' name='各部门' {WORK}>{MANY}</b:userTask>"
    drawn = draw(LINE, {"u2": items}, head=process(round="amount", round_facts="哪一个: one")["head"])
    found = [problem for problem in lint.check(drawn, CONTEXT) if problem.code == "lint.round-unknown"]
    assert [problem.facts["value"] for problem in found] == ["one"]
    assert "amount" in found[0].say("zh")
