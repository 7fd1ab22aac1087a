"""People who sign together at a task: each rule with what breaks it and what mends it."""

import pytest

from .drawing import CONTEXT as CONTEXT
from .drawing import codes, draw, properties, sub, user

BALLOT = "camunda:formKey='表决' camunda:dueDate='P3D'"
WHO = '= ["leader", "handler@fgj"]'
THREE = "<b:multiInstanceLoopCharacteristics camunda:collection='= [1, 2]' camunda:elementVariable='one'/>"


def signed(attributes: str = BALLOT, inner: str = "", **said: str) -> dict:
    given = {"signing": "会签", "signers": WHO, **said}
    return {"ways": "s>u1>e", "own": {"u1": user("u1", attributes, inner, _written(given))}}


def _written(given: dict[str, str]) -> str:
    return properties(**{name: value.replace('"', "&quot;") for name, value in given.items() if value})


def place(kind: str) -> dict:
    said = _written({"signing": "会签", "signers": WHO})
    own = sub("sub", "s2>u2>e2", head=f"<b:extensionElements>{said}</b:extensionElements>")
    plain = sub("sub", "s2>u2>e2")
    return {"ways": "s>sub>e", "own": {"sub": own if kind == "sub" else plain}}


VOTE = {"signing": "票签", "pass": "60%"}
ALONE = {"ways": "s>u1>e", "own": {"u1": user("u1", extension=properties(veto="true"))}}
CASES = [
    ("lint.signing-word", signed(signing="齐签"), signed(signing="依次")),
    ("lint.signing-place", place("sub"), place("")),
    ("lint.signing-place", signed(inner=THREE), signed()),
    ("lint.signing-alone", ALONE, {"ways": "s>u1>e"}),
    ("lint.signing-signers", signed(signers=""), signed()),
    (
        "lint.signing-candidates",
        signed(BALLOT + " camunda:candidateGroups='platform'"),
        signed(BALLOT + " camunda:priority='50'"),
    ),
    ("lint.group-unknown", signed(signers='= ["leader", "nobody@fgj"]'), signed()),
    ("lint.group-unknown", signed(signers="leder"), signed(signers="leader, handler@fgj")),
    ("lint.group-place", signed(signers="leader, handler"), signed(signers="leader, handler@fgj")),
    ("lint.signing-pass", signed(**{**VOTE, "pass": ""}), signed(**VOTE)),
    ("lint.signing-pass", signed(**{**VOTE, "pass": "120%"}), signed(**{**VOTE, "pass": "0.5"})),
    ("lint.signing-pass", signed(**{**VOTE, "pass": "half"}), signed(**{**VOTE, "pass": "= 2/3"})),
    ("lint.signing-pass", signed(**{**VOTE, "pass": "0"}), signed(**{**VOTE, "pass": "100%"})),
    ("lint.property", signed(veto="yes"), signed(veto="true")),
    ("lint.signing-any", signed(signing="any", veto="true"), signed(signing="any")),
    ("lint.signing-vote", signed(vote="opinion"), signed(vote="decision")),
    (
        "lint.signing-vote",
        signed(BALLOT.replace("表决", "审核")),
        signed(BALLOT),
    ),
    ("lint.variable-name", signed(result="the result"), signed(result="结果")),
    ("lint.unknown-name", signed(signers="= peple"), signed(signers="= [case.id]")),
    ("lint.unknown-name", signed(**{**VOTE, "pass": "= shre"}), signed(**{**VOTE, "pass": "= 1/2"})),
]


@pytest.mark.parametrize(("code", "broken", "mended"), CASES, ids=[case[0] for case in CASES])
def test_signing_that_would_go_wrong_is_refused_and_its_mended_twin_passes(code, broken, mended):
    assert codes(draw(**broken)) == [code]
    assert codes(draw(**mended)) == []


def test_the_result_and_the_opinions_are_known_behind_the_task_and_what_one_said_is_not():
    own = signed(result="verdict")["own"]
    ways = "s>u1>x1>u2>e x1>e"
    for condition, expected in (
        ('= verdict = "通过"', []),
        ("= count(verdict_opinions) = 2", []),
        ('= decision = "同意"', ["lint.unknown-name"]),
        ('= signer = "leader"', ["lint.unknown-name"]),
    ):
        assert codes(draw(ways, own, {"x1-u2": condition.replace('"', "&quot;")})) == expected


def test_without_a_name_the_result_is_called_after_the_task():
    (task,) = [e for e in draw(**signed()).elements.values() if e.kind == "userTask"]
    assert task.loop.signing.result == "u1_result" and task.loop.signing.opinions == "u1_result_opinions"


def test_a_task_that_people_sign_always_waits():
    """An empty list is refused when it runs, so a way back past the task turns no circle by itself."""
    assert codes(draw("s>x1>u1>x2>x1 x2>e", signed()["own"])) == []


def test_without_a_form_the_built_in_one_is_asked_for():
    diagram = draw(**signed("camunda:dueDate='P3D'"))
    assert diagram.elements["u1"].attributes["formKey"] == "builtin/signing"
