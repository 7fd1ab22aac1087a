"""The example of the README's ten minutes is a process that deploys, runs and keeps its promises."""

import re
from pathlib import Path

from engine import runtime
from engine.repository import check, read_bundle
from engine.scenarios import run

HOME = Path(__file__).parents[1]
EXAMPLE = HOME / "docs" / "example"


def test_the_example_deploys_without_a_warning() -> None:
    bundle = read_bundle(EXAMPLE / "processes" / "visit", EXAMPLE / "forms")
    assert check(bundle, operations=runtime.standard_operations()).warnings == ()


def test_the_examples_scenario_passes() -> None:
    outcomes = run([EXAMPLE / "processes" / "visit" / "scenarios"])
    assert [o.difference for o in outcomes] == [None]


def test_every_page_the_readme_points_to_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", (HOME / "README.md").read_text())
    assert targets and [t for t in targets if not (HOME / t).exists()] == []
