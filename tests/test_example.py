"""The example of the README's ten minutes is a process that deploys, runs and keeps its promises."""

import re
from pathlib import Path

import pytest

from engine import runtime
from engine.repository import check, read_bundle
from engine.scenarios import run

HOME = Path(__file__).parents[1]
EXAMPLE = HOME / "docs" / "example"


PROCESSES = sorted(folder.name for folder in (EXAMPLE / "processes").iterdir())


@pytest.mark.parametrize("name", PROCESSES)
def test_the_example_deploys_without_a_warning(name: str) -> None:
    bundle = read_bundle(EXAMPLE / "processes" / name, EXAMPLE / "forms")
    assert check(bundle, operations=runtime.standard_operations()).warnings == ()


@pytest.mark.parametrize("name", PROCESSES)
def test_the_examples_scenarios_pass(name: str) -> None:
    outcomes = run([EXAMPLE / "processes" / name / "scenarios"])
    assert outcomes and [o.say("en") for o in outcomes if not o.passed] == []


def test_every_scenario_that_the_guide_names_is_there() -> None:
    guide = (HOME / "docs" / "desk.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:docs|processes)/[^\s`]+\.yaml)`", guide)
    assert len(named) > 10 and [path for path in named if not (HOME / path).exists()] == []


def test_every_page_the_readme_points_to_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (HOME / "README.md").read_text())
    assert targets and [t for t in targets if not (HOME / t).exists()] == []
