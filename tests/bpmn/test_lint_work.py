"""Tasks, deadlines, events, variables and expressions: each rule with what breaks it and what mends it."""

import pytest

from engine.bpmn import lint

from .drawing import (
    CONTEXT,
    ERROR,
    MESSAGE,
    TIMER,
    WORK,
    boundary,
    codes,
    draw,
    end,
    extended,
    parameters,
    properties,
    service,
    sub,
    user,
)

LINE = "s>u1>e"
ASK = "camunda:formKey='回访' camunda:assignee='= case.enterprise' camunda:dueDate='P3D'"
NOTIFY = {"to": "platform", "template": "due"}
THREE = "<b:multiInstanceLoopCharacteristics camunda:collection='= [1, 2]' camunda:elementVariable='one'/>"


def work(attributes: str = WORK, inner: str = "", extension: str = "") -> dict:
    return {"ways": LINE, "own": {"u1": user("u1", attributes, inner, extension)}}


def outputs(**given: str) -> dict:
    return work(extension=parameters(outputs=given))


def call(topic: str, inputs=None, given=None, attributes: str = "") -> dict:
    own = service("t1", topic, parameters(inputs, given), attributes)
    return {"ways": "s>u1>t1>e", "own": {"t1": own}}


def decide(attributes: str, extension: str = "") -> dict:
    own = f"<b:businessRuleTask id='t1' {attributes}>{extension}</b:businessRuleTask>"
    return {"ways": "s>u1>t1>e", "own": {"t1": own}}


def timer(kind: str, text: str) -> dict:
    inner = f"<b:{kind}>{text}</b:{kind}>" if kind else ""
    return on_edge(f"<b:timerEventDefinition>{inner}</b:timerEventDefinition>")


def on_edge(event: str, host: str = "u1", own: dict | None = None) -> dict:
    return {"ways": f"s>{host}>e b1>u2>e", "own": {**(own or {}), "b1": boundary("b1", host, event)}}


def caught(code: str, head: str = "") -> dict:
    """A sub-process that throws the error E1, and what stands on its edge."""
    inner = sub("sub", "s2>x2>u3>e2 x2>e3", {"e2": end("e2", ERROR)})
    return on_edge(code, "sub", {"sub": inner}) | {"head": head}


def about(expression: str) -> dict:
    return {"ways": "s>u1>x1>u2>e x1>e", "conditions": {"x1-u2": expression}}


DECIDE = "camunda:decisionRef='route' camunda:resultVariable='department'"
SIGNAL = "<b:signalEventDefinition {}/>"
THROW = f"<b:intermediateThrowEvent id='t1'>{MESSAGE}</b:intermediateThrowEvent>"
HEARD = {"ways": "s>p1>u1>e b1>e p1>t1>e2", "own": {"b1": boundary("b1", "u1", MESSAGE)}}


def throwing(own: dict, event: str = MESSAGE) -> dict:
    """The same, caught at the edge of a task."""
    return {**HEARD, "own": {"t1": "<b:task id='t1'/>", **own, "b1": boundary("b1", "u1", event)}}


def starting(attributes: str) -> dict:
    return {"ways": LINE, "process": attributes}


PHASE = {"deadline": "= workdays(1)"}
SETS = parameters(outputs={"a": "= 1"})
CASES = [
    ("lint.thrown-to-nobody", {"ways": "s>u1>t1>e", "own": {"t1": THROW}}, throwing({"t1": THROW})),
    (
        "lint.thrown-to-nobody",
        throwing({"t1": THROW.replace(MESSAGE, SIGNAL.format("signalRef='sig'"))}),
        throwing(
            {"t1": THROW.replace(MESSAGE, SIGNAL.format("signalRef='sig'"))}, SIGNAL.format("signalRef='sig'")
        ),
    ),
    (
        "lint.thrown-to-nobody",
        {"ways": LINE, "own": {"e": end("e", MESSAGE)}},
        throwing({"e2": end("e2", MESSAGE)}),
    ),
    (
        "lint.thrown-to-nobody",
        {"ways": "s>u1>t1>e", "own": {"t1": "<b:sendTask id='t1' messageRef='msg'/>"}},
        throwing({"t1": "<b:sendTask id='t1' messageRef='msg'/>"}),
    ),
    (
        "lint.group-place",
        work(WORK.replace("platform", "handler")),
        work(WORK.replace("platform", "handler@fgj")),
    ),
    (
        "lint.group-place",
        work(WORK.replace("platform", "platform, admin")),
        work(WORK.replace('"platform"', '\'= "admin@" + "fgj"\'')),
    ),
    (
        "lint.starter-expression",
        starting("camunda:candidateStarterGroups='= [1]'"),
        starting("camunda:candidateStarterGroups='enterprise, handler'"),
    ),
    (
        "lint.starter-users",
        starting("camunda:candidateStarterUsers='li'"),
        starting("camunda:candidateStarterGroups='platform'"),
    ),
    (
        "lint.deadline-place",
        {
            "ways": "s>u1>t1>e",
            "own": {"t1": service("t1", extension=SETS + properties(deadline="= workdays(1)"))},
        },
        work(extension=properties(deadline="= workdays(1)")),
    ),
    (
        "lint.unknown-name",
        work(extension=properties(deadline="= amounts")),
        work(extension=properties(deadline="= amount")),
    ),
    (
        "lint.reminders-place",
        work(WORK.replace('camunda:dueDate="P3D"', ""), "", properties(deadline="none", reminders="none")),
        work(extension=properties(reminders="none")),
    ),
    ("lint.priority", work(f"{WORK} camunda:priority='101'"), work(f"{WORK} camunda:priority='100'")),
    ("lint.no-form", work(WORK.replace('camunda:formKey="审核"', "")), work()),
    ("lint.form-unknown", work(WORK.replace("审核", "审批")), work()),
    ("lint.no-candidate", work("camunda:formKey='审核' camunda:dueDate='P3D'"), work()),
    (
        "lint.group-unknown",
        work(WORK.replace("platform", "platform, plattform")),
        work(WORK.replace("platform", "= [1]")),
    ),
    *(
        (
            code,
            work(WORK.replace('"platform"', f"'= {broken}'")),
            work(WORK.replace('"platform"', f"'= {mended}'")),
        )
        for code, broken, mended in (
            ("lint.group-place", '"handler"', '"handler@fgj"'),
            ("lint.group-unknown", '["platform", "laeder"]', '["platform", "leader"]'),
            ("lint.group-unknown", '"handlr@" + department', '"handler@" + department'),
            (
                "lint.group-unknown",
                'if amount = "nobody" then "platform" else "nobody"',
                'if amount = "nobody" then "platform" else "leader"',
            ),
            ("lint.group-place", 'append(["leader"], "admin")', 'append(["leader"], department)'),
            ("lint.group-unknown", 'for d in [1] return "x"', 'for d in [1] return "handler@" + string(d)'),
        )
    ),
    (
        "lint.no-deadline",
        work(WORK.replace("P3D", "")),
        work(WORK.replace("P3D", ""), "", properties(deadline="none")),
    ),
    ("lint.two-deadlines", work(extension=properties(deadline="none")), work()),
    ("lint.priority", work(f"{WORK} camunda:priority='high'"), work(f"{WORK} camunda:priority='80'")),
    ("lint.moment", work(WORK.replace("P3D", "3 days")), work(WORK.replace("P3D", "2026-03-11"))),
    ("lint.no-operation", call("", NOTIFY, attributes="camunda:topic='notify'"), call("notify", NOTIFY)),
    ("lint.operation-unknown", call("notice", NOTIFY), call("notify", NOTIFY)),
    ("lint.parameter-missing", call("notify", {"to": "platform"}), call("notify", NOTIFY)),
    (
        "lint.parameter-unknown",
        call("notify", NOTIFY | {"urgend": "true"}),
        call("notify", NOTIFY | {"urgent": "true"}),
    ),
    ("lint.no-output", call("set variables"), call("set variables", given={"a": "= 1"})),
    ("lint.no-decision", decide("camunda:resultVariable='department'"), decide(DECIDE)),
    ("lint.decision-unknown", decide(DECIDE.replace("route", "rote")), decide(DECIDE)),
    (
        "lint.decision-mapping",
        decide(f"{DECIDE} camunda:mapDecisionResult='single'"),
        decide(f"{DECIDE} camunda:mapDecisionResult='singleEntry'"),
    ),
    ("lint.decision-lost", decide("camunda:decisionRef='route'"), decide(DECIDE)),
    ("lint.decision-reads", decide(DECIDE.replace("route", "rating")), decide(DECIDE)),
    (
        "lint.form-reads",
        {"ways": "s>u2>e", "own": {"u2": user("u2", ASK)}},
        {"ways": "s>u1>u2>e", "own": {"u2": user("u2", ASK)}},
    ),
    ("lint.timer-empty", timer("", ""), timer("timeDuration", "PT1H")),
    ("lint.timer-cycle", timer("timeCycle", "R3/PT1H"), timer("timeDuration", "= workdays(3)")),
    ("lint.moment", timer("timeDate", "tomorrow"), timer("timeDate", "2026-03-11T17:30:00+08:00")),
    ("lint.moment", timer("timeDuration", '"1'), timer("timeDuration", "P1DT2H")),
    (
        "lint.no-message",
        {"ways": "s>t1>e", "own": {"t1": "<b:receiveTask id='t1'/>"}},
        {"ways": "s>t1>e", "own": {"t1": "<b:receiveTask id='t1' messageRef='msg'/>"}},
    ),
    ("lint.no-name", on_edge(SIGNAL.format("")), on_edge(SIGNAL.format("signalRef='sig'"))),
    ("lint.boundary-nowhere", {"ways": LINE, "own": {"b1": boundary("b1", "u1")}}, on_edge(TIMER)),
    (
        "lint.boundary-never",
        on_edge(TIMER, "t1", {"t1": call("notify", NOTIFY)["own"]["t1"]}),
        on_edge(TIMER),
    ),
    ("lint.boundary-unthrown", on_edge(ERROR), caught(ERROR)),
    (
        "lint.error-interrupts",
        {**caught(ERROR), "own": caught(ERROR)["own"] | {"b1": boundary("b1", "sub", ERROR, False)}},
        caught(ERROR),
    ),
    ("lint.error-uncaught", caught(TIMER), caught("<b:errorEventDefinition/>")),
    ("lint.reserved", outputs(task="= 1"), outputs(result="= 1")),
    ("lint.reserved", outputs(zhiban_x="= 1"), outputs(结果="= 1")),
    ("lint.variable-name", outputs(**{"a b": "= 1"}), outputs(a_b="= 1")),
    ("lint.variable-name", outputs(**{"if": "= 1"}), outputs(iff="= 1")),
    (
        "lint.set-twice",
        work(
            extension=parameters(outputs={"a": "= 1"}).replace("</camunda:inputOutput>", "")
            + "<camunda:outputParameter "
            "name='a'>= 2</camunda:outputParameter></camunda:inputOutput>"
        ),
        outputs(a="= 1"),
    ),
    (
        "lint.set-hidden",
        work(extension=parameters({"amount": "= 1"})),
        work(extension=parameters({"limit": "= 1"})),
    ),
    (
        "lint.counts-from-itself",
        outputs(due="= if amount > 1 then workdays(2, due) else due"),
        outputs(due="= workdays(2, first)", first="= workdays(3)"),
    ),
    (
        "lint.counts-from-itself",
        outputs(due='= due + duration("P2D")'),
        outputs(rounds="= if rounds = null then 1 else rounds + 1"),
    ),
    (
        "lint.counts-from-itself",
        outputs(due="= next workday(d: due)"),
        outputs(due="= if due = null then workdays(1) else due"),
    ),
    (
        "lint.counts-from-itself",
        outputs(first="= due", due="= workdays(2, first)"),
        outputs(first="= workdays(3)", due="= workdays(2, first)", shown="= due"),
    ),
    (
        "lint.gathered-twice",
        work(
            inner=THREE.replace(
                "/>",
                "><b:loopDataOutputRef>taken</b:loopDataOutputRef><b:outputDataItem name='one'/>"
                "</b:multiInstanceLoopCharacteristics>",
            ),
            extension=parameters(outputs={"taken": "= 1"}),
        ),
        work(
            inner=THREE.replace(
                "/>",
                "><b:loopDataOutputRef>taken</b:loopDataOutputRef><b:outputDataItem name='one'/>"
                "</b:multiInstanceLoopCharacteristics>",
            )
        ),
    ),
    ("lint.unknown-name", about("= amuont = 1"), about("= amount = 1")),
    ("lint.unknown-name", about("satisfied"), about("amount = 1")),
    (
        "lint.unknown-name",
        work(extension=properties(expected="= {amount: ammount}")),
        work(extension=properties(expected="= {amount: amount}")),
    ),
    (
        "lint.unknown-function",
        work(WORK.replace("P3D", "= workday(3)")),
        work(WORK.replace("P3D", "= workdays(3)")),
    ),
    ("lint.foreign", outputs(a="#{bean.get()}"), outputs(a="= amount")),
    ("lint.foreign", outputs(a="金额 ${amount} 元"), outputs(a='= "金额" + string(amount)')),
    ("feel.syntax", about("= amount ="), about("${amount = 1}")),
]


@pytest.mark.parametrize(("code", "broken", "mended"), CASES, ids=[case[0] for case in CASES])
def test_what_would_go_wrong_is_refused_and_its_mended_twin_passes(code, broken, mended):
    assert codes(draw(**broken)) == [code]
    assert codes(draw(**mended)) == []


def problem(**given) -> lint.Problem:
    (found,) = lint.check(draw(**given), CONTEXT)
    return found


def test_an_error_without_a_code_can_not_be_told_from_others():
    nameless = "<b:errorEventDefinition/>"
    inner = sub("sub", "s2>x2>u3>e2 x2>e3", {"e2": end("e2", nameless)})
    assert codes(draw(**on_edge(nameless, "sub", {"sub": inner}))) == ["lint.no-code"]


def test_an_unknown_name_suggests_the_nearest_known_one():
    found = problem(**about("= amuont = 1"))
    assert (found.where, found.facts["hint"]) == ("x1-u2", "amount")
    assert "amount" in found.say("zh")


def test_an_unknown_operation_suggests_the_nearest_known_one():
    assert "notify" in problem(**call("notice", NOTIFY)).say("en")


def test_a_syntax_error_keeps_its_position_and_names_its_place():
    found = problem(**about("= amount ="))
    assert found.facts["place"] == "conditionExpression"
    assert found.facts["position"]


def test_functions_with_spaces_are_known():
    assert codes(draw(**work(WORK.replace("P3D", "= next workday(amount)")))) == []


def test_the_case_is_seen_everywhere_but_the_task_only_by_its_outputs():
    assert codes(draw(**outputs(who="= actor.name", where="= case.enterprise", what="= task.name"))) == []
    assert codes(draw(**about("= task.name = 1"))) == ["lint.unknown-name"]


def test_the_results_of_an_operation_are_seen_by_its_outputs_only():
    diagram = call("look up", {"key": "1"}, {"kept": "= found"})
    assert codes(draw(**diagram)) == []
    diagram |= {"ways": "s>u1>t1>x1>u2>e x1>e", "conditions": {"x1-u2": "= found = 1"}}
    assert codes(draw(**diagram)) == ["lint.unknown-name"]


def test_input_parameters_are_seen_by_their_own_element_only():
    own = {"u1": user("u1", WORK.replace("P3D", "= limit"), "", parameters({"limit": "= 1"}))}
    assert codes(draw(LINE, own)) == []
    assert codes(draw("s>u1>x1>u2>e x1>e", own, {"x1-u2": "= limit = 1"})) == ["lint.unknown-name"]


def test_what_one_item_of_a_multi_instance_sets_is_not_seen_outside():
    inside = user("u1", WORK, THREE, parameters(outputs={"answer": "= one"}))
    assert codes(draw(LINE, {"u1": inside})) == []
    diagram = draw("s>u1>x1>u2>e x1>e", {"u1": inside}, {"x1-u2": "= answer = 1"})
    assert codes(diagram) == ["lint.unknown-name"]


def test_what_a_sub_process_with_items_sets_is_seen_within_it():
    inner = sub("sub", "s2>u1>x1>u2>e2 x1>e3", {}, head=THREE).replace(
        "= true", "= amount = one and loopCounter = 1"
    )
    assert codes(draw("s>sub>e", {"sub": inner})) == []


def test_the_list_that_is_gathered_is_seen_outside():
    done = "<b:completionCondition>= nrOfCompletedInstances = 2</b:completionCondition>"
    output = "<b:loopDataOutputRef>all</b:loopDataOutputRef><b:outputDataItem name='amount'/>"
    gathering = THREE.replace("/>", f">{output}{done}</b:multiInstanceLoopCharacteristics>")
    own = {"u1": user("u1", WORK, gathering)}
    assert codes(draw("s>u1>x1>u2>e x1>e", own, {"x1-u2": "= count(all) = 2"})) == []


def test_what_a_message_brings_is_declared_where_it_is_caught():
    event = boundary("b1", "u1", MESSAGE)
    own = {"b1": event}
    ways = "s>u1>e b1>x1>u2>e x1>e"
    assert codes(draw(ways, own, {"x1-u2": "= reason = null"})) == ["lint.unknown-name"]
    declared = event.replace(
        MESSAGE,
        f"<b:extensionElements>{properties(variables='reason, other')}</b:extensionElements>{MESSAGE}",
    )
    assert codes(draw(ways, {"b1": declared}, {"x1-u2": "= reason = null"})) == []


def test_the_columns_of_the_case_are_checked():
    head = extended(properties(title="= amuont"))
    (found,) = lint.check(draw(LINE, head=head), CONTEXT)
    assert (found.code, found.where, found.facts["place"]) == ("lint.unknown-name", "process", "title")
    assert codes(draw(LINE, head=head.replace("amuont", "amount"))) == []


def test_the_groups_that_may_start_a_case_exist():
    assert codes(draw(LINE, process="camunda:candidateStarterGroups='platform'")) == []
    assert codes(draw(LINE, process="camunda:candidateStarterGroups='nobody'")) == ["lint.group-unknown"]


def test_while_groups_are_not_known_none_is_refused():
    diagram = draw(**work(WORK.replace("platform", "nobody")))
    assert codes(diagram) == ["lint.group-unknown"]
    assert codes(diagram, lint.LintContext(forms=CONTEXT.forms)) == []
