"""Cases, tasks and timers: the only writer of a case's state.

Every function works on a connection whose transaction the caller commits, once, at its edge.
"""

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import feel
from engine.bpmn.stepping import load_variables
from engine.identity import Actor, may_start
from engine.repository import Definition
from engine.repository.tables import definitions
from engine.runtime import actions, clocks, deputies, moves, queries, search, signers
from engine.runtime import messages as messages
from engine.runtime.answers import forget_answers, once, remember
from engine.runtime.engine import Engine
from engine.runtime.guards import claim, is_candidate, read_task, record, release
from engine.runtime.operations import Operation, Operations, StepHost, standard_operations
from engine.runtime.queries.chains import heads_digest, verify_history
from engine.runtime.queries.choices import RowChoices
from engine.runtime.steps import Done, Started, complete, start_case
from engine.runtime.tables import case_states
from engine.runtime.timers import fire_due, retry
from engine.runtime.waiting import Sendable, deliver, form_variables, send, sendable

__all__ = [
    "Done",
    "Engine",
    "Operation",
    "Operations",
    "RowChoices",
    "Sendable",
    "Started",
    "StepHost",
    "actions",
    "claim",
    "clocks",
    "complete",
    "definition",
    "deliver",
    "deputies",
    "fire_due",
    "forget_answers",
    "form_variables",
    "heads_digest",
    "is_candidate",
    "moves",
    "once",
    "queries",
    "search",
    "read_task",
    "record",
    "release",
    "remember",
    "retry",
    "send",
    "sendable",
    "signers",
    "standard_operations",
    "start_case",
    "startable",
    "task_variables",
    "variables",
    "verify_history",
]


def definition(engine: Engine, connection: Connection, definition_id: str) -> Definition:
    """The definition of that id, cached. NotFound if there is none."""
    return engine.definitions.get(connection, definition_id)


def startable(connection: Connection, actor: Actor) -> list[tuple[str, str, str]]:
    """(key, name, definition id) of the newest version of every process this person may start."""
    newest = sa.select(definitions.c.key, sa.func.max(definitions.c.version).label("version"))
    latest = newest.group_by(definitions.c.key).subquery()
    same = sa.and_(latest.c.key == definitions.c.key, latest.c.version == definitions.c.version)
    rows = connection.execute(sa.select(definitions).join(latest, same).order_by(definitions.c.name))
    return [
        (row.key, row.name, row.id)
        for row in rows
        if may_start(actor, [g.strip() for g in row.starters.split(",") if g.strip()])
    ]


def variables(connection: Connection, case_id: str, scope: int = 0) -> dict[str, object]:
    """The case's variables as they are stored now; or those of a call in it, by the call's token."""
    stored = connection.execute(
        sa.select(case_states.c.variables).where(case_states.c.case_id == case_id)
    ).scalar_one()
    return load_variables(bytes(stored), scope)


def task_variables(connection: Connection, task_id: str) -> dict[str, object]:
    """What a task's form sees: the variables of the case, or of the call the task stands in, and what is
    local to a multi-instance item."""
    task = read_task(connection, task_id)
    local: dict[str, object] = feel.load(*orjson.loads(task["local"]))
    return {**variables(connection, task["case_id"], task["scope"]), **local}
