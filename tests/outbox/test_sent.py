"""Whatever notice the engine queues has its sentence: nobody is shown a key."""

import ast
from collections.abc import Iterator

import pytest

from engine.outbox import TEMPLATES
from tests.house.source import Module, functions, modules

Places = dict[str, int]  # functions that queue a notice, with the position of its template's name


def _places() -> Places:
    """Every function of the engine with a parameter `template`, and `Notice` itself."""
    found = {"Notice": 1}
    for module in modules("engine"):
        for function in functions(module):
            names = [one.arg for one in function.args.args]
            if "template" in names:
                found[function.name] = names.index("template")
    return found


def _texts(node: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The texts that an argument may be: as it stands, by a choice, or by a name given in the function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, function)
        yield from _texts(node.orelse, function)
    elif isinstance(node, ast.Name):
        for one in ast.walk(function):
            if isinstance(one, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == node.id for target in one.targets
            ):
                yield from _texts(one.value, function)


def _sent(module: Module, places: Places) -> Iterator[str]:
    for function in functions(module):
        for call in ast.walk(function):
            if isinstance(call, ast.Call):
                name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                at = places.get(name)
                named = [one.value for one in call.keywords if one.arg == "template"]
                given = named or (call.args[at : at + 1] if at is not None else [])
                for argument in given:
                    yield from _texts(argument, function)


SENT = sorted({text for module in modules("engine") for text in _sent(module, _places())})


def test_the_notices_that_people_send_each_other_are_found() -> None:
    assert {"signing-asked", "signing-over", "handed-on", "urge", "copied", "deputy-begun"} <= set(SENT)


@pytest.mark.parametrize("template", SENT)
def test_every_notice_that_is_sent_has_a_sentence(template: str) -> None:
    assert template in TEMPLATES, f"nobody wrote what {template!r} says"
