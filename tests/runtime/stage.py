"""A platform to test on: calendar, demo people, the appeal deployed, a clock that only the test moves.

What every test begins with is made once and copied as rows, so that a test costs milliseconds.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.engine import Engine as Database

from engine import identity, repository, runtime, worktime
from engine.clock import SHANGHAI, ControlledClock
from engine.database import open_database
from engine.identity.demo import load_demo
from engine.migrations.schema import metadata
from engine.runtime import performing, queries
from engine.runtime.tables import timers

HOME = Path(__file__).parents[2]
BEGINNING = datetime(2026, 3, 11, 9, 0, tzinfo=SHANGHAI)  # a Wednesday without a holiday near
USCC = "91441802MA4X1Q2T0K"  # jingmi's


@dataclass
class Platform:
    """One engine on one database, and shorthand for what people do with it."""

    engine: runtime.Engine
    clock: ControlledClock
    actors: dict[str, identity.Actor] = field(default_factory=dict)  # by username

    @property
    def database(self) -> Database:
        return self.engine.database

    def restarted(self, shared_definitions: bool = False) -> runtime.Engine:
        """What a new process would have: the same database and hour, nothing in memory."""
        again = runtime.Engine(self.engine.database, self.clock, self.engine.operations)
        if shared_definitions:
            again.definitions = self.engine.definitions
        return again

    def start(self, actor: str = "jingmi", process: str = "appeal", **values: Any) -> str:
        given = {**submission(), **values} if process == "appeal" else values
        with self.engine.writing() as connection:
            started = runtime.start_case(
                self.engine, connection, actor=self.actors[actor], process=process, values=given
            )
        return started.case_id

    def open(self, case_id: str) -> list[queries.TaskRow]:
        with self.engine.reading() as connection:
            return queries.open_tasks(connection, case_id)

    def one(self, case_id: str, element: str = "") -> queries.TaskRow:
        """The one open task of the case, or the one at `element`."""
        (task,) = [t for t in self.open(case_id) if element in ("", t.element)]
        return task

    def worker(self, task: queries.TaskRow) -> identity.Actor:
        """Somebody who may complete the task: who has it, or else the first whom it waits for."""
        with self.engine.reading() as connection:
            kept = performing.excluded(connection, task.id)
        for actor in self.actors.values():
            if actor.id in kept:
                continue
            mine = actor.id == task.assignee if task.assignee else actor.groups & set(task.candidates)
            if mine or actor.id in task.candidates:
                return actor
        raise AssertionError(f"the task {task.element} waits for nobody: {task.candidates}")

    def complete(self, case_id: str, element: str = "", **values: Any) -> queries.TaskRow:
        task = self.one(case_id, element)
        with self.engine.writing() as connection:
            runtime.complete(self.engine, connection, actor=self.worker(task), task_id=task.id, values=values)
        return task

    def case(self, case_id: str) -> queries.CaseRow:
        with self.engine.reading() as connection:
            return queries.case(connection, case_id)

    def history(self, case_id: str) -> list[queries.HistoryRow]:
        with self.engine.reading() as connection:
            return queries.history(connection, case_id)

    def kinds(self, case_id: str) -> list[str]:
        return [row.kind for row in self.history(case_id)]

    def variables(self, case_id: str) -> dict[str, Any]:
        with self.engine.reading() as connection:
            return runtime.variables(connection, case_id)

    def rows(self, table: sa.Table, *conditions: Any) -> list[Any]:
        with self.engine.reading() as connection:
            return list(connection.execute(sa.select(table).where(*conditions)))

    def count(self, table: sa.Table, *conditions: Any) -> int:
        return len(self.rows(table, *conditions))

    def pass_time(self, **duration: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**duration))

    def pass_all_due(self) -> None:
        """Move the clock to the last due moment of any timer."""
        latest = max((row.retry_at for row in self.rows(timers)), default=self.clock.now())
        self.clock.move_to(max(latest, self.clock.now()))

    def deploy(self, bundle: repository.Bundle) -> repository.Deployed:
        with self.engine.writing() as connection:
            return repository.deploy(
                connection,
                bundle,
                operations=self.engine.operations,
                actor="system",
                now=self.clock.now(),
            )


def submission() -> dict[str, Any]:
    return {
        "uscc": USCC,
        "contact": "罗婷",
        "phone": "13800000001",
        "channel": "网页",
        "type": "税费",
        "title": "发票额度不够用",
        "content": "订单增加，每月发票额度不够，希望提高。",
        "urgent": False,
        "confidential": False,
    }


def appeal() -> repository.Bundle:
    return repository.read_bundle(HOME / "processes" / "appeal", HOME / "forms")


@cache
def _beginning() -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    """The rows of a platform that nobody has used yet."""
    database = open_database("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(database)
    engine = runtime.Engine(database, ControlledClock(BEGINNING))
    with engine.writing() as connection:
        worktime.seed(connection)
        load_demo(connection, engine.clock.now())
        repository.deploy(
            connection, appeal(), operations=engine.operations, actor="system", now=engine.clock.now()
        )
    with engine.reading() as connection:
        found = [
            (table, [dict(row) for row in connection.execute(table.select()).mappings()])
            for table in metadata.sorted_tables
        ]
    database.dispose()
    return [(table, rows) for table, rows in found if rows]


def people(connection: Connection) -> dict[str, identity.Actor]:
    accounts = identity.list_accounts(connection)
    return {account.username: identity.load_actor(connection, account.id) for account in accounts}


_definitions = repository.Definitions()  # immutable, and the appeal's id is the same on every database


def open_platform(database: Database) -> Platform:
    """A platform on a migrated database that is empty."""
    with database.begin() as connection:
        for table, rows in _beginning():
            connection.execute(table.insert(), rows)
    return attach_platform(database)


def attach_platform(database: Database, moment: datetime = BEGINNING) -> Platform:
    """The platform that stands on this database already."""
    clock = ControlledClock(moment)
    engine = runtime.Engine(database, clock)
    engine.definitions = _definitions
    with engine.reading() as connection:
        return Platform(engine, clock, people(connection))
