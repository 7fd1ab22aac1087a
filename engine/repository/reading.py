"""Reading a bundle: its own files and those of the processes it calls, and what is wrong with any of them.

Forms and decisions keep their keys: a form of a called process is found by the same key as anywhere.
So two files under one key must be the same file.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from engine import decisions, forms
from engine.bpmn import calls
from engine.bpmn.model import Diagram
from engine.bpmn.read import read
from engine.decisions import Decisions
from engine.errors import Invalid, Problem
from engine.forms import Form
from engine.repository.builtin import builtin_forms
from engine.repository.bundle import Bundle


@dataclass
class Read:
    """What a bundle holds. `diagram` is bound to what it calls; None if it can't be read."""

    diagram: Diagram | None = None
    forms: dict[str, Form] = field(default_factory=dict)
    decisions: dict[str, Decisions] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_all(bundle: Bundle) -> Read:
    """Read every file of the bundle; what can't be read stands among the problems, behind its file's name."""
    found = Read()
    parts = [("", bundle), *bundle.called.items()]
    diagrams = {key: _collect(found, f"{key}.bpmn" if key else "", read, part.diagram) for key, part in parts}
    found.forms.update(builtin_forms(diagrams.values()))
    _read_forms(parts, found)
    _read_decisions(parts, found)
    own = diagrams.pop("")
    for key, diagram in diagrams.items():
        if diagram is not None and diagram.process != key:
            facts = {"process": key, "found": diagram.process}
            found.problems.append(Problem("repository.other_process", f"{key}.bpmn", facts))
    if own is not None:
        found.diagram = calls.bind(own, {key: d for key, d in diagrams.items() if d is not None})
    return found


def under(key: str, problems: Iterable[Problem]) -> list[Problem]:
    """Problems of a called process or a file, with its name before the place."""
    return [replace(p, where=": ".join(filter(None, (key, p.where)))) for p in problems]


def _collect(found: Read, file: str, read_it: Callable[..., Any], *given: Any) -> Any:
    """What reading gives, or None with its problems noted behind the file's name, so that all are told."""
    try:
        return read_it(*given)
    except Invalid as error:
        problems = error.problems or [Problem(error.code, str(error.facts.get("where", "")), error.facts)]
        found.problems += under(file, problems)
        return None


def _read_forms(parts: Iterable[tuple[str, Bundle]], found: Read) -> None:
    seen: dict[str, bytes] = {}
    for process, part in parts:
        for key, content in part.forms.items():
            if seen.setdefault(key, content) != content:
                facts = {"form": key, "process": process}
                found.problems.append(Problem("repository.two_forms", f"{process}: {key}", facts))
            elif key not in found.forms:
                form = _collect(found, f"{key}.json", forms.read, content, key)
                if form is not None:
                    found.forms[key] = form


def _read_decisions(parts: Iterable[tuple[str, Bundle]], found: Read) -> None:
    """Each decision once. A called process may hold a copy of a file of the one that calls it."""
    first: dict[bytes, str] = {}
    for process, part in parts:
        for name, content in part.decisions.items():
            if first.setdefault(content, process) != process:
                continue
            file = f"{process}: {name}" if process else name
            model = _collect(found, file, decisions.read, content, name)
            for decision in model.ids if model is not None else ():
                if decision in found.decisions:
                    found.problems.append(Problem("repository.same_decision", file, {"decision": decision}))
                found.decisions[decision] = model
