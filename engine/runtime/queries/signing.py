"""People who sign together: who has said what, whom one waits for, and what is needed to pass."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import feel
from engine.bpmn.model import Diagram
from engine.bpmn.read_signing import SIGNER
from engine.identity import group_name, name_of
from engine.runtime.tables import tasks


@dataclass(frozen=True)
class Said:
    """What one signer said. `outcome`: agree, disagree or abstain. The moment is in UTC."""

    task_id: str
    who: str
    name: str
    signer: str  # the account or group that was asked
    outcome: str
    opinion: str
    at: datetime


@dataclass(frozen=True)
class Round:
    """One time that people sign together at a node. `kind`: all, any, vote or turn.

    `asked` is how many are asked in all, `needed` how many of them must agree. `awaited` are the names of
    those whose task is open; in turn, the rest are still to be asked.
    """

    element: str
    name: str
    kind: str
    asked: int
    needed: int
    said: tuple[Said, ...]
    awaited: tuple[str, ...]
    open: bool
    tasks: frozenset[str]

    @property
    def agreed(self) -> int:
        return sum(one.outcome == "agree" for one in self.said)

    @property
    def disagreed(self) -> int:
        return sum(one.outcome == "disagree" for one in self.said)


def rounds(connection: Connection, case_id: str, diagram: Diagram, language: str = "zh") -> list[Round]:
    """Every round of signing that the case had or has, oldest first."""
    signed = [e.id for e in diagram.elements.values() if e.loop is not None and e.loop.signing is not None]
    if not signed:
        return []
    query = sa.select(tasks).where(
        tasks.c.case_id == case_id, tasks.c.element.in_(signed), tasks.c.parent.is_(None)
    )
    found: dict[tuple[str, int], dict[int, tuple[Any, Mapping[str, Any]]]] = {}
    for row in connection.execute(query.order_by(tasks.c.token)):
        local: dict[str, Any] = feel.load(*orjson.loads(row.local))
        instances = found.setdefault((row.element, int(local["signing"]["round"])), {})
        instances[int(local["loopCounter"])] = (row, local)  # who took a vote back has a later task
    return [_round(connection, diagram, list(rows.values()), language) for rows in found.values()]


def round_of(
    connection: Connection, case_id: str, task_id: str, diagram: Diagram, language: str = "zh"
) -> Round | None:
    """The round that a task belongs to; None for a task that nobody signs together."""
    every = rounds(connection, case_id, diagram, language)
    return next((one for one in every if task_id in one.tasks), None)


def _round(
    connection: Connection, diagram: Diagram, rows: list[tuple[Any, Mapping[str, Any]]], language: str
) -> Round:
    first, local = rows[0]
    loop = diagram.elements[first.element].loop
    assert loop is not None and loop.signing is not None
    said = [
        Said(
            row.id,
            row.closed_by,
            name_of(connection, row.closed_by),
            own[SIGNER],
            row.outcome,
            row.opinion,
            row.closed_at,
        )
        for row, own in rows
        if row.state == "done"
    ]
    waiting = [(row, own[SIGNER]) for row, own in rows if row.state == "open"]
    return Round(
        first.element,
        first.name,
        loop.signing.kind,
        int(local["signing"]["count"]),
        int(local["signing"]["needed"]),
        tuple(sorted(said, key=lambda one: one.at)),
        tuple(_name(connection, row.assignee or signer, language) for row, signer in waiting),
        bool(waiting),
        frozenset(row.id for row, _ in rows),
    )


def _name(connection: Connection, who: str, language: str) -> str:
    named = group_name(connection, who, language)
    return named if named != who else name_of(connection, who)
