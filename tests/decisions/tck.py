"""Reads the cases of the DMN Technology Compatibility Kit and runs them against engine.decisions."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine import decisions, feel
from engine.errors import Invalid, NotFound
from engine.feel.operators import compare, equal

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "dmn-tck"
NOW = dt.datetime(2026, 3, 11, 9, 0, tzinfo=dt.UTC)

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_READ_AS = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}
_CLOSE_ENOUGH = Decimal("0.00000001")


@dataclass(frozen=True)
class Case:
    """One expected result of one test case."""

    group: str
    file: Path
    case: str
    node: str
    position: int

    def __str__(self) -> str:
        return f"{self.group}/{self.file.stem}/{self.case}/{self.node}"


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("compliance-level-*/*/*-test-*.xml")):
        for number, test in enumerate(_parse(file).findall("{*}testCase")):
            for node in test.findall("{*}resultNode"):
                yield Case(file.parent.name, file, test.get("id", ""), node.get("name", ""), number)


@lru_cache(maxsize=4)
def _parse(file: Path) -> Any:
    return etree.parse(str(file)).getroot()


@lru_cache(maxsize=4)
def _model(file: Path) -> decisions.Decisions:
    named = _parse(file).findtext("{*}modelName", "").strip()
    path = file.parent / named
    others = [one.read_bytes() for one in file.parent.glob("*.dmn") if one != path]
    return decisions.read(path.read_bytes(), path.name, others)


def run(case: Case) -> tuple[Any, Any]:
    """-> (what came out, what was expected); an error of the model counts as null, as in the kit."""
    test = _parse(case.file).findall("{*}testCase")[case.position]
    node = next(one for one in test.findall("{*}resultNode") if one.get("name") == case.node)
    expected = node.find("{*}expected")
    wanted = None if expected is None else value_of(expected)
    inputs = {one.get("name", ""): value_of(one) for one in test.findall("{*}inputNode")}
    target = test.get("invocableName") if test.get("type") == "decisionService" else case.node
    try:
        got = _model(case.file).evaluate(target or case.node, inputs, now=NOW)
        outputs = len(test.findall("{*}resultNode"))
        return (got[case.node] if outputs > 1 and target != case.node else got), wanted
    except NotFound:
        raise
    except Invalid:
        return None, wanted


def value_of(element: Any) -> Any:
    """The value in a test file: a simple value, a list, or components."""
    listed = element.find("{*}list")
    if listed is not None:
        if listed.get(f"{_XSI}nil") == "true":
            return None
        return [value_of(item) for item in listed.findall("{*}item")]
    components = element.findall("{*}component")
    if components:
        return {one.get("name", ""): value_of(one) for one in components}
    value = element.find("{*}value")
    return None if value is None or value.get(f"{_XSI}nil") == "true" else _simple(value)


def _simple(value: Any) -> Any:
    text, written = value.text or "", value.get(f"{_XSI}type", "xsd:string").rpartition(":")[2]
    if written in ("decimal", "double", "integer", "int", "long", "float"):
        return Decimal(text)
    if written == "boolean":
        return text == "true"
    if written in _READ_AS:
        return feel.parse(f'{_READ_AS[written]}("{text}")').evaluate({})
    return text


def same(got: Any, wanted: Any) -> bool:
    """Equal as the kit sees it: numbers to eight places, components in any order."""
    if isinstance(wanted, Decimal) and isinstance(got, Decimal):
        return abs(got - wanted) <= _CLOSE_ENOUGH * max(1, abs(wanted))
    if isinstance(wanted, list) and isinstance(got, list):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(wanted, dict) and isinstance(got, dict):
        return got.keys() == wanted.keys() and all(same(got[key], wanted[key]) for key in wanted)
    return (got is None and wanted is None) or equal(got, wanted) is True or compare(got, wanted) == 0
