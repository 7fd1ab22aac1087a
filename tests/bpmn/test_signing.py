"""Signing together: who is asked, what passes and when, what is kept of it, and what is refused."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn import stepping, votes
from engine.errors import Invalid
from tests.bpmn.drawing import properties, sub, user
from tests.bpmn.game import NOW, PLAIN, Game, Host, plain

YES, NO, NONE = votes.VOTES
GROUPS = ("leader", "handler@fgj")


class House(Host):
    """Knows accounts that begin with a letter and a digit, and two groups."""

    def signer(self, name: str) -> str | None:
        if name in GROUPS:
            return "group"
        return "account" if len(name) > 1 and name[1:].isdigit() else None


class Table(Game):
    """A task that people sign, and what they say."""

    def __init__(self, kind: str, who: Sequence[str], stored: bool = True, **said: str) -> None:
        given = {"signing": kind, "signers": "= people", "result": "outcome", **said}
        ballot = user("u1", "", "", properties(**given))
        own = {"u1": ballot, "u2": user("u2", PLAIN)}
        super().__init__("s>u1>u2>e", own, stored=stored, host=House(), people=list(who))

    def asked(self) -> list[str]:
        return [t.data["signer"] for t in self.waiting() if "signer" in t.data]

    def say(self, signer: str, vote: str | None, by: str = "", **more: str) -> stepping.Step:
        (token,) = [t for t in self.waiting() if t.data.get("signer") == signer]
        actor, task = {"id": by or signer, "name": f"人{signer}"}, {"completed": NOW}
        values = {"decision": vote, **more}
        return self._took(stepping.complete(self.run, token.id, values, self.host, actor=actor, task=task))

    @property
    def outcome(self) -> Any:
        return self.variables["outcome"]


def people(count: int) -> list[str]:
    return [f"a{n}" for n in range(count)]


# -- who is asked --------------------------------------------------------------------------------------


def test_each_signer_has_a_task_of_his_own_and_a_group_is_a_candidate() -> None:
    table = Table("会签", ["a1", "leader", "a2"])
    assert [(o.assignee, o.groups) for o in table.step.opened] == [
        ("a1", ()),
        (None, ("leader",)),
        ("a2", ()),
    ]
    assert [o.barred for o in table.step.opened] == [("a2",), ("a1", "a2"), ("a1",)]
    local = table.step.opened[1].local
    assert local["signer"] == "leader"
    assert {k: v for k, v in local["signing"].items() if k != "round"} == {"count": 3, "needed": 3}


def test_one_after_the_other_is_asked_in_order() -> None:
    table = Table("依次", ["a1", "leader", "a2"])
    for signer in ("a1", "leader", "a2"):
        assert table.asked() == [signer]
        step = table.say(signer, YES, by="a9" if signer == "leader" else "")
    assert table.outcome == "通过" and table.open() == ["u2"]
    assert step.voted[0].beside == ()


def test_who_has_spoken_is_barred_from_the_others_tasks() -> None:
    table = Table("会签", ["leader", "handler@fgj"])
    step = table.say("leader", YES, by="a9")
    (other,) = [t.id for t in table.waiting()]
    assert step.voted == [stepping.Voted("a9", YES, "", (other,))]
    table = Table("in turn", ["leader", "handler@fgj"])
    assert table.say("leader", YES, by="a9").opened[0].barred == ("a9",)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ([], "bpmn.no_signers"),
        (["a1", "a2", "a1"], "bpmn.signer_twice"),
        (["a1", "nobody"], "bpmn.unknown_signer"),
        (["a1", None], "bpmn.bad_signers"),
        (["a1", 7], "bpmn.bad_signers"),
        (people(51), "bpmn.bad_signers"),
    ],
)
@pytest.mark.parametrize("kind", ["会签", "依次"])
def test_signers_that_make_no_sense_are_refused_and_never_passed_over(kind: str, who: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        Table(kind, who)
    assert refused.value.code == code


@pytest.mark.parametrize("ratio", ["= 0", "= 1.01", '= "half"', "= null", "= -1"])
def test_a_ratio_that_is_none_is_refused(ratio: str) -> None:
    with pytest.raises(Invalid) as refused:
        Table("票签", ["a1"], **{"pass": ratio.replace('"', "&quot;")})
    assert refused.value.code == "bpmn.bad_ratio"


def test_a_form_that_gave_no_vote_is_refused() -> None:
    for vote in (None, "", "maybe", "agree"):
        with pytest.raises(Invalid) as refused:
            Table("会签", ["a1"]).say("a1", vote)
        assert refused.value.code == "bpmn.no_vote"


# -- the rule ------------------------------------------------------------------------------------------


def test_all_must_decide_and_pass_when_all_agree() -> None:
    table = Table("会签", people(3))
    for one in ("a2", "a0"):
        table.say(one, YES)
        assert table.outcome is None
    table.say("a1", YES)
    assert table.outcome == "通过"


def test_a_rejection_acts_at_once_only_by_veto() -> None:
    table = Table("会签", people(3))
    table.say("a0", NO)
    assert table.asked() == ["a1", "a2"] and table.outcome is None
    table = Table("会签", people(3), veto="true")
    step = table.say("a0", NO)
    assert table.outcome == "不通过" and [c.completed for c in step.closed].count(False) == 2


def test_the_first_who_decides_decides_and_the_others_are_cancelled() -> None:
    table = Table("或签", people(3))
    table.say("a1", NONE)
    assert table.asked() == ["a0", "a2"], "an abstention decides nothing"
    table.say("a2", NO)
    assert table.outcome == "不通过" and table.open() == ["u2"]


def test_a_vote_ends_as_soon_as_nothing_can_change_it() -> None:
    table = Table("票签", people(5), **{"pass": "60%"})
    for one in ("a0", "a1"):
        table.say(one, YES)
    assert table.outcome is None
    table.say("a2", YES)
    assert table.outcome == "通过" and table.open() == ["u2"]
    table = Table("票签", people(5), **{"pass": "60%"})
    for one in ("a0", "a1"):
        table.say(one, NONE)
    assert table.outcome is None
    table.say("a2", NO)
    assert table.outcome == "不通过"


def test_in_turn_a_rejection_ends_it_by_veto_else_all_are_asked() -> None:
    table = Table("依次", people(3), veto="true")
    table.say("a0", NO)
    assert table.outcome == "不通过" and table.open() == ["u2"]
    table = Table("依次", people(3))
    for one in people(3):
        assert table.outcome is None
        table.say(one, NO)
    assert table.outcome == "不通过"


@pytest.mark.parametrize("ratio", ["= 2/3", "66.66%", "0.6666"])
def test_two_of_three_are_two_thirds(ratio: str) -> None:
    table = Table("vote", people(3), **{"pass": ratio})
    table.say("a0", YES)
    table.say("a1", YES)
    assert table.outcome == "通过"


def test_what_was_said_is_kept_in_order_with_who_and_when() -> None:
    table = Table("会签", ["a1", "leader"])
    table.say("leader", NO, by="a7", reason="预算不足")
    table.say("a1", YES, opinion="同意拨付")
    assert table.variables["outcome_opinions"] == [
        {
            "who": "a7",
            "name": "人leader",
            "signer": "leader",
            "decision": NO,
            "opinion": "预算不足",
            "when": NOW,
        },
        {"who": "a1", "name": "人a1", "signer": "a1", "decision": YES, "opinion": "同意拨付", "when": NOW},
    ]
    assert set(table.variables) == {"people", "outcome", "outcome_opinions"}, "votes stay with their instance"


def test_another_round_begins_with_nothing_said() -> None:
    own = {"u1": user("u1", "", "", properties(signing="会签", signers="= people", result="outcome"))}
    game = Table.__new__(Table)
    Game.__init__(game, "s>x1>u1>u2>x2>x1 x2>e", {**own, **plain("u2")}, {"x2-x1": "= again"},
                  host=House(), people=["a1"])  # fmt: skip
    game.say("a1", NO)
    assert game.outcome == "不通过"
    game.complete("u2", again=True)
    assert game.outcome is None and game.variables["outcome_opinions"] == []
    game.say("a1", YES)
    assert game.outcome == "通过" and len(game.variables["outcome_opinions"]) == 1


def test_within_an_item_the_result_stays_with_the_item() -> None:
    said = properties(signing="会签", signers="= [one]", result="outcome")
    loop = (
        "<b:multiInstanceLoopCharacteristics camunda:collection='= people' camunda:elementVariable='one'>"
        "<b:loopDataOutputRef>all</b:loopDataOutputRef><b:outputDataItem name='outcome'/>"
        "</b:multiInstanceLoopCharacteristics>"
    )
    inner = sub(
        "q1", "is>u1>e2", {"is": "<b:startEvent id='is'/>", "u1": user("u1", "", "", said)}, head=loop
    )
    game = Table.__new__(Table)
    Game.__init__(game, "s>q1>u2>e", {"q1": inner, **plain("u2")}, host=House(), people=["a1", "a2"])
    game.say("a2", NO)
    game.say("a1", YES)
    assert game.variables["all"] == ["不通过", "通过"] and "outcome" not in game.variables


# -- against an independent tally ------------------------------------------------------------------------


def tallied(kind: str, said: list[str], asked: int, share: Fraction, veto: bool) -> str | None:
    """What should have come of the votes so far: as people say the rules, not as they are computed."""
    yes, unheard = said.count(YES), asked - len(said)
    if kind == "any":
        first = [vote for vote in said if vote != NONE][:1]
        return {YES: "通过", NO: "不通过"}[first[0]] if first else (None if unheard else "不通过")
    if kind == "vote":
        best, worst = Fraction(yes + unheard, asked), Fraction(yes, asked)
        if worst >= share:
            return "通过"
        return "不通过" if (veto and NO in said) or best < share else None
    if veto and NO in said:
        return "不通过"
    return None if unheard else ("通过" if Fraction(yes, asked) >= share else "不通过")


@given(st.data())
def test_any_votes_in_any_order_come_to_what_an_independent_tally_says(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["all", "any", "vote", "in turn"]))
    asked = data.draw(st.integers(1, 7))
    percent = data.draw(st.integers(1, 100)) if kind != "any" else 100
    veto = data.draw(st.booleans()) if kind != "any" else False
    said = {"veto": "true"} if veto else {}
    said |= {"pass": f"{percent}%"} if kind == "vote" or (kind != "any" and percent < 100) else {}
    table = Table(kind, people(asked), stored=data.draw(st.booleans()), **said)
    heard: list[str] = []
    while table.asked():
        assert len(table.asked()) == (1 if kind == "in turn" else asked - len(heard))
        vote = data.draw(st.sampled_from([YES, YES, NO, NONE]))
        table.say(data.draw(st.sampled_from(table.asked())), vote)
        heard.append(vote)
        expected = tallied(kind, heard, asked, Fraction(percent, 100), veto)
        assert table.outcome == expected, (kind, heard, asked, percent, veto)
        assert bool(table.asked()) == (expected is None), "it ends when, and only when, it is decided"
    assert table.open() == ["u2"]
    assert [o["decision"] for o in table.variables["outcome_opinions"]] == heard


@given(st.integers(1, 50), st.integers(1, 400), st.integers(1, 400))
def test_how_many_are_needed_is_the_least_number_whose_share_suffices(
    asked: int, part: int, whole: int
) -> None:
    part, whole = min(part, whole), max(part, whole)
    needed = votes.needed_of(Decimal(part) / Decimal(whole), asked)
    share = Fraction(part, whole)
    assert Fraction(needed, asked) >= share and Fraction(needed - 1, asked) < share
