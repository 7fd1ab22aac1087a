"""What the officer's desk costs in a database that is full: inbox, counts, search, the case's page.

With 2 million closed cases, 40,000 open ones, 120,000 task rows and 2,000 officers; each look is of an
officer at random, in a transaction of its own. Prints p50 and p95 in milliseconds, and how many times
longer than reading one row by its key in the same run. Asserts nothing.

The full database is made once and kept in the folder for temporary files, or in a schema of its own
(`zhiban_desks`) where ZHIBAN_DATABASE names a PostgreSQL server.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from engine.database import Prepared, driver_url, open_database  # noqa: E402
from engine.identity import Actor  # noqa: E402
from engine.migrations import upgrade  # noqa: E402
from engine.runtime import queries, search  # noqa: E402
from engine.runtime.queries.inbox import kept  # noqa: E402
from engine.runtime.tables import cases  # noqa: E402
from tests.benchmarks.desks import OFFICES, Desks, Size, fill, stands  # noqa: E402

SCHEMA = "zhiban_desks"
PAGE = 25
_trivial = Prepared(sa.select(cases.c.state).where(cases.c.id == sa.bindparam("key")))
Look = Callable[[Connection, Actor], Any]


def looks(desks: Desks, chance: Random) -> Mapping[str, Look]:
    """Everything that is measured, by what it is called."""
    now = desks.platform.clock.now()
    found: dict[str, Look] = {
        "one row by its key": lambda c, _: _trivial(c, key=desks.pages[0]),
    }
    for tab in queries.TABS:
        found[f"inbox, {tab}"] = _tab(tab)
    found["inbox, copies"] = lambda c, who: kept.copied(c, who, limit=PAGE)
    found["inbox, followed"] = lambda c, who: kept.followed(c, who, limit=PAGE)
    found["inbox, counts of all tabs"] = _counts
    asked: dict[str, Callable[[], search.Asked]] = {
        "no word": lambda: search.Asked(moment=now),
        "a frequent word": lambda: search.Asked(text="社保", moment=now),
        "one character": lambda: search.Asked(text="补", moment=now),
        "two words": lambda: search.Asked(text="社保 消防", moment=now),
        "a rare phrase": lambda: search.Asked(text="社保补缴发票", moment=now),
        "a number": lambda: search.Asked(text=chance.choice(desks.numbers), moment=now),
        "open cases of a department": lambda: search.Asked(
            state="open", department=chance.choice(OFFICES), moment=now
        ),
        "closed cases of a type": lambda: search.Asked(state="ended", type="环保", moment=now),
        "overdue": lambda: search.Asked(due="late", moment=now),
        "by deadline": lambda: search.Asked(sort="due", moment=now),
        "a word and a department": lambda: search.Asked(
            text="社保", department=chance.choice(OFFICES), moment=now
        ),
    }
    for name, ask in asked.items():
        found[f"search, {name}"] = _search(ask)
        found[f"search, {name}, with facets"] = _facets(ask, now)
    found["case page, open case"] = lambda c, _: _page(desks, c, desks.pages[1])
    found["case page, closed case"] = lambda c, _: _page(desks, c, desks.pages[0])
    return found


def _tab(tab: str) -> Look:
    return lambda c, who: queries.inbox(c, who, tab, limit=PAGE)


def _counts(connection: Connection, who: Actor) -> None:
    queries.counts(connection, who)
    kept.count_copied(connection, who)
    kept.count_followed(connection, who)


def _search(ask: Callable[[], search.Asked]) -> Look:
    return lambda c, who: search.find(c, who, ask(), limit=PAGE)


def _facets(ask: Callable[[], search.Asked], now: Any) -> Look:
    return lambda c, who: search.overview(c, who, ask(), now)


def _page(desks: Desks, connection: Connection, case_id: str) -> None:
    """What the case's page reads."""
    engine = desks.platform.engine
    row = queries.case(connection, case_id)
    diagram = engine.definitions.get(connection, row.definition_id).diagram
    queries.guard_case(connection, desks.officers[0], row)
    queries.tasks_of_case(connection, case_id)
    queries.open_tasks(connection, case_id)
    queries.history(connection, case_id)
    queries.notices(connection, case_id)
    queries.deadlines_of(connection, case_id, diagram)


def measure(desks: Desks, times: int, seed: int = 1) -> dict[str, list[float]]:
    """The milliseconds of each look, `times` of them, by turns so that all meet the same machine."""
    chance = Random(seed)
    found = looks(desks, chance)
    spent: dict[str, list[float]] = {name: [] for name in found}
    for turn in range(times + 1):
        for name, look in found.items():
            who = chance.choice(desks.officers)
            with desks.platform.engine.reading() as connection:
                begin = time.perf_counter()
                look(connection, who)
                took = time.perf_counter() - begin
            if turn:  # what is read once is read before
                spent[name].append(took * 1000)
    return spent


def tell(spent: Mapping[str, list[float]]) -> Iterator[str]:
    """The figures in lines."""
    base = statistics.median(next(iter(spent.values())))
    width = max(len(name) for name in spent)
    for name, took in spent.items():
        cuts = statistics.quantiles(took, n=100)
        yield (
            f"  {name:{width}}  p50 {cuts[49]:9.3f} ms {cuts[49] / base:8.1f}x   "
            f"p95 {cuts[94]:9.3f} ms {cuts[94] / base:8.1f}x"
        )


def database(size: Size, url: str | None) -> tuple[Engine, Desks, float]:
    """The full database, made if it is not there, and the seconds that took."""
    begin = time.perf_counter()
    engine, ready = _on_sqlite(size) if url is None else _on_postgres(url, size)
    if ready:
        return engine, stands(engine, size), 0.0
    upgrade(engine)
    desks = fill(engine, size)
    return engine, desks, time.perf_counter() - begin


def _on_sqlite(size: Size) -> tuple[Engine, bool]:
    folder = Path(tempfile.gettempdir()) / "zhiban-bench"
    folder.mkdir(exist_ok=True)
    file = folder / f"desks-{size.closed}-{size.waiting}-{size.held}-{size.officers}.db"
    ready = file.exists() and _is_full(open_database(f"sqlite:///{file}"), size)
    if not ready:
        for old in folder.glob(f"{file.name}*"):
            old.unlink()
    engine = open_database(f"sqlite:///{file}")
    if not ready:  # what is written now need not outlive the machine
        sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    return engine, ready


def _on_postgres(url: str, size: Size) -> tuple[Engine, bool]:
    engine = open_database(url, connect_args={"options": f"-csearch_path={SCHEMA}"})
    ready = _is_full(engine, size)
    if not ready:
        plain = sa.create_engine(driver_url(url))
        with plain.begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(sa.schema.CreateSchema(SCHEMA))
        plain.dispose()
    return engine, ready


def _is_full(engine: Engine, size: Size) -> bool:
    """Whether all cases stand there, in the schema that the code knows."""
    try:
        with engine.connect() as connection:
            upgraded = sa.inspect(connection).has_table("case_words")
            count = sa.select(sa.func.count()).select_from(cases)
            full = upgraded and connection.execute(count).scalar_one() == size.closed + size.waiting + 2
    except sa.exc.SQLAlchemyError:
        return False
    if full:
        upgrade(engine)
    return full


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=2_000_000, help="closed cases")
    options.add_argument("--open", type=int, default=40_000, help="open cases, each with an open task")
    options.add_argument("--done", type=int, default=80_000, help="tasks done in closed cases")
    options.add_argument("--officers", type=int, default=2_000)
    options.add_argument("--times", type=int, default=100, help="how often each look is taken")
    given = options.parse_args()
    size = Size(given.cases, given.open, given.done, given.officers)
    engine, desks, made = database(size, os.environ.get("ZHIBAN_DATABASE"))
    told = f"made in {made:.0f} s" if made else "made before"
    print(f"{size.told()}; {engine.dialect.name}, {platform.python_version()}; {told}")
    for line in tell(measure(desks, given.times)):
        print(line)
    engine.dispose()


if __name__ == "__main__":
    main()
