"""What a look at the clock costs when 100,000 wait and nothing is due: a read of an index."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.runtime import clocks, timers
from engine.runtime.clocks import recounting, reminding
from engine.runtime.tables import cases, deadlines
from engine.runtime.tables import timers as waiting
from tests.runtime.stage import Platform
from tests.runtime.test_clocks import one_task
from tests.runtime.test_deadlines import closes

MANY = 100_000


def multiply(connection: Connection, table: sa.Table, **own: str) -> None:
    """Copy the table's one row, with these columns said in SQL; `n.i` counts."""
    names = [column.name for column in table.c]
    said = ", ".join(own.get(name, f"t.{name}") for name in names)
    connection.execute(
        sa.text(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) "
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {said} FROM n, {table.name} t"
        )
    )
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"ANALYZE {table.name}"))


@pytest.fixture
def crowded(platform: Platform) -> Iterator[Connection]:
    """Within a transaction that is undone: 100,000 open cases, with a timer and a deadline each to come."""
    one_task(platform)
    far = "'2027-01-01 00:00:00.000000'"
    with platform.engine.database.connect().execution_options(writing=True) as connection:
        transaction = connection.begin()
        if connection.dialect.name == "postgresql":
            far += "::timestamptz"
            for table in ("timers", "deadlines"):  # a hundred thousand cases are not looked up for this
                connection.execute(sa.text(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_case_id_cases"))
        key = "'c' || n.i"
        multiply(connection, cases, id=key, number=key)
        multiply(connection, waiting, id=key, token="n.i + 1000", due_at=far, retry_at=far)
        multiply(connection, deadlines, id=key, token="n.i + 1000", due_at=far, next_at=far)
        yield connection
        transaction.rollback()


def plan(connection: Connection, sql: str, given: Any) -> str:
    word = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    cursor = connection.connection.cursor()
    cursor.execute(word + sql, given)
    return " | ".join(str(part) for row in cursor.fetchall() for part in row)


def plan_of(connection: Connection, statement: Prepared, **given: Any) -> str:
    compiled = statement._for(connection)
    return plan(connection, compiled.sql, compiled.bind(given))


def plan_of_next(connection: Connection) -> str:
    """The plans of what `next_moment` asks."""
    said: list[tuple[str, Any]] = []
    seen: Callable[..., None] = lambda c, cursor, sql, given, *rest: said.append((sql, given))  # noqa: E731
    sa.event.listen(connection, "before_cursor_execute", seen)
    clocks.next_moment(connection)
    sa.event.remove(connection, "before_cursor_execute", seen)
    assert len(said) == 3  # timers, reminders, absences that begin
    return " | ".join(plan(connection, sql, given) for sql, given in said)


def test_every_look_reads_an_index(platform: Platform, crowded: Connection) -> None:
    now, at = platform.clock.now(), {"last": closes(1, 1), "at": ""}
    revision = crowded.execute(sa.select(sa.func.max(cases.c.calendar))).scalar_one()
    plans: Mapping[str, tuple[str, str]] = {
        "timers": ("ix_timers_retry_at", plan_of(crowded, timers._any_due, now=now)),
        "claim": (
            "ix_timers_retry_at",
            plan_of(crowded, timers._claim, now=now, most=50, owner="o", until=now),
        ),
        "reminders": ("ix_deadlines_next", plan_of(crowded, reminding._due, now=now, **at)),
        "recount": (
            "ix_cases_calendar",
            plan_of(crowded, recounting._behind, revision=revision, last=-1, at=""),
        ),
        "next": ("ix_timers_retry_at", plan_of_next(crowded)),
    }
    for name, (index, found) in plans.items():
        assert index in found, (name, found)
        for table in ("timers", "deadlines", "cases"):
            assert f"Seq Scan on {table}" not in found, (name, found)
            assert f"SCAN {table}" not in found or f"SCAN {table} USING" in found, (name, found)
