"""A database as full as that of a busy city: cases cloned by SQL from a few that the engine made.

A pattern is every row of one case, with its ids replaced by marks; `clone` writes it any number of
times over, each time with ids of its own. A clone has a valid stored run, so that it can be stepped;
only the hashes of its history are its pattern's, so that `verify` would not pass it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment
from engine.migrations.schema import metadata

MARK = "@" * 12  # stands where the twelve digits of a clone's key go; the rest of an id says which row it is
_HEX = frozenset("0123456789abcdef")
_numbers = sa.Table(
    "crowd_numbers",
    sa.MetaData(),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(12), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    prefixes=["TEMPORARY"],
)
CHUNK = 100_000

Rows = dict[sa.Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class Pattern:
    """The rows of one case with marks for ids."""

    rows: Rows

    def only(self, most: Mapping[str, int]) -> "Pattern":
        """The same with at most so many rows of the tables that are named: the last ones."""
        kept = {table: rows[-most.get(table.name, len(rows)) :] for table, rows in self.rows.items()}
        return Pattern({table: rows for table, rows in kept.items() if most.get(table.name) != 0})

    def count(self, table: str) -> int:
        return sum(len(rows) for found, rows in self.rows.items() if found.name == table)


def owner(table: sa.Table) -> sa.Column[Any] | None:
    """The column that says whose row it is: of a case, or of something of a case's."""
    if table.name == "cases":
        return table.c.id
    if table.name == "history":
        return table.c.chain
    if "case_id" in table.c:
        return table.c.case_id
    for column in table.c:
        pointed = {key.column.table for key in column.foreign_keys} - {table}
        if any(owner(other) is not None for other in pointed):
            return column
    return None


def pattern_of(connection: Connection, case_id: str) -> Pattern:
    """Everything the database holds of one case, made into a pattern."""
    found: Rows = {}
    ids = {case_id}
    for table in metadata.sorted_tables:  # those that are pointed to come first
        column = owner(table)
        if column is not None:
            query = table.select().where(column.in_(ids)).order_by(*table.primary_key)
            rows = [dict(row) for row in connection.execute(query).mappings()]
            if rows:
                found[table] = rows
                ids |= {row["id"] for row in rows if is_id(row.get("id"))}
    marks = {key: f"{MARK}{number:03d}".ljust(32, "0") for number, key in enumerate(sorted(ids))}
    marks[found[metadata.tables["cases"]][0]["number"]] = f"SQ-{MARK}"
    return Pattern({table: [_marked(row, marks) for row in rows] for table, rows in found.items()})


def is_id(value: Any) -> bool:
    """Whether a value is one of our keys of 32 hexadecimal digits."""
    return isinstance(value, str) and len(value) == 32 and _HEX.issuperset(value)


def _marked(row: Mapping[str, Any], marks: Mapping[str, str]) -> dict[str, Any]:
    return {name: _replaced(value, marks) for name, value in row.items()}


def _replaced(value: Any, marks: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in marks.items():
            value = value.replace(old, new)
    return value


def furniture(connection: Connection) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    """All rows that belong to no case: definitions, people, the calendar."""
    for table in metadata.sorted_tables:
        rows = [dict(row) for row in connection.execute(table.select()).mappings()]
        if table.name == "history":
            rows = []
        if owner(table) is None and rows:
            yield table, rows


def key_of(first: int, n: int) -> str:
    """The twelve digits that begin every id of the n-th clone of a crowd that begins at `first`."""
    return f"{first + n:012x}"


def clone(
    database: sa.Engine,
    pattern: Pattern,
    count: int,
    first: int,
    dated: Callable[[int], date] | None = None,
    moved: Callable[[str], bool] = lambda column: True,
) -> None:
    """Write the pattern `count` times over, with keys from `first` on.

    `dated` gives a clone's day, to which its moments are moved (those of columns that `moved` names).
    """
    for begin in range(0, count, CHUNK):
        with database.connect().execution_options(writing=True) as connection, connection.begin():
            _number(connection, range(begin, min(begin + CHUNK, count)), first, dated)
            for table, rows in pattern.rows.items():
                _write(connection, table, rows, dated is not None, moved)
            _numbers.drop(connection)


def _number(connection: Connection, numbers: range, first: int, dated: Callable[[int], date] | None) -> None:
    _numbers.create(connection)
    day = dated or (lambda n: date(2000, 1, 1))
    rows = [{"n": n, "key": key_of(first, n), "day": day(n).isoformat()} for n in numbers]
    connection.execute(_numbers.insert(), rows)


def _write(
    connection: Connection,
    table: sa.Table,
    rows: list[dict[str, Any]],
    dated: bool,
    moved: Callable[[str], bool],
) -> None:
    """One INSERT … SELECT: for each number the pattern's rows, so that keys grow as they would."""
    kept = [c for c in table.c if c is not table.autoincrement_column]  # the database counts those itself
    columns = [sa.Column(c.name, c.type) for c in kept]
    pattern = sa.Table(f"pattern_{table.name}", sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    pattern.create(connection)
    connection.execute(pattern.insert(), [{c.name: row[c.name] for c in kept} for row in rows])
    values = [_value(connection, c, dated and moved(c.name)) for c in pattern.c]
    joined = _numbers.join(pattern, sa.true())
    query = sa.select(*values).select_from(joined).order_by(_numbers.c.n)
    connection.execute(table.insert().from_select([c.name for c in kept], query))
    pattern.drop(connection)


def _value(connection: Connection, column: sa.Column[Any], dated: bool) -> sa.ColumnElement[Any]:
    if isinstance(column.type, Moment):
        if not dated:
            return column
        text = sa.type_coerce(column, sa.String)
        if connection.dialect.name == "postgresql":
            text = sa.cast(column, sa.String)
            moved = sa.type_coerce(_numbers.c.day, sa.String) + sa.func.substr(text, 11)
            return sa.cast(moved, sa.DateTime(timezone=True))
        return sa.type_coerce(_numbers.c.day, sa.String) + sa.func.substr(text, 11)
    if isinstance(column.type, sa.String):
        return sa.func.replace(column, MARK, _numbers.c.key)
    return column


def remove(connection: Connection, first: int, count: int) -> None:
    """Take a crowd away again, with whatever its cases have come to own."""
    least, beyond = key_of(first, 0), key_of(first, count)
    for table in reversed(metadata.sorted_tables):
        column = owner(table)
        if column is not None:
            connection.execute(table.delete().where(column >= least, column < beyond))


def spread(begin: date, days: int) -> Callable[[int], date]:
    """Days one after the other, over and over."""
    return lambda n: begin + timedelta(days=n % days)
