"""A step that would never end is refused: nothing is written and nobody waits for it."""

# ruff: noqa: E501 - the diagrams read better in long lines
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.bpmn.read import read
from engine.bpmn.stepping import Expressions, build, complete, start
from engine.errors import Invalid

LOOP = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="u"/><userTask id="u"/>
<sequenceFlow id="b" sourceRef="u" targetRef="g"/><exclusiveGateway id="g" default="e"/>
<sequenceFlow id="d" sourceRef="g" targetRef="g2"><conditionExpression>= true</conditionExpression></sequenceFlow>
<sequenceFlow id="e" sourceRef="g" targetRef="z"/><endEvent id="z"/>
<task id="g2"/><sequenceFlow id="f" sourceRef="g2" targetRef="g"/></process></definitions>"""
NESTED = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="a" sourceRef="s" targetRef="u"/><userTask id="u"/>
<sequenceFlow id="b" sourceRef="u" targetRef="m"/><subProcess id="m">
<multiInstanceLoopCharacteristics><loopCardinality>1000</loopCardinality></multiInstanceLoopCharacteristics>
<startEvent id="ms"/><sequenceFlow id="ma" sourceRef="ms" targetRef="n"/><userTask id="n">
<multiInstanceLoopCharacteristics><loopCardinality>1000</loopCardinality></multiInstanceLoopCharacteristics>
</userTask><sequenceFlow id="mb" sourceRef="n" targetRef="me"/><endEvent id="me"/></subProcess>
<sequenceFlow id="c" sourceRef="m" targetRef="z"/><endEvent id="z"/></process></definitions>"""


class Host:
    now = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
    functions: Mapping[str, Any] = {}

    def call(self, topic: str, parameters: Any, element: Any) -> dict[str, Any]:
        return {}

    def decide(self, decision: str, variables: Any) -> Any:
        return None

    def closing(self, day: date) -> datetime:
        return self.now

    def later(self, duration: timedelta) -> datetime:
        return self.now + duration

    def basis(self, due: Any) -> Any:
        return None

    def at(self, moment: datetime) -> Any:
        return self


@pytest.mark.parametrize("xml", [LOOP, NESTED], ids=["a loop nobody waits in", "a million instances"])
def test_a_step_without_end_is_refused(xml: str) -> None:
    program = build(read(xml.encode()), Expressions())
    run, step = start(program, {}, {}, Host())
    with pytest.raises(Invalid) as caught:
        complete(run, step.opened[0].token, {}, Host())
    assert caught.value.code == "bpmn.restless"
