"""The words of the cases that were there before there was a search."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.bpmn.stepping import load_variables
from engine.repository import Definitions
from engine.runtime.search.keeping import text_of, write_text
from engine.runtime.tables import case_states, cases
from engine.runtime.words.tables import case_words

BATCH = 500
_OF_CASE = ("id", "number", "title", "type", "enterprise", "confidential", "definition_id", "started_at")


def keep_all(connection: Connection) -> int:
    """Write the words of every case that has none, the oldest first; returns of how many."""
    definitions, count = Definitions(), 0
    for row in list(_wordless(connection)):
        stored = sa.select(case_states.c.variables).where(case_states.c.case_id == row["id"])
        variables = load_variables(bytes(connection.execute(stored).scalar_one()))
        definition = definitions.get(connection, row["definition_id"])
        write_text(connection, row["id"], text_of(connection, row, None, definition, variables))
        count += 1
    return count


def _wordless(connection: Connection) -> Iterator[dict[str, Any]]:
    """Only the columns that are needed: a migration may run on a schema older than the code."""
    known = sa.exists().where(case_words.c.case_id == cases.c.id)
    query = sa.select(*(cases.c[name] for name in _OF_CASE)).where(~known)
    ordered = query.order_by(cases.c.started_at, cases.c.id).execution_options(yield_per=BATCH)
    for row in connection.execute(ordered).mappings():
        yield dict(row)
