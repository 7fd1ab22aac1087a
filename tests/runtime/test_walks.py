"""Random walks of the appeal: whatever people and the clock do, rows and run agree and the case goes on."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.errors import Conflict, NotAllowed
from engine.runtime.queries import TaskRow
from engine.runtime.tables import case_states, timers
from tests.runtime.agreement import agree, intact
from tests.runtime.answers import RANDOM, submit
from tests.runtime.stage import USCC, Platform

STATUS = {
    "triage": "待研判",
    "direct_answer": "办理中",
    "sign": "待签收",
    "ruling": "待裁定",
    "contact": "待联系",
    "handle": "办理中",
    "callback": "待回访",
    "redispatch": "待重派",
    "supervision_handle": "督办中",
    "supervision_check": "督办中",
    "supervision_callback": "督办中",
    "rate_online": "办结(未评价)",
    "rate_service": "待评价",
    "rate_enterprise": "待评价",
}
ENDED = ("不予受理", "办结", "办结(未评价)")


def waits_for(task: TaskRow, variables: dict[str, Any]) -> set[str]:
    """Whom the task waits for, by the book and not by the diagram."""
    department = variables.get("department")
    return {
        "sign": {f"admin@{department}"},
        "contact": {f"handler@{department}"},
        "handle": {f"handler@{department}"},
        "ruling": {"control-centre"},
        "supervision_handle": {f"admin@{department}", f"handler@{department}"},
        "supervision_check": {"supervisor"},
        "rate_online": {f"enterprise@{USCC}"},
        "rate_service": {f"enterprise@{USCC}"},
        "rate_enterprise": {f"admin@{department}" if department else "platform"},
    }.get(task.element, {"platform"})


class Walk:
    """One case, one source of chance, and after each step every promise is looked at."""

    def __init__(self, platform: Platform, seed: int) -> None:
        self.platform, self.chance = platform, Random(seed)
        self.case_id = platform.start(**submit(self.chance))
        self.trail = ["start"]
        self.check()

    def step(self) -> bool:
        waiting = self.platform.open(self.case_id)
        clocks = self.platform.rows(timers, timers.c.case_id == self.case_id)
        if not waiting and not clocks:
            return False
        draw = self.chance.random()
        if clocks and (draw < 0.25 or not waiting):
            self.fire(clocks)
        elif draw < 0.4:
            self.hand(self.chance.choice(waiting))
        else:
            self.complete(self.chance.choice(waiting))
        self.check()
        return True

    def fire(self, clocks: list[Any]) -> None:
        """Time passes until one of the timers is due; what is due by then fires."""
        moment = self.chance.choice(clocks).retry_at
        self.platform.clock.move_to(max(moment, self.platform.clock.now()))
        due = [row for row in clocks if row.retry_at <= self.platform.clock.now()]
        self.trail.append(f"fire {sorted(row.element for row in due)}")
        before = self.platform.kinds(self.case_id).count("timer.fired")
        runtime.fire_due(self.platform.engine)
        assert self.platform.kinds(self.case_id).count("timer.fired") == before + len(due)

    def hand(self, task: TaskRow) -> None:
        actor = self.platform.worker(task)
        verb = runtime.release if task.assignee else runtime.claim
        self.trail.append(f"{verb.__name__} {task.element}")
        with self.platform.engine.writing() as connection:
            version = verb(
                self.platform.engine, connection, actor=actor, task_id=task.id, version=task.version
            )
        assert version == task.version + 1

    def complete(self, task: TaskRow) -> None:
        """Once in a process that knows nothing, undone; once for good. Both lead to the same."""
        self.platform.clock.move_to(self.platform.clock.now() + timedelta(minutes=self.chance.randrange(300)))
        values = RANDOM[task.element](self.chance, self.platform, task)
        actor = self.platform.worker(task)
        self.trail.append(f"complete {task.element} {values}")
        cold = self.platform.restarted(shared_definitions=True)
        with cold.writing() as connection:
            runtime.complete(cold, connection, actor=actor, task_id=task.id, values=values)
            expected = self.outcome(connection)
            connection.rollback()
        engine = self.platform.engine
        with engine.writing() as connection:
            runtime.complete(engine, connection, actor=actor, task_id=task.id, values=values)
            assert self.outcome(connection) == expected

    def outcome(self, connection: Any) -> dict[str, Any]:
        """What a step led to, without the keys that are drawn anew each time."""
        waiting = runtime.queries.open_tasks(connection, self.case_id)
        clocks = connection.execute(sa.select(timers).where(timers.c.case_id == self.case_id)).all()
        state = connection.execute(sa.select(case_states).where(case_states.c.case_id == self.case_id)).one()
        told = runtime.queries.history(connection, self.case_id)
        return {
            "case": runtime.queries.case(connection, self.case_id),
            "tasks": Counter((t.element, t.assignee, t.candidates, t.due_at, t.urgent) for t in waiting),
            "timers": Counter((t.token, t.element, t.due_at) for t in clocks),
            "tokens": bytes(state.tokens),
            "variables": runtime.variables(connection, self.case_id),
            "history": [(h.kind, h.element, {**h.data, "task": ""}) for h in told],
        }

    def check(self) -> None:
        agree(self.platform.engine, self.case_id)
        case, waiting = self.platform.case(self.case_id), self.platform.open(self.case_id)
        variables = self.platform.variables(self.case_id)
        for task in waiting:
            assert set(task.candidates) == waits_for(task, variables)
            assert task.due_at is not None and case.status == STATUS[task.element]
        assert waiting or case.status in ENDED
        assert case.department == (variables.get("department") or "")
        assert case.type == variables["type"] and case.title == variables["title"]


@pytest.mark.parametrize("seed", range(14))
def test_a_random_walk_keeps_every_promise_after_every_step(platform: Platform, seed: int) -> None:
    walk = Walk(platform, seed)
    try:
        for _ in range(45):
            if not walk.step():
                break
    except AssertionError as error:
        raise AssertionError("\n".join(walk.trail[-6:])) from error
    intact(platform.engine)


def test_the_walks_come_by_every_task_of_the_appeal(platform: Platform) -> None:
    seen = set()
    for seed in range(100, 112):
        walk = Walk(platform, seed)
        for _ in range(45):
            seen |= {task.element for task in platform.open(walk.case_id)}
            if seen >= set(STATUS) or not walk.step():
                break
        if seen >= set(STATUS):
            break
    assert seen == set(STATUS)


def test_a_stranger_changes_nothing(platform: Platform) -> None:
    case_id = platform.start()
    task, before = platform.one(case_id), platform.history(case_id)
    for username, actor in platform.actors.items():
        if "platform" in actor.roles:
            continue
        for verb in (runtime.claim, runtime.release):
            with pytest.raises((NotAllowed, Conflict)), platform.engine.writing() as connection:
                verb(platform.engine, connection, actor=actor, task_id=task.id)
        with pytest.raises(NotAllowed), platform.engine.writing() as connection:
            runtime.complete(platform.engine, connection, actor=actor, task_id=task.id, values={})
        assert platform.one(case_id) == task, username
    assert platform.history(case_id) == before
