"""Decision tables as an analyst draws them in a Camunda modeller."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from engine import decisions
from engine.errors import Invalid, NotFound

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    rules: list[tuple[str, ...]],
    policy: str = "",
    aggregation: str = "",
    outputs: tuple[str, ...] = ("result",),
    values: str = "",
    default: str = "",
    columns: tuple[str, ...] = ("category",),
) -> bytes:
    """A file with one table `route`, in Camunda's dialect."""
    head = f'hitPolicy="{policy}"' if policy else ""
    head += f' aggregation="{aggregation}"' if aggregation else ""
    body = "".join(
        f'<input id="in{n}" label="{text}" camunda:inputVariable="x"><inputExpression typeRef="string">'
        f"<text>{text}</text></inputExpression></input>"
        for n, text in enumerate(columns)
    )
    for name in outputs:
        allowed = f"<outputValues><text>{values}</text></outputValues>" if values else ""
        entry = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
        body += f'<output id="out_{name}" name="{name}" typeRef="string">{allowed}{entry}</output>'
    for number, rule in enumerate(rules):
        cells = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in rule[: len(columns)])
        cells += "".join(f"<outputEntry><text>{cell}</text></outputEntry>" for cell in rule[len(columns) :])
        body += f'<rule id="rule{number}">{cells}</rule>'
    return (
        f'<definitions xmlns="{DMN_13}" xmlns:camunda="http://camunda.org/schema/1.0/dmn" id="d" name="D" '
        f'namespace="http://camunda.org/schema/1.0/dmn"><decision id="route" name="分派 部门" '
        f'camunda:historyTimeToLive="5"><decisionTable id="t" {head}>{body}</decisionTable></decision>'
        f"</definitions>"
    ).encode()


def outcome(xml: bytes, **variables: Any) -> Any:
    return decisions.read(xml, "route.dmn").evaluate("route", variables)


RULES = [('"用工"', '"人社"'), ('"用地"', '"自然资源"'), ("-", '"服务中心"')]


def test_unique_is_the_default_and_a_second_rule_that_holds_is_reported_with_its_number() -> None:
    assert outcome(table(RULES), category="其他") == "服务中心"
    with pytest.raises(Invalid) as refused:
        outcome(table(RULES), category="用工")
    assert refused.value.code == "decisions.hit_policy"
    assert refused.value.facts == {"table": "分派 部门", "policy": "UNIQUE", "rules": "1, 3"}


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("FIRST", "", Decimal(5)),
        ("PRIORITY", "", Decimal(9)),
        ("OUTPUT ORDER", "", [9, 5, 1]),
        ("RULE ORDER", "", [5, 1, 9]),
        ("COLLECT", "", [5, 1, 9]),
        ("COLLECT", "SUM", Decimal(15)),
        ("COLLECT", "MIN", Decimal(1)),
        ("COLLECT", "MAX", Decimal(9)),
        ("COLLECT", "COUNT", Decimal(3)),
    ],
)
def test_each_hit_policy_gives_what_it_promises(policy: str, aggregation: str, expected: Any) -> None:
    xml = table([("&gt; 1", "5"), ("&gt; 2", "1"), ("&gt; 3", "9")], policy, aggregation, values="9, 5, 1")
    assert outcome(xml, category=10) == expected


def test_any_accepts_equal_outputs_and_reports_different_ones() -> None:
    assert outcome(table([("&gt; 1", '"a"'), ("&gt; 2", '"a"')], "ANY"), category=5) == "a"
    with pytest.raises(Invalid) as refused:
        outcome(table([("&gt; 1", '"a"'), ("&gt; 2", '"b"')], "ANY"), category=5)
    assert refused.value.facts["rules"] == "1, 2"


def test_several_outputs_are_a_context_and_lists_of_contexts() -> None:
    rules = [("-", '"人社"', "3"), ("-", '"税务"', "5")]
    assert outcome(table(rules, "FIRST", outputs=("部门", "天数"))) == {"部门": "人社", "天数": 3}
    assert outcome(table(rules, "RULE ORDER", outputs=("部门", "天数")))[1]["天数"] == 5


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [
        ("", "", None),
        ("COLLECT", "", []),
        ("RULE ORDER", "", []),
        ("COLLECT", "COUNT", 0),
        ("COLLECT", "SUM", None),
    ],
)
def test_no_rule_that_holds_is_null_or_an_empty_list(policy: str, aggregation: str, expected: Any) -> None:
    assert outcome(table([('"x"', "1")], policy, aggregation), category="y") == expected


def test_no_rule_that_holds_gives_the_default_output_if_there_is_one() -> None:
    assert outcome(table([('"x"', '"a"')], default='"服务中心"'), category="y") == "服务中心"


def test_a_value_that_is_not_allowed_is_reported_and_not_silently_passed_over() -> None:
    xml = table(RULES).replace(
        b"</inputExpression>",
        '</inputExpression><inputValues><text>"用工", "用地"</text></inputValues>'.encode(),
    )
    with pytest.raises(Invalid) as refused:
        outcome(xml, category="其他")
    assert refused.value.code == "decisions.not_allowed"
    assert refused.value.facts["input"] == "category"


def test_cells_may_use_other_variables_dates_and_host_functions() -> None:
    xml = table(
        [("&lt;= now()", "?", '"逾期"'), ("-", "limit + 1", '"在办"')], "FIRST", columns=("due", "amount")
    )
    read = decisions.read(xml, "route.dmn")
    now = dt.datetime(2026, 3, 11, 9, tzinfo=dt.UTC)
    assert read.evaluate("route", {"due": now, "amount": 3, "limit": 4}, now=now) == "逾期"
    later = {"due": now + dt.timedelta(1), "amount": 5, "limit": 4}
    assert read.evaluate("route", later, now=now) == "在办"
    assert read.inputs("route") == {"due", "amount", "limit"}


def test_a_decision_is_found_by_id_and_by_name_and_an_unknown_one_is_named() -> None:
    read = decisions.read(table(RULES), "route.dmn")
    assert (read.ids, read.names) == (("route",), ("分派 部门",))
    assert read.evaluate("分派 部门", {"category": "其他"}) == read.evaluate("route", {"category": "其他"})
    with pytest.raises(NotFound):
        read.evaluate("missing", {})


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (('"人社"', '"人社'), "decisions.expression", "rule0"),
        (("<text>category</text>", "<text>category +</text>"), "decisions.expression", "in0"),
        (('hitPolicy="FIRST"', 'hitPolicy="BEST"'), "decisions.policy", "t"),
        (('hitPolicy="FIRST"', 'hitPolicy="COLLECT" aggregation="AVG"'), "decisions.policy", "t"),
        (("<inputEntry><text>-</text></inputEntry>", ""), "decisions.cells", "rule2"),
        (('typeRef="string"><text>', 'expressionLanguage="juel"><text>'), "decisions.language", "in0"),
        (("<decisionTable", "<script/><decisionTable"), "decisions.unknown_element", "route"),
        (('<decisionTable id="t"', '<informationRequirement><requiredDecision href="#gone"/>'
          '</informationRequirement><decisionTable id="t"'), "decisions.reference", "route"),
        (('<decisionTable id="t"', '<informationRequirement><requiredDecision href="#route"/>'
          '</informationRequirement><decisionTable id="t"'), "decisions.cycle", "route"),
        (("</definitions>", '<decision id="route"/></definitions>'), "decisions.duplicate", "route"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said_with_the_element_and_the_mend(
    change: tuple[str, str], code: str, where: str
) -> None:
    text = table(RULES, "FIRST").decode()
    assert change[0] in text
    with pytest.raises(Invalid) as refused:
        decisions.read(text.replace(change[0], change[1], 1).encode(), "route.dmn")
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [(code, where)]
    for language in ("zh", "en"):
        assert "{" not in refused.value.problems[0].say(language)


def test_several_mistakes_are_reported_together() -> None:
    text = table([('"a', '"b"'), ("1 +", "2 +")]).decode()
    with pytest.raises(Invalid) as refused:
        decisions.read(text.encode(), "route.dmn")
    assert len(refused.value.problems) == 3


def test_a_decision_without_logic_may_be_drawn_but_not_asked() -> None:
    read = decisions.read(
        f'<definitions xmlns="{DMN_13}" namespace="n"><decision id="a" name="A"/></definitions>'.encode(), "x"
    )
    with pytest.raises(Invalid, match=r"decisions\.empty"):
        read.evaluate("a", {})


def test_a_hundred_rules_are_decided_in_a_fraction_of_a_millisecond_each() -> None:
    rules = [(f'"c{n}"', f"&lt; {n}", f'"d{n}"') for n in range(100)]
    read = decisions.read(table(rules, columns=("category", "amount")), "big.dmn")
    assert read.evaluate("route", {"category": "c99", "amount": 5}) == "d99"
