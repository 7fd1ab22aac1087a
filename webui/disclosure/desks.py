"""Lists on an officer's desk, without the contact of confidential cases where it is kept from the reader."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection

from engine import runtime
from engine.identity import Actor
from engine.runtime import queries
from engine.runtime.ledger.reading import Assessment
from engine.runtime.queries import TaskRow
from engine.runtime.queries.inbox.kept import KeptCase

from .view import View

LEDGER_TEXTS = ("title", "objection", "decision")


def discreet_kept(
    engine: runtime.Engine,
    connection: Connection,
    actor: Actor,
    rows: Iterable[KeptCase],
    language: str = "zh",
) -> list[KeptCase]:
    """Cases on somebody's desk, without the contact of confidential ones where it is kept from the reader."""
    return _without_contact(engine, connection, actor, rows, ("title", "note"), language)


def discreet_assessments(
    engine: runtime.Engine,
    connection: Connection,
    actor: Actor,
    rows: Iterable[Assessment],
    language: str = "zh",
) -> list[Assessment]:
    """The ledger without the contact of confidential cases: who answers for a fault may not know the case."""
    return _without_contact(engine, connection, actor, rows, LEDGER_TEXTS, language)


def _without_contact(
    engine: runtime.Engine,
    connection: Connection,
    actor: Actor,
    rows: Iterable[Any],
    texts: tuple[str, ...],
    language: str,
) -> list[Any]:
    listed = list(rows)
    hushed = queries.confidential(connection, {row.case_id for row in listed})
    views = {row.id: View(engine, connection, actor, row, language) for row in hushed}
    return [
        replace(
            row, **{name: views[row.case_id].plain(text) for name in texts if (text := getattr(row, name))}
        )
        if row.case_id in views
        else row
        for row in listed
    ]


def discreet_tasks(
    engine: runtime.Engine,
    connection: Connection,
    actor: Actor,
    rows: Iterable[TaskRow],
    language: str = "zh",
) -> list[TaskRow]:
    """Tasks of many cases, without the contact of confidential ones where it is kept from the reader."""
    listed = list(rows)
    hushed = queries.confidential(connection, {row.case_id for row in listed if row.confidential})
    views = {row.id: View(engine, connection, actor, row, language) for row in hushed}
    return [views[row.case_id].shown([row])[0] if row.case_id in views else row for row in listed]
