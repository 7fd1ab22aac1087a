"""Definitions: deployed once, checked before, immutable after, cached while the process lives.

A case stays on the definition it started with. Deploying content that is the latest version
already gives that version back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import decisions, forms, history, identity, worktime
from engine.bpmn import lint, soundness
from engine.bpmn.calls import expand, innermost_first
from engine.bpmn.model import Diagram
from engine.bpmn.stepping import Expressions, Program, build
from engine.database import is_duplicate, new_id
from engine.errors import Conflict, Invalid, NotFound, Problem
from engine.repository import messages as messages
from engine.repository import reading
from engine.repository.bundle import Bundle, bundles_in, closed, read_bundle, unpack
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

FUNCTIONS = worktime.NAMES  # what expressions may call besides FEEL's own


@dataclass(frozen=True)
class Definition:
    """One version of a process, ready to run.

    `diagram` holds everything that runs: what is called stands below its call activity, with ids such as
    `<call>/<id>`. `xml` is the process's own file. Forms and decisions are those of the called ones, too.
    """

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


def check(bundle: Bundle, *, operations: Mapping[str, Any], known: Iterable[str] = ()) -> Checked:
    """Read everything in the bundle and lint it. Invalid carries every problem found, each with its mend.

    `known` are the keys of processes that could be called, to say which one may have been meant.
    """
    found = reading.read_all(bundle)
    problems, diagram = list(found.problems), found.diagram
    warnings: tuple[Problem, ...] = ()
    if diagram is not None:
        inner = innermost_first(diagram)
        context = lint.LintContext(
            forms=found.forms,
            decisions={name: model.inputs(name) for name, model in found.decisions.items()},
            operations=operations,
            groups=_known_group,
            functions=frozenset(FUNCTIONS),
            processes=frozenset({diagram.process, *inner, *known} - (bundle.called.keys() - inner.keys())),
        )
        problems.extend(lint.check(diagram, context))
        for key, called in inner.items():
            problems.extend(reading.under(key, lint.check(called, context)))
        warnings = _soundness(diagram, problems)
    if problems or diagram is None:
        raise Invalid("repository.refused", problems=problems, count=len(problems))
    return Checked(expand(diagram), found.forms, found.decisions, warnings)


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


def deploy(
    connection: Connection,
    bundle: Bundle,
    *,
    operations: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> Deployed:
    """Check the bundle and store it as the next version of its process. Invalid leaves nothing behind.

    A process that it calls and does not hold is taken from what was deployed last.
    """
    bundle = closed(bundle, lambda key: _newest(connection, key))
    known = connection.execute(sa.select(definitions.c.key).distinct()).scalars()
    checked = check(bundle, operations=operations, known=known)
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


def _newest(connection: Connection, key: str) -> Bundle | None:
    """What was deployed last as the process `key`, without what it calls."""
    query = sa.select(definitions.c.bundle).where(definitions.c.key == key)
    stored = connection.execute(query.order_by(definitions.c.version.desc()).limit(1)).scalar()
    return unpack(stored) if stored is not None else None


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
    found = reading.read_all(bundle)
    assert found.diagram is not None, "what is stored was checked when it was deployed"
    diagram = expand(found.diagram)
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
        found.forms,
        found.decisions,
    )
