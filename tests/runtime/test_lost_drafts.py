"""What somebody has typed and not submitted goes when the task changes hands, whichever way that happens."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import outbox, runtime
from engine.runtime import actions, deputies, handover, moves
from engine.runtime.desk import drafts
from engine.runtime.desk.tables import drafts as rows
from engine.runtime.queries import TaskRow
from tests.runtime.stage import Platform
from tests.runtime.test_deputies import away
from tests.runtime.test_handover import hand, signed_for


def typed(platform: Platform, who: str, task: TaskRow) -> None:
    with platform.engine.writing() as connection:
        drafts.save(connection, platform.actors[who], task.id, {"note": "初稿"}, platform.clock.now())


def drafted(platform: Platform) -> set[str]:
    names = {actor.id: name for name, actor in platform.actors.items()}
    return {names[row.account] for row in platform.rows(rows)}


def told(platform: Platform) -> list[str]:
    """Who heard that a draft of theirs is gone."""
    names = {actor.id: name for name, actor in platform.actors.items()}
    found = platform.rows(outbox.messages, outbox.messages.c.template == "draft-dropped")
    return [names[row.recipient] for row in found]


def act(platform: Platform, verb: Callable[..., Any], who: str, task: TaskRow, **facts: Any) -> None:
    with platform.engine.writing() as connection:
        verb(platform.engine, connection, actor=platform.actors[who], task_id=task.id, **facts)


def transfer(platform: Platform, who: str, task: TaskRow) -> None:
    act(platform, actions.transfer, who, task, to=platform.actors["market-2"].id)


def hand_on(platform: Platform, who: str, task: TaskRow) -> None:
    (done,) = hand(platform, "market-1", {task.id: "market-2"}, by=who)
    assert done.error is None


def hand_back(platform: Platform, who: str, task: TaskRow) -> None:
    (done,) = hand(platform, "market-1", {task.id: handover.handing.BACK}, by=who)
    assert done.error is None


def send_back(platform: Platform, who: str, task: TaskRow) -> None:
    act(platform, moves.send_back, who, task, to="sign", opinion="请重新签收")


@pytest.mark.parametrize("way", [transfer, hand_on, hand_back, send_back])
def test_a_draft_goes_with_what_its_writer_gives_away(
    platform: Platform, way: Callable[[Platform, str, TaskRow], None]
) -> None:
    (case,) = signed_for(platform)
    task = platform.one(case)
    typed(platform, "market-1", task)
    way(platform, "market-1", task)
    assert drafted(platform) == set() and told(platform) == []


@pytest.mark.parametrize("way", [transfer, hand_on, hand_back])
def test_whose_task_another_gives_away_is_told_that_the_draft_is_gone(
    platform: Platform, way: Callable[[Platform, str, TaskRow], None]
) -> None:
    (case,) = signed_for(platform)
    task = platform.one(case)
    typed(platform, "market-1", task)
    way(platform, "market-admin", task)
    assert drafted(platform) == set() and told(platform) == ["market-1"]


def test_what_is_given_back_and_taken_home_takes_the_deputys_draft_along(platform: Platform) -> None:
    rule = away(platform, "market-1", "market-2")
    first, second = (platform.one(case) for case in signed_for(platform, count=2))
    for task in (first, second):
        typed(platform, "market-2", task)
    with platform.engine.writing() as connection:
        actor = platform.actors["market-1"]
        deputies.end_absence(platform.engine, connection, actor=actor, absence_id=rule.id)
    act(platform, handover.give_back, "market-2", first)
    assert platform.count(rows) == 1 and told(platform) == []
    act(platform, handover.take_home, "market-1", second)
    assert platform.count(rows) == 0 and told(platform) == ["market-2"]


def test_a_candidate_who_passes_it_on_leaves_no_draft(platform: Platform) -> None:
    case = platform.start()
    task = platform.one(case)
    typed(platform, "platform", task)
    act(platform, actions.transfer, "platform", task, to=platform.actors["platform-2"].id)
    assert drafted(platform) == set() and told(platform) == []


def test_released_it_goes_and_delegated_it_stays(platform: Platform) -> None:
    case = platform.start()
    task = platform.one(case)
    act(platform, runtime.claim, "platform", task)
    typed(platform, "platform", task)
    act(platform, runtime.release, "platform", task)
    assert drafted(platform) == set()
    act(platform, runtime.claim, "platform", task)
    typed(platform, "platform", task)
    act(platform, actions.delegate, "platform", task, to=platform.actors["platform-2"].id)
    assert drafted(platform) == {"platform"}


def test_what_is_handed_to_whom_it_would_return_to_is_delegated_no_more(platform: Platform) -> None:
    (case,) = signed_for(platform)
    task = platform.one(case)
    act(platform, actions.delegate, "market-1", task, to=platform.actors["market-2"].id)
    (done,) = hand(platform, "market-2", {task.id: "market-1"}, by="market-admin")
    assert done.error is None and platform.one(case).delegated_by is None
    assert platform.one(case).assignee == platform.actors["market-1"].id
