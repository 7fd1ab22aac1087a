"""Scenarios that can be chosen, and the course of one: played once, and kept until a file changes.

Playing takes a second of a processor: one is played at a time, and each for a bounded time.
"""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask import current_app

from engine.outlook.shelf import Shelved, chosen, shelf, stamp
from engine.outlook.story import Story, story
from engine.scenarios import Databases
from webui.foresight.months import Month, months

KEPT = 32  # courses
_kept: OrderedDict[tuple[str, tuple[int, ...]], tuple[str, Story]] = OrderedDict()
_playing = Lock()


@dataclass(frozen=True)
class Course:
    """A scenario's name, its months, and why it broke off, if it did."""

    name: str
    months: list[Month]
    why: str
    story: Story


def listed() -> dict[str, list[Shelved]]:
    """The scenarios by process."""
    found: dict[str, list[Shelved]] = {}
    for one in shelf(_folder()):
        found.setdefault(one.process, []).append(one)
    return found


def course(key: str) -> Course:
    """The course of the scenario of that key. NotFound if there is none."""
    name, told = _story(key)
    return Course(name, months(told.entries, told.calendar), told.why, told)


def _story(key: str) -> tuple[str, Story]:
    scenario = chosen(_folder(), key)
    known = key, stamp(scenario)
    with _playing:
        if known not in _kept:
            databases = Databases()
            try:
                _kept[known] = scenario.name, story(scenario, databases)
            finally:
                databases.close()
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return _kept[known]


def _folder() -> Path:
    return Path(current_app.config["PROCESSES"])
