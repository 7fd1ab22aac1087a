"""One case that is dispatched again a thousand times: its last round costs what its third did."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.database import open_database
from engine.migrations.schema import metadata
from engine.runtime.tables import case_states, timers
from tests.runtime.agreement import agree, intact, stored_run
from tests.runtime.answers import short
from tests.runtime.stage import Platform, appeal, open_platform

ROUNDS = 1000
SUPERVISED_AFTER = b"get value(dissatisfied, answerer) &gt; 2"


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Platform]:
    """A platform, on SQLite, whose appeal never comes under supervision."""
    database = open_database(f"sqlite:///{tmp_path}/long.db")
    sa.event.listen(database, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    metadata.create_all(database)
    platform = open_platform(database)
    bundle = appeal()
    assert bundle.diagram.count(SUPERVISED_AFTER) == 1
    endless = bundle.diagram.replace(SUPERVISED_AFTER, SUPERVISED_AFTER.replace(b"2", b"100000"))
    platform.deploy(replace(bundle, diagram=endless))
    yield platform
    database.dispose()


class Routine:
    """Does the same round again and again: who answers what is looked up only the first time."""

    def __init__(self, platform: Platform) -> None:
        self.platform, self.case_id = platform, platform.start()
        self.next = platform.one(self.case_id).id
        self.known: dict[str, tuple[Any, dict[str, Any]]] = {}

    def take(self, element: str) -> None:
        if element not in self.known:
            self.known[element] = self.answer(element)
        actor, values = self.known[element]
        engine = self.platform.engine
        with engine.writing() as connection:
            done = runtime.complete(engine, connection, actor=actor, task_id=self.next, values=values)
        (self.next,) = done.opened

    def answer(self, element: str) -> tuple[Any, dict[str, Any]]:
        task = self.platform.one(self.case_id, element)
        values = short(self.platform, task)
        if element == "callback":
            values.update(satisfaction="不满意", dissatisfaction_reasons=["时效"])
        if element == "redispatch":
            values = {"department": "tax", "redispatch_requirement": "请再办"}
        return self.platform.worker(task), values


def test_a_thousand_redispatches_stay_flat(patient: Platform) -> None:
    platform, routine = patient, Routine(patient)
    case_id = routine.case_id
    routine.take("triage")
    seen: list[tuple[int, int, int]] = []
    for round_ in range(ROUNDS):
        for element in ("sign", "contact", "handle", "callback", "redispatch"):
            routine.take(element)
        platform.clock.move_to(platform.clock.now() + timedelta(minutes=1))
        if round_ % 100 == 50:  # a process that knows nothing goes on as one that does
            platform.engine = platform.restarted(shared_definitions=True)
        if round_ < 5 or round_ % 20 == 19:
            with platform.engine.reading() as connection:
                row = connection.execute(sa.select(case_states)).one()
                tokens = sum(1 for _ in stored_run(platform.engine, connection, case_id).all_tokens())
            seen.append((tokens, len(row.tokens), len(row.variables)))
    for name, counts in zip(("tokens", "stored run", "variables"), zip(*seen, strict=True), strict=True):
        allowed = 0 if name == "tokens" else 40  # numbers get more digits
        assert max(counts) <= max(counts[:5]) + allowed, f"{name}: {counts[:5]} … {counts[-5:]}"
    assert platform.variables(case_id)["round"] == ROUNDS + 1
    assert platform.count(timers) == 1, "of all rounds only the open one's limit is left"
    agree(platform.engine, case_id)
    intact(platform.engine)
