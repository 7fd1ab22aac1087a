"""How large things may grow, what they may be called, and that they say what they are for."""

import ast
from collections import Counter
from pathlib import Path

from tests.house.source import Module, functions, modules, told, tracked

MODULE_LINES = 300
FUNCTION_LINES = 45
PACKAGE_MODULES = 9
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "service",
    "services",
}

# Why each exception stands:
MAY_BE_LONG = {
    Path("engine/migrations/versions"): "a migration is written once, by alembic, and never read as a whole",
}
FIELD_WORDS = {
    ("engine.decisions.graph", "Service"): "a decision service is an element of DMN",
}


def _written_by_hand(module: Module) -> bool:
    return module.path.parent not in MAY_BE_LONG


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = ((module, module.text.count("\n")) for module in modules() if _written_by_hand(module))
    breaches = [f"{module.path} has {lines} lines" for module, lines in lengths if lines > MODULE_LINES]
    assert not breaches, told(breaches)


def test_no_function_is_longer_than_45_lines() -> None:
    breaches = []
    for module in filter(_written_by_hand, modules()):
        for function in functions(module):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > FUNCTION_LINES:
                breaches.append(f"{module.at(function)} {function.name} has {lines} lines")
    assert not breaches, told(breaches)


def test_no_package_has_more_than_nine_modules() -> None:
    sizes = Counter(
        module.path.parent
        for module in modules()
        if not module.is_package and module.path.parent != Path(".")
    )
    breaches = [
        f"{folder}/ has {size} modules"
        for folder, size in sizes.items()
        if size > PACKAGE_MODULES and folder not in MAY_BE_LONG
    ]
    assert not breaches, told(breaches)


def test_no_module_has_a_name_that_says_nothing() -> None:
    breaches = [
        str(path)
        for path in tracked("*.py")
        if EMPTY_NAMES & {path.stem, *path.parent.parts}
        or path.stem.endswith(("_utils", "_helpers", "_service"))
    ]
    assert not breaches, told(breaches)


def test_no_class_is_called_a_service_or_a_manager() -> None:
    breaches = [
        f"{module.at(node)} {node.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and node.name.endswith(("Service", "Manager", "Helper", "Utils"))
        and (module.name, node.name) not in FIELD_WORDS
    ]
    assert not breaches, told(breaches)


def test_every_module_says_what_it_is_responsible_for() -> None:
    breaches = [
        str(module.path) for module in modules() if module.text.strip() and not ast.get_docstring(module.tree)
    ]
    assert not breaches, told(breaches)


def test_every_public_function_of_the_engine_says_what_it_does() -> None:
    breaches = []
    for module in modules("engine", "connectors"):
        for function in module.tree.body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith(("_", "pytest_")):
                continue
            if _written_by_hand(module) and not ast.get_docstring(function):
                breaches.append(f"{module.at(function)} {function.name}")
    assert not breaches, told(breaches)
