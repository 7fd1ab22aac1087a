"""How long a durable "complete user task" step of the appeal takes, beside the stock engine.

Both walk the same loop of the appeal (sign, contact, handle, call back: dissatisfied, dispatch
again) on SQLite with synchronous=FULL, in one run. Ours is the whole step as a person causes it:
guard, form, engine, case, tasks, timers, history, notices, commit. Stock is SpiffWorkflow with
cached specs: load the JSON, complete the task, run on, save the JSON, commit; nothing else.
Prints wall times; asserts nothing.
"""

import argparse
import gc
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from engine import identity, runtime, worktime  # noqa: E402
from engine.clock import ControlledClock  # noqa: E402
from engine.database import open_database, writing  # noqa: E402
from engine.identity import demo  # noqa: E402
from engine.identity.tables import accounts  # noqa: E402
from engine.migrations import upgrade  # noqa: E402
from engine.repository import Bundle, deploy, read_bundle  # noqa: E402
from tests.benchmarks.stock import Model, finish  # noqa: E402

HOME = Path(__file__).parents[2]
BEGIN = datetime(2026, 3, 11, 1, tzinfo=UTC)
START = {
    "uscc": "91441802MA4X1Q2T0K", "contact": "罗婷", "phone": "13800000001", "channel": "网页",
    "type": "用工社保", "title": "社保补缴", "content": "请协助办理社保补缴。",
}  # fmt: skip
LOOP: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("sign", "admin", {"sign": "签收"}),
    ("contact", "handler", {"contacted_at": "2026-03-11T09:00", "contact_method": "电话",
                            "contact_person": "罗婷", "contact_finding": "情况属实"}),
    ("handle", "handler", {"result": "已解决", "answer": "已为企业办理补缴。"}),
    ("callback", "platform", {"reached": "接通", "contacted_by_department": "是", "solved": "未解决",
                              "satisfaction": "不满意", "dissatisfaction_reasons": ["结果"]}),
    ("redispatch", "platform", {"redispatch_requirement": "请再次核实。"}),
)  # fmt: skip
DEPARTMENTS = [row[0] for row in demo.DEPARTMENTS]


def endless() -> Bundle:
    """The appeal with the threshold of supervision (a parameter of the diagram) out of reach."""
    bundle = read_bundle(HOME / "processes" / "appeal", HOME / "forms")
    threshold = b"get value(dissatisfied, answerer) &gt; 2<"
    assert threshold in bundle.diagram
    return replace(bundle, diagram=bundle.diagram.replace(threshold, threshold[:-2] + b"1000000<"))


class Ours:
    """The real runtime; each redispatch goes to the next department."""

    def __init__(self, folder: Path) -> None:
        self.engine = runtime.Engine(open_database(f"sqlite:///{folder}/ours.db"), ControlledClock(BEGIN))
        upgrade(self.engine.database)
        with self.engine.writing() as connection:
            worktime.seed(connection)
            demo.load_demo(connection, BEGIN)
            deploy(connection, endless(), operations=self.engine.operations, actor="system", now=BEGIN)
        self.people = {}
        with self.engine.reading() as connection:
            for row in connection.execute(sa.select(accounts.c.id, accounts.c.username)):
                self.people[row.username] = identity.load_actor(connection, row.id)

    def begin(self) -> None:
        with self.engine.writing() as connection:
            started = runtime.start_case(
                self.engine, connection, actor=self.people["jingmi"], process="appeal", values=START
            )
        self.case, self.task = started.case_id, started.opened[0]
        self.department = 0
        self.step("platform", {"outcome": "派发", "type": "用工社保", "complexity": "一般",
                               "department": DEPARTMENTS[0]})  # fmt: skip

    def person(self, role: str) -> str:
        code = DEPARTMENTS[self.department % len(DEPARTMENTS)]
        return {"platform": "platform", "admin": f"{code}-admin", "handler": f"{code}-1"}[role]

    def step(self, username: str, values: dict[str, Any]) -> float:
        begin = time.perf_counter()
        with self.engine.writing() as connection:
            done = runtime.complete(
                self.engine, connection, actor=self.people[username], task_id=self.task, values=values
            )
        spent = time.perf_counter() - begin
        self.task = done.opened[0]
        return spent * 1000

    def round(self) -> list[float]:
        spent = []
        for element, role, values in LOOP:
            if element == "redispatch":
                self.department += 1
                values = {**values, "department": DEPARTMENTS[self.department % len(DEPARTMENTS)]}
                spent.append(self.step("platform", values))
            else:
                spent.append(self.step(self.person(role), values))
        return spent


class Stock:
    """Stock classes on the same diagram: load the JSON, complete, run on, save the JSON, commit."""

    def __init__(self, folder: Path) -> None:
        self.model = Model(HOME / "processes" / "appeal" / "appeal.bpmn")
        self.serializer = self.model.serializer()
        self.database = open_database(f"sqlite:///{folder}/stock.db")
        with self.database.begin() as connection:
            connection.execute(sa.text("CREATE TABLE runs (id INTEGER PRIMARY KEY, state TEXT NOT NULL)"))

    def begin(self) -> None:
        workflow = self.model.start(START)
        finish(workflow, "triage", {"outcome": "派发"})
        state = self.serializer.serialize_json(workflow)
        with self.database.begin() as connection:
            connection.execute(sa.text("DELETE FROM runs"))
            connection.execute(sa.text("INSERT INTO runs VALUES (1, :state)"), {"state": state})

    def step(self, element: str, values: dict[str, Any]) -> float:
        begin = time.perf_counter()
        with writing(self.database) as connection:
            text = connection.exec_driver_sql("SELECT state FROM runs WHERE id = 1").scalar_one()
            workflow = self.serializer.deserialize_json(text)
            finish(workflow, element, values)
            state = self.serializer.serialize_json(workflow)
            connection.exec_driver_sql("UPDATE runs SET state = ? WHERE id = 1", (state,))
        return (time.perf_counter() - begin) * 1000

    def round(self) -> list[float]:
        return [self.step(element, values) for element, _, values in LOOP]


BLOCK = 20  # cases of one engine before the other has its turn: each runs as it would alone


def compare(cases: int) -> tuple[list[float], list[float]]:
    """Steps of `cases` cases of one round each, by turns in blocks, so that both meet the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        ours, stock = Ours(Path(folder)), Stock(Path(folder))
        for engine in (ours, stock):  # what is read once is read before
            engine.begin()
            engine.round()
        gc.collect()
        gc.freeze()  # as a serving process does, for both
        spent: tuple[list[float], list[float]] = ([], [])
        for first in range(0, cases, BLOCK):
            for engine, kept in ((ours, spent[0]), (stock, spent[1])):
                for _ in range(min(BLOCK, cases - first)):
                    engine.begin()
                    kept.extend(engine.round())
    return spent


def redispatch(rounds: int) -> list[float]:
    """The redispatch step of one case, `rounds` times over."""
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(Path(folder))
        ours.begin()
        return [ours.round()[-1] for _ in range(rounds)]


def figures(spent: list[float]) -> str:
    cuts = statistics.quantiles(spent, n=100)
    return f"p50 {cuts[49]:6.3f} ms   p95 {cuts[94]:6.3f} ms   ({len(spent)} steps)"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=1000, help="redispatches of one case")
    options.add_argument("--cases", type=int, default=200, help="cases for the comparison")
    given = options.parse_args()
    mine, theirs = compare(given.cases)
    print(f"complete a user task, durable, SQLite synchronous=FULL, {platform.python_version()}, wall time")
    print(f"  zhiban  {figures(mine)}")
    print(f"  stock   {figures(theirs)}   (cached specs)")
    print(f"  stock / zhiban at p50: {statistics.median(theirs) / statistics.median(mine):.2f}")
    spent = redispatch(given.rounds)
    first, last = statistics.median(spent[5:25]), statistics.median(spent[-20:])
    print(f"one case dispatched again {given.rounds} times: the redispatch step's median")
    print(f"  first 20 {first:.3f} ms, last 20 {last:.3f} ms")
    print(f"  last / first: {last / first:.2f}")


if __name__ == "__main__":
    main()
