"""What errors and notices say: every code has its sentence in both languages, and no sentence is idle."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import lru_cache
from string import Formatter

import pytest

from engine import errors
from engine.outbox import TEMPLATES
from tests.house.source import Module, modules, told

ERRORS = {"ZhibanError", "NotFound", "NotAllowed", "Invalid", "Conflict", "Unavailable", "Problem"}
ANYTHING = r"[\w-]+"
PLACE = re.compile(r"\{\w+\}")
CHINESE = re.compile("[\u4e00-\u9fff]")


@lru_cache
def _taught() -> dict[str, tuple[str, str]]:
    for module in modules("engine", "webui", "connectors"):
        if "migrations" not in module.name:
            importlib.import_module(module.name)
    return dict(errors._catalogue)


def _teaches(module: Module) -> bool:
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "teach"
        for node in ast.walk(module.tree)
    )


def _written(module: Module) -> Iterator[tuple[ast.AST, re.Pattern[str]]]:
    """Each text in `module` as a pattern; what is put in stands for anything. Keys of a taught
    table are not uses of the code."""
    keys = set()
    if _teaches(module):
        keys = {id(k) for n in ast.walk(module.tree) if isinstance(n, ast.Dict) for k in n.keys}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in keys:
            yield node, re.compile(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = (re.escape(p.value) if isinstance(p, ast.Constant) else ANYTHING for p in node.values)
            yield node, re.compile("".join(parts))
        elif (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Add)
            and isinstance(node.left, ast.Constant)
        ):
            yield node, re.compile(re.escape(str(node.left.value)) + ANYTHING)


def test_every_code_that_an_error_is_raised_with_has_a_sentence() -> None:
    breaches = []
    for module in modules("engine", "webui", "connectors"):
        for node in ast.walk(module.tree):
            if not (
                isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ERRORS and node.args
            ):
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and code.value not in _taught():
                breaches.append(f"{module.at(node)} {code.value}")
    assert not breaches, told(breaches)


def test_every_text_that_looks_like_a_code_has_a_sentence() -> None:
    """Codes also travel through functions of their own before they reach an error."""
    spaces = {code.split(".")[0] for code in _taught()}
    shape = re.compile(rf"({'|'.join(spaces)})\.[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*")
    breaches = []
    for module in modules("engine", "webui", "connectors"):
        pieces = {
            id(piece)
            for node in ast.walk(module.tree)
            if isinstance(node, ast.JoinedStr)
            for piece in node.values
        }
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in pieces:
                continue
            if shape.fullmatch(node.value) and node.value not in _taught():
                breaches.append(f"{module.at(node)} {node.value}")
    assert not breaches, told(breaches)


def test_every_sentence_is_used() -> None:
    patterns = [pattern for m in modules("engine", "webui", "connectors") for _, pattern in _written(m)]
    exact = {pattern.pattern for pattern in patterns}
    loose = [pattern for pattern in patterns if ANYTHING in pattern.pattern and "." in pattern.pattern]
    idle = [
        code
        for code in _taught()
        if re.escape(code) not in exact and not any(pattern.fullmatch(code) for pattern in loose)
    ]
    assert not idle, told(sorted(idle))


@pytest.mark.parametrize("place", ["errors", "notices"])
def test_every_sentence_stands_in_chinese_and_in_english(place: str) -> None:
    table = _taught() if place == "errors" else TEMPLATES
    breaches = []
    for code, (chinese, english) in table.items():
        chinese, english = (PLACE.sub("", text).strip() for text in (chinese, english))
        if not chinese and not english:
            continue  # nothing but places: somebody else's words, such as an analyst's
        if not CHINESE.search(chinese) or CHINESE.search(english) or not english:
            breaches.append(f"{code}: {chinese} / {english}")
    assert not breaches, told(breaches)


@pytest.mark.parametrize("place", ["errors", "notices"])
def test_every_place_in_a_sentence_can_be_filled(place: str) -> None:
    table = _taught() if place == "errors" else TEMPLATES
    breaches = []
    for code, pair in table.items():
        names = [name for text in pair for _, name, _, _ in Formatter().parse(text) if name is not None]
        breaches += [f"{code}: {{{name}}}" for name in names if not name.isidentifier()]
    assert not breaches, told(breaches)
