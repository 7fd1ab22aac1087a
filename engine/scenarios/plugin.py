"""The runner as a pytest plugin: each scenario of a YAML file in a `scenarios` folder is a test.

Each runs on SQLite and on PostgreSQL. Where no PostgreSQL answers, those tests skip and say so; in
CI they fail, since there nothing that matters is skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import scenarios
from engine.errors import Invalid

_OPEN = pytest.StashKey[dict[str, scenarios.Databases]]()
_FOUND = pytest.StashKey[str | None]()
MISSING = "no PostgreSQL server: set TEST_POSTGRES_URL, or start one on 127.0.0.1:5432 with a database `test`"


class ScenarioFailed(Exception):
    """A scenario whose first difference is its message."""


class ScenarioFile(pytest.File):
    """A YAML file of scenarios."""

    def collect(self) -> Iterator["ScenarioItem"]:
        try:
            found = scenarios.scenarios_in(self.path)
        except Invalid as error:
            raise self.CollectError(f"{error.say()}\n{error.say('en')}") from error
        for scenario in found:
            for kind in ("sqlite", "postgres"):
                name = f"{scenario.name}[{kind}]"
                item: ScenarioItem = ScenarioItem.from_parent(self, name=name, scenario=scenario, kind=kind)
                yield item


class ScenarioItem(pytest.Item):
    """One scenario on one kind of database."""

    def __init__(self, *, scenario: scenarios.Scenario, kind: str, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.scenario, self.kind = scenario, kind
        if kind == "postgres":
            self.add_marker("postgres")

    def runtest(self) -> None:
        outcome = scenarios.play(self.scenario, _databases(self.config, self.kind))
        if not outcome.passed:
            raise ScenarioFailed(f"{outcome.say()}\n{outcome.say('en')}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.scenario.place.line - 1, self.name


def _databases(config: pytest.Config, kind: str) -> scenarios.Databases:
    """The databases of that kind, opened once a session. Skips, or in CI fails, without a server."""
    opened = config.stash.setdefault(_OPEN, {})
    if kind not in opened:
        url = None
        if kind == "postgres":
            url = config.stash.setdefault(_FOUND, scenarios.find_postgres())
            if url is None and os.environ.get("CI", "").lower() in ("1", "true"):
                pytest.fail(MISSING, pytrace=False)
            if url is None:
                pytest.skip(MISSING)
        opened[kind] = scenarios.Databases(url)
    return opened[kind]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    if file_path.suffix != ".yaml" or file_path.parent.name != "scenarios":
        return None
    found: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    return found


def pytest_unconfigure(config: pytest.Config) -> None:
    for databases in config.stash.get(_OPEN, {}).values():
        databases.close()
