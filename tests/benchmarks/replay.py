"""The statements of a step, written down and sent again without the engine.

`Recorder` writes down what goes through the driver, transaction by transaction. `Replay` fills the
same statements in for another clone: its ids in place of the recorded ones, new ids where the step
made new ones. Filled beforehand, they are sent with nothing of the engine in between.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from engine import database
from tests.benchmarks.crowd import is_id

Statement = tuple[
    str, Any, bool
]  # SQL, its parameters (or a list of sets of them), whether it is such a list


class Recorder:
    """What was sent since `begin`, one list of statements a transaction."""

    def __init__(self, db: sa.Engine) -> None:
        self.db = db
        self.transactions: list[list[Statement]] = []

    @contextmanager
    def on(self) -> Iterator[None]:
        genuine, recorder = database._cursor, self

        class Cursor:
            def __init__(self, cursor: Any) -> None:
                self._cursor = cursor

            def execute(self, sql: str, *given: Any) -> Any:
                recorder._note(sql, given[0] if given else (), False)
                return self._cursor.execute(sql, *given)

            def executemany(self, sql: str, sets: list[Any]) -> Any:
                recorder._note(sql, list(sets), True)
                return self._cursor.executemany(sql, sets)

            def __getattr__(self, name: str) -> Any:
                return getattr(self._cursor, name)

        def core(_c: Any, _cursor: Any, sql: str, given: Any, _context: Any, many: bool) -> None:
            recorder._note(sql, given, many)

        def begun(_connection: Any) -> None:
            recorder.transactions.append([])

        database._cursor = lambda connection: Cursor(genuine(connection))  # type: ignore[assignment]
        event.listen(self.db, "before_cursor_execute", core)
        event.listen(self.db, "begin", begun)
        try:
            yield
        finally:
            database._cursor = genuine
            event.remove(self.db, "before_cursor_execute", core)
            event.remove(self.db, "begin", begun)

    def _note(self, sql: str, given: Any, many: bool) -> None:
        self.transactions[-1].append((sql, given, many))


class Replay:
    """One recorded transaction, to be sent for other clones.

    `key` is the recorded clone's, `standing` are ids that stand for all (the definition's, the lease's).
    """

    def __init__(self, statements: list[Statement], key: str, standing: frozenset[str]) -> None:
        self._statements, self._key, self._standing = statements, key, standing

    def filled(self, key: str) -> list[Statement]:
        """The statements as they are for the clone of `key`."""
        fresh: dict[str, str] = {}
        return [
            (
                sql,
                [self._set(one, key, fresh) for one in given] if many else self._set(given, key, fresh),
                many,
            )
            for sql, given, many in self._statements
        ]

    def _set(self, given: Any, key: str, fresh: dict[str, str]) -> Any:
        if isinstance(given, dict):
            return {name: self._own(value, key, fresh) for name, value in given.items()}
        return [self._own(value, key, fresh) for value in given]

    def _own(self, value: Any, key: str, fresh: dict[str, str]) -> Any:
        if not isinstance(value, str):
            return value
        if self._key in value:
            return value.replace(self._key, key)
        if is_id(value) and value not in self._standing:
            return fresh.setdefault(value, f"{key}{len(fresh):03d}".ljust(32, "f"))
        return value


def send(cursor: Any, statements: Iterable[Statement]) -> None:
    """Send them through the driver, fetching what is selected."""
    for sql, given, many in statements:
        if many:
            cursor.executemany(sql, given)
        else:
            cursor.execute(sql, given)
            if cursor.description is not None:
                cursor.fetchall()
