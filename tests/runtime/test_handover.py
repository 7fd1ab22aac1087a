"""Handing over in bulk, back from an absence, and accounts that are stopped."""

from datetime import timedelta

import pytest

from engine import identity, outbox, runtime
from engine.errors import Conflict, Invalid, NotAllowed
from engine.runtime import handover
from engine.runtime.tables import tasks
from tests.runtime.stage import Platform
from tests.runtime.test_deputies import away


def signed_for(platform: Platform, who: str = "market-1", count: int = 1) -> list[str]:
    """Appeals that `who` is the handler of: their cases, each with its task 联系企业."""
    found = []
    for _ in range(count):
        case = platform.start()
        platform.complete(
            case, "triage", outcome="派发", type="市场监管", complexity="一般", department="market"
        )
        platform.complete(case, "sign", sign="签收", handler=platform.actors[who].id)
        found.append(case)
    return found


def hand(platform: Platform, who: str, to: dict[str, str], by: str = "", reason: str = ""):
    ids = {name: actor.id for name, actor in platform.actors.items()}
    choices = {task: ids.get(name, name) for task, name in to.items()}
    return handover.hand_over(
        platform.engine, actor=platform.actors[by or who], account=ids[who], choices=choices, reason=reason
    )


def holder(platform: Platform, case: str) -> str | None:
    names = {actor.id: name for name, actor in platform.actors.items()}
    assignee = platform.one(case).assignee
    return names[assignee] if assignee else None


def open_of(platform: Platform, who: str, process: str = ""):
    with platform.engine.reading() as connection:
        return handover.hanging(connection, platform.actors[who].id, process)


def test_open_tasks_are_dealt_out_evenly(platform: Platform):
    cases = signed_for(platform, count=3)
    found = open_of(platform, "market-1")
    assert [task.case_id for task in found] == cases
    to = [platform.actors[name].id for name in ("market-2", "market-admin")]
    shares = handover.split(found, to)
    done = hand(platform, "market-1", shares, by="market-admin", reason="轮岗")
    assert [one.error for one in done] == [None] * 3
    assert [holder(platform, case) for case in cases] == ["market-2", "market-admin", "market-2"]
    event = platform.history(cases[0])[-1]
    assert (event.kind, event.data["opinion"], event.data["to"]) == ("task.transferred", "轮岗", to[0])
    (row,) = platform.rows(tasks, tasks.c.id == found[0].id)
    assert (row.owner, row.acting_for) == (platform.actors["market-1"].id, None)
    with platform.engine.reading() as connection:
        assert outbox.told(connection, platform.actors["market-2"], limit=1)[0].template == "handed-here"
    assert open_of(platform, "market-1") == []


def test_only_one_process_may_be_handed_over(platform: Platform):
    signed_for(platform)
    assert len(open_of(platform, "market-1", "appeal")) == 1
    assert open_of(platform, "market-1", "complexity") == []


@pytest.mark.parametrize(
    ("by", "may"),
    [
        ("market-1", True),
        ("market-admin", True),
        ("control", True),
        ("administrator", True),
        ("market-2", False),
        ("tax-admin", False),
        ("jingmi", False),
    ],
)
def test_who_may_hand_over(platform: Platform, by: str, may: bool):
    (case,) = signed_for(platform)
    task = platform.one(case).id
    if may:
        hand(platform, "market-1", {task: "market-2"}, by=by)
        assert holder(platform, case) == "market-2"
    else:
        with pytest.raises(NotAllowed):
            hand(platform, "market-1", {task: "market-2"}, by=by)
        assert holder(platform, case) == "market-1"


@pytest.mark.parametrize("to", ["tax-1", "market-1", "administrator", "nobody"])
def test_whoever_may_not_have_it_gets_nothing(platform: Platform, to: str):
    (case,) = signed_for(platform)
    with pytest.raises(Invalid) as refused:
        hand(platform, "market-1", {platform.one(case).id: to}, reason="长" * 501)
    assert [p.where for p in refused.value.problems] == ["to", "reason"]
    assert holder(platform, case) == "market-1"


def test_what_somebody_did_meanwhile_is_left_alone_and_the_rest_goes(platform: Platform):
    cases = signed_for(platform, count=3)
    shares = {task.id: "market-2" for task in open_of(platform, "market-1")}
    found = open_of(platform, "market-1")
    contact = {"contact_method": "电话", "contact_person": "罗婷", "contact_finding": "属实"}
    platform.complete(cases[0], "contact", contacted_at=platform.clock.now(), **contact)
    with platform.engine.writing() as connection:
        runtime.release(platform.engine, connection, actor=platform.actors["market-1"], task_id=found[1].id)
    done = {one.task.id: one for one in _handed_as_seen(platform, found, shares)}
    assert [done[task.id].error and done[task.id].error.code for task in found] == [
        "runtime.task_closed",
        "runtime.handover.not_with",
        None,
    ]
    assert holder(platform, cases[1]) is None
    assert holder(platform, cases[2]) == "market-2"


def _handed_as_seen(platform: Platform, found, shares):
    """Each task as the page had listed it before others were faster."""
    who = platform.actors["market-1"]
    with platform.engine.reading() as connection:
        person = identity.absence.person(connection, who.id)
    to = platform.actors["market-2"].id
    return [handover.handing._hand_one(platform.engine, who, person, task, to, "") for task in found]


def test_a_receiver_who_is_away_has_them_go_to_the_deputy(platform: Platform):
    (case,) = signed_for(platform)
    away(platform, "market-2", "market-admin")
    (done,) = hand(platform, "market-1", {platform.one(case).id: "market-2"})
    assert done.to == platform.actors["market-admin"].id
    (row,) = platform.rows(tasks, tasks.c.id == done.task.id)
    assert row.acting_for == platform.actors["market-2"].id
    assert platform.history(case)[-1].data["for"] == platform.actors["market-2"].id


def test_back_to_the_groups(platform: Platform):
    (case,) = signed_for(platform)
    hand(platform, "market-1", {platform.one(case).id: handover.handing.BACK})
    task = platform.one(case)
    assert (task.assignee, task.candidates) == (None, ("handler@market",))
    assert platform.kinds(case)[-1] == "task.released"


def test_an_account_with_open_tasks_is_not_stopped(platform: Platform):
    (case,) = signed_for(platform)
    keeper, leaver = platform.actors["administrator"], platform.actors["market-1"]

    def stop(actor=keeper):
        with platform.engine.writing() as connection:
            handover.stop_account(platform.engine, connection, actor=actor, account=leaver.id)

    with pytest.raises(Conflict) as refused:
        stop()
    assert refused.value.say() == "吴强名下还有 1 项待办。请先移交或放回，再停用账号。"
    with pytest.raises(NotAllowed):
        stop(platform.actors["market-admin"])
    hand(platform, "market-1", {platform.one(case).id: "market-2"}, by="administrator")
    stop()
    with platform.engine.writing() as connection:
        (row,) = [k for k in handover.accounts_with_tasks(connection) if k.id == leaver.id]
        assert (row.active, row.open, row.department_name) == (False, 0, "市场监督管理局")
        with pytest.raises(NotAllowed):
            identity.load_actor(connection, leaver.id)
        handover.start_account(connection, actor=keeper, account=leaver.id)
        assert identity.load_actor(connection, leaver.id).id == leaver.id


def test_nobody_stops_the_own_account(platform: Platform):
    keeper = platform.actors["administrator"]
    with platform.engine.writing() as connection, pytest.raises(NotAllowed):
        handover.stop_account(platform.engine, connection, actor=keeper, account=keeper.id)


def test_a_task_is_given_back_once_the_person_is_there_again(platform: Platform):
    (case,) = signed_for(platform)
    away(platform, "market-2", "market-admin", days=2)
    hand(platform, "market-1", {platform.one(case).id: "market-2"})
    task, deputy = platform.one(case), platform.actors["market-admin"]

    def back():
        with platform.engine.writing() as connection:
            handover.give_back(platform.engine, connection, actor=deputy, task_id=task.id)

    with pytest.raises(Conflict) as refused:
        back()
    assert refused.value.code == "runtime.handover.still_away"
    platform.clock.move_to(platform.clock.now() + timedelta(days=2))
    assert holder(platform, case) == "market-admin"  # it stays until somebody gives it back
    back()
    assert holder(platform, case) == "market-2"
    (row,) = platform.rows(tasks, tasks.c.id == task.id)
    assert row.acting_for is None
    with pytest.raises(NotAllowed):
        back()


def test_the_person_takes_home_what_the_deputy_has(platform: Platform):
    (case,) = signed_for(platform)
    rule = away(platform, "market-2", "market-admin")
    hand(platform, "market-1", {platform.one(case).id: "market-2"})
    task = platform.one(case)

    def take(who):
        with platform.engine.writing() as connection:
            handover.take_home(platform.engine, connection, actor=platform.actors[who], task_id=task.id)

    with pytest.raises(NotAllowed):
        take("market-1")
    with pytest.raises(Conflict) as refused:
        take("market-2")
    assert refused.value.code == "runtime.handover.end_first"
    with platform.engine.writing() as connection:
        runtime.deputies.end_absence(
            platform.engine, connection, actor=platform.actors["market-2"], absence_id=rule.id
        )
        ours = handover.deputised(connection, person=platform.actors["market-2"].id)
        assert [(one.id, one.holder_name) for one in ours] == [(task.id, "周敏")]
        theirs = handover.deputised(connection, holder=platform.actors["market-admin"].id)
        assert theirs == ours
    take("market-2")
    assert holder(platform, case) == "market-2"


def test_whoever_still_had_the_task_open_hears_who_handed_it_over_and_when(platform: Platform):
    (case,) = signed_for(platform)
    seen = platform.one(case)
    hand(platform, "market-1", {seen.id: "market-2"}, by="market-admin")
    with platform.engine.writing() as connection, pytest.raises(Conflict) as refused:
        runtime.complete(
            platform.engine,
            connection,
            actor=platform.actors["market-1"],
            task_id=seen.id,
            values={},
            version=seen.version,
        )
    facts = refused.value.facts
    assert (refused.value.code, facts["who"], facts["did"]) == ("runtime.task_changed", "周敏", "转办")
