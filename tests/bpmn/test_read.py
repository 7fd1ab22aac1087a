"""Any bytes give a diagram or a list of problems; what a modeller wrote comes back as plain data."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.read import MAX_BYTES, read
from engine.errors import Invalid
from tests.conftest import unavailable

PUBLIC = Path(__file__).parents[3] / "shared" / "diagrams"
HEAD = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn"
 xmlns:activiti="http://activiti.org/bpmn" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" targetNamespace="t">"""
LINEAR = """<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
<bpmn:userTask id="t" name="审核"/><bpmn:sequenceFlow id="f2" sourceRef="t" targetRef="e"/>
<bpmn:endEvent id="e"/>"""


def file(inside: str, roots: str = "", process: str = 'id="p" isExecutable="true"') -> bytes:
    return f"{HEAD}{roots}<bpmn:process {process}>{inside}</bpmn:process></bpmn:definitions>".encode()


def task(inside: str, kind: str = "userTask", attributes: str = ""):
    xml = LINEAR.replace(
        '<bpmn:userTask id="t" name="审核"/>', f'<bpmn:{kind} id="t" {attributes}>{inside}</bpmn:{kind}>'
    )
    return read(file(xml)).elements["t"]


def codes(xml: bytes) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read(xml, "x.bpmn")
    assert caught.value.problems
    for problem in caught.value.problems:
        assert "{" not in problem.say("zh") + problem.say("en")
    return [problem.code for problem in caught.value.problems]


def test_a_plain_diagram_comes_back_in_the_order_of_the_file():
    diagram = read(file(LINEAR, process='id="p" name="诉求  办理" isExecutable="true"'))
    assert (diagram.process, diagram.name) == ("p", "诉求 办理")
    assert diagram.scopes["p"].elements == ("s", "t", "e")
    assert diagram.elements["t"].incoming == ("f1",)
    assert diagram.elements["t"].outgoing == ("f2",)
    assert diagram.elements["t"].line == 5
    assert diagram.start().id == "s"


def test_the_namespace_counts_and_not_the_prefix():
    xml = file(LINEAR).replace(b"bpmn:", b"").replace(b"xmlns:bpmn=", b"xmlns=")
    assert list(read(xml).elements) == ["s", "t", "e"]


@pytest.mark.parametrize("prefix", ["camunda", "flowable", "activiti"])
def test_extension_attributes_have_bare_names_whoever_made_them(prefix):
    found = task("", attributes=f'{prefix}:formKey="appeal/submit" {prefix}:assignee=" = chosen "')
    assert found.attributes == {"formKey": "appeal/submit", "assignee": "= chosen"}


def test_properties_and_parameters_are_read():
    found = task(
        """<bpmn:extensionElements><camunda:properties><camunda:property name="status" value="办理中"/>
        </camunda:properties><camunda:inputOutput>
        <camunda:inputParameter name="to">= enterprise</camunda:inputParameter>
        <camunda:outputParameter name="n"> = 1 </camunda:outputParameter>
        </camunda:inputOutput></bpmn:extensionElements>"""
    )
    assert found.properties == {"status": "办理中"}
    assert [(i.name, i.expression) for i in found.inputs] == [("to", "= enterprise")]
    assert [(o.name, o.expression) for o in found.outputs] == [("n", "= 1")]


def test_listeners_connectors_and_scripts_are_named_for_lint():
    found = task(
        """<bpmn:extensionElements><camunda:executionListener class="x"/><camunda:inputOutput>
        <camunda:inputParameter name="a"><camunda:script>1</camunda:script></camunda:inputParameter>
        </camunda:inputOutput></bpmn:extensionElements>"""
    )
    assert found.attributes["extensions"] == "executionListener script"


def test_call_activities_map_variables():
    found = task(
        """<bpmn:extensionElements><camunda:in source="a" target="b"/><camunda:in variables="all"/>
        <camunda:out sourceExpression="= c + 1" target="d"/></bpmn:extensionElements>""",
        kind="callActivity",
        attributes='calledElement="child"',
    )
    assert found.called_element == "child"
    assert [(i.name, i.expression) for i in found.passed] == [("b", "= a"), ("*", "*")]
    assert [(o.name, o.expression) for o in found.returned] == [("d", "= c + 1")]
    assert not found.inputs and not found.outputs and "extensions" not in found.attributes


def test_multi_instance_speaks_camunda_and_plain_bpmn():
    camunda = task(
        """<bpmn:multiInstanceLoopCharacteristics isSequential="true" camunda:collection="= departments"
        camunda:elementVariable="department"><bpmn:completionCondition>= done</bpmn:completionCondition>
        </bpmn:multiInstanceLoopCharacteristics>"""
    ).loop
    assert (camunda.kind, camunda.collection, camunda.element_variable) == (
        "sequential",
        "= departments",
        "department",
    )
    assert camunda.completion_condition == "= done"
    plain = task(
        """<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>departments</bpmn:loopDataInputRef>
        <bpmn:loopDataOutputRef>answers</bpmn:loopDataOutputRef><bpmn:inputDataItem name="department"/>
        <bpmn:outputDataItem name="answer"/></bpmn:multiInstanceLoopCharacteristics>"""
    ).loop
    assert (plain.kind, plain.collection, plain.element_variable) == ("parallel", "departments", "department")
    assert (plain.output_collection, plain.output_element) == ("answers", "answer")


def test_standard_loops_keep_their_bound():
    found = task('<bpmn:standardLoopCharacteristics loopMaximum="3" testBefore="true"/>').loop
    assert (found.kind, found.maximum, found.test_before) == ("standard", 3, True)
    assert task('<bpmn:standardLoopCharacteristics loopMaximum="many"/>').loop.maximum is None


def test_events_resolve_names_codes_and_timers():
    roots = """<bpmn:message id="m" name="撤回"/><bpmn:error id="er" name="退件" errorCode="E1"/>
    <bpmn:signal id="sig" name="停办"/><bpmn:escalation id="esc" name="升级" escalationCode="X"/>"""
    definitions = {
        '<bpmn:messageEventDefinition messageRef="m"/>': ("message", "撤回", ""),
        '<bpmn:messageEventDefinition messageRef="t:m"/>': ("message", "撤回", ""),
        '<bpmn:errorEventDefinition errorRef="er"/>': ("error", "退件", "E1"),
        '<bpmn:signalEventDefinition signalRef="sig"/>': ("signal", "停办", ""),
        '<bpmn:escalationEventDefinition escalationRef="esc"/>': ("escalation", "升级", "X"),
        "<bpmn:terminateEventDefinition/><bpmn:signalEventDefinition/>": ("multiple", "", ""),
        "": ("none", "", ""),
    }
    for inside, expected in definitions.items():
        event = f'<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{inside}'
        event += "</bpmn:boundaryEvent>"
        diagram = read(file(LINEAR + event, roots))
        found = diagram.elements["b"]
        assert (found.event.kind, found.event.name, found.event.code) == expected
        assert not found.interrupting
        assert diagram.boundary_events("t") == [found]
        assert diagram.messages == ("撤回",)


def test_a_timer_keeps_its_kind_and_expression():
    event = """<bpmn:intermediateCatchEvent id="w"><bpmn:timerEventDefinition>
    <bpmn:timeDuration> PT1H </bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"""
    found = read(file(LINEAR + event)).elements["w"].event
    assert (found.kind, found.timer_kind, found.expression) == ("timer", "duration", "PT1H")


def test_an_inner_lane_wins_and_sub_processes_inherit_theirs():
    lanes = """<bpmn:laneSet><bpmn:lane id="l1" name="部门"><bpmn:flowNodeRef>s</bpmn:flowNodeRef>
    <bpmn:flowNodeRef>t</bpmn:flowNodeRef><bpmn:flowNodeRef>gone</bpmn:flowNodeRef><bpmn:childLaneSet>
    <bpmn:lane id="l2" name="承办人"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:childLaneSet></bpmn:lane>
    </bpmn:laneSet>"""
    inside = LINEAR.replace(
        'userTask id="t" name="审核"/', 'subProcess id="t"><bpmn:task id="in"/></bpmn:subProcess'
    )
    diagram = read(file(lanes + inside))
    assert [diagram.elements[key].lane for key in ("s", "t", "in", "e")] == ["部门", "承办人", "承办人", ""]
    assert diagram.lanes[0].elements == ("s", "t")
    assert diagram.scopes["t"].parent == "p"


def test_heights_come_from_the_drawing():
    shapes = """<bpmndi:BPMNShape bpmnElement="t"><dc:Bounds x="1" y="80.5"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape bpmnElement="s"><dc:Bounds y="nan"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape bpmnElement="e"><dc:Bounds y="high"/></bpmndi:BPMNShape>"""
    diagram = read(file(LINEAR).replace(b"</bpmn:definitions>", f"{shapes}</bpmn:definitions>".encode()))
    assert [diagram.elements[key].y for key in "ste"] == [0.0, 80.5, 0.0]


def test_flows_without_ids_are_all_kept():
    xml = LINEAR.replace('id="f1"', "").replace('id="f2"', 'id=""')
    diagram = read(file(xml))
    assert len(diagram.flows) == 2
    assert diagram.flows[diagram.elements["t"].outgoing[0]].target == "e"


def test_only_the_executable_process_is_read():
    other = '<bpmn:process id="q" isExecutable="false"><bpmn:task id="t9"/></bpmn:process>'
    assert list(read(file(LINEAR, roots=other)).elements) == ["s", "t", "e"]
    assert codes(file(LINEAR, roots=other.replace("false", "true"))) == ["bpmn.many-processes"]
    assert codes(file(LINEAR, process='id="p" isExecutable="false"')) == ["bpmn.no-process"]
    assert read(file(LINEAR, process='id="p"')).process == "p"
    assert codes(f"{HEAD}</bpmn:definitions>".encode()) == ["bpmn.no-process"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('sourceRef="s"', 'sourceRef="gone"', "bpmn.dangling-source"),
        ('targetRef="e"', 'targetRef="gone"', "bpmn.dangling-target"),
        ('targetRef="e"', "", "bpmn.dangling-target"),
        ('id="t" name', 'id="t" default="f1" name', "bpmn.dangling-default"),
        ('id="t" name', 'id="t" default="gone" name', "bpmn.dangling-default"),
        ('id="f2"', 'id="f1"', "bpmn.id-twice"),
        ('endEvent id="e"', 'endEvent id="e f"', "bpmn.id-form"),
        (
            'endEvent id="e"/',
            'endEvent id="e"/><bpmn:boundaryEvent id="b" attachedToRef="s"/',
            "bpmn.dangling-boundary",
        ),
        ('endEvent id="e"/', 'endEvent id="e"/><bpmn:boundaryEvent id="b"/', "bpmn.dangling-boundary"),
        ('endEvent id="e"/', 'endEvent id="e"/><bpmn:task/', "bpmn.id-missing"),
        ('userTask id="t" name="审核"/', 'receiveTask id="t" messageRef="gone"/', "bpmn.dangling-event"),
        (
            'endEvent id="e"/',
            'subProcess id="sub"><bpmn:endEvent id="e"/></bpmn:subProcess',
            "bpmn.flow-crosses",
        ),
    ],
)
def test_broken_references_are_named_with_their_mend(old, new, code):
    assert old in LINEAR
    assert code in codes(file(LINEAR.replace(old, new)))


def test_a_problem_says_which_element_and_line():
    with pytest.raises(Invalid) as caught:
        read(file(LINEAR.replace('sourceRef="s"', 'sourceRef="gone"')), "申请.bpmn")
    (problem,) = caught.value.problems
    assert problem.where == "f1"
    assert problem.facts["line"] == 4
    assert "gone" in problem.say("zh")
    assert "申请.bpmn" in caught.value.say("en")


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "bpmn.not-xml"),
        (b"<a", "bpmn.not-xml"),
        (b"<a>&x;</a>", "bpmn.not-xml"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "bpmn.not-xml"),
        (b"<a/>", "bpmn.not-bpmn"),
        (b"<!DOCTYPE a><a/>", "bpmn.doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "bpmn.doctype"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>'.encode("utf-16"), "bpmn.doctype"),
        (b"<a>" * 101 + b"</a>" * 101, "bpmn.too-deep"),
        (b" " * (MAX_BYTES + 1), "bpmn.too-large"),
    ],
)
def test_unreadable_files_are_refused_with_a_reason(xml, code):
    assert codes(xml) == [code]


def test_a_chinese_encoding_is_read():
    xml = '<?xml version="1.0" encoding="GB18030"?>' + file(LINEAR).decode()
    assert read(xml.encode("gb18030")).elements["t"].name == "审核"


PIECES = st.sampled_from(
    b"""<bpmn:subProcess id='x'>
    </bpmn:subProcess>
    <bpmn:task id='t'/>
    <bpmn:laneSet><bpmn:lane id='l'/></bpmn:laneSet>
    <bpmn:userTask>
    </bpmn:userTask>
    <bpmn:boundaryEvent id='b' attachedToRef='x'>
    </bpmn:boundaryEvent>
    <bpmn:extensionElements>
    </bpmn:extensionElements>
    <camunda:properties>
    </camunda:properties>
    <camunda:property/>
    <camunda:in/>
    <bpmn:sequenceFlow id='t'/>
    <bpmn:multiInstanceLoopCharacteristics/>
    <bpmn:EventDefinition/>
    <bpmn:timerEventDefinition/>
    <bpmn:eventDefinitionRef/>
    <!-- -->
    <?pi?>
    <y xmlns='z'/>
    <!DOCTYPE a>
    ]]>
    &amp;
    &x;""".split(b"\n    ")
)


def _reads_or_refuses(xml: bytes) -> None:
    try:
        read(xml)
    except Invalid as refused:
        assert refused.problems


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_read_or_refused(xml):
    _reads_or_refuses(xml)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=3)), max_size=25))
def test_any_mixture_of_bpmn_is_read_or_refused(pieces):
    _reads_or_refuses(file("@").replace(b"@", b"".join(pieces)))


@given(st.integers(0, len(file(LINEAR)) - 1), st.binary(max_size=4))
def test_a_damaged_file_is_read_or_refused(at, damage):
    whole = file(LINEAR)
    _reads_or_refuses(whole[:at] + damage + whole[at + len(damage) :])


def test_public_diagrams_are_read_or_refused():
    if not PUBLIC.is_dir():
        unavailable("the public diagrams are not there: put them into ../shared/diagrams")
    paths = [path for path in PUBLIC.iterdir() if ".bpmn" in path.name]
    assert paths
    for path in paths:
        _reads_or_refuses(path.read_bytes())
