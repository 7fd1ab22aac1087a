"""Every shipped scenario passes, and together they walk every line of their diagram."""

from pathlib import Path

import pytest

from engine import scenarios
from engine.bpmn.read import read

PROCESSES = Path(__file__).parents[2] / "processes"
WITH_SCENARIOS = sorted(folder.parent for folder in PROCESSES.glob("*/scenarios"))


@pytest.mark.parametrize("process", WITH_SCENARIOS, ids=lambda folder: folder.name)
def test_the_scenarios_of_a_process_pass_and_cover_every_sequence_flow(process):
    outcomes = scenarios.run([process / "scenarios"])

    assert [outcome.say("en") for outcome in outcomes if not outcome.passed] == []
    passed = frozenset().union(*(outcome.flows for outcome in outcomes))
    drawn = set(read((process / f"{process.name}.bpmn").read_bytes()).flows)
    assert drawn - passed == set()


def test_every_process_has_scenarios():
    assert {process.name for process in WITH_SCENARIOS} == {file.stem for file in PROCESSES.glob("*/*.bpmn")}
