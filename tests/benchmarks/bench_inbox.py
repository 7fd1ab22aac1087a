"""What the officer's desk costs in a database that is full: inbox, counts, search, the case's page.

With 2 million closed cases, 40,000 open ones, 120,000 task rows and 2,000 officers, of whom one has 500 open
tasks and some ten times as many as others. Each look is taken by turns as the one with the fullest desk, as
an officer of the platform, as a department's administrator, as a handler and as somebody at random, in a
transaction of its own; pages are opened through the application, from the session to the HTML.

Prints a table in milliseconds: the first look of all (on SQLite after the file has been dropped from the
system's memory), p50 and p95, and whose p95 is the worst; then, whether any statement reads a whole large
table. Asserts nothing.

The full database is made once and kept in the folder for temporary files; or, with `--database` (or
ZHIBAN_DATABASE) naming a PostgreSQL server, in a schema of its own there (`zhiban_desks_2`).
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection, Engine

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from engine.clock import local  # noqa: E402
from engine.database import Prepared, driver_url, open_database  # noqa: E402
from engine.identity import Actor  # noqa: E402
from engine.migrations import upgrade  # noqa: E402
from engine.runtime import queries, search  # noqa: E402
from engine.runtime.queries.inbox import kept  # noqa: E402
from engine.runtime.tables import cases  # noqa: E402
from tests.benchmarks.desks import BUSY, OFFICES, Desks, Size, fill, stands  # noqa: E402
from tests.benchmarks.plans import breaches, listening  # noqa: E402
from webui.app import create_app  # noqa: E402

SCHEMA = "zhiban_desks_2"
PAGE = 25
ROLES = ("platform", "admin", "handler")
KINDS = 5  # of readers
_trivial = Prepared(sa.select(cases.c.state).where(cases.c.id == sa.bindparam("key")))
Look = Callable[[Connection, Actor], Any]


@dataclass
class Spent:
    """Milliseconds of one look: the first one, and the others by who looked."""

    first: float = 0.0
    by: dict[str, list[float]] = field(default_factory=dict)

    def every(self) -> list[float]:
        return [took for found in self.by.values() for took in found]

    def quantile(self, percent: int) -> float:
        return _quantile(self.every(), percent)

    def worst(self) -> tuple[str, float]:
        """Who waits longest, by p95."""
        kind = max(self.by, key=lambda one: _quantile(self.by[one], 95))
        return kind, _quantile(self.by[kind], 95)


def _quantile(took: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie; of few values the next one above."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def looks(desks: Desks, chance: Random) -> Mapping[str, Look]:
    """Everything that is measured, by what it is called."""
    now = desks.platform.clock.now()
    found: dict[str, Look] = {
        "one row by its key": lambda c, _: _trivial(c, key=desks.pages[0]),
    }
    for tab in queries.TABS:
        found[f"inbox, {tab}"] = _tab(tab)
    for text in ("社保", "社保补缴发票"):
        found[f"inbox, claimable with {text}"] = _words("claimable", text)
        found[f"inbox, done with {text}"] = _words("done", text)
    found["inbox, copies"] = lambda c, who: kept.copied(c, who, limit=PAGE)
    found["inbox, followed"] = lambda c, who: kept.followed(c, who, limit=PAGE)
    found["inbox, counts of all tabs"] = _counts
    asked: dict[str, Callable[[], search.Asked]] = {
        "no word": lambda: search.Asked(moment=now),
        "a frequent word": lambda: search.Asked(text="社保", moment=now),
        "one character": lambda: search.Asked(text="补", moment=now),
        "two words": lambda: search.Asked(text="社保 消防", moment=now),
        "a rare phrase": lambda: search.Asked(text="社保补缴发票", moment=now),
        "the beginning of a credit code": lambda: search.Asked(text="914400000000000", moment=now),
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


def pages(app: Flask, chance: Random) -> Mapping[str, Look]:
    """Whole pages, opened through the application as each reader."""
    addresses = {
        "page: inbox": lambda: "/inbox",
        "page: inbox, claimable": lambda: "/inbox?tab=claimable",
        "page: inbox, words": lambda: "/inbox?tab=claimable&text=社保",
        "page: all cases": lambda: "/cases",
        "page: cases by a frequent word": lambda: "/cases?text=社保",
        "page: cases by a rare phrase": lambda: "/cases?text=社保补缴发票",
        "page: overdue cases": lambda: "/cases?due=late",
        "page: cases of an enterprise": lambda: f"/cases?text=9144{chance.randrange(5000):014}"[:-2],
    }
    return {name: _opened(app, address) for name, address in addresses.items()}


def _app(desks: Desks) -> Flask:
    database = desks.platform.engine.database
    url = database.url
    if database.dialect.name == "postgresql":
        with database.connect() as connection:
            schema = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
        url = url.update_query_dict({"options": f"-csearch_path={schema}"})
    return create_app(
        {
            "DATABASE": url.render_as_string(hide_password=False),
            "SECRET_KEY": "bench",
            "CLOCK": desks.platform.clock,
            "TESTING": True,
            "LOG_REQUESTS": False,
        }
    )


def _opened(app: Flask, address: Callable[[], str]) -> Look:
    def look(_connection: Connection, who: Actor) -> None:
        client = app.test_client()
        with client.session_transaction() as session:
            moment = int(local(app.extensions["zhiban"].clock.now()).timestamp())
            session.update(account=who.id, version=1, place="", since=moment, seen=moment)
        answer = client.get(address())
        assert answer.status_code == 200, answer.get_data(as_text=True)[:300]

    return look


def _tab(tab: str) -> Look:
    return lambda c, who: queries.inbox(c, who, tab, limit=PAGE)


def _words(tab: str, text: str) -> Look:
    return lambda c, who: queries.inbox(c, who, tab, filters=queries.Filters(text=text), limit=PAGE)


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
    queries.last_done(connection, case_id, desks.officers[0].id, 3)
    queries.open_tasks(connection, case_id)
    queries.lately(connection, case_id, most=400)
    queries.last_notices(connection, case_id, 12)
    queries.open_deadlines_of(connection, case_id, diagram)
    queries.last_over(connection, case_id, diagram, 20)


def cast(desks: Desks, chance: Random) -> Mapping[str, Actor]:
    """Who looks: one of each kind that sees something else."""
    kinds = {role: next(who for who in desks.officers if role in who.roles) for role in ROLES}
    busy, *rest = desks.officers[BUSY:]
    return {"fullest desk": busy, **kinds, "handler": rest[0], "anybody": chance.choice(rest)}


def measure(desks: Desks, times: int, seed: int = 1) -> dict[str, Spent]:
    """The milliseconds of each look, `times` of them, by turns so that all meet the same machine."""
    chance, app = Random(seed), _app(desks)
    found = {**looks(desks, chance), **pages(app, chance)}
    spent = {name: Spent() for name in found}
    for name, look in found.items():
        forget(desks.platform.engine.database)
        spent[name].first = _taken(desks, look, next(iter(cast(desks, chance).values())))
    for turn in range(times):
        for name, look in found.items():
            kind, who = list(cast(desks, chance).items())[turn % KINDS]
            spent[name].by.setdefault(kind, []).append(_taken(desks, look, who))
    app.extensions["zhiban"].database.dispose()
    return spent


def _taken(desks: Desks, look: Look, who: Actor) -> float:
    with desks.platform.engine.reading() as connection:
        begin = time.perf_counter()
        look(connection, who)
        return (time.perf_counter() - begin) * 1000


def forget(engine: Engine) -> None:
    """Let the system drop a file's pages, so that the next look reads the disk. A server keeps its own."""
    engine.dispose()
    if engine.dialect.name == "sqlite" and engine.url.database and hasattr(os, "posix_fadvise"):
        with open(engine.url.database, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def checked(desks: Desks, seed: int = 1) -> tuple[int, list[tuple[str, str, str, str]]]:
    """How many statements the looks send; look, reader, plan and SQL where a whole large table is read."""
    chance, count, found = Random(seed), 0, []
    engine = desks.platform.engine.database
    for name, look in looks(desks, chance).items():
        for kind, who in cast(desks, chance).items():
            with engine.connect() as connection, connection.begin(), listening(engine) as said:
                look(connection, who)
            with engine.connect() as connection:
                count += len(said)
                found += [(name, kind, line, sql[:120]) for line, sql in breaches(connection, said)]
    return count, found


def tell(spent: Mapping[str, Spent]) -> Iterator[str]:
    """The figures as a table."""
    width = max(len(name) for name in spent)
    yield f"  {'':{width}}  {'first':>9} {'p50':>9} {'p95':>9}  worst p95"
    for name, took in spent.items():
        kind, worst = took.worst()
        yield (
            f"  {name:{width}}  {took.first:9.2f} {took.quantile(50):9.2f} {took.quantile(95):9.2f}  "
            f"{worst:.2f} {kind}"
        )


def loads(desks: Desks) -> Iterator[str]:
    """How much each kind of reader has."""
    with desks.platform.engine.reading() as connection:
        for kind, who in cast(desks, Random(1)).items():
            held = queries.counts(connection, who)
            yield f"  {kind}: " + ", ".join(f"{tab} {n}{'+' * (n >= 1000)}" for tab, n in held.items())


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
    file = folder / f"desks-2-{size.closed}-{size.waiting}-{size.held}-{size.officers}.db"
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


def weight(engine: Engine) -> int:
    """The bytes that the database takes."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).stat().st_size
    every = sa.text(
        "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'"
    )
    with engine.connect() as connection:
        return int(connection.execute(every).scalar_one())


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
    options.add_argument("--database", default=os.environ.get("ZHIBAN_DATABASE", ""), help="of PostgreSQL")
    given = options.parse_args()
    size = Size(given.cases, given.open, given.done, given.officers)
    engine, desks, made = database(size, given.database if given.database.startswith("postgres") else None)
    told = f"made in {made:.0f} s" if made else "made before"
    print(f"{size.told()}; {weight(engine) / 2**30:.1f} GiB on {engine.dialect.name}, {told}")
    for line in (*loads(desks), *tell(measure(desks, given.times))):
        print(line)
    count, found = checked(desks)
    print(f"  {count} statements; " + ("no plan reads a whole large table" if not found else "read whole:"))
    for reading in found:
        print("   ", *reading)
    engine.dispose()


if __name__ == "__main__":
    main()
