"""What the house rules read: every Python module of ours as text and tree, and what it imports.

The rules look at the files that git knows or would add, so a fresh clone and a working copy agree.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

HOME = Path(__file__).parents[2]
OURS = ("engine", "webui", "connectors", "run")


@dataclass(frozen=True)
class Module:
    """One file: its dotted name (`engine.feel` for a package's `__init__`) and its path in the project."""

    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        return (HOME / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        return self.name if self.is_package else self.name.rpartition(".")[0]

    def at(self, node: ast.AST) -> str:
        """Where `node` stands, as an editor understands it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@lru_cache
def tracked(*patterns: str) -> tuple[Path, ...]:
    """The project's files that match git's `patterns`, relative to its root."""
    found = subprocess.run(
        [
            "git",
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
            "--",
            *patterns,
        ],
        cwd=HOME,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(Path(name) for name in sorted(found.split("\0")) if name and (HOME / name).is_file())


@lru_cache
def modules(*tops: str) -> tuple[Module, ...]:
    """Every module under `tops` (all of ours when none is named)."""
    paths = (path for path in tracked("*.py") if path.with_suffix("").parts[0] in (tops or OURS))
    return tuple(Module(_dotted(path), path) for path in paths)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Each import of `module` as (node, dotted name of the module that is meant)."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = _start(module, node)
            yield from ((node, _meant(start, alias.name)) for alias in node.names)


def _start(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    base = module.package.split(".")[: len(module.package.split(".")) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


@lru_cache
def _names() -> frozenset[str]:
    return frozenset(module.name for module in modules())


def _meant(start: str, name: str) -> str:
    """`from start import name` means the module `start.name` where there is one, else `start`."""
    return f"{start}.{name}" if f"{start}.{name}" in _names() else start


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def told(breaches: list[str]) -> str:
    """The breaches of a rule, one a line, for an assertion's message."""
    return "\n  ".join(["", *breaches])
