"""The database that the benchmark of timers runs in: patterns of cases, and the crowd made of them.

It is made once and kept: a file in the folder for temporary files, or a schema of its own on PostgreSQL.
"""

import hashlib
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine import runtime
from engine.database import driver_url, open_database, writing
from engine.migrations import upgrade
from engine.migrations.schema import metadata
from engine.runtime.tables import cases, timers
from tests.benchmarks import crowd
from tests.benchmarks.bench_step import BEGIN, LOOP, START, Ours

SCHEMA = "zhiban_bench"
SETTINGS = ""  # further ones of a PostgreSQL connection
LEAN = {"history": 4, "tasks": 2, "messages": 1, "deadlines": 1}  # rows kept of a case that only stands there
CLOSED, WAITING, DUE, RAW = (n << 40 for n in (0, 1, 2, 3))  # where the keys of each crowd begin


@dataclass(frozen=True)
class Patterns:
    """What the database is filled with. `moment` is when the due timer is due."""

    furniture: list[tuple[sa.Table, list[dict[str, Any]]]]
    closed: crowd.Pattern
    waiting: crowd.Pattern
    due: crowd.Pattern
    moment: datetime


def patterns() -> Patterns:
    """Play one appeal to its end, and another until the deadline of its dispatch is the next to fire."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder))
        closed = _closed(ours)
        waiting = _started(ours)
        moment = _before_the_last(ours)
        with ours.engine.reading() as connection:
            found = Patterns(
                list(crowd.furniture(connection)),
                crowd.pattern_of(connection, closed).only(LEAN),
                crowd.pattern_of(connection, waiting).only(LEAN),
                crowd.pattern_of(connection, waiting),
                moment,
            )
        ours.engine.database.dispose()
    return found


def _closed(ours: Ours) -> str:
    """A case that went the short way: satisfied at once, and the ratings left to run out."""
    ours.begin()
    for element, role, values in LOOP[:4]:
        if element == "callback":
            values = {**values, "solved": "已解决", "satisfaction": "满意"}
        ours.step(ours.person(role), values)
    clock: Any = ours.engine.clock
    for _ in range(90):
        clock.move_to(clock.now() + timedelta(days=1))
        runtime.fire_due(ours.engine)
    with ours.engine.reading() as connection:
        assert runtime.queries.case(connection, ours.case).state == "ended"
    return ours.case


def _started(ours: Ours) -> str:
    """A case that waits for triage. On the morning of a working day, so that its deadline is that day's."""
    clock: Any = ours.engine.clock
    clock.move_to(BEGIN + timedelta(days=91))
    with ours.engine.writing() as connection:
        started = runtime.start_case(
            ours.engine, connection, actor=ours.people["jingmi"], process="appeal", values=START
        )
    return started.case_id


def _before_the_last(ours: Ours) -> datetime:
    """Fire what is due before the last timer that waits, and return that one's moment."""
    clock: Any = ours.engine.clock
    with ours.engine.reading() as connection:
        moments = sorted(connection.execute(sa.select(timers.c.due_at)).scalars())
    if len(moments) > 1:
        clock.move_to(moments[-2])
        runtime.fire_due(ours.engine)
    return moments[-1]


@dataclass(frozen=True)
class Ground:
    """The full database; `made_in` seconds, 0 if it stood there."""

    database: sa.Engine
    made_in: float
    where: str

    def size(self) -> str:
        """How much the database takes, for people."""
        if self.database.dialect.name == "sqlite":
            taken = Path(self.where).stat().st_size
        else:
            own = "relnamespace = CAST(:s AS regnamespace) AND relkind = 'r'"
            query = sa.text(f"SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE {own}")
            with self.database.connect() as connection:
                taken = int(connection.execute(query, {"s": SCHEMA}).scalar_one())
        return f"{taken / 2**30:.2f} GiB"


def ground(found: Patterns, closed: int, waiting: int, url: str | None = None) -> Ground:
    """The database with `closed` ended cases and `waiting` timers, not due; made if it is not there."""
    digest = _digest(found)
    if url is None:
        folder = Path(tempfile.gettempdir()) / "zhiban-bench"
        folder.mkdir(exist_ok=True)
        return _on_sqlite(folder / f"crowd-{closed}-{waiting}-{digest}.db", found, closed, waiting)
    return _on_postgres(url, f"{closed} {waiting} {digest}", found, closed, waiting)


def _digest(found: Patterns) -> str:
    """What the full database depends on: the tables, the process, and how rows are cloned."""
    parts = [f"{table.name} {column.name}" for table in metadata.sorted_tables for column in table.c]
    parts += [row["definition_id"] for row in found.due.rows[cases]] + [repr(LEAN)]
    parts.append(Path(crowd.__file__).read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _on_sqlite(file: Path, found: Patterns, closed: int, waiting: int) -> Ground:
    spent = 0.0
    if not file.exists():
        for old in file.parent.glob(f"crowd-{closed}-{waiting}-*"):
            old.unlink()
        making = file.with_suffix(".making")
        spent = _made(open_database(f"sqlite:///{making}"), found, closed, waiting)
        making.rename(file)
    return Ground(open_database(f"sqlite:///{file}"), spent, str(file))


def _on_postgres(url: str, wanted: str, found: Patterns, closed: int, waiting: int) -> Ground:
    spent = 0.0
    plain = sa.create_engine(driver_url(url))
    database = open_database(url, connect_args={"options": f"-csearch_path={SCHEMA} {SETTINGS}"})
    with plain.begin() as connection:
        said = sa.text("SELECT obj_description(to_regnamespace(:s), 'pg_namespace')")
        stands = connection.execute(said, {"s": SCHEMA}).scalar() == wanted
    if not stands:
        with plain.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(sa.schema.CreateSchema(SCHEMA))
        spent = _made(database, found, closed, waiting)
        with plain.begin() as connection:
            connection.execute(sa.text(f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted}'"))
        with plain.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in metadata.tables if closed >= 10_000 else ():
                connection.execute(sa.text(f"VACUUM ANALYZE {SCHEMA}.{table}"))
    plain.dispose()
    return Ground(database, spent, f"schema {SCHEMA}")


def _made(database: sa.Engine, found: Patterns, closed: int, waiting: int) -> float:
    """Fill an empty database; what is written here need not outlive the machine. Returns the seconds."""
    begin = time.perf_counter()
    if database.dialect.name == "sqlite":
        sa.event.listen(database, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    upgrade(database)
    with writing(database) as connection:
        for table, rows in found.furniture:
            connection.execute(table.insert(), rows)
    today = found.moment.date()
    past, future = (
        crowd.spread(today - timedelta(days=1000), 900),
        crowd.spread(today + timedelta(days=30), 60),
    )
    crowd.clone(database, found.closed, closed, CLOSED, past)
    each = max(1, found.waiting.count("timers"))
    crowd.clone(database, found.waiting, -(-waiting // each), WAITING, future, _later)
    database.dispose()
    return time.perf_counter() - begin


def _later(column: str) -> bool:
    """The columns that say when a waiting case is to be looked at again."""
    return column in ("due_at", "retry_at", "next_at", "first_due_at")
