"""A scenario's whole course: what was done and what fell due, each on its day."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from engine.clock import SHANGHAI, local
from engine.errors import NotFound
from engine.outlook.shelf import chosen, shelf
from engine.outlook.story import Story, story
from engine.scenarios import Databases, scenarios_in

PROCESSES = Path(__file__).parents[2] / "processes"
TEXT = """
scenario: 派发晚了
steps:
  - at: 2026-03-11 10:00
    as: jingmi
    start: appeal
    with:
      {{uscc: 91441802MA4X1Q2T0K, contact: 罗婷, phone: "13800000001", type: 税费,
       title: 发票, content: 额度不够。}}
  - at: 2026-03-12 09:00
    as: platform
    complete: 研判派发
    with: {{outcome: 不予受理, rejection_reason: 不属于受理范围。}}
  {more}
"""


@pytest.fixture(scope="module")
def databases() -> Iterator[Databases]:
    found = Databases()
    yield found
    found.close()


def told(tmp_path: Path, databases: Databases, more: str = "", seconds: float = 60) -> Story:
    """Play a scenario that lies beside copies of the appeal and its forms."""
    for name in ("processes/appeal", "forms/appeal", "processes/escalation", "forms/escalation"):
        shutil.copytree(PROCESSES.parent / name, tmp_path / name)
    own = tmp_path / "processes/appeal/scenarios/own.yaml"
    own.write_text(TEXT.format(more=more), encoding="utf-8")
    (scenario,) = scenarios_in(own)
    return story(scenario, databases, seconds)


def lines(found: Story) -> list[tuple[str, str, str]]:
    return [(f"{local(e.at):%m-%d %H:%M}", e.kind, e.name) for e in found.entries]


def test_everything_stands_on_its_day(tmp_path: Path, databases: Databases) -> None:
    found = told(tmp_path, databases)
    said = lines(found)
    for line in (  # submitted at 10:00: to be dispatched by 17:00 of the same day
        ("03-11 17:00", "late", "研判派发"),
        ("03-11 17:00", "timer.fired", "派发时限已到"),
        ("03-11 17:00", "assessment.recorded", "记考核：分派超时"),
        ("03-12 09:00", "task.completed", "研判派发"),
    ):
        assert line in said, said
    assert said[0][1] == "case.started" and said[-1][1] == "case.ended" and found.why == ""
    assert not found.calendar.is_workday(datetime(2026, 3, 14, tzinfo=SHANGHAI).date())


def test_what_cannot_be_played_is_told_with_what_was(tmp_path: Path, databases: Databases) -> None:
    found = told(tmp_path, databases, more="- {as: platform, claim: 回访}")
    assert "own.yaml" in found.why and "回访" in found.why and len(found.entries) > 3


def test_a_scenario_is_played_for_a_bounded_time(tmp_path: Path, databases: Databases) -> None:
    found = told(tmp_path, databases, seconds=-1)
    assert found.why == "time" and found.entries == ()


def test_the_shelf_names_what_the_runner_reads() -> None:
    files = sorted((PROCESSES / "appeal" / "scenarios").glob("*.yaml"))
    named = [(one.file, one.name) for one in shelf(PROCESSES) if one.process == "appeal"]
    assert named == [(file.stem, scenario.name) for file in files for scenario in scenarios_in(file)]
    first = shelf(PROCESSES)[0]
    assert chosen(PROCESSES, first.key).name == first.name


@pytest.mark.parametrize("key", ["", "appeal/timers/99", "../appeal/timers/0", "appeal/timers", "appeal//0"])
def test_what_is_not_on_the_shelf_is_not_found(key: str) -> None:
    with pytest.raises(NotFound):
        chosen(PROCESSES, key)
