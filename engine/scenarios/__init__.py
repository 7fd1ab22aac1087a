"""Runs scenario files against the real engine with a clock it controls.

A scenario plays a case from start to end in steps that a person can read, and says what must be so
in between. See docs/scenarios.md for its words.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.clock import ControlledClock
from engine.errors import Invalid, ZhibanError, say
from engine.scenarios import messages as messages
from engine.scenarios.databases import BEGINNING, Databases, find_postgres
from engine.scenarios.expect import first_difference
from engine.scenarios.reading import Place
from engine.scenarios.script import Scenario, scenarios_in
from engine.scenarios.stage import Stage
from engine.scenarios.stage.mistakes import Mistake, broken
from engine.scenarios.words import Step

__all__ = [
    "Databases",
    "Difference",
    "Outcome",
    "Scenario",
    "files_in",
    "find_postgres",
    "main",
    "play",
    "run",
    "scenarios_in",
]


@dataclass(frozen=True)
class Difference:
    """The first thing that was not as the scenario says, and the line that says it."""

    place: Place
    code: str
    facts: dict[str, Any]
    trail: tuple[Place, ...] = ()  # the `play` and `repeat` steps that led there

    def say(self, language: str = "zh") -> str:
        return say(self.code, self.facts, language)


@dataclass(frozen=True)
class Outcome:
    """How a scenario went. `flows` are the sequence flows its cases passed; `seconds` is wall clock."""

    scenario: Scenario
    difference: Difference | None
    seconds: float
    flows: frozenset[str] = field(default_factory=frozenset)

    @property
    def passed(self) -> bool:
        return self.difference is None

    def say(self, language: str = "zh") -> str:
        """The name, the place and the first difference of one that failed; the name of one that passed."""
        if self.difference is None:
            return self.scenario.name
        where = " < ".join(str(place) for place in (self.difference.place, *reversed(self.difference.trail)))
        facts = {"name": self.scenario.name, "where": where, "difference": self.difference.say(language)}
        return say("scenarios.failed", facts, language)


def run(paths: Iterable[str | Path], database_url: str | None = None) -> list[Outcome]:
    """Run every scenario in these files and folders, on SQLite or on the given PostgreSQL server.

    Invalid, before anything runs, when there is none, a path holds no file, or a file is wrong; and
    when a process is refused.
    """
    paths = list(paths)
    scenarios = [one for file in files_in(paths) for one in scenarios_in(file)]
    if not scenarios:
        raise Invalid("scenarios.nothing", where=", ".join(map(str, paths)) or ".")
    databases = Databases(database_url)
    try:
        return [play(scenario, databases) for scenario in scenarios]
    finally:
        databases.close()


def files_in(paths: Iterable[str | Path]) -> list[Path]:
    """The scenario files that the paths name, or that lie in `scenarios` folders below. Invalid if none."""
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            below = [*path.rglob("*.yaml")]
            files = sorted(f for f in below if f.parent.name == "scenarios" or f.parent == path)
        else:
            files = [path] if path.is_file() else []
        if not files:
            raise Invalid("scenarios.nothing", where=str(path))
        found |= dict.fromkeys(file.resolve() for file in files)
    return list(found)


def play(scenario: Scenario, databases: Databases) -> Outcome:
    """Play one scenario on a fresh database, up to its first difference.

    Invalid if the process of its folder is refused.
    """
    begun, clock = time.perf_counter(), ControlledClock(BEGINNING)
    process = scenario.place.file.resolve().parent.parent
    with databases.fresh(process, clock) as engine:
        stage = Stage(engine, clock, scenario.departments)
        difference = next(filter(None, (_played(stage, step) for step in scenario.steps)), None)
        flows = stage.flows()
    return Outcome(scenario, difference, time.perf_counter() - begun, flows)


def _played(stage: Stage, step: Step) -> Difference | None:
    """Play one step. Whatever goes wrong in it is a difference, told with the step's place."""
    try:
        stage.play(step)
    except Mistake as mistake:
        return Difference(step.place, mistake.code, mistake.facts, step.trail)
    except ZhibanError as error:
        if step.refused is None:
            return _unlike(step, "step", "accepted", broken(error))
        if not _says(error, step.refused):
            return _unlike(step, "refused", step.refused, f"{error.code}: {broken(error)}")
    except Exception as error:  # a defect of the platform must fail its scenario, not the whole run
        return Difference(step.place, "scenarios.broke", {"reason": broken(error)}, step.trail)
    else:
        if step.refused is not None:
            return _unlike(step, "refused", step.refused, "accepted")
    return _looked(stage, step)


def _looked(stage: Stage, step: Step) -> Difference | None:
    if step.expect is None:
        return None
    try:
        found = first_difference(stage, step.expect)
    except Mistake as mistake:
        return Difference(step.place, mistake.code, mistake.facts, step.trail)
    if found is None:
        return None
    wanted, unlike = found
    return Difference(wanted.place, "scenarios.differs", vars(unlike), step.trail)


def _unlike(step: Step, what: str, expected: str, actual: str) -> Difference:
    facts = {"what": what, "expected": expected, "actual": actual}
    return Difference(step.place, "scenarios.differs", facts, step.trail)


def _says(error: ZhibanError, wanted: str) -> bool:
    """Whether an error has that code, or says that, by itself or in one of its problems."""
    problems = getattr(error, "problems", ())
    said = [error.code, error.say("zh"), error.say("en")]
    said += [part for p in problems for part in (p.code, p.where, p.say("zh"), p.say("en"))]
    return any(wanted in part for part in said)


def main(paths: Iterable[str | Path], echo: Callable[[str], Any], language: str = "zh") -> int:
    """Run the scenarios and tell how they went.

    The exit code: 0 if all passed, 1 if some failed, 2 if none could run.
    """
    try:
        outcomes = run(paths)
    except Invalid as error:
        for line in [error.say(language), *(f"  {p.where}: {p.say(language)}" for p in error.problems)]:
            echo(line)
        return 2
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        echo(outcome.say(language))
    echo(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")  # plain, so that scripts can read it
    return 1 if failed else 0
