"""Texts that the tests of scenarios share: how a scenario opens, and a small process."""

OPENING = """
  - at: 2026-03-11 09:30
    as: jingmi
    start: appeal
    with:
      uscc: 91441802MA4X1Q2T0K
      contact: 罗婷
      phone: "13800000001"
      type: 市场监管
      title: 食堂经营许可
      content: 至今没有结果。
"""

SMALL = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="small">
  <bpmn:message id="more" name="补充材料" />
  <bpmn:process id="small" name="会签" isExecutable="true" camunda:candidateStarterGroups="platform">
    <bpmn:startEvent id="begin" name="开始" camunda:formKey="small/ask" />
    <bpmn:parallelGateway id="split" name="同时" />
    <bpmn:userTask id="opinion" name="会签意见" camunda:formKey="small/opinion"
        camunda:candidateGroups="= &quot;handler@&quot; + place" camunda:dueDate="= workdays(1)">
      <bpmn:multiInstanceLoopCharacteristics camunda:collection="places" camunda:elementVariable="place" />
    </bpmn:userTask>
    <bpmn:userTask id="await" name="等材料" camunda:formKey="small/opinion"
        camunda:candidateGroups="platform" camunda:dueDate="= workdays(1)" />
    <bpmn:boundaryEvent id="supplement" name="收到补充材料" attachedToRef="await">
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="senders" value="platform" />
        <camunda:property name="variables" value="pages" />
      </camunda:properties></bpmn:extensionElements>
      <bpmn:messageEventDefinition id="supplement_message" messageRef="more" />
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="finished" name="完成" />
    <bpmn:endEvent id="waited" name="已等到" />
    <bpmn:endEvent id="noted" name="已登记" />
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="split" />
    <bpmn:sequenceFlow id="f2" sourceRef="split" targetRef="opinion" />
    <bpmn:sequenceFlow id="f3" sourceRef="split" targetRef="await" />
    <bpmn:sequenceFlow id="f4" sourceRef="opinion" targetRef="finished" />
    <bpmn:sequenceFlow id="f5" sourceRef="await" targetRef="waited" />
    <bpmn:sequenceFlow id="f6" sourceRef="supplement" targetRef="noted" />
  </bpmn:process>
</bpmn:definitions>
"""

_PLACES = [{"label": name, "value": code} for code, name in (("market", "市场"), ("hrss", "人社"))]
FORMS = {
    "ask": {
        "id": "small/ask",
        "type": "default",
        "title": "发起",
        "components": [{"type": "checklist", "key": "places", "label": "会签部门", "values": _PLACES}],
    },
    "opinion": {
        "id": "small/opinion",
        "type": "default",
        "title": "意见",
        "components": [{"type": "textfield", "key": "view", "label": "意见"}],
    },
}
