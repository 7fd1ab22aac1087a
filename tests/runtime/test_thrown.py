"""What a diagram throws is in the record, and reaches who waits for it in the same case."""

from tests.bpmn.drawing import MESSAGE, boundary
from tests.runtime.small import small
from tests.runtime.stage import Platform


def test_a_thrown_message_is_recorded_and_caught_within_the_case(platform: Platform) -> None:
    thrown = f"<b:intermediateThrowEvent id='t'>{MESSAGE}</b:intermediateThrowEvent>"
    own = {
        "f": "<b:parallelGateway id='f'/>",
        "t": thrown,
        "c": boundary("c", "u1", MESSAGE),
    }
    platform.deploy(small("s>f>u1>e1 f>u2>t>e2 c>u3>e3", own))
    case_id = platform.start("platform", "small", note="x")
    platform.complete(case_id, "u2", note="x")
    kinds = [(h.kind, h.data.get("message")) for h in platform.history(case_id)]
    assert ("message.thrown", "撤回") in kinds
    assert [task.element for task in platform.open(case_id)] == ["u3"]
