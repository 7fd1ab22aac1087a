"""What may not stand in our source: code out of text, patterns out of input, other clocks, loose ends."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import Module, modules, told, tracked

RUNS_TEXT = {"eval", "exec", "compile", "__import__", "execfile", "globals", "locals", "breakpoint"}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip
PLAIN_RE = {
    "re.compile",
    "re.match",
    "re.fullmatch",
    "re.search",
    "re.sub",
    "re.subn",
    "re.split",
    "re.findall",
}

# Why each exception stands:
MAY_ASK_THE_TIME = {
    "engine.clock": "the one place where the present moment comes from",
    "engine.database": "ids grow with time; nobody reads a moment from them",
}
MAY_COMMIT = {
    "engine.database": "the transaction itself",
}


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Each call as (node, the called name as it is written)."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node, ast.unparse(node.func)


def test_no_text_is_ever_run_as_code() -> None:
    breaches = [f"{m.at(node)} {name}(…)" for m in modules() for node, name in _calls(m) if name in RUNS_TEXT]
    assert not breaches, told(breaches)


def test_nothing_is_unpickled() -> None:
    risky = ("pickle.", "marshal.", "shelve.", "yaml.load", "yaml.unsafe_load", "yaml.full_load")
    breaches = [f"{m.at(n)} {name}" for m in modules() for n, name in _calls(m) if name.startswith(risky)]
    assert not breaches, told(breaches)


def test_the_backtracking_re_runs_only_patterns_fixed_at_import() -> None:
    """A pattern from an analyst could stall `re` for hours: those run in RE2. Ours are module constants."""
    breaches = []
    for module in modules():
        constants = {
            id(part)
            for statement in module.tree.body
            if isinstance(statement, ast.Assign | ast.AnnAssign)
            for part in ast.walk(statement)
        }
        for node, name in _calls(module):
            if name in PLAIN_RE and not (name == "re.compile" and id(node) in constants):
                breaches.append(f"{module.at(node)} {name}")
        breaches += [
            f"{module.at(node)} imports names out of re"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom) and node.module == "re"
        ]
    assert not breaches, told(breaches)


def test_nothing_but_the_clock_asks_for_the_time() -> None:
    breaches = [
        f"{module.at(node)} {name}"
        for module in modules()
        if module.name not in MAY_ASK_THE_TIME
        for node, name in _calls(module)
        if name in CLOCKS
    ]
    assert not breaches, told(breaches)


def test_the_engine_never_commits() -> None:
    """A transaction is committed once, at its edge: a request, a job, one due timer."""
    breaches = [
        f"{module.at(node)} {name}"
        for module in modules("engine")
        if module.name not in MAY_COMMIT
        for node, name in _calls(module)
        if name.endswith((".commit", ".rollback"))
    ]
    assert not breaches, told(breaches)


def test_nothing_is_printed_from_the_engine() -> None:
    breaches = [
        module.at(node)
        for module in modules("engine", "connectors", "webui")
        for node, name in _calls(module)
        if name == "print"
    ]
    assert not breaches, told(breaches)


def test_no_exception_is_swallowed_unseen() -> None:
    breaches = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(statement, ast.Pass) for statement in node.body)
    ]
    assert not breaches, told(breaches)


def test_nothing_is_raised_in_place_of_work_to_do() -> None:
    breaches = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc)
    ]
    assert not breaches, told(breaches)


def test_nothing_is_left_for_later() -> None:
    loose = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    breaches = []
    for path in tracked(
        "*.py", "*.html", "*.bpmn", "*.dmn", "*.yaml", "*.md", "webui/static/js/*", "Makefile", ".ci/run"
    ):
        if "vendor" in path.parts:
            continue
        lines = enumerate((Module("", path)).text.splitlines(), 1)
        breaches += [f"{path}:{number} {line.strip()}" for number, line in lines if loose.search(line)]
    assert not breaches, told(breaches)
