"""Two workers at once: one wins, the other learns who was faster, and leaves no trace."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import history, outbox, runtime
from engine.database import is_duplicate
from engine.errors import Conflict, NotAllowed, ZhibanError
from engine.runtime.tables import cases, tasks, timers
from tests.runtime.agreement import agree, intact, sizes
from tests.runtime.answers import short
from tests.runtime.small import small
from tests.runtime.stage import Platform, submission
from tests.runtime.together import at_once

ROUNDS = 50


def workers(platform: Platform) -> list[runtime.Engine]:
    """Two processes' engines: what they share is the database."""
    return [platform.engine, platform.restarted(shared_definitions=True)]


def acting(platform: Platform, verb: Callable[..., Any], **facts: Any) -> list[Callable[[], Any]]:
    def by(engine: runtime.Engine, username: str) -> Callable[[], Any]:
        def act() -> Any:
            with engine.writing() as connection:
                return verb(engine, connection, actor=platform.actors[username], **facts)

        return act

    return [by(e, u) for e, u in zip(workers(platform), ("platform", "platform-2"), strict=True)]


def split(results: list[Any]) -> tuple[Any, ZhibanError]:
    """The one result and the one refusal."""
    won = [r for r in results if not isinstance(r, Exception)]
    lost = [r for r in results if isinstance(r, Exception)]
    assert len(won) == 1 and len(lost) == 1, results
    assert isinstance(lost[0], (Conflict, NotAllowed)), repr(lost[0])
    return won[0], lost[0]


def test_of_two_people_who_complete_a_task_at_once_one_wins(platform: Platform) -> None:
    names = {platform.actors[u].name for u in ("platform", "platform-2")}
    twin = platform.start()
    platform.complete(twin, **short(platform, platform.one(twin)))
    alone = platform.kinds(twin)
    for _ in range(ROUNDS):
        case_id = platform.start()
        task = platform.one(case_id)
        values = short(platform, task)
        done, refused = split(
            at_once(*acting(platform, runtime.complete, task_id=task.id, values=values, version=task.version))
        )
        assert done.case_id == case_id
        assert refused.facts["who"] in names and refused.facts["did"] == "办理"
        assert refused.facts["when"] == "2026-03-11 09:00" and "{" not in refused.say()
        (closed,) = platform.rows(tasks, tasks.c.id == task.id)
        assert closed.state == "done" and platform.actors["platform"].id != refused.facts["who"]
        assert platform.kinds(case_id) == alone
        agree(platform.engine, case_id)
    intact(platform.engine)


def test_of_two_people_who_claim_a_task_at_once_one_has_it(platform: Platform) -> None:
    for _ in range(ROUNDS):
        case_id = platform.start()
        task = platform.one(case_id)
        version, refused = split(at_once(*acting(platform, runtime.claim, task_id=task.id)))
        now = platform.one(case_id)
        assert version == now.version == 2
        assert refused.facts["who"] == now.assignee_name and refused.facts["did"] == "认领"
        assert platform.kinds(case_id).count("task.claimed") == 1
        agree(platform.engine, case_id)
    intact(platform.engine)


def test_one_claims_while_another_completes(platform: Platform) -> None:
    for _ in range(ROUNDS):
        case_id = platform.start()
        task = platform.one(case_id)
        values = short(platform, task)
        claiming, _ = acting(platform, runtime.claim, task_id=task.id)
        _, completing = acting(platform, runtime.complete, task_id=task.id, values=values)
        split(at_once(claiming, completing))
        agree(platform.engine, case_id)
    intact(platform.engine)


def test_a_timer_that_interrupts_and_the_person_meet(platform: Platform) -> None:
    """The task's own deadline ends it at the moment at which it is completed."""
    outcomes = set()
    for _ in range(ROUNDS):
        case_id = _rated(platform)
        task = platform.one(case_id, "rate_service")
        platform.pass_all_due()
        actor, engine = platform.worker(task), platform.restarted(shared_definitions=True)

        def answer(task: Any = task, actor: Any = actor, case_id: str = case_id) -> str:
            with platform.engine.writing() as connection:
                values = {"process_rating": "满意", "result_rating": "满意"}
                runtime.complete(platform.engine, connection, actor=actor, task_id=task.id, values=values)
            return "done"

        first, second = at_once(answer, lambda engine=engine: runtime.fire_due(engine))
        assert not isinstance(second, Exception), second
        (row,) = platform.rows(tasks, tasks.c.id == task.id)
        if isinstance(first, Exception):
            assert isinstance(first, Conflict), repr(first)
            assert (first.facts["who"], first.facts["did"]) == ("系统", "撤销")
            assert row.state == "cancelled"
        else:
            assert row.state == "done"
        outcomes.add(row.state)
        fired = [h.element for h in platform.history(case_id) if h.kind == "timer.fired"]
        assert ("rate_service_expired" in fired) == (row.state == "cancelled")
        assert not any(platform.rows(timers, timers.c.case_id == case_id, timers.c.attempts > 0))
        agree(platform.engine, case_id)
    intact(platform.engine)


def _rated(platform: Platform) -> str:
    """A case that waits for both ratings, by the shortest way."""
    case_id = platform.start()
    while len(waiting := platform.open(case_id)) == 1:
        values = short(platform, waiting[0])
        if waiting[0].element == "triage":
            values["outcome"] = "直接答复"
        platform.complete(case_id, **values)
    return case_id


def test_two_who_fire_what_is_due_fire_each_timer_once(platform: Platform) -> None:
    case_ids = [platform.start() for _ in range(60)]
    platform.pass_all_due()
    due = platform.count(timers)
    results = at_once(*(lambda e=e: runtime.fire_due(e) for e in workers(platform)))
    assert sum(results) == due == 120
    assert platform.count(timers) == 0
    for case_id in case_ids:
        fired = [h.element for h in platform.history(case_id) if h.kind == "timer.fired"]
        assert sorted(fired) == ["triage_due_soon", "triage_overdue"]
        agree(platform.engine, case_id)
    intact(platform.engine)


def test_two_messages_at_once_both_wait_their_turn(platform: Platform) -> None:
    platform.deploy(small("s>m>u1>e"))
    for _ in range(10):
        case_id = platform.start("platform", "small", note="a")
        sending = acting(platform, runtime.deliver, case_id=case_id, message="撤回", values={})
        done, refused = split(at_once(*sending))
        assert refused.code == "bpmn.not_expected" and len(done.opened) == 1
        agree(platform.engine, case_id)


def test_the_same_request_twice_at_once_makes_one_case(platform: Platform) -> None:
    actor = platform.actors["jingmi"]

    def submit(engine: runtime.Engine, key: str) -> str:
        facts = {"key": key, "actor_id": actor.id, "digest": "d", "now": platform.clock.now()}
        with engine.writing() as connection:
            known = runtime.once(connection, **facts)
            if known is not None:
                return str(known)
            started = runtime.start_case(
                engine, connection, actor=actor, process="appeal", values=submission()
            )
            runtime.remember(connection, answer=started.case_id, **facts)
            return started.case_id

    for round_ in range(ROUNDS):
        before, key = sizes(platform.engine), f"key-{round_}"
        results = at_once(*(lambda e=e, key=key: submit(e, key) for e in workers(platform)))
        for result in results:
            assert isinstance(result, str) or is_duplicate(result), repr(result)
        assert submit(platform.engine, key) in results, (
            "who was refused gets the first answer on asking again"
        )
        after = sizes(platform.engine)
        assert after["cases"] == before["cases"] + 1
        assert after["messages"] == before["messages"] + 2
        assert after["answers"] == before["answers"] + 1
    assert platform.count(cases) == ROUNDS
    assert platform.count(outbox.messages) == 2 * ROUNDS
    assert len({row.chain for row in platform.rows(history.events)}) == ROUNDS + 1
    intact(platform.engine)


def test_a_key_is_refused_for_another_request(platform: Platform) -> None:
    facts = {"key": "k", "actor_id": "a", "now": platform.clock.now()}
    with platform.engine.writing() as connection:
        runtime.remember(connection, digest="one", answer={"id": 1}, **facts)
        assert runtime.once(connection, digest="one", **facts) == {"id": 1}
        assert runtime.once(connection, digest="one", **{**facts, "actor_id": "b"}) is None
        with pytest.raises(Conflict, match=r"runtime\.key_reused"):
            runtime.once(connection, digest="two", **facts)


def test_a_version_that_somebody_has_passed_is_refused(platform: Platform) -> None:
    case_id = platform.start()
    seen, actor = platform.one(case_id), platform.actors["platform"]
    for verb in (runtime.claim, runtime.release):
        with platform.engine.writing() as connection:
            verb(platform.engine, connection, actor=actor, task_id=seen.id)
    with pytest.raises(Conflict) as caught, platform.engine.writing() as connection:
        values = short(platform, seen)
        runtime.complete(
            platform.engine, connection, actor=actor, task_id=seen.id, values=values, version=seen.version
        )
    assert (caught.value.facts["who"], caught.value.facts["did"]) == (actor.name, "放回")
    platform.complete(case_id, **short(platform, seen))
