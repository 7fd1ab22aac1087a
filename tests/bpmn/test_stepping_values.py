"""Parameters, decisions, deadlines and what a step says of itself."""

from typing import Any

import pytest

from engine import feel
from engine.errors import Invalid
from tests.bpmn.drawing import parameters, service, user
from tests.bpmn.game import (
    PLAIN,
    Host,
    Play,
    later,
    plain,
)


def test_parameters_go_in_for_the_node_only_and_come_out_as_variables(play: Play) -> None:
    host = Host()
    host.results = {"number": "N-1", "amount": 99}
    extension = parameters(
        {"to": '= "a" + b', "plain": "text", "b": "= 1"}, {"c": "= amount + 1", "d": "= c", "e": "= to"}
    )
    game = play(
        "s>r1>u1>e", {**plain("u1"), "r1": service("r1", "notify", extension)}, host=host, b="x", amount=1
    )
    assert host.called == [("notify", {"to": "ax", "plain": "text", "b": 1})]
    assert game.variables == {"b": "x", "amount": 1, "c": 100, "d": 100, "e": "ax"}
    assert game.waiting()[0].data == {}


def test_outputs_of_a_task_see_what_was_entered_in_their_order(play: Play) -> None:
    extension = parameters({}, {"double": "= entered * 2", "entered": "= double + 1"})
    game = play("s>u1>u2>e", {"u1": user("u1", PLAIN, "", extension), **plain("u2")})
    step = game.complete("u1", entered=4)
    assert game.variables == {"double": 8, "entered": 9} and step.changed == game.variables


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="d">
<decision id="route" name="route"><decisionTable id="t" hitPolicy="{policy}" {more}>
<input id="i"><inputExpression id="ie"><text>amount</text></inputExpression></input>
<output id="o" name="way"><outputValues><text>"b","a","c"</text></outputValues></output>{rules}
</decisionTable></decision></definitions>"""


def table(policy: str, *rules: tuple[str, str], more: str = "") -> bytes:
    drawn = "".join(
        f'<rule id="r{n}"><inputEntry id="r{n}i"><text>{test}</text></inputEntry>'
        f'<outputEntry id="r{n}o"><text>{value}</text></outputEntry></rule>'
        for n, (test, value) in enumerate(rules)
    )
    return TABLE.format(policy=policy, rules=drawn, more=more).encode()


RULES = (("&gt; 1", '"a"'), ("&gt; 2", '"b"'), ("&gt; 3", '"c"'))


def decided(play: Play, policy: str, how: str, amount: int, *rules: tuple[str, str], more: str = "") -> Any:
    attributes = f"camunda:mapDecisionResult='{how}' camunda:resultVariable='way'"
    task = f"<b:businessRuleTask id='d1' camunda:decisionRef='route' {attributes}/>"
    host = Host({"route": table(policy, *(rules or RULES), more=more)})
    return play("s>d1>u1>e", {**plain("u1"), "d1": task}, host=host, amount=amount).variables["way"]


def test_decisions_answer_by_their_hit_policy(play: Play) -> None:
    assert decided(play, "UNIQUE", "singleEntry", 2) == "a"
    assert decided(play, "UNIQUE", "singleEntry", 0) is None
    assert decided(play, "FIRST", "singleEntry", 9) == "a"
    assert decided(play, "PRIORITY", "singleEntry", 9) == "b"
    assert decided(play, "ANY", "singleEntry", 9, ("&gt; 1", '"a"'), ("&gt; 2", '"a"')) == "a"
    assert decided(play, "COLLECT", "collectEntries", 9) == ["a", "b", "c"]
    assert decided(play, "RULE ORDER", "collectEntries", 3) == ["a", "b"]
    assert decided(play, "OUTPUT ORDER", "collectEntries", 9) == ["b", "a", "c"]
    assert decided(play, "COLLECT", "collectEntries", 0) == []


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_a_hit_policy_that_is_violated_stops_the_step(play: Play, policy: str) -> None:
    with pytest.raises(Invalid):
        decided(play, policy, "singleEntry", 9)


def test_a_step_says_what_it_passed_and_what_the_status_is(play: Play) -> None:
    def said(text: str) -> str:
        return f"<camunda:properties><camunda:property name='status' value='{text}'/></camunda:properties>"

    end_ = f"<b:endEvent id='e'><b:extensionElements>{said('完')}</b:extensionElements></b:endEvent>"
    own = {"u1": user("u1", PLAIN, "", said("一")), "u2": user("u2", PLAIN, "", said("二")), "e": end_}
    game = play("s>u1>u2>e", own)
    assert (game.step.status, game.step.elements, game.step.flows) == ("一", ["s"], ["s-u1"])
    step = game.complete("u1")
    assert (step.status, step.elements, step.flows) == ("二", ["u1"], ["u1-u2"])
    step = game.complete("u2")
    assert (step.status, step.elements, step.flows, step.ended) == ("完", ["u2", "e"], ["u2-e"], True)


def test_a_task_opens_with_what_its_expressions_say(play: Play) -> None:
    attributes = (
        "camunda:candidateGroups='= [&quot;a&quot;, null, &quot;b&quot;, &quot;a&quot;]' "
        "camunda:candidateUsers='x, y' "
        "camunda:assignee='= who' camunda:dueDate='PT1H' camunda:priority='= 70 + 7'"
    )
    game = play("s>u1>e", {"u1": user("u1", attributes)}, who="me")
    (opened,) = game.step.opened
    assert (opened.assignee, opened.groups, opened.users) == ("me", ("a", "b"), ("x", "y"))
    assert (opened.due, opened.priority) == (later(hours=1), 77)


@pytest.mark.parametrize("priority", ["high", "= null", '= "x"', "= [1]", "= 1e30"])
def test_a_priority_that_is_no_number_does_not_stop_the_case(play: Play, priority: str) -> None:
    game = play("s>u1>e", {"u1": user("u1", f"{PLAIN} camunda:priority='{priority}'")})
    assert game.step.opened[0].priority == 50


def test_months_and_other_values_are_compared_by_conditions_after_storing(play: Play) -> None:
    game = play(
        "s>u9>x1>u1>e x1>u2>e",
        plain("u9", "u1", "u2"),
        {"x1-u1": '= m &gt; duration("P1M")'},
        m=feel.Months(2),
    )
    game.complete("u9")
    assert game.open() == ["u1"]
