"""The words of cases, written from what is stored: of those that have none, and of one anew."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import worktime
from engine.bpmn.stepping import load_variables
from engine.clock import SystemClock
from engine.repository import Definition, Definitions
from engine.repository.tables import definitions as deployed
from engine.runtime.casework.loading import case_context, counting_of
from engine.runtime.tables import case_states, cases
from engine.runtime.words.keeping import own_words, stored_text, text_of, write_text
from engine.runtime.words.tables import case_words

BATCH = 500
_OF_CASE = (
    "id", "number", "title", "type", "enterprise", "confidential", "definition_id", "started_at",
    "status", "stops", "rules_id",
)  # fmt: skip
_columns = [cases.c[name] for name in _OF_CASE]  # a migration may run on a schema older than the code


def keep_all(connection: Connection) -> int:
    """Write the words of every case that has none, the oldest first; returns of how many."""
    known, count, now = Definitions(), 0, SystemClock().now()
    for row in list(_wordless(connection)):
        _write(known, connection, row, now, stored=None)
        count += 1
    return count


def keep_again(connection: Connection) -> int:
    """Write the words of confidential cases, and of processes that name their own, anew; of how many."""
    known = Definitions()
    every = connection.execute(sa.select(deployed.c.id)).scalars()
    own = [key for key in every if "words" in known.get(connection, key).program.properties]
    meant = sa.select(cases.c.id).where(sa.or_(cases.c.confidential, cases.c.definition_id.in_(own)))
    connection.execute(sa.delete(case_words).where(case_words.c.case_id.in_(meant)))
    return keep_all(connection)


def write_anew(known: Definitions, connection: Connection, case_id: str, now: datetime) -> None:
    """Write the words of one case anew, which is locked until the transaction ends."""
    query = sa.select(*_columns).where(cases.c.id == case_id).with_for_update()
    row = connection.execute(query).mappings().one()
    _write(known, connection, dict(row), now, stored_text(connection, case_id))


def _write(
    known: Definitions,
    connection: Connection,
    row: Mapping[str, Any],
    now: datetime,
    stored: tuple[int, str] | None,
) -> None:
    state = sa.select(case_states.c.variables).where(case_states.c.case_id == row["id"])
    variables = load_variables(bytes(connection.execute(state).scalar_one()))
    definition = known.get(connection, row["definition_id"])
    said = _own(connection, row, definition, variables, now)
    write_text(connection, row["id"], text_of(connection, row, said, definition, variables), stored)


def _own(
    connection: Connection,
    row: Mapping[str, Any],
    definition: Definition,
    variables: Mapping[str, Any],
    now: datetime,
) -> list[str] | None:
    """The process's own words, as a step would find them; none where its expression fails."""
    if "words" not in definition.program.properties:
        return None
    functions = worktime.functions(counting_of(connection, row, worktime.load(connection)), now, [])
    try:
        return own_words(definition, {"case": case_context(row), **variables}, functions, now)
    except Exception:  # whatever a diagram's expression may raise; the case is found by its number still
        return []


def _wordless(connection: Connection) -> Iterator[dict[str, Any]]:
    known = sa.exists().where(case_words.c.case_id == cases.c.id)
    query = sa.select(*_columns).where(~known)
    ordered = query.order_by(cases.c.started_at, cases.c.id).execution_options(yield_per=BATCH)
    for row in connection.execute(ordered).mappings():
        yield dict(row)
