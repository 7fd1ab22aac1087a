"""Messages to a running case: who may send which, and what they may bring."""

import pytest
from flask import Flask

from engine import runtime
from engine.clock import ControlledClock
from engine.repository import Bundle, deploy
from tests.webui.api.api_driver import Answer, Caller
from tests.webui.api.conftest import Login

START = """{"type": "default", "id": "start", "title": "开始", "components": [
  {"type": "textfield", "id": "t", "key": "title", "label": "标题", "validate": {"required": true}},
  {"type": "uscc", "id": "u", "key": "uscc", "label": "代码", "validate": {"required": true}}]}""".encode()
WORK = """{"type": "default", "id": "work", "title": "办理", "components": [
  {"type": "textfield", "id": "n", "key": "note", "label": "备注"}]}""".encode()


def catching(key: str, message: str, internal: str, senders: str, more: str = "") -> str:
    """A message event on the task that `senders` may send, and the end it leads to."""
    hidden = f'<c:property name="internal" value="{internal}"/><c:property name="senders" value="{senders}"/>'
    hidden += more
    return f"""
    <b:boundaryEvent id="{key}" name="{message}" attachedToRef="work"><b:extensionElements><c:properties>
      <c:property name="variables" value="reason"/>{hidden}</c:properties></b:extensionElements>
      <b:messageEventDefinition id="{key}_d" messageRef="{key}_m"/></b:boundaryEvent>
    <b:endEvent id="{key}_end" name="{message}"><b:extensionElements><c:properties>
      <c:property name="status" value="{message}"/></c:properties></b:extensionElements></b:endEvent>
    <b:sequenceFlow id="{key}_f" sourceRef="{key}" targetRef="{key}_end"/>"""


SENDERS = "= [&quot;platform&quot;, &quot;enterprise@&quot; + uscc]"
LATER = """<c:property name="when" value="= title != &quot;急&quot;"/>
  <c:property name="otherwise" value="急件不能撤回"/><c:property name="label" value="撤回诉求"/>"""
DIAGRAM = f"""<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:c="http://camunda.org/schema/1.0/bpmn" targetNamespace="tests">
  <b:message id="withdraw_m" name="撤回"/><b:message id="stop_m" name="终止"/>
  <b:process id="small" name="小流程" isExecutable="true" c:candidateStarterGroups="enterprise">
    <b:extensionElements><c:properties><c:property name="number" value="X-{{seq:03}}"/>
      <c:property name="title" value="= title"/><c:property name="enterprise" value="= uscc"/>
    </c:properties></b:extensionElements>
    <b:startEvent id="begin" name="开始" c:formKey="small/start"/>
    <b:userTask id="work" name="办理" c:candidateGroups="platform" c:formKey="small/work">
      <b:extensionElements><c:properties><c:property name="deadline" value="none"/>
      <c:property name="status" value="办理中"/></c:properties></b:extensionElements></b:userTask>
    <b:endEvent id="end" name="办结"/>
    {catching("withdraw", "撤回", "false", SENDERS, LATER)}
    {catching("stop", "终止", "true", "platform, control-centre")}
    <b:sequenceFlow id="f1" sourceRef="begin" targetRef="work"/>
    <b:sequenceFlow id="f2" sourceRef="work" targetRef="end"/>
  </b:process>
</b:definitions>""".encode()


@pytest.fixture
def case(app: Flask, clock: ControlledClock, login: Login) -> str:
    engine: runtime.Engine = app.extensions["zhiban"]
    bundle = Bundle(DIAGRAM, {}, {"small/start": START, "small/work": WORK})
    with engine.writing() as connection:
        deploy(connection, bundle, operations=engine.operations, actor="system", now=clock.now())
    values = {"title": "试", "uscc": "91441802MA4X1Q2T0K"}
    return str(login("jingmi").post("/cases", {"process": "small", "values": values})["id"])


def send(caller: Caller, case: str, name: str, **values: object) -> Answer:
    return caller.post(f"/cases/{case}/messages", {"name": name, "values": values})


def test_an_enterprise_withdraws_its_case(login: Login, case: str) -> None:
    caller = login("jingmi")
    assert caller.get(f"/cases/{case}")["messages"] == ["撤回"]
    done = send(caller, case, "撤回", reason="已解决")
    assert (done.status, done["state"], done["status"]) == (200, "ended", "撤回"), done.body
    told = [e for e in caller.get(f"/cases/{case}/history")["items"] if e["kind"] == "message.received"]
    assert told[0]["data"]["values"] == {"reason": "已解决"} and told[0]["actor_name"] == "罗婷"
    again = send(caller, case, "撤回")
    assert (again.status, again["code"]) == (409, "runtime.case_ended")


def test_a_message_that_is_internal_is_not_the_enterprises_to_send(login: Login, case: str) -> None:
    refused = send(login("jingmi"), case, "终止", reason="x")
    assert (refused.status, refused["code"]) == (403, "api.message_not_yours")
    assert login("platform").get(f"/cases/{case}")["messages"] == ["撤回", "终止"]
    assert send(login("control"), case, "终止", reason="x").status == 200


def test_a_message_brings_only_what_the_diagram_lists(login: Login, case: str) -> None:
    refused = send(login("jingmi"), case, "撤回", reason="x", uscc="0", task={"id": "1"}, _x=1)
    assert refused.status == 422 and refused.wheres == {"uscc", "task", "_x"}
    assert login("jingmi").get(f"/cases/{case}")["state"] == "open"


def test_what_may_be_sent_is_listed_with_its_reason_while_it_may_not(login: Login, case: str) -> None:
    caller = login("jingmi")
    (one,) = caller.get(f"/cases/{case}/messages")["items"]
    assert one == {"message": "撤回", "label": "撤回诉求", "allowed": True, "why_not": "", "form": None}
    values = {"title": "急", "uscc": "91441802MA4X1Q2T0K"}
    urgent = str(caller.post("/cases", {"process": "small", "values": values})["id"])
    (one,) = caller.get(f"/cases/{urgent}/messages")["items"]
    assert (one["allowed"], one["why_not"]) == (False, "急件不能撤回")
    assert caller.get(f"/cases/{urgent}")["messages"] == []
    refused = send(caller, urgent, "撤回", reason="x")
    assert (refused.status, refused["code"]) == (409, "runtime.not_now")
    assert login("auditor").get(f"/cases/{urgent}/messages")["items"] == []
    assert login("lvneng").get(f"/cases/{urgent}/messages").status == 404


def test_those_who_only_watch_send_nothing(login: Login, case: str) -> None:
    for username in ("auditor", "leader"):
        assert login(username).get(f"/cases/{case}")["messages"] == []
        assert send(login(username), case, "撤回").status == 403
    assert send(login("lvneng"), case, "撤回").status == 404
