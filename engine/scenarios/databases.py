"""A fresh database for each scenario: migrated, with calendar, demonstration data and the process.

That much is made once for each process and then copied: as a file on SQLite, as rows on PostgreSQL,
where a schema of its own is used and dropped at the end. Durability is switched off on SQLite, since
nothing here outlives the run.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine as Database

from engine import repository, runtime, worktime
from engine.clock import SHANGHAI, Clock, ControlledClock
from engine.database import new_id, open_database
from engine.identity.demo import load_demo
from engine.migrations import upgrade
from engine.migrations.schema import metadata

BEGINNING = datetime(2020, 1, 1, tzinfo=SHANGHAI)  # where a scenario's clock stands before its first step
POSTGRES_GUESSES = (
    "postgresql:///test",
    "postgresql://127.0.0.1:5432/test",
    "postgresql://postgres@127.0.0.1:5432/postgres",
)


@dataclass
class _Template:
    """What every scenario of one process begins with."""

    definitions: repository.Definitions  # read once; they are immutable
    file: Path | None = None
    rows: list[tuple[sa.Table, list[dict[str, Any]]]] | None = None


class Databases:
    """Fresh databases on SQLite, or in a schema of its own on the given PostgreSQL server. Close it."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._folder = tempfile.TemporaryDirectory(prefix="zhiban-scenarios-")
        self._templates: dict[Path, _Template] = {}
        self._schema = f"zhiban_scenarios_{new_id()[-12:]}"
        self._shared: Database | None = None  # PostgreSQL only

    def close(self) -> None:
        """Remove everything that was made."""
        if self._shared is not None and self._url is not None:
            self._shared.dispose()
            _execute(self._url, sa.schema.DropSchema(self._schema, cascade=True))
            self._shared = None
        self._folder.cleanup()

    @contextmanager
    def fresh(self, process: Path, clock: Clock) -> Iterator[runtime.Engine]:
        """An engine on a new database in which the process of that folder is deployed.

        Invalid if the process is refused.
        """
        template = self._templates.get(process)
        if template is None:
            template = self._templates[process] = self._prepared(process)
        database = self._copy(template)
        try:
            engine = runtime.Engine(database, clock)
            engine.definitions = template.definitions
            yield engine
        finally:
            if database is not self._shared:
                database.dispose()

    def _prepared(self, process: Path) -> _Template:
        definitions = repository.Definitions()
        if self._url is not None:
            database = self._own_schema(self._url)
            _clear(database)
            _fill(database, process)
            return _Template(definitions, rows=_rows(database))
        file = Path(self._folder.name) / f"template-{len(self._templates)}.db"
        database = _open_file(file)
        try:
            upgrade(database)
            _fill(database, process)
        finally:
            database.dispose()
        return _Template(definitions, file=file)

    def _copy(self, template: _Template) -> Database:
        if template.file is not None:
            copy = Path(self._folder.name) / "scenario.db"
            for old in copy.parent.glob(f"{copy.name}*"):
                old.unlink()
            shutil.copy(template.file, copy)
            return _open_file(copy)
        assert self._shared is not None, "a template of rows stands in the shared schema"
        _clear(self._shared)
        with self._shared.begin() as connection:
            for table, rows in template.rows or ():
                connection.execute(table.insert(), rows)
        return self._shared

    def _own_schema(self, url: str) -> Database:
        if self._shared is None:
            _execute(url, sa.schema.CreateSchema(self._schema))
            options = f"-csearch_path={self._schema} -csynchronous_commit=off"
            self._shared = open_database(url, connect_args={"options": options})
            upgrade(self._shared)
        return self._shared


def find_postgres() -> str | None:
    """TEST_POSTGRES_URL if it is set, else a local server that answers; None without one."""
    given = os.environ.get("TEST_POSTGRES_URL")
    for url in (given,) if given else POSTGRES_GUESSES:
        try:
            _execute(url, sa.text("SELECT 1"))
            return url
        except sa.exc.OperationalError:
            continue
    return None


def _execute(url: str, statement: Any) -> None:
    database = open_database(url, connect_args={"connect_timeout": 3})
    try:
        with database.begin() as connection:
            connection.execute(statement)
    finally:
        database.dispose()


def _open_file(file: Path) -> Database:
    database = open_database(f"sqlite:///{file}")
    event.listen(database, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    return database


def _fill(database: Database, process: Path) -> None:
    engine = runtime.Engine(database, ControlledClock(BEGINNING))
    with engine.writing() as connection:
        worktime.seed(connection)
        load_demo(connection, BEGINNING)
        bundle = repository.read_bundle(process, process.parent.parent / "forms")
        repository.deploy(
            connection, bundle, operations=engine.operations, actor="system", now=engine.clock.now()
        )


def _clear(database: Database) -> None:
    with database.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def _rows(database: Database) -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    with database.begin() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(table.select()).mappings()])
            for table in metadata.sorted_tables
        ]
    return [(table, rows) for table, rows in found if rows]
