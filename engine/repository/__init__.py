"""Definitions: deployed once, checked before, immutable after, cached while the process lives.

A case stays on the definition it started with. Deploying content that is the latest version
already gives that version back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import decisions, forms, history, identity
from engine.bpmn import lint, soundness
from engine.bpmn.model import Diagram
from engine.bpmn.read import read
from engine.bpmn.stepping import Expressions, Program, build
from engine.database import is_duplicate, new_id
from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.repository import messages as messages
from engine.repository.bundle import Bundle, bundles_in, read_bundle, unpack
from engine.repository.tables import definitions

__all__ = [
    "Bundle",
    "Definition",
    "Definitions",
    "Deployed",
    "bundles_in",
    "check",
    "deploy",
    "latest",
    "read_bundle",
]

# Names with spaces that expressions may use: the working calendar's functions.
FUNCTIONS = ("workdays", "workdays before", "next workday", "cutoff", "working hours")


@dataclass(frozen=True)
class Definition:
    """One version of a process, ready to run."""

    id: str
    key: str
    version: int
    sha256: str
    name: str
    starters: tuple[str, ...]
    xml: bytes
    diagram: Diagram
    program: Program
    forms: Mapping[str, forms.Form]
    decisions: Mapping[str, decisions.Decisions]


@dataclass(frozen=True)
class Deployed:
    """The answer to a deployment. `unchanged` says that this content was the latest version already."""

    id: str
    key: str
    version: int
    unchanged: bool
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Checked:
    diagram: Diagram
    forms: Mapping[str, forms.Form]
    decisions: Mapping[str, decisions.Decisions]
    warnings: tuple[Problem, ...]


def check(bundle: Bundle, *, operations: Mapping[str, Any]) -> Checked:
    """Read everything in the bundle and lint it. Invalid carries every problem found, each with its mend."""
    problems: list[Problem] = []
    diagram = _collect(problems, "", read, bundle.diagram)
    read_forms: dict[str, forms.Form] = {}
    for key, content in bundle.forms.items():
        form = _collect(problems, f"{key}.json", forms.read, content, key)
        if form is not None:
            read_forms[key] = form
    by_decision = _read_decisions(bundle, problems)
    warnings: tuple[Problem, ...] = ()
    if diagram is not None:
        needs = {name: model.inputs(name) for name, model in by_decision.items()}
        context = lint.LintContext(
            forms=read_forms,
            decisions=needs,
            operations=operations,
            groups=_known_group,
            functions=frozenset(FUNCTIONS),
        )
        problems.extend(lint.check(diagram, context))
        warnings = _soundness(diagram, problems)
    if problems or diagram is None:
        raise Invalid("repository.refused", problems=problems, count=len(problems))
    return Checked(diagram, read_forms, by_decision, warnings)


def _known_group(group: str) -> bool:
    """Whether a literal group can have members: a role, or a role of one department or enterprise."""
    role, at, place = group.partition("@")
    return role in identity.ROLES and (not at or group in identity.groups_of([role], place, place))


def _soundness(diagram: Diagram, problems: list[Problem]) -> tuple[Problem, ...]:
    """Explore what the diagram can do, unless it is broken already. What is beyond the bound is a warning."""
    if problems:
        return ()
    found = soundness.explore(diagram)
    problems.extend(found.problems)
    return tuple(found.warnings)


def _collect(problems: list[Problem], file: str, read_it: Callable[..., Any], *given: Any) -> Any:
    """What reading gives, or None with its problems noted behind the file's name, so that all are told."""
    try:
        return read_it(*given)
    except Invalid as error:
        found = error.problems or [Problem(error.code, str(error.facts.get("where", "")), error.facts)]
        problems.extend(replace(p, where=": ".join(filter(None, (file, p.where)))) for p in found)
        return None


def _read_decisions(bundle: Bundle, problems: list[Problem]) -> dict[str, decisions.Decisions]:
    found: dict[str, decisions.Decisions] = {}
    for name, content in bundle.decisions.items():
        model = _collect(problems, name, decisions.read, content, name)
        for decision in model.ids if model is not None else ():
            if decision in found:
                problems.append(Problem("repository.same_decision", name, {"decision": decision}))
            found[decision] = model
    return found


def deploy(
    connection: Connection,
    bundle: Bundle,
    *,
    operations: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> Deployed:
    """Check the bundle and store it as the next version of its process. Invalid leaves nothing behind."""
    checked = check(bundle, operations=operations)
    diagram, digest = checked.diagram, bundle.sha256()
    row = connection.execute(
        sa.select(definitions.c.id, definitions.c.version, definitions.c.sha256)
        .where(definitions.c.key == diagram.process)
        .order_by(definitions.c.version.desc())
        .limit(1)
    ).first()
    if row is not None and row.sha256 == digest:
        return Deployed(row.id, diagram.process, row.version, True, checked.warnings)
    build(diagram, Expressions(FUNCTIONS))  # what cannot be built must not be stored
    version = row.version + 1 if row is not None else 1
    key = _store(connection, bundle, diagram, version, digest, actor, now)
    event = history.Event("definition.deployed", diagram.process, {"version": version, "sha256": digest})
    history.note(connection, "definitions", event, at=now, actor=actor)
    return Deployed(key, diagram.process, version, False, checked.warnings)


def _store(
    connection: Connection,
    bundle: Bundle,
    diagram: Diagram,
    version: int,
    digest: str,
    actor: str,
    now: datetime,
) -> str:
    key = new_id()
    row = {
        "id": key,
        "key": diagram.process,
        "version": version,
        "sha256": digest,
        "name": diagram.name or diagram.process,
        "bundle": bundle.pack(),
        "deployed_at": now,
        "starters": diagram.attributes.get("candidateStarterGroups", ""),
        "deployed_by": actor,
    }
    try:
        connection.execute(sa.insert(definitions).values(row))
    except sa.exc.IntegrityError as error:
        if is_duplicate(error):
            raise Conflict("repository.busy", key=diagram.process) from error
        raise
    return key


def latest(connection: Connection, key: str) -> str:
    """The id of the newest version of the process `key`. NotFound if it was never deployed."""
    query = sa.select(definitions.c.id).where(definitions.c.key == key)
    found = connection.execute(query.order_by(definitions.c.version.desc()).limit(1)).scalar()
    if found is None:
        raise NotFound("repository.unknown", key=key)
    return str(found)


class Definitions:
    """The definitions this process has read. They are immutable, so they are kept and shared."""

    def __init__(self) -> None:
        self._known: dict[str, Definition] = {}

    def get(self, connection: Connection, definition_id: str) -> Definition:
        """The definition of that id. NotFound if there is none."""
        known = self._known.get(definition_id)
        if known is None:
            known = self._known[definition_id] = _read(connection, definition_id)
        return known


def _read(connection: Connection, definition_id: str) -> Definition:
    row = connection.execute(sa.select(definitions).where(definitions.c.id == definition_id)).first()
    if row is None:
        raise NotFound("repository.unknown", key=definition_id)
    bundle = unpack(row.bundle)
    diagram = read(bundle.diagram)
    by_decision = _read_decisions(bundle, [])
    return Definition(
        row.id,
        row.key,
        row.version,
        row.sha256,
        row.name,
        tuple(g.strip() for g in row.starters.split(",") if g.strip()),
        bundle.diagram,
        diagram,
        build(diagram, Expressions(FUNCTIONS)),
        {key: forms.read(content, key) for key, content in bundle.forms.items()},
        by_decision,
    )
