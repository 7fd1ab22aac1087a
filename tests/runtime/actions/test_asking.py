"""催办, 抄送, 关注: asking for a task, showing a case, keeping an eye on one."""

import pytest

from engine import outbox, runtime
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.runtime import actions, queries, search
from engine.runtime.desk.tables import copies, follows
from engine.runtime.tables import tasks
from tests.runtime.actions.desk import Desk
from tests.runtime.answers import lead_to, short
from tests.runtime.together import at_once


def told(desk: Desk, case_id: str, template: str) -> list[str]:
    rows = desk.platform.rows(
        outbox.messages, outbox.messages.c.case_id == case_id, outbox.messages.c.template == template
    )
    return [row.recipient for row in sorted(rows, key=lambda row: str(row.id))]  # in the order queued


def may_read(desk: Desk, who: str, case_id: str) -> bool:
    actor = desk.platform.actors[who]
    with desk.platform.engine.reading() as connection:
        listed = case_id in {c.id for c in search.find(connection, actor, search.Asked())}
        try:
            queries.guard_case(connection, actor, queries.case(connection, case_id))
        except NotAllowed:
            assert not listed
            return False
    assert listed
    return True


def test_urging_tells_who_has_the_task_and_counts(desk: Desk) -> None:
    case_id = desk.begin()
    task = desk.task(case_id)
    assert desk.do(actions.urge, "control", task_id=task.id) == task.version
    assert told(desk, case_id, "urge") == ["platform"]
    desk.do(runtime.claim, "platform", task_id=task.id)
    with pytest.raises(Conflict, match=r"runtime\.urged_already") as caught:
        desk.do(actions.urge, "supervisor", task_id=task.id)
    assert caught.value.facts["again"] == "2026-03-11 10:00" and "10:00后" in caught.value.say()
    assert "urge" not in [o.action for o in desk.look(actions.offers, "supervisor", task.id)]
    desk.platform.pass_time(hours=1)
    assert "urge" in [o.action for o in desk.look(actions.offers, "supervisor", task.id)]
    desk.do(actions.urge, "supervisor", task_id=task.id, opinion="企业来电")
    assert told(desk, case_id, "urge") == ["platform", desk.id("platform")]
    (row,) = desk.platform.rows(tasks, tasks.c.id == task.id)
    assert (row.urged, row.urged_at, row.version) == (2, desk.platform.clock.now(), 2)
    assert [e.data["count"] for e in desk.events(case_id, "task.urged")] == [1, 2]
    desk.do(runtime.complete, "platform", task_id=task.id, values={}, version=2)


def test_one_s_own_task_is_not_urged_nor_what_is_closed_or_stopped(desk: Desk) -> None:
    case_id = desk.begin()
    task = desk.task(case_id)
    with pytest.raises(NotAllowed, match=r"runtime\.own_task"):
        desk.do(actions.urge, "platform", task_id=task.id)
    with pytest.raises(NotAllowed, match=r"runtime\.not_yours"):
        desk.do(actions.urge, "market-1", task_id=task.id)
    desk.do(runtime.clocks.stop, "platform", case_id=case_id, kind="补正", reason="等材料")
    with pytest.raises(Conflict, match=r"runtime\.clock_stopped"):
        desk.do(actions.urge, "control", task_id=task.id)
    desk.do(runtime.clocks.resume, "platform", case_id=case_id)
    desk.do(runtime.complete, "platform", task_id=task.id, values={})
    with pytest.raises(Conflict, match=r"runtime\.task_closed"):
        desk.do(actions.urge, "control", task_id=task.id)


def test_an_enterprise_urges_its_own_case_but_nothing_internal(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "handle")
    task = desk.task(case_id, "handle")
    desk.do(actions.urge, "jingmi", task_id=task.id)
    with pytest.raises(NotAllowed, match=r"runtime\.not_yours"):
        desk.do(actions.urge, "lvneng", task_id=task.id)
    with desk.platform.engine.writing() as connection:
        connection.execute(tasks.update().where(tasks.c.id == task.id).values(internal=True, urged_at=None))
    with pytest.raises(NotFound, match=r"runtime\.no_task"):
        desk.do(actions.urge, "jingmi", task_id=task.id)
    assert desk.look(actions.offers, "jingmi", task.id) == []


def test_of_two_who_urge_at_once_one_is_heard(desk: Desk) -> None:
    engines = [desk.platform.engine, desk.platform.restarted(shared_definitions=True)]
    for _ in range(10):
        case_id = desk.begin()
        task = desk.task(case_id)

        def act(number: int, task_id: str = task.id) -> object:
            actor = desk.platform.actors[("control", "supervisor")[number]]
            with engines[number].writing() as connection:
                return actions.urge(engines[number], connection, actor=actor, task_id=task_id)

        results = at_once(lambda act=act: act(0), lambda act=act: act(1))
        assert sum(isinstance(r, Conflict) for r in results) == 1, results
        assert told(desk, case_id, "urge") == ["platform"]


def test_a_copy_opens_the_case_to_who_gets_it(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "sign", confidential=True)
    task, department = desk.task(case_id, "sign"), desk.platform.case(case_id).department
    reader = "market-1" if department != "market" else "hrss-1"
    assert not may_read(desk, reader, case_id)
    desk.do(runtime.claim, f"{department}-admin", task_id=task.id)
    desk.do(
        actions.copy, f"{department}-admin", task_id=task.id, to=[desk.id(reader)], note="请知悉", version=2
    )
    assert may_read(desk, reader, case_id)
    assert told(desk, case_id, "copied") == [desk.id(reader)]
    (row,) = desk.platform.rows(copies)
    assert (row.account, row.note, row.read_at) == (desk.id(reader), "请知悉", None)
    (event,) = desk.events(case_id, "task.copied")
    assert event.data["to"] == [desk.id(reader)] and event.data["opinion"] == "请知悉"
    with pytest.raises(NotAllowed, match=r"runtime\.not_candidate|runtime\.not_assignee"):
        desk.do(runtime.complete, reader, task_id=task.id, values=short(desk.platform, task))


def test_who_did_a_task_may_copy_it_afterwards_and_others_may_not(desk: Desk) -> None:
    case_id = desk.begin()
    task = desk.task(case_id)
    desk.do(runtime.complete, "platform", task_id=task.id, values={})
    assert [o.action for o in desk.look(actions.offers, "platform", task.id)] == ["take back", "copy"]
    desk.do(actions.copy, "platform", task_id=task.id, to=[desk.id("leader")])
    for who in ("platform-2", "control"):
        with pytest.raises(NotAllowed, match=r"runtime\.not_to_copy"):
            desk.do(actions.copy, who, task_id=task.id, to=[desk.id("leader")])


@pytest.mark.parametrize("to", [[], ["jingmi"], ["administrator"], ["market-1", "lvneng"]])
def test_a_copy_goes_to_officers_who_may_read_cases(desk: Desk, to: list[str]) -> None:
    task = desk.task(desk.begin())
    with pytest.raises(Invalid, match=r"runtime\.bad_copy") as caught:
        desk.do(actions.copy, "platform", task_id=task.id, to=[desk.id(who) for who in to])
    assert [p.code for p in caught.value.problems] == ["runtime.choose_person"]
    assert desk.platform.rows(copies) == []


def test_who_follows_a_case_hears_of_its_status_once_a_step(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "sign")
    for _ in range(2):
        desk.do(actions.follow, "leader", case_id=case_id)
    assert len(desk.platform.rows(follows)) == 1
    task = desk.task(case_id, "sign")
    desk.platform.complete(case_id, "sign", **short(desk.platform, task))
    changes = [e for e in desk.events(case_id, "status.changed") if e.at >= task.opened_at]
    assert changes and told(desk, case_id, "followed") == [desk.id("leader")]
    desk.do(actions.unfollow, "leader", case_id=case_id)
    desk.do(actions.unfollow, "leader", case_id=case_id)
    desk.do(actions.terminate, "control", case_id=case_id, opinion="重复")
    assert told(desk, case_id, "followed") == [desk.id("leader")]


def test_only_who_may_see_a_case_follows_it_and_no_enterprise(desk: Desk) -> None:
    case_id = desk.platform.start()
    for who, code in (("market-1", "not_yours"), ("jingmi", "no_following"), ("analyst", "not_yours")):
        with pytest.raises(NotAllowed, match=rf"runtime\.{code}"):
            desk.do(actions.follow, who, case_id=case_id)
    with pytest.raises(NotFound):
        desk.do(actions.follow, "leader", case_id="0" * 32)
    assert desk.platform.rows(follows) == []
