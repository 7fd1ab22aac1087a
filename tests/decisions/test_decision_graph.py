"""Decisions that require one another, knowledge models, services, and hostile files."""

import time
from decimal import Decimal

import pytest

from engine import decisions
from engine.errors import Invalid

DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(body: str, namespace: str = "n", version: str = DMN_15) -> bytes:
    return f'<definitions xmlns="{version}" namespace="{namespace}" name="m">{body}</definitions>'.encode()


def decision(name: str, logic: str, requires: str = "") -> str:
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"/>{requires}'
        f"<literalExpression><text>{logic}</text></literalExpression></decision>"
    )


def needs(*names: str) -> str:
    return "".join(
        f'<informationRequirement><requiredDecision href="#{name}"/></informationRequirement>'
        for name in names
    )


def knows(*names: str) -> str:
    return "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{name}"/></knowledgeRequirement>' for name in names
    )


def knowledge(name: str, parameter: str, body: str, requires: str = "") -> str:
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f'<encapsulatedLogic><formalParameter name="{parameter}" typeRef="number"/><literalExpression>'
        f"<text>{body}</text></literalExpression></encapsulatedLogic>{requires}</businessKnowledgeModel>"
    )


def test_a_required_decision_is_evaluated_first_and_its_inputs_are_needed_too() -> None:
    body = decision("a", "b + c", needs("b")) + decision("b", "x * 2", needs("base")) + decision("base", "y")
    read = decisions.read(model(body), "m.dmn")
    assert read.evaluate("a", {"x": 2, "c": 1}) == 5
    assert read.inputs("a") == {"x", "c", "y"}


def test_a_knowledge_model_is_a_function_for_those_who_require_it() -> None:
    xml = model(
        knowledge("square", "n", "n * n")
        + knowledge("fourth", "n", "square(square(n))", knows("square"))
        + decision("a", "fourth(3) + fourth(n: 1)", knows("fourth"))
        + decision("stranger", "fourth(3)")
    )
    read = decisions.read(xml, "m.dmn")
    assert read.evaluate("a", {}) == 82
    assert read.evaluate("stranger", {}) is None
    assert read.inputs("a") == frozenset()
    assert read.inputs("stranger") == {"fourth"}


def test_a_knowledge_model_may_call_itself_but_not_without_end() -> None:
    xml = model(
        knowledge("f", "n", "if n = 0 then 1 else n * f(n - 1)", knows("f"))
        + knowledge("g", "n", "g(n + 1)", knows("g"))
        + decision("a", "f(8)", knows("f"))
        + decision("b", "g(0)", knows("g"))
    )
    read = decisions.read(xml, "m.dmn")
    assert read.evaluate("a", {}) == 40320
    with pytest.raises(Invalid, match=r"decisions\.exhausted"):
        read.evaluate("b", {})


def test_a_service_takes_its_inputs_from_the_caller() -> None:
    xml = model(
        decision("inner", '"never asked"')
        + decision("outer", '"got " + inner', needs("inner"))
        + '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#outer"/>'
        + '<inputDecision href="#inner"/></decisionService>'
        + decision("caller", 's("x") + s(inner: "y")', knows("s"))
    )
    read = decisions.read(xml, "m.dmn")
    assert read.evaluate("caller", {}) == "got xgot y"
    assert read.evaluate("s", {"inner": "z"}) == "got z"


def test_an_imported_model_s_decisions_types_and_functions_are_members_of_its_name() -> None:
    other = model(
        '<itemDefinition name="tAmount"><typeRef>number</typeRef><allowedValues><text>[0..10]</text>'
        "</allowedValues></itemDefinition>" + decision("limit", "7") + knowledge("twice", "n", "n * 2"),
        "other",
    )
    own = model(
        '<import namespace="other" name="their model" importType="x"/>'
        '<decision id="a" name="a"><variable name="a" typeRef="their model.tAmount"/>'
        '<informationRequirement><requiredDecision href="other#limit"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="other#twice"/></knowledgeRequirement>'
        "<literalExpression><text>their model.twice(x) + their model.limit</text></literalExpression>"
        "</decision>"
    )
    read = decisions.read(own, "m.dmn", [other])
    assert read.evaluate("a", {"x": 1}) == 9
    assert read.evaluate("a", {"x": 100}) is None


@pytest.mark.parametrize(
    "version",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        DMN_15,
    ],
)
def test_each_version_of_the_standard_is_read(version: str) -> None:
    assert decisions.read(model(decision("a", "1 + 1"), version=version), "m").evaluate("a", {}) == Decimal(2)


def test_boxed_expressions_of_every_kind_are_evaluated() -> None:
    def box(text: str) -> str:
        return f"<literalExpression><text>{text}</text></literalExpression>"

    body = f"""<decision id="a" name="a"><context>
      <contextEntry><variable name="xs"/><list>{box("1")}{box("2")}{box("3")}</list></contextEntry>
      <contextEntry><variable name="f"/><functionDefinition><formalParameter name="n"/>{box("n + 1")}
        </functionDefinition></contextEntry>
      <contextEntry><variable name="called"/><invocation>{box("f")}<binding><parameter name="n"/>{box("1")}
        </binding></invocation></contextEntry>
      <contextEntry><variable name="doubled"/><for iteratorVariable="x"><in>{box("xs")}</in>
        <return>{box("x * 2")}</return></for></contextEntry>
      <contextEntry><variable name="big"/><filter><in>{box("xs")}</in><match>{box("item > 1")}</match>
        </filter></contextEntry>
      <contextEntry><variable name="any"/><some iteratorVariable="x"><in>{box("xs")}</in>
        <satisfies>{box("x > 2")}</satisfies></some></contextEntry>
      <contextEntry><variable name="all"/><every iteratorVariable="x"><in>{box("xs")}</in>
        <satisfies>{box("x > 2")}</satisfies></every></contextEntry>
      <contextEntry><variable name="chosen"/><conditional><if>{box("any")}</if><then>{box('"y"')}</then>
        <else>{box('"n"')}</else></conditional></contextEntry>
      <contextEntry><variable name="rows"/><relation><column name="k"/><column name="v"/>
        <row>{box('"a"')}{box("1")}</row></relation></contextEntry>
      </context></decision>"""
    got = decisions.read(model(body), "m").evaluate("a", {})
    got.pop("f")
    assert got == {
        "xs": [1, 2, 3],
        "called": 2,
        "doubled": [2, 4, 6],
        "big": [2, 3],
        "any": True,
        "all": False,
        "chosen": "y",
        "rows": [{"k": "a", "v": 1}],
    }


ENTITY = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (ENTITY + model(decision("a", "&x;")), "decisions.doctype"),
        (BOMB + model(decision("a", "&b;")), "decisions.doctype"),
        ((ENTITY + model(decision("a", "1"))).decode().encode("utf-16"), "decisions.doctype"),
        (b"", "decisions.xml"),
        (b"<definitions", "decisions.xml"),
        (b"\xff\xfe\x00", "decisions.xml"),
        (b"<a>" * 5000 + b"</a>" * 5000, "decisions.xml"),
        (b"<html/>", "decisions.not_dmn"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "decisions.not_dmn"),
        (b" " * (2 * 1024 * 1024 + 1), "decisions.too_large"),
        (model('<decision id="a" name="a"><context><contextEntry><variable name="f"/><functionDefinition '
               'kind="Java"><context/></functionDefinition></contextEntry></context></decision>'),
         "decisions.external"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_a_sentence(xml: bytes, code: str) -> None:
    spent = []
    for _ in range(3):
        started = time.process_time()
        with pytest.raises(Invalid) as refused:
            decisions.read(xml, "hostile.dmn")
        spent.append(time.process_time() - started)
        assert refused.value.problems[0].code == code
    assert min(spent) < 0.5, "the least of three: a collection of garbage may fall into one"


def test_boxes_nested_without_measure_are_refused_and_do_not_overflow() -> None:
    with pytest.raises(Invalid) as refused:
        decisions.read(model('<decision id="a">' + "<list>" * 240 + "</list>" * 240 + "</decision>"), "m")
    assert refused.value.problems[0].code == "decisions.too_deep"


def test_a_chain_of_a_thousand_decisions_is_evaluated_flat() -> None:
    chain = "".join(decision(f"d{n}", f"d{n + 1} + 1", needs(f"d{n + 1}")) for n in range(1000))
    assert decisions.read(model(chain + decision("d1000", "0")), "m").evaluate("d0", {}) == 1000
