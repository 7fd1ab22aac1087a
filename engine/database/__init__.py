"""The two databases behind one door: connections, transactions, types and prepared statements.

Every difference between SQLite and PostgreSQL lives here. Statements are written once, as
SQLAlchemy Core. On a step's path they are compiled once and sent through the driver itself,
since that costs a quarter of what going through Core costs each time.
"""

import itertools
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine

from engine.database.planning import Mostly as Mostly

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL, sortable text on SQLite. Always aware in Python."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(26))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone must not reach the database")
        return _as_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        moment: datetime = value
        return moment.astimezone(UTC)


@lru_cache(maxsize=64)  # a step writes its own moment a dozen times
def _as_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


_issued = itertools.count(secrets.randbelow(1 << 16))


def new_id() -> str:
    """A new key of 32 hexadecimal digits that grows with time, so indexes stay compact and order is kept."""
    return f"{time.time_ns() // 1_000_000:012x}{next(_issued) & 0xFFFFFF:06x}{secrets.token_hex(7)}"


def open_database(url: str, **options: Any) -> Engine:
    """An engine for `url` (SQLite or PostgreSQL), with the settings the guarantees rest on."""
    engine = sa.create_engine(driver_url(url), **{**engine_options(url), **options})
    configure(engine)
    return engine


def driver_url(url: str) -> str:
    """`url` with the driver we use: psycopg 3 for PostgreSQL."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` needs for `url`. SQLite waits up to 10 s for another writer to finish."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 10, "check_same_thread": False}}
    return {"pool_pre_ping": True}


def configure(engine: Engine) -> None:
    """Set what must hold on each connection. SQLite: WAL, FULL sync, foreign keys, explicit BEGIN."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgres)


def _prepare_postgres(raw: Any, _record: Any) -> None:
    """No query of ours runs so long that compiling it first (JIT, some 200 ms) would pay."""
    raw.autocommit = True
    raw.execute("SET jit = off")
    raw.autocommit = False


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver must not begin or commit behind our back
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: a lock taken half-way could only fail."""
    writing = connection.get_execution_options().get("writing", False)
    raw = connection.connection.dbapi_connection
    assert raw is not None
    statement = "BEGIN IMMEDIATE" if writing else "BEGIN"
    try:
        raw.cursor().execute(statement).close()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _translated(connection, statement, error) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write. Commits at the end, rolls back on any exception."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads; it sees one consistent state, whatever is written beside it."""
    options = _SNAPSHOT if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def is_duplicate(error: BaseException) -> bool:
    """Whether `error` says that a unique key exists already, whichever layer raised it."""
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", "")
    return state == "23505" or str(state) in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


class Prepared:
    """A Core statement that is compiled once a dialect and then sent through the driver.

    Call it with the connection and the parameters by name; it returns the rows as tuples
    (an empty list for a statement without rows). `count` returns how many rows were changed,
    `many` sends one statement for a list of parameter sets.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def _for(self, connection: Connection) -> "_Compiled":
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = _Compiled(self._statement, connection.dialect)
            self._compiled[connection.dialect.name] = compiled
        return compiled

    def _send(self, connection: Connection, act: Callable[..., Any], values: Any) -> Any:
        compiled = self._for(connection)
        cursor = _cursor(connection)
        try:
            return act(compiled, cursor, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _translated(connection, compiled.sql, error) from error
        finally:
            cursor.close()

    def __call__(self, connection: Connection, /, **values: Any) -> list[tuple[Any, ...]]:
        return self._send(connection, _Compiled.rows, values)  # type: ignore[no-any-return]

    def count(self, connection: Connection, /, **values: Any) -> int:
        return int(self._send(connection, _Compiled.changed, values))

    def many(self, connection: Connection, sets: Iterable[Mapping[str, Any]], /) -> None:
        given = list(sets)
        if given:
            self._send(connection, _Compiled.many, given)


def _translated(connection: Connection, statement: str, error: Any) -> sa.exc.DBAPIError:
    """The driver's error as SQLAlchemy's, as everybody above expects it; a broken connection is let go."""
    dialect = connection.dialect
    gone = dialect.is_disconnect(error, connection.connection, None)
    if gone:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    found = sa.exc.DBAPIError.instance(
        statement, None, error, base, hide_parameters=True, connection_invalidated=gone, dialect=dialect
    )
    assert isinstance(found, sa.exc.DBAPIError)
    return found


def _cursor(connection: Connection) -> Any:
    """A cursor of the driver, inside the transaction that the caller's edge commits."""
    if not connection.in_transaction():
        raise RuntimeError("a prepared statement needs a transaction that somebody else commits")
    return connection.connection.cursor()


class _Compiled:
    """SQL text, the order and conversion of its parameters, and the conversion of its columns."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql: str = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        self._defaults: dict[str, Any] = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        self._binders: dict[str, Callable[[Any], Any]] = {}
        for name, bind in compiled.binds.items():
            processor = _binder(bind.type, dialect)
            if processor is not None:
                self._binders[name] = processor
        self._places = [(name, self._binders.get(name)) for name in self._order or ()]
        self._readers = self._readers_of(statement, dialect)

    @staticmethod
    def _readers_of(statement: Any, dialect: Dialect) -> list[Callable[[Any], Any] | None] | None:
        columns = statement.selected_columns if hasattr(statement, "selected_columns") else None
        if columns is None:
            columns = statement.exported_columns if getattr(statement, "_returning", ()) else ()
        readers = [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns]
        return readers if any(readers) else None

    def bind(self, values: Mapping[str, Any]) -> Any:
        merged = {**self._defaults, **values} if self._defaults else values
        binders = self._binders
        if self._order is not None:
            return [merged[n] if binder is None else binder(merged[n]) for n, binder in self._places]
        return {n: binders[n](v) if n in binders else v for n, v in merged.items()}

    def many(self, cursor: Any, sets: Sequence[Mapping[str, Any]]) -> None:
        if len(sets) == 1:
            cursor.execute(self.sql, self.bind(sets[0]))
        else:
            cursor.executemany(self.sql, [self.bind(values) for values in sets])

    def changed(self, cursor: Any, values: Mapping[str, Any]) -> int:
        cursor.execute(self.sql, self.bind(values))
        return int(cursor.rowcount)

    def rows(self, cursor: Any, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        cursor.execute(self.sql, self.bind(values))
        if cursor.description is None:
            return []
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        if self._readers is None:
            return rows
        readers = self._readers
        return [
            tuple(r(v) if r and v is not None else v for r, v in zip(readers, row, strict=True))
            for row in rows
        ]


def _binder(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What a parameter of this type is converted by; a moment at once, without what stands around it."""
    if isinstance(kind, Moment):
        return partial(kind.process_bind_param, dialect=dialect)
    return kind.dialect_impl(dialect).bind_processor(dialect)  # type: ignore[no-any-return]


def default_url() -> str:
    """The database this process uses: `ZHIBAN_DATABASE`, or a file in `var/`."""
    return os.environ.get("ZHIBAN_DATABASE", "sqlite:///var/zhiban.db")
