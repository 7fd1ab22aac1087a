"""Texts found by their words: FTS5 on SQLite, tsvector with a GIN index on PostgreSQL, alike to who asks.

An index is a table of (rowid, words) beside the table whose rows it finds. What it is given must be words
between spaces that either tokenizer leaves as they are: runs of a-z, runs of digits, single CJK characters.
A query is a sequence of phrases of such words, all of which must be found. A phrase that ends with `*`
finds words that begin with its last one, too.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Indexed(FunctionElement[str]):
    """Words as the index keeps them."""

    inherit_cache = True
    name = "indexed"


@compiles(_Indexed, "sqlite")
def _indexed_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.clauses, **given))


@compiles(_Indexed, "postgresql")
def _indexed_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f"to_tsvector('simple', {compiler.process(element.clauses, **given)})"


class _Words(sa.types.TypeDecorator[str]):
    """The words of a row of the index; they are written, never read."""

    impl = sa.Text
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        return _Indexed(bindparam)


class _Phrases(sa.types.TypeDecorator[Sequence[str]]):
    """Phrases in the language of each index. Within quotes, and between arrows, nothing is an operator."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        write = _for_sqlite if dialect.name == "sqlite" else _for_postgresql
        return write([(phrase.rstrip("*").split(), phrase.endswith("*")) for phrase in value or ()])


def _for_sqlite(phrases: Sequence[tuple[Sequence[str], bool]]) -> str:
    said = (f'"{" ".join(words)}"' + " *" * more for words, more in phrases)
    return " AND ".join(said)


def _for_postgresql(phrases: Sequence[tuple[Sequence[str], bool]]) -> str:
    said = (" <-> ".join(words) + ":*" * more for words, more in phrases)
    return " & ".join(f"({phrase})" for phrase in said)


class _Found(FunctionElement[bool]):
    """Whether all phrases stand in the words."""

    inherit_cache = True
    name = "found"
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> "_Found":
        """Itself, as a condition is: compared with 1 it would be hidden from the planner."""
        return self


@compiles(_Found, "sqlite")
def _found_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    words, phrases = (compiler.process(clause, **given) for clause in element.clauses)
    return f"{words} MATCH {phrases}"


@compiles(_Found, "postgresql")
def _found_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    words, phrases = (compiler.process(clause, **given) for clause in element.clauses)
    return f"{words} @@ to_tsquery('simple', {phrases})"


class _AtOnce(FunctionElement[int]):
    """A number, said so that it is compared with one row after the other of what is found."""

    inherit_cache = True
    name = "at_once"
    type = sa.BigInteger()


@compiles(_AtOnce)
def _at_once(element: Any, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **given))


@compiles(_AtOnce, "sqlite")
def _at_once_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"({compiler.process(element.clauses.clauses[0], **given)} + 0)"


def at_once(rowid: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """The rowid of an index, to be compared with those of a list while the index is walked once.

    FTS5 begins that walk anew for each row that it is asked for singly; PostgreSQL chooses by itself.
    """
    return _AtOnce(rowid)


def word_index(name: str) -> sa.Table:
    """The index called `name`, for statements. `create_statements` makes it."""
    columns = (
        sa.Column("rowid", sa.BigInteger, primary_key=True),
        sa.Column("words", _Words, nullable=False),
    )
    return sa.Table(name, sa.MetaData(), *columns)


def finds(index: sa.Table, phrases: Sequence[str]) -> sa.ColumnElement[bool]:
    """The condition that all `phrases` (words between spaces; at least one) stand in the index's row."""
    return _Found(index.c.words, sa.bindparam(None, tuple(phrases), type_=_Phrases()))


def create_statements(dialect: str, index: str, of: str, key: str) -> tuple[str, ...]:
    """The SQL that makes the index of the rows of table `of` with the whole number `key`.

    A row that goes takes its words with it.
    """
    if dialect == "sqlite":
        return (
            f"CREATE VIRTUAL TABLE {index} USING fts5(words, tokenize='unicode61 remove_diacritics 0')",
            f"CREATE TRIGGER {index}_gone AFTER DELETE ON {of} "
            f"BEGIN DELETE FROM {index} WHERE rowid = old.{key}; END",
        )
    return (
        f"CREATE TABLE {index} (rowid BIGINT PRIMARY KEY REFERENCES {of} ({key}) ON DELETE CASCADE, "
        "words tsvector NOT NULL)",
        f"CREATE INDEX ix_{index}_words ON {index} USING gin (words)",
    )


def create_beside(index: str, of: sa.Table, key: str) -> None:
    """Make the index whenever SQLAlchemy creates table `of`, as it does in tests."""

    def make(table: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in create_statements(connection.dialect.name, index, table.name, key):
            connection.execute(sa.text(statement))

    sa.event.listen(of, "after_create", make)
