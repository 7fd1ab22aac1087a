"""How fast timers that are due at once are drained, in a database that is full.

Two million closed cases and 120,000 waiting timers stand in it; then 10,000 dispatch deadlines of the
appeal fall due at one moment and are fired by one process, each with its full step and its own commit.
Beside it the raw rate: the statements of one such step, recorded and sent again through the driver
with the same commits, half of them before and half of them after the engine's turn. And what a look
costs when nothing is due, with no timer at all and with all of them. Prints wall times; asserts nothing.

The full database is made once and kept in the folder for temporary files, or in a schema of its own
(`zhiban_bench`) where ZHIBAN_DATABASE names a PostgreSQL server.
"""

import argparse
import gc
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from engine import runtime, worktime  # noqa: E402
from engine.clock import ControlledClock  # noqa: E402
from engine.database import open_database, writing  # noqa: E402
from engine.migrations import upgrade  # noqa: E402
from engine.runtime import timers as runtime_timers  # noqa: E402
from engine.runtime.tables import cases, timers  # noqa: E402
from tests.benchmarks import crowd, ground, replay  # noqa: E402
from tests.benchmarks.ground import DUE, RAW, Ground, Patterns  # noqa: E402

LOOKS = 2000


class Timed(runtime.Engine):
    """An engine that notes how long each of its writing transactions took, and when it was over."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.fired = False
        self.steps: list[tuple[float, float]] = []  # (seconds it took, moment of the commit)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        begin, self.fired = time.perf_counter(), False
        with super().writing() as connection:
            yield connection
        if self.fired:
            end = time.perf_counter()
            self.steps.append((end - begin, end))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note the transactions in which a timer fires."""
        genuine = runtime_timers.fire

        def fire(*given: Any, **named: Any) -> Any:
            self.fired = True
            return genuine(*given, **named)

        runtime_timers.fire = fire
        try:
            yield
        finally:
            runtime_timers.fire = genuine


@dataclass(frozen=True)
class Drained:
    """`steps` and `lags` in seconds, one a timer; `spent` seconds for all of them."""

    spent: float
    steps: list[float]
    lags: list[float]


def drain(database: sa.Engine, moment: datetime, count: int) -> Drained:
    """Fire what is due at `moment`: as many timers as were put there."""
    engine = Timed(database, ControlledClock(moment))
    with engine.noting():
        begin = time.perf_counter()
        fired = runtime.fire_due(engine, count)
        spent = time.perf_counter() - begin
    assert fired == count == len(engine.steps), f"{fired} of {count} timers fired"
    return Drained(spent, [took for took, _ in engine.steps], [end - begin for _, end in engine.steps])


@dataclass(frozen=True)
class Script:
    """What the engine sent to claim one batch, and to fire one timer of it."""

    claim: list[replay.Statement]
    step: replay.Replay


def recorded(database: sa.Engine, moment: datetime, key: str) -> Script:
    """Fire the one timer that is due at `moment`, that of the clone of `key`, and write down what is sent."""
    engine = runtime.Engine(database, ControlledClock(moment))
    with engine.reading() as connection:  # what is read once is read before
        definition = connection.execute(sa.select(cases.c.definition_id)).scalars().first()
        engine.definitions.get(connection, definition)
        worktime.load(connection)
    recorder = replay.Recorder(database)
    with recorder.on():
        assert runtime.fire_due(engine, 1) == 1
    writes = [sent for sent in recorder.transactions if any(_writes(sql) for sql, _, _ in sent)]
    claim, step = writes[0], writes[1]
    owners = [value for _, given, _ in claim for value in _values(given) if crowd.is_id(value)]
    return Script(claim, replay.Replay(step, key, frozenset([*owners, definition])))


def _writes(sql: str) -> bool:
    return sql.startswith(("UPDATE", "INSERT", "DELETE"))


def _values(given: Any) -> list[Any]:
    return list(given.values()) if isinstance(given, dict) else list(given)


def raw(database: sa.Engine, script: Script, keys: list[str]) -> float:
    """Seconds to send the same statements for the clones of these keys, whose timers are due."""
    filled = {key: script.step.filled(key) for key in keys}
    connection = database.raw_connection()
    cursor, left = connection.cursor(), len(keys)
    begins = ["BEGIN IMMEDIATE"] if database.dialect.name == "sqlite" else []
    begin = time.perf_counter()
    while left:
        for word in begins:
            cursor.execute(word)
        for sql, given, _ in script.claim:
            cursor.execute(sql, given)
        claimed = [row[0][:12] for row in cursor.fetchall()]
        connection.commit()
        for key in claimed:
            for word in begins:
                cursor.execute(word)
            replay.send(cursor, filled[key])
            connection.commit()
        left -= len(claimed)
        assert claimed, "nothing was claimed"
    spent = time.perf_counter() - begin
    connection.close()
    return spent


def look(database: sa.Engine, moment: datetime, times: int = LOOKS) -> float:
    """The median seconds of a look at timers of which none is due."""
    engine, spent = runtime.Engine(database, ControlledClock(moment)), []
    for _ in range(times):
        begin = time.perf_counter()
        assert runtime.fire_due(engine) == 0
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent)


@dataclass(frozen=True)
class Figures:
    """Everything that was measured; seconds."""

    drained: Drained
    raw: float
    looks: tuple[float, float]  # with no timer at all, and with all that wait
    waiting: int


def measure(found: Patterns, full: Ground, due: int) -> Figures:
    """Put `due` timers into the full database, drain them between two halves of the replay, and clean up."""
    database, half = full.database, due // 2
    gc.collect()
    gc.freeze()  # as a serving process does
    try:
        _put(database, found, DUE, 1)
        script = recorded(database, found.moment, crowd.key_of(DUE, 0))
        spent = _raw_turn(database, found, script, 0, half)
        _put(database, found, DUE + 1, due)
        drained = drain(database, found.moment, due)
        spent += _raw_turn(database, found, script, half, due - half)
        waiting, looks = _looks(database, found.moment)
    finally:
        with writing(database) as connection:
            crowd.remove(connection, DUE, 1 << 40)
            crowd.remove(connection, RAW, 1 << 40)
        gc.unfreeze()
    return Figures(drained, spent, looks, waiting)


def _put(database: sa.Engine, found: Patterns, first: int, count: int) -> None:
    crowd.clone(database, found.due, count, first)


def _raw_turn(database: sa.Engine, found: Patterns, script: Script, begin: int, count: int) -> float:
    _put(database, found, RAW + begin, count)
    return raw(database, script, [crowd.key_of(RAW + begin, n) for n in range(count)])


def _looks(database: sa.Engine, moment: datetime) -> tuple[int, tuple[float, float]]:
    """How many timers wait, and what a look costs in an empty database of the same kind and in this one."""
    with database.connect() as connection:
        waiting = int(connection.execute(sa.select(sa.func.count()).select_from(timers)).scalar_one())
    with tempfile.TemporaryDirectory() as folder, _empty(database, folder) as empty:
        return waiting, (look(empty, moment), look(database, moment))


@contextmanager
def _empty(database: sa.Engine, folder: str) -> Iterator[sa.Engine]:
    """A migrated database without rows, as the full one is: a file, or a schema of its own."""
    if database.dialect.name == "sqlite":
        empty = open_database(f"sqlite:///{folder}/empty.db")
        upgrade(empty)
        yield empty
        empty.dispose()
        return
    with database.begin() as connection:
        connection.execute(sa.schema.CreateSchema(f"{ground.SCHEMA}_empty", if_not_exists=True))
    options = {"options": f"-csearch_path={ground.SCHEMA}_empty {ground.SETTINGS}"}
    empty = open_database(database.url.render_as_string(hide_password=False), connect_args=options)
    upgrade(empty)
    yield empty
    empty.dispose()
    with database.begin() as connection:
        connection.execute(sa.schema.DropSchema(f"{ground.SCHEMA}_empty", cascade=True))


def tell(figures: Figures, due: int) -> list[str]:
    """The figures in sentences."""
    cuts = statistics.quantiles(figures.drained.steps, n=100)
    lag = statistics.quantiles(figures.drained.lags, n=100)[94]
    rate, plain = due / figures.drained.spent, due / figures.raw
    nothing, all_ = (1e6 * seconds for seconds in figures.looks)
    return [
        f"{due} timers due at once, drained by one process, each with its step and its commit",
        f"  zhiban  {rate:7.0f} timers/s   step p50 {1e3 * cuts[49]:6.3f} ms  p95 {1e3 * cuts[94]:6.3f} ms"
        f"   p95 lag {lag:6.2f} s",
        f"  raw     {plain:7.0f} timers/s   (the same statements and commits without the engine)",
        f"  zhiban / raw: {rate / plain:.2f}",
        f"one look when nothing is due (median of {LOOKS})",
        f"  {nothing:6.1f} µs without any timer, {all_:6.1f} µs with {figures.waiting} that wait",
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--cases", type=int, default=2_000_000, help="closed cases that stand in the database"
    )
    options.add_argument("--waiting", type=int, default=120_000, help="timers that wait and are not due")
    options.add_argument("--due", type=int, default=10_000, help="timers that are due at once")
    given = options.parse_args()
    found = ground.patterns()
    full = ground.ground(found, given.cases, given.waiting, os.environ.get("ZHIBAN_DATABASE"))
    made = f"made in {full.made_in:.0f} s" if full.made_in else "made before"
    kind = full.database.dialect.name
    print(
        f"{given.cases} closed cases and {given.waiting} waiting timers; {kind}, {platform.python_version()}"
    )
    print(f"  {full.where}: {full.size()}, {made}")
    for line in tell(measure(found, full, given.due), given.due):
        print(line)
    full.database.dispose()


if __name__ == "__main__":
    main()
