"""The words for moving work back, on a small process and on nothing but a scenario file."""

from pathlib import Path

from engine import scenarios
from tests.runtime.small import FORM, form, small
from tests.runtime.test_moves import node

TEXT = """
scenario: 退回、驳回、撤回
steps:
  - {at: 2026-03-11 09:00, as: platform, start: small, with: {note: 一}}
  - {complete: u1, with: {note: 一}}
  - {take back: u1}
  - expect: {tasks: [{name: u1, assignee: platform}], history: [{kind: task.taken_back, element: u1}]}
  - {complete: u1, with: {note: 一}}
  - {complete: u2, with: {note: 一}}
  - {as: platform-2, take back: u2, refused: runtime.not_own_work}
  - expect:
      offers:
        - {name: u2, to: platform, actions: [take back, 抄送]}
        - {name: u3, to: platform, actions: [转办, 委派, 前加签, 后加签, 退回, 驳回, copy]}
        - {name: u3, to: jingmi, actions: []}
  - {as: platform-2, claim: u3}
  - {as: platform, save draft: u3, with: {values: 不在手上}, refused: desk.not_in_hand}
  - {as: platform-2, save draft: u3, of: platform-2, with: {note: 打到一半}}
  - expect:
      tasks: [{name: u3, assignee: platform-2}]
      drafts:
        - {name: u3, to: platform-2, values: {note: 打到一半}}
        - {name: u3, to: platform, values: none}
  - {release: u3}
  - expect: {drafts: [{name: u3, to: platform-2, values: none}]}  # 放回的任务不留下草稿
  - {as: platform, send back: u3, with: {to: u2}, refused: runtime.opinion_needed}
  - {send back: u3, with: {to: u2, opinion: 重做}}
  - expect: {tasks: [{name: u2, assignee: platform}]}
  - {as: platform, withdraw: 不办了, refused: runtime.not_withdrawable}
  - {reject: u2, with: {opinion: 不同意}}
  - expect:
      tasks: [u1]
      history: [{kind: task.rejected, element: u2, data: {to: u1, opinion: 不同意}}]
  - {complete: u1, with: {note: 二}}
  - {as: jingmi, withdraw: 不办了, refused: runtime.not_own_case}
  - {as: platform, withdraw: 不办了}
  - expect:
      state: ended
      status: 已撤回
      tasks: []
      history: [{kind: case.withdrawn, data: {cancelled: [u2], opinion: 不办了}}]
---
scenario: 驳回即办结
steps:
  - {at: 2026-03-11 09:00, as: platform, start: small, with: {note: 一}}
  - {complete: u1, with: {note: 一}}
  - {complete: u2, with: {note: 一}}
  - {reject: u3, of: platform, with: {opinion: 不同意}}
  - expect: {state: ended, status: 已驳回}
"""


def test_work_is_moved_back_by_words(tmp_path: Path) -> None:
    own = {"u2": node("u2", reject="u1"), "u3": node("u3", reject="end")}
    bundle = small("s>u1>u2>u3>e", own, said={"take back": "note = &quot;二&quot;"})
    folder = tmp_path / "processes" / "small"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "small.bpmn").write_bytes(bundle.diagram)
    place = (tmp_path / "forms" / FORM).with_suffix(".json")
    place.parent.mkdir(parents=True)
    place.write_bytes(form("note", "go"))
    (folder / "scenarios" / "desk.yaml").write_text(TEXT, encoding="utf-8")
    outcomes = scenarios.run([folder])
    assert [outcome.say("en") for outcome in outcomes if not outcome.passed] == []
    assert len(outcomes) == 2
