"""A kill between any two statements of a step: the step has happened wholly or not at all.

Each step is taken by a process that dies before its 1st, 2nd, 3rd … statement, before its COMMIT and
just behind it, until one lives through it. After each death the whole database is looked at.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pytest
import sqlalchemy as sa

from engine import runtime
from engine.errors import Conflict
from engine.runtime.tables import timers
from tests.bpmn.drawing import boundary
from tests.runtime.agreement import agree, intact, picture, sizes
from tests.runtime.answers import finish, lead_to, short
from tests.runtime.small import small
from tests.runtime.stage import HOME, Platform, submission

Request = dict[str, Any]
_HELD = sa.text(
    "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND l.pid <> pg_backend_pid()"
)


class Victims:
    """The program that forks and dies."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        url = platform.database.url.render_as_string(hide_password=False)
        schema = ""
        if platform.database.dialect.name == "postgresql":
            with platform.engine.reading() as connection:
                schema = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
        self.arguments = [sys.executable, "-m", "tests.faults.victim", url, schema]

    @cached_property
    def process(self) -> "subprocess.Popen[str]":
        """Begun with the first step, since it reads the definitions once."""
        pipe = subprocess.PIPE
        return subprocess.Popen(self.arguments, cwd=HOME, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def take(self, request: Request, at: int) -> bool:
        """Take the step, to die before statement `at`. Whether it lived through it."""
        assert self.process.stdin and self.process.stdout and self.process.stderr
        asked = {**request, "at": at, "moment": self.platform.clock.now().isoformat()}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["killed"] or answer["code"] == 0, self.end()
        if answer["killed"]:
            self.bury()
        return not answer["killed"]

    def bury(self) -> None:
        """Wait until the server has noticed the death: till then the dead still hold their locks."""
        if self.platform.database.dialect.name != "postgresql":
            return
        for _ in range(1000):
            with self.platform.engine.reading() as connection:
                if not connection.execute(_HELD).scalar():
                    return
            time.sleep(0.01)
        raise AssertionError("the server still holds the locks of a process that is dead")

    def end(self) -> str:
        _, told = self.process.communicate(timeout=10)
        return told[-3000:]


@pytest.fixture
def victims(platform: Platform) -> Iterator[Victims]:
    found = Victims(platform)
    yield found
    if found.process.poll() is None:
        found.end()


@dataclass
class Deed:
    """A step, and how a case comes to where it can be taken."""

    prepare: Callable[[Platform], str]
    request: Callable[[Platform, str], Request]


def at_task(element: str) -> Callable[[Platform], str]:
    return lambda platform: lead_to(platform, element)


def completing(platform: Platform, case_id: str, element: str = "") -> Request:
    task = next(t for t in platform.open(case_id) if element in ("", t.element))
    known = task.element in ("u1", "u2")
    values = {"note": "x"} if known else short(platform, task)
    return {"act": "complete", "task": task.id, "actor": platform.worker(task).id, "values": values}


def claiming(platform: Platform, case_id: str) -> Request:
    task = platform.one(case_id)
    return {"act": "claim", "task": task.id, "actor": platform.worker(task).id}


def claimed(platform: Platform) -> str:
    case_id = platform.start()
    task = platform.one(case_id)
    with platform.engine.writing() as connection:
        runtime.claim(platform.engine, connection, actor=platform.worker(task), task_id=task.id)
    return case_id


def releasing(platform: Platform, case_id: str) -> Request:
    return {**claiming(platform, case_id), "act": "release"}


def overdue(platform: Platform, case_id: str) -> Request:
    """Exactly one timer of the case is due."""
    first = min(row.retry_at for row in platform.rows(timers, timers.c.case_id == case_id))
    platform.clock.move_to(max(first, platform.clock.now()))
    return {"act": "fire"}


def small_case(platform: Platform) -> str:
    return platform.start("platform", "small", note="x")


def delivering(platform: Platform, case_id: str) -> Request:
    actor = platform.actors["platform"].id
    return {"act": "deliver", "case": case_id, "actor": actor, "values": {"go": "1"}}


MESSAGE = '<b:messageEventDefinition messageRef="msg"/>'
PROCESS = small(
    "s>u1>e b>u2>e2 m1>u3>e3",
    {"b": boundary("b", "u1"), "m1": boundary("m1", "u1", MESSAGE)},
)
DEEDS = {
    "claim": Deed(lambda p: p.start(), claiming),
    "release": Deed(claimed, releasing),
    "triage is completed": Deed(at_task("triage"), completing),
    "a sub-process ends": Deed(at_task("handle"), completing),
    "the last task is completed": Deed(lambda p: rated(p), completing),
    "a timer reminds": Deed(lambda p: p.start(), overdue),
    "a timer interrupts": Deed(small_case, overdue),
    "a message interrupts": Deed(small_case, delivering),
}


def rated(platform: Platform) -> str:
    """A case whose next step is its last."""
    case_id = lead_to(platform, "rate_service")
    platform.complete(case_id, "rate_service", **short(platform, platform.one(case_id, "rate_service")))
    return case_id


def end(platform: Platform, case_id: str) -> None:
    """The case goes on to its end, and nothing of it is left to fire."""
    if platform.case(case_id).process == "small":
        while platform.open(case_id):
            platform.complete(case_id, note="x")
    else:
        finish(platform, case_id)
    assert platform.case(case_id).state == "ended"
    agree(platform.engine, case_id)


def difference(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in after.items() if count != before[name]}


@pytest.mark.parametrize("name", DEEDS)
def test_a_step_that_is_killed_anywhere_has_happened_wholly_or_not_at_all(
    platform: Platform, victims: Victims, name: str
) -> None:
    deed = DEEDS[name]
    if "interrupts" in name:
        platform.deploy(PROCESS)
    undisturbed = deed.prepare(platform)
    request, before = deed.request(platform, undisturbed), sizes(platform.engine)
    assert victims.take(request, at=0)
    wanted = difference(before, sizes(platform.engine))
    kinds = platform.kinds(undisturbed)
    end(platform, undisturbed)

    at, deaths, lived = 0, 0, False
    while not lived:
        case_id = deed.prepare(platform)
        request = deed.request(platform, case_id)
        seen, before = picture(platform.engine), sizes(platform.engine)
        while True:
            at += 1
            lived = victims.take(request, at)
            deaths += not lived
            if (now := picture(platform.engine)) != seen:
                break
            assert not lived, "who lives through a step has taken it"
            platform.pass_time(seconds=61)  # a dead worker's lease runs out
        assert difference(before, sizes(platform.engine)) == wanted
        assert {table for table in now if now[table] != seen[table]} >= set(wanted)
        assert platform.kinds(case_id) == kinds
        agree(platform.engine, case_id)
        taken_already(platform, request)
        assert picture(platform.engine) == now
        end(platform, case_id)
    assert deaths > 8
    intact(platform.engine)


def taken_already(platform: Platform, request: Request) -> None:
    """Who asks for the same once more changes nothing."""
    with platform.engine.reading() as connection:
        actor = next((a for a in platform.actors.values() if a.id == request.get("actor")), None)
        assert connection is not None
    if request["act"] == "fire":
        platform.pass_time(seconds=61)
        assert runtime.fire_due(platform.engine) == 0
    elif request["act"] == "complete":
        with pytest.raises(Conflict) as caught, platform.engine.writing() as connection:
            runtime.complete(
                platform.engine, connection, actor=actor, task_id=request["task"], values=request["values"]
            )
        assert actor is not None and caught.value.facts["who"] == actor.name
    elif request["act"] == "claim":
        with platform.engine.writing() as connection:
            runtime.claim(platform.engine, connection, actor=actor, task_id=request["task"])


def test_a_submission_that_is_killed_anywhere_is_there_once_when_it_is_sent_again(
    platform: Platform, victims: Victims
) -> None:
    platform.start()  # so that the day's counter exists
    actor = platform.actors["jingmi"].id
    at, lived, made, empty = 0, False, 0, sizes(platform.engine)
    while not lived:
        request = {
            "act": "submit",
            "key": f"key-{made}",
            "actor": actor,
            "process": "appeal",
            "values": submission(),
        }
        before = picture(platform.engine)
        while (now := picture(platform.engine)) == before:
            at += 1
            lived = victims.take(request, at)
        made += 1
        assert victims.take(request, at=0), "sent again, it is answered"
        assert picture(platform.engine) == now, "and makes no second case"
    grown = difference(empty, sizes(platform.engine))
    assert grown["cases"] == grown["answers"] == made and made >= 2 and at > 15
    numbers = sorted(row[1] for row in now["cases"])
    assert [n[-4:] for n in numbers] == [f"{i:04}" for i in range(1, made + 2)], "no number is lost"
    for case_id in (row[0] for row in now["cases"]):
        agree(platform.engine, case_id)
        end(platform, case_id)
    intact(platform.engine)


def test_of_many_due_timers_each_fires_once_though_worker_after_worker_is_killed(
    platform: Platform, victims: Victims
) -> None:
    case_ids = [platform.start() for _ in range(12)]
    platform.pass_all_due()
    due = platform.count(timers)
    for round_ in range(60):
        lived = victims.take({"act": "fire"}, at=7 + 23 * round_ % 41)
        platform.clock.move_to(platform.clock.now() + timedelta(seconds=61))
        if lived and not platform.count(timers):
            break
    assert platform.count(timers) == 0 and due == 24
    for case_id in case_ids:
        fired = sorted(h.element for h in platform.history(case_id) if h.kind == "timer.fired")
        assert fired == ["triage_due_soon", "triage_overdue"]
        agree(platform.engine, case_id)
    intact(platform.engine)
