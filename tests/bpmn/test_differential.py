"""Our stepping and codec against the stock classes, over the project's own diagrams and public ones."""

from pathlib import Path

import pytest

from engine.errors import Invalid
from tests.bpmn.twins import play
from tests.conftest import unavailable

HOME = Path(__file__).parents[2]
PUBLIC = HOME.parent / "shared" / "diagrams"
SEEDS = range(12)
CALLED = [HOME / "processes" / "escalation" / "escalation.bpmn"]  # by the appeal

# ruff: noqa: E501
# Where stock is wrong, or the diagram is one that lint refuses; each was looked at by hand.
DIFFERENT = {
    "EscalationEventTest.testBoundaryEventWithEmptyEscalationCode.bpmn20.xml": "an empty code catches all",
    "BpmnParseTest.testInvalidSubProcessWithEscalationStartEvent.bpmn": "an invalid start that lint refuses",
    "BpmnParseTest.testInvalidTransactionWithErrorStartEvent.bpmn": "an invalid start that lint refuses",
    "MessageBoundaryEventTest.testBoundaryMessageEventOnSubprocessAndInsideSubprocessMultiInstance.bpmn20.xml": (
        "stock raises TaskNotFoundException when a boundary event cancels a multi-instance sub-process"
    ),
}


@pytest.mark.parametrize("path", sorted((HOME / "processes").glob("*/*.bpmn")), ids=lambda p: p.name)
def test_the_projects_own_diagrams_behave_as_in_the_stock_engine(path: Path) -> None:
    beside = [one.read_bytes() for one in CALLED] if b"callActivity" in path.read_bytes() else []
    for seed in range(60):
        assert play(path.read_bytes(), seed, moves=40, beside=beside) is None


def test_public_diagrams_behave_as_in_the_stock_engine() -> None:
    if not PUBLIC.is_dir():
        unavailable("the public diagrams are not there: put them into ../shared/diagrams")
    compared, refused, wrong = 0, 0, []
    for path in sorted(PUBLIC.glob("*.bpmn*")):
        if path.name in DIFFERENT:
            continue
        try:
            found = [difference for seed in SEEDS if (difference := play(path.read_bytes(), seed))]
        except Invalid:
            refused += 1  # what we do not execute is refused, not run wrongly
            continue
        compared += 1
        wrong += [f"{path.name}: {difference}" for difference in found[:1]]
    assert wrong == []
    assert compared >= 132 and compared + refused + len(DIFFERENT) == 218


@pytest.mark.parametrize("called", ["ours", "both"])
def test_a_sub_process_that_is_called_runs_as_one_that_is_embedded(called: str) -> None:
    """Everything that stands in a sub-process of a public diagram, cut out into a process of its own."""
    if not PUBLIC.is_dir():
        unavailable("the public diagrams are not there: put them into ../shared/diagrams")
    compared, wrong = 0, []
    for path in sorted(PUBLIC.glob("*.bpmn*")):
        xml = path.read_bytes()
        if path.name in DIFFERENT or b"subProcess " not in xml or b'triggeredByEvent="true"' in xml:
            continue
        try:
            found = [difference for seed in SEEDS if (difference := play(xml, seed, called=called))]
        except Invalid:
            continue
        compared += 1
        wrong += [f"{path.name}: {difference}" for difference in found[:1]]
    assert wrong == []
    assert compared == 41
