"""What doesn't run here is refused with a sentence of its own, and what says nearly the same passes."""

import pytest

from engine.bpmn import lint

from .drawing import (
    CONTEXT,
    ERROR,
    MESSAGE,
    TERMINATE,
    TIMER,
    WORK,
    boundary,
    codes,
    draw,
    end,
    parameters,
    properties,
    service,
    sub,
    user,
)

LINE = "s>u1>e"
THROUGH = "s>t1>e"
PLAIN = {"ways": LINE}
SETS = service("t1", extension=parameters(outputs={"a": "= 1"}))
MENDED = {"ways": THROUGH, "own": {"t1": SETS}}
MANY = "<b:multiInstanceLoopCharacteristics {}>{}</b:multiInstanceLoopCharacteristics>"
THREE = MANY.format("camunda:collection='= [1, 2, 3]' camunda:elementVariable='one'", "")


def node(kind: str, inner: str = "", attributes: str = "", key: str = "t1") -> dict:
    """A line with one element of that kind in it."""
    return {"ways": THROUGH, "own": {key: f"<b:{kind} id='{key}' {attributes}>{inner}</b:{kind}>"}}


def work(attributes: str = WORK, inner: str = "", extension: str = "") -> dict:
    return {"ways": LINE, "own": {"u1": user("u1", attributes, inner, extension)}}


def on_edge(event: str) -> dict:
    return {"ways": "s>u1>e b1>u2>e", "own": {"b1": boundary("b1", "u1", event)}}


def ending(event: str) -> dict:
    return {"ways": LINE, "own": {"e": end("e", event)}}


def thrown(event: str) -> dict:
    return node("intermediateThrowEvent", event)


def numbered(pattern: str) -> dict:
    return {**PLAIN, "head": f"<b:extensionElements>{properties(number=pattern)}</b:extensionElements>"}


def listener(kind: str) -> dict:
    return work(extension=f"<camunda:{kind} class='a.B'/>")


def gathering(output: str) -> dict:
    return work(inner=THREE.replace("></b:multi", f">{output}</b:multi"))


def issued(pattern: str) -> dict:
    given = parameters({"pattern": pattern}, {"number": "= number"})
    return {"ways": "s>u1>t1>e", "own": {"t1": service("t1", "issue number", given)}}


SIGNAL = '<b:signalEventDefinition signalRef="sig"/>'
REFERENCE = "<b:loopDataOutputRef>all</b:loopDataOutputRef>"
ITEM = "<b:outputDataItem name='amount'/>"
CASES = [
    ("lint.script-task", node("scriptTask", "<b:script>1</b:script>"), MENDED),
    (
        "lint.transaction",
        {"ways": "s>t1>e", "own": {"t1": sub("t1", "s2>u2>e2").replace("subProcess", "transaction")}},
        {"ways": "s>t1>e", "own": {"t1": sub("t1", "s2>u2>e2")}},
    ),
    ("lint.ad-hoc", node("adHocSubProcess", "<b:task id='t2'/>"), MENDED),
    (
        "lint.complex-gateway",
        {"ways": "s>x1>u1>e", "own": {"x1": "<b:complexGateway id='x1'/>"}},
        {"ways": "s>x1>u1>e"},
    ),
    (
        "lint.message-start",
        {"ways": LINE, "own": {"s": f"<b:startEvent id='s'>{MESSAGE}</b:startEvent>"}},
        PLAIN,
    ),
    ("lint.signal-end", ending(SIGNAL), thrown("")),
    ("lint.catch-nothing", node("intermediateCatchEvent"), node("intermediateCatchEvent", TIMER)),
    ("lint.link", thrown("<b:linkEventDefinition name='a'/>"), thrown("")),
    ("lint.compensation", thrown("<b:compensateEventDefinition/>"), thrown("")),
    (
        "lint.conditional",
        on_edge(
            "<b:conditionalEventDefinition><b:condition>= true</b:condition></b:conditionalEventDefinition>"
        ),
        on_edge(MESSAGE),
    ),
    ("lint.multiple-events", on_edge(MESSAGE + SIGNAL), on_edge(SIGNAL)),
    (
        "lint.event",
        {"ways": LINE, "own": {"s": f"<b:startEvent id='s'>{TIMER}</b:startEvent>"}},
        ending(TERMINATE),
    ),
    (
        "lint.code",
        {
            "ways": THROUGH,
            "own": {
                "t1": service(
                    "t1",
                    extension=parameters(outputs={"a": "= 1"}),
                    attributes="camunda:type='external' camunda:topic='set variables' camunda:class='a.B'",
                )
            },
        },
        MENDED,
    ),
    ("lint.attribute", work(f"{WORK} camunda:followUpDate='2026-03-11'"), work()),
    ("lint.attribute-place", work(f"{WORK} camunda:topic='notify'"), work()),
    ("lint.listener", listener("taskListener"), work()),
    ("lint.listener", listener("executionListener"), work()),
    ("lint.connector", listener("connector"), work()),
    ("lint.inner-form", listener("formData"), work()),
    ("lint.extension", listener("potentialStarter"), listener("failedJobRetryTimeCycle")),
    (
        "lint.script-value",
        work(extension=parameters(outputs={"a": "<camunda:script>1</camunda:script>"})),
        work(extension=parameters(outputs={"a": "= 1"})),
    ),
    (
        "lint.nested-value",
        work(
            extension=parameters(
                outputs={"a": "<camunda:list><camunda:value>1</camunda:value></camunda:list>"}
            )
        ),
        work(extension=parameters(outputs={"a": "= [1]"})),
    ),
    (
        "lint.loop-place",
        {"ways": "s>x1>u1>e", "own": {"x1": f"<b:exclusiveGateway id='x1'>{THREE}</b:exclusiveGateway>"}},
        work(inner=THREE),
    ),
    (
        "lint.loop-bound",
        work(
            inner="<b:standardLoopCharacteristics><b:loopCondition>= amount = 1</b:loopCondition>"
            "</b:standardLoopCharacteristics>"
        ),
        work(inner="<b:standardLoopCharacteristics loopMaximum='3'/>"),
    ),
    ("lint.loop-over", work(inner=MANY.format("", "")), work(inner=THREE)),
    (
        "lint.loop-count",
        work(inner=MANY.format("", "<b:loopCardinality>5000</b:loopCardinality>")),
        work(inner=MANY.format("", "<b:loopCardinality>= 3</b:loopCardinality>")),
    ),
    ("lint.loop-output", gathering(REFERENCE), gathering(REFERENCE + ITEM)),
    (
        "lint.property",
        work(extension=properties(internal="yes")),
        work(extension=properties(internal="true")),
    ),
    (
        "lint.property",
        work(extension=properties(deadline="soon")),
        work(extension=properties(deadline="= workdays(3)")),
    ),
    (
        "lint.property",
        work(extension=properties(reminders="= 1")),
        work(extension=properties(reminders="standard")),
    ),
    (
        "lint.status",
        work(extension=properties(status="= amount")),
        work(extension=properties(status="办理中")),
    ),
    (
        "lint.status-long",
        work(extension=properties(status="办" * 41)),
        work(extension=properties(status="办" * 40)),
    ),
    ("lint.number", numbered("SQ-{date}"), numbered("SQ-{date}-{seq:04}")),
    ("lint.number-form", numbered("SQ-{seq:04"), numbered("SQ-{seq}")),
    ("lint.number-form", numbered("SQ-{dat}-{seq}"), numbered("SQ-{year}-{seq}")),
    ("lint.number-form", numbered("{seq}-{seq}"), numbered("{year}-{seq}")),
    ("lint.number-form", numbered("{seq:10}"), numbered("{seq:09}")),
    ("lint.number-form", numbered("{seq:}"), numbered("{seq:1}")),
    ("lint.number", issued("DB-{year}"), issued("DB-{year}-{seq:03}")),
    ("lint.number-form", issued('= "DB-{yeer}-{seq}"'), issued('= "DB-{year}-{seq}"')),
    (
        "lint.number-form",
        issued('= if amount = 1 then "A-{seq}" else "B-{seq"'),
        issued('= if amount = 1 then "A-{seq}" else "B-" + "{seq}"'),
    ),
    ("lint.number-long", issued("S" * 40 + "{seq}"), issued("{seq}")),
    ("lint.number-long", numbered("S" * 24 + "{date}{seq:2}"), numbered("S" * 23 + "{date}{seq:2}")),
]


@pytest.mark.parametrize(("code", "broken", "mended"), CASES, ids=[case[0] for case in CASES])
def test_what_does_not_run_is_refused_and_its_mended_twin_passes(code, broken, mended):
    assert codes(draw(**broken)) == [code]
    assert codes(draw(**mended)) == []


def test_an_error_and_a_cancel_end_are_told_apart():
    assert "lint.transaction" in codes(draw(**ending("<b:cancelEventDefinition/>")))
    assert "lint.error-uncaught" in codes(draw(**ending(ERROR)))


def test_compensation_handlers_are_refused():
    diagram = draw(LINE, {"u2": user("u2", f"{WORK} isForCompensation='true'")})
    assert codes(diagram) == ["lint.compensation"]


def test_a_form_on_the_start_of_a_sub_process_is_shown_to_nobody():
    inner = sub("sub", "s2>u2>e2", {"s2": "<b:startEvent id='s2' camunda:formKey='审核'/>"})
    assert codes(draw("s>sub>e", {"sub": inner})) == ["lint.attribute-place"]


def test_listeners_of_the_process_are_refused():
    head = "<b:extensionElements><camunda:executionListener class='a.B'/></b:extensionElements>"
    (problem,) = lint.check(draw(LINE, head=head), CONTEXT)
    assert (problem.code, problem.where) == ("lint.listener", "process")


def test_lifting_a_refusal_is_one_line_of_a_table(monkeypatch):
    monkeypatch.setattr(lint.dialect, "REFUSED_KINDS", {})
    assert codes(draw(**node("scriptTask"))) == []
