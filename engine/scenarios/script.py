"""A scenario as a flat list of steps: pieces played, repetitions unfolded, names filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import Invalid
from engine.scenarios.checking import check_words, hints, typed, wrong_kind
from engine.scenarios.reading import Account, Place, Series, Table, documents
from engine.scenarios.words import Step, check_step, read_step

MAX_STEPS = 5_000  # in one scenario, everything unfolded
SCENARIO_WORDS = ("scenario", "about", "departments", "steps")
PIECES_WORDS = ("pieces", "about")

_NAME = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Scenario:
    """What one document says. `departments` (code -> name) exist besides those of the demonstration."""

    name: str
    place: Place
    departments: Mapping[str, str]
    steps: tuple[Step, ...]


def scenarios_in(file: Path) -> list[Scenario]:
    """The scenarios of a file, in order. Every piece in its folder may be played.

    Invalid says what is wrong, and at which line.
    """
    own = documents(file)
    pieces: dict[str, Series] = {}
    for other in sorted(file.parent.glob("*.yaml")):
        for document in own if other == file else documents(other):
            if "pieces" in document:
                _collect(document, pieces)
    return [_scenario(document, pieces) for document in own if "pieces" not in document]


def _collect(document: Table, pieces: dict[str, Series]) -> None:
    check_words(document, PIECES_WORDS)
    found = typed(document, "pieces", Table)
    for name in found:
        if name in pieces:
            raise Invalid("scenarios.twice", where=str(found.places[name]), word=name)
        pieces[name] = typed(found, name, Series)


def _scenario(document: Table, pieces: Mapping[str, Series]) -> Scenario:
    check_words(document, SCENARIO_WORDS)
    for word in ("scenario", "steps"):
        if word not in document:
            raise Invalid("scenarios.missing", where=str(document.place), word=word)
    departments = typed(document, "departments", Table) if "departments" in document else {}
    steps = _Unfolder(pieces).steps(typed(document, "steps", Series), {}, (), ())
    if steps and steps[0].at is None:
        raise Invalid("scenarios.no_clock", where=str(steps[0].place))
    name, place = typed(document, "scenario", str), document.places["scenario"]
    return Scenario(name, place, {code: str(name) for code, name in departments.items()}, tuple(steps))


class _Unfolder:
    """Turns the steps of one scenario into flat ones, and counts them."""

    def __init__(self, pieces: Mapping[str, Series]) -> None:
        self._pieces = pieces
        self._count = 0

    def steps(
        self, series: Series, given: Mapping[str, Any], trail: tuple[Place, ...], playing: tuple[str, ...]
    ) -> list[Step]:
        found: list[Step] = []
        for raw, place in zip(series, series.places, strict=True):
            self._count += 1
            if self._count > MAX_STEPS:
                raise Invalid("scenarios.too_much", where=str(place), limit=MAX_STEPS)
            if not isinstance(raw, Table):
                raise wrong_kind(str(raw), Table, place)
            check_step(raw)
            table = _fill_table(raw, given, leave="steps")  # whose names are known only in there
            if "play" in table:
                found += self._played(table, (*trail, place), playing)
            elif "repeat" in table:
                found += self._repeated(table, given, (*trail, place), playing)
            else:
                found.append(read_step(table, trail))
        return found

    def _played(self, table: Table, trail: tuple[Place, ...], playing: tuple[str, ...]) -> list[Step]:
        name, where = typed(table, "play", str), str(table.places["play"])
        if name not in self._pieces:
            raise Invalid("scenarios.no_piece", where=where, word=name, **hints(name, self._pieces))
        if name in playing:
            raise Invalid("scenarios.circle", where=where, word=name)
        given = typed(table, "with", Table) if "with" in table else {}
        return self.steps(self._pieces[name], given, trail, (*playing, name))

    def _repeated(
        self, table: Table, given: Mapping[str, Any], trail: tuple[Place, ...], playing: tuple[str, ...]
    ) -> list[Step]:
        if "steps" not in table:
            raise Invalid("scenarios.missing", where=str(table.place), word="steps")
        inner, rounds = typed(table, "steps", Series), table["repeat"]
        if not isinstance(rounds, Series):
            rounds = range(1, min(typed(table, "repeat", int), MAX_STEPS + 1) + 1)
        found: list[Step] = []
        for item in rounds:
            named = item if isinstance(item, Table) else {"item": item}
            found += self.steps(inner, {**given, **named}, trail, playing)
        return found


def _fill_table(table: Table, given: Mapping[str, Any], leave: str = "") -> Table:
    """`table` with each `$name` replaced, except below the word `leave`."""
    filled = Table(table.place)
    for key, value in table.items():
        place = table.places[key]
        filled.put(key, value if key == leave else _fill(value, given, place), place)
    return filled


def _fill(value: Any, given: Mapping[str, Any], place: Place) -> Any:
    """`value` with each `$name` replaced; a text that is nothing else takes the value's own kind."""
    if isinstance(value, Table):
        return _fill_table(value, given)
    if isinstance(value, Series):
        filled = Series(value.place)
        for item, where in zip(value, value.places, strict=True):
            filled.add(_fill(item, given, where), where)
        return filled
    if isinstance(value, Account):
        return Account(str(_fill(value.username, given, place)))
    if not isinstance(value, str) or "$" not in value:
        return value
    for name in _NAME.findall(value):
        if name not in given:
            raise Invalid("scenarios.no_value", where=str(place), word=name)
    whole = _NAME.fullmatch(value)
    return given[whole[1]] if whole else _NAME.sub(lambda found: str(given[found[1]]), value)
