"""Four eyes: who performed one node is kept from another, by every door."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import runtime
from engine.errors import Conflict, NotAllowed
from engine.runtime import actions, moves, queries, waiting
from engine.runtime.desk.tables import task_exclusions
from tests.bpmn.drawing import MESSAGE, extended, properties
from tests.runtime.actions.desk import Desk, node
from tests.runtime.agreement import agree

SECOND = node("u2", not_performed_by="u1")


def performed(desk: Desk, **nodes: str) -> str:
    """A case whose first step platform has performed."""
    case_id = desk.begin(**({"u2": SECOND} | nodes))
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})
    return case_id


def listed(desk: Desk, who: str, tab: str = "claimable") -> tuple[list[str], int]:
    actor = desk.platform.actors[who]
    with desk.platform.engine.reading() as connection:
        rows = queries.inbox(connection, actor, tab)
        return [row.element for row in rows], queries.counts(connection, actor)[tab]


def test_the_inbox_does_not_offer_it_to_who_performed_the_first(desk: Desk) -> None:
    performed(desk)
    assert listed(desk, "platform") == ([], 0)
    assert listed(desk, "platform-2") == (["u2"], 1)


DOORS: dict[str, Callable[[Desk, str], Any]] = {
    "claim": lambda desk, task: desk.do(runtime.claim, "platform", task_id=task),
    "complete": lambda desk, task: desk.do(runtime.complete, "platform", task_id=task, values={}),
    "transfer": lambda desk, task: desk.do(
        actions.transfer, "platform-2", task_id=task, to=desk.id("platform")
    ),
    "delegate": lambda desk, task: desk.do(
        actions.delegate, "platform-2", task_id=task, to=desk.id("platform")
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_is_closed_to_who_performed_the_first(desk: Desk, door: str) -> None:
    case_id = performed(desk)
    task = desk.task(case_id)
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        DOORS[door](desk, task.id)
    desk.do(runtime.claim, "platform-2", task_id=task.id)
    offers = desk.look(actions.offers, "platform-2", task.id)
    assert all(desk.id("platform") not in {p.id for p in offer.people} for offer in offers)
    desk.do(runtime.complete, "platform-2", task_id=task.id, values={})
    assert desk.platform.case(case_id).state == "ended"
    assert desk.platform.rows(task_exclusions) == []
    agree(desk.platform.engine, case_id)


def test_who_only_answered_as_a_delegate_is_kept_out_too(desk: Desk) -> None:
    case_id = desk.begin(u2=SECOND)
    first = desk.task(case_id)
    desk.do(actions.delegate, "platform", task_id=first.id, to=desk.id("platform-2"))
    desk.do(actions.answer_delegate, "platform-2", task_id=first.id, values={})
    desk.do(runtime.complete, "platform", task_id=first.id, values={})
    for who in ("platform", "platform-2"):
        with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
            desk.do(runtime.claim, who, task_id=desk.task(case_id).id)


def test_a_node_that_is_open_already_learns_who_performed_the_other(desk: Desk) -> None:
    case_id = desk.begin("s>p1 p1>u1 p1>u2 u1>p2 u2>p2 p2>e", u2=SECOND)
    second = desk.task(case_id, "u2")
    assert desk.platform.rows(task_exclusions) == []
    desk.do(runtime.claim, "platform", task_id=second.id)
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id, "u1").id, values={})
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(runtime.complete, "platform", task_id=second.id, values={})
    desk.do(runtime.release, "platform", task_id=second.id)
    assert listed(desk, "platform") == ([], 0)
    desk.do(runtime.complete, "platform-2", task_id=second.id, values={})
    assert desk.platform.case(case_id).state == "ended"


def test_who_must_not_perform_it_may_still_pass_it_on(desk: Desk) -> None:
    case_id = desk.begin("s>p1 p1>u1 p1>u2 u1>p2 u2>p2 p2>e", u2=SECOND)
    second = desk.task(case_id, "u2")
    desk.do(runtime.claim, "platform", task_id=second.id)
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id, "u1").id, values={})
    desk.do(actions.transfer, "platform", task_id=second.id, to=desk.id("platform-2"))
    assert desk.task(case_id, "u2").assignee == desk.id("platform-2")


def test_without_the_rule_nobody_is_kept_out(desk: Desk) -> None:
    case_id = performed(desk, u2=node("u2"))
    assert desk.platform.rows(task_exclusions) == []
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})


def test_the_performers_of_a_case_are_its_own(desk: Desk) -> None:
    performed(desk)
    other = desk.begin(u2=SECOND)
    desk.do(runtime.complete, "platform-2", task_id=desk.task(other).id, values={})
    with desk.platform.engine.reading() as connection:
        assert actions.performers(connection, other, {"u1"}) == {desk.id("platform-2")}
    assert listed(desk, "platform") == (["u2"], 1)


def test_who_sent_the_message_that_asked_for_it_is_kept_out(desk: Desk) -> None:
    asked = "<b:boundaryEvent id='b1' attachedToRef='u1' cancelActivity='false'>"
    asked += extended(properties(senders="platform", label="请求")) + f"{MESSAGE}</b:boundaryEvent>"
    case_id = desk.begin(
        "s>u1>e b1>u2>n", b1=asked, n="<b:endEvent id='n'/>", u2=node("u2", not_performed_by="b1")
    )
    desk.do(waiting.send, "platform", case_id=case_id, message="撤回", values={})
    task = desk.task(case_id, "u2")
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(runtime.claim, "platform", task_id=task.id)
    assert listed(desk, "platform-2")[0].count("u2") == 1
    desk.do(runtime.complete, "platform-2", task_id=task.id, values={})
    with desk.platform.engine.reading() as connection:
        assert actions.performers(connection, case_id, {"b1"}) == {desk.id("platform")}


def test_a_task_is_sent_back_only_where_its_node_says(desk: Desk) -> None:
    own = {f"u{n}": node(f"u{n}") for n in (1, 2)} | {"u3": node("u3", send_back_to="u2")}
    case_id = desk.begin("s>u1>u2>u3>e", **own)
    for _ in (1, 2):
        desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})
    third = desk.task(case_id)
    (offer,) = [one for one in desk.look(actions.offers, "platform", third.id) if one.action == "send back"]
    assert [place.id for place in offer.targets] == ["u2"]
    with pytest.raises(Conflict, match=r"runtime\.nothing_to_send_back_to"):
        desk.do(moves.send_back, "platform", task_id=third.id, to="u1", opinion="重来")
    desk.do(moves.send_back, "platform", task_id=third.id, to="u2", opinion="重来")
    assert desk.task(case_id).element == "u2"
