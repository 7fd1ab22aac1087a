"""What a database says it would do for a statement, and whether that reads a whole large table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

LARGE = (
    "cases", "tasks", "task_candidates", "history", "messages", "case_departments",
    "case_words", "case_index", "case_states", "deadlines", "timers", "files", "copies", "follows",
)  # fmt: skip
Said = list[tuple[str, Any]]


@contextmanager
def listening(database: Engine) -> Iterator[Said]:
    """What is sent to the database meanwhile: statements with their parameters."""
    said: Said = []
    seen: Callable[..., None] = lambda c, cursor, sql, given, *rest: said.append((sql, given))  # noqa: E731
    sa.event.listen(database, "before_cursor_execute", seen)
    try:
        yield said
    finally:
        sa.event.remove(database, "before_cursor_execute", seen)


def plan(connection: Connection, sql: str, given: Any) -> list[str]:
    word = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    cursor = connection.connection.cursor()
    cursor.execute(word + sql, given)
    return [str(row[-1]) for row in cursor.fetchall()]


def whole(line: str, sql: str) -> bool:
    """Whether a line of a plan reads a whole large table; walking an index in its order is none."""
    words = line.replace("(", " ").replace("->", " ").split()
    if words[:1] == ["SCAN"] and "USING" not in words and "INDEX" not in words:
        name = words[1]
        return any(name == table or f" {table} AS {name} " in f"{sql} ".replace(",", " ,") for table in LARGE)
    return "Seq Scan on" in line and line.split("Seq Scan on ")[1].split()[0] in LARGE


def breaches(connection: Connection, said: Said) -> list[tuple[str, str]]:
    """The lines of plans that read a whole large table, each with its statement."""
    asked = [one for one in said if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    return [(line, sql) for sql, given in asked for line in plan(connection, sql, given) if whole(line, sql)]
