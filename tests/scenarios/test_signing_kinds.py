"""Each kind of signing that a node can declare, told as a scenario of a small process."""

import json

import pytest

from engine import scenarios
from tests.bpmn.drawing import HEAD, inside, properties, user

BEGIN = {
    "type": "default",
    "id": "begin",
    "title": "发起",
    "components": [{"type": "textfield", "id": "f", "key": "title", "label": "标题"}],
}
WHO = '= ["leader", "handler@market", "handler@tax"]'.replace('"', "&quot;")
NEXT = "camunda:formKey='signing/begin' camunda:candidateGroups='platform' camunda:dueDate='P3D'"
KINDS = {
    "会签，全体同意": (
        {"signing": "会签"},
        """
  - {as: leader, complete: 审签, of: leader, with: {decision: 同意}}
  - {as: market-1, complete: 审签, of: market, with: {decision: 不同意}, refused: reason}
  - {as: market-1, complete: 审签, of: market, with: {decision: 不同意, reason: 材料不全}}
  - expect: {tasks: [{name: 审签, candidates: [handler@tax]}], variables: {审签结果: null}}
  - {as: market-1, complete: 审签, of: tax, with: {decision: 同意}, refused: runtime.one_vote}
  - {as: tax-1, complete: 审签, with: {decision: 弃权}}
  - expect: {tasks: [归档], variables: {审签结果: 不通过}}
""",
    ),
    "会签，一票否决": (
        {"signing": "会签", "veto": "true"},
        """
  - {as: market-1, complete: 审签, of: market, with: {decision: 不同意, reason: 违反规定}}
  - expect:
      tasks: [归档]
      variables: {审签结果: 不通过}
      history: [{kind: task.completed}, {kind: task.cancelled}, {kind: task.cancelled}]
""",
    ),
    "或签": (
        {"signing": "或签"},
        """
  - {as: leader, complete: 审签, of: leader, with: {decision: 弃权}}
  - expect: {tasks: [审签, 审签]}
  - {as: tax-2, complete: 审签, of: tax, with: {decision: 同意, opinion: 可以}}
  - expect: {tasks: [归档], variables: {审签结果: 通过}}
""",
    ),
    "票签": (
        {"signing": "票签", "pass": "60%"},
        """
  - {as: leader, complete: 审签, of: leader, with: {decision: 同意}}
  - {as: market-1, complete: 审签, of: market, with: {decision: 不同意, reason: 不急}}
  - expect: {tasks: [{name: 审签, candidates: [handler@tax]}]}
  - {as: tax-1, complete: 审签, with: {decision: 同意}}
  - expect: {tasks: [归档], variables: {审签结果: 通过}}
""",
    ),
    "依次": (
        {"signing": "依次", "veto": "true"},
        """
  - expect: {tasks: [{name: 审签, candidates: [leader]}]}
  - {as: leader, complete: 审签, with: {decision: 同意}}
  - expect: {tasks: [{name: 审签, candidates: [handler@market]}]}
  - {as: market-2, complete: 审签, with: {decision: 不同意, reason: 重复申报}}
  - expect: {tasks: [归档], variables: {审签结果: 不通过}}
""",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_signing_is_what_its_scenario_tells(tmp_path, name: str) -> None:
    said, steps = KINDS[name]
    folder = tmp_path / "processes" / "signing"
    (folder / "scenarios").mkdir(parents=True)
    given = properties(signers=WHO, result="审签结果", **said)
    own = {
        "s": "<b:startEvent id='s' camunda:formKey='signing/begin'/>",
        "u1": user("u1", "name='审签' camunda:dueDate='P3D'", "", given),
        "u2": user("u2", f"name='归档' {NEXT}"),
    }
    process = "<b:process id='signing' isExecutable='true' camunda:candidateStarterGroups='platform'>"
    head = f"<b:extensionElements>{properties(number='QS-{seq:04}', title='= title')}</b:extensionElements>"
    text = f"{HEAD}{process}{head}{inside('s>u1>u2>e', own)}</b:process></b:definitions>"
    (folder / "signing.bpmn").write_text(text, encoding="utf-8")
    forms = tmp_path / "forms" / "signing"
    forms.mkdir(parents=True)
    (forms / "begin.json").write_text(json.dumps(BEGIN), encoding="utf-8")
    file = folder / "scenarios" / "a.yaml"
    begin = "  - {at: 2026-03-11 09:00, as: platform, start: signing, with: {title: 采购}}\n  - expect: {}"
    file.write_text(f"scenario: {name}\nsteps:\n{begin}{steps}", encoding="utf-8")
    assert [outcome.say() for outcome in scenarios.run([file])] == [name]
