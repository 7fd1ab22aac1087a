"""Who hears of what is done with a task, and what the record says of it."""

import pytest

from engine import outbox, runtime
from engine.errors import NotAllowed
from engine.runtime import actions, clocks, moves, signers
from engine.runtime.desk.tables import copies
from engine.runtime.tables import deadlines
from tests.runtime.actions.desk import Desk, node
from tests.runtime.actions.test_recalling import away
from tests.runtime.agreement import agree

MARKET = node("u1").replace("'platform'", "'handler@market'")
GATE = "<b:parallelGateway id='{}'/>"
SIDE_BY_SIDE = "s>u1 u1>g g>u2 g>u3 u2>j u3>j j>e"
APPROVED = {"note": "半天的功夫", "go": "1"}


def told(desk: Desk, template: str) -> set[str]:
    names = {actor.id: name for name, actor in desk.platform.actors.items()}
    rows = desk.platform.rows(outbox.messages, outbox.messages.c.template == template)
    return {names.get(row.recipient, row.recipient) for row in rows}


def held(desk: Desk, **nodes: str) -> tuple[str, str]:
    case_id = desk.begin(**nodes)
    task = desk.task(case_id).id
    desk.do(runtime.claim, "platform", task_id=task)
    return case_id, task


def test_urging_reaches_the_added_signers_and_not_the_owner_who_waits(desk: Desk) -> None:
    _, task = held(desk)
    people = [desk.id("market-1"), desk.id("tax-1")]
    desk.do(signers.add_signers, "platform", task_id=task, people=people, how="before")
    desk.do(actions.urge, "control", task_id=task)
    assert told(desk, "urge") == {"market-1", "tax-1"}


def test_urging_reaches_the_deputy_who_shares_the_task(desk: Desk) -> None:
    _, task = held(desk)
    away(desk, "platform", "platform-2", "share")
    desk.do(actions.urge, "control", task_id=task)
    assert told(desk, "urge") == {"platform", "platform-2"}


def test_a_deputy_who_urges_is_not_told_of_it(desk: Desk) -> None:
    case_id, task = held(desk)
    away(desk, "platform", "platform-2", "share")
    desk.do(actions.urge, "platform-2", task_id=task)
    assert told(desk, "urge") == {"platform"}
    assert [e.data["for"] for e in desk.events(case_id, "task.urged")] == [desk.id("platform")]


@pytest.mark.parametrize("kind", ["transferred", "delegated", "copied", "answered"])
def test_for_whom_a_deputy_acted_is_recorded(desk: Desk, kind: str) -> None:
    case_id = desk.begin(u1=MARKET)
    task, third = desk.task(case_id).id, desk.id("market-admin")
    desk.do(runtime.claim, "market-1", task_id=task)
    if kind == "answered":
        desk.do(actions.delegate, "market-1", task_id=task, to=desk.id("market-2"))
        away(desk, "market-2", "market-admin", "share")
        desk.do(actions.answer_delegate, "market-admin", task_id=task, values={})
    else:
        away(desk, "market-1", "market-2", "share")
        verb = {"transferred": actions.transfer, "delegated": actions.delegate, "copied": actions.copy}[kind]
        desk.do(verb, "market-2", task_id=task, to=[third] if kind == "copied" else third)
    (event,) = desk.events(case_id, f"task.{kind}")
    assert event.data["for"] == desk.id("market-2" if kind == "answered" else "market-1")


def test_who_has_not_read_a_copy_gets_no_second_one_beside_it(desk: Desk) -> None:
    _, task = held(desk)
    for note in ("请知悉", "有新情况"):
        desk.do(actions.copy, "platform", task_id=task, to=[desk.id("tax-1")], note=note)
    assert [row.note for row in desk.platform.rows(copies)] == ["有新情况"]
    with desk.platform.engine.writing() as connection:
        connection.execute(copies.update().values(read_at=desk.platform.clock.now()))
    desk.do(actions.copy, "platform", task_id=task, to=[desk.id("tax-1")], note="再看")
    assert len(desk.platform.rows(copies)) == 2


def test_whose_work_is_taken_away_from_a_sibling_branch_hears_of_it(desk: Desk) -> None:
    gates = {"g": GATE.format("g"), "j": GATE.format("j")}
    case_id = desk.begin(SIDE_BY_SIDE, **gates)
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})
    task = desk.task(case_id, "u2").id
    desk.do(runtime.claim, "platform-2", task_id=task)
    asked = {"people": [desk.id("hrss-1")], "how": "after", "values": APPROVED}
    desk.do(signers.add_signers, "platform-2", task_id=task, **asked)
    desk.do(moves.send_back, "platform", task_id=desk.task(case_id, "u3").id, to="u1", opinion="派发有误")
    assert told(desk, "work-cancelled") == {"platform-2", "hrss-1"}
    agree(desk.platform.engine, case_id)


def test_sending_back_is_no_way_round_the_date(desk: Desk) -> None:
    case_id, task = held(desk, u2=node("u2"))
    desk.do(runtime.complete, "platform", task_id=task, values={})
    desk.platform.pass_time(days=10)
    desk.do(moves.send_back, "platform", task_id=desk.task(case_id).id, to="u1", opinion="不全")
    rows = desk.platform.rows(deadlines, deadlines.c.case_id == case_id)
    assert {(row.element, row.state) for row in rows} == {("u1", "met"), ("u2", "late"), ("u1", "running")}


def test_what_a_move_takes_from_others_is_not_late(desk: Desk) -> None:
    gates = {"g": GATE.format("g"), "j": GATE.format("j")}
    case_id = desk.begin(SIDE_BY_SIDE, **gates)
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})
    desk.platform.pass_time(days=10)
    desk.do(moves.send_back, "platform", task_id=desk.task(case_id, "u3").id, to="u1", opinion="不全")
    rows = desk.platform.rows(deadlines, deadlines.c.case_id == case_id, deadlines.c.element != "u1")
    assert {(row.element, row.state) for row in rows} == {("u2", "cancelled"), ("u3", "late")}


def test_the_clock_is_stopped_by_who_runs_the_case(desk: Desk) -> None:
    """Not by who might have claimed what another has, nor by a joint handler; by a deputy who shares it."""
    gates = {"g": GATE.format("g"), "j": GATE.format("j")}
    joint = node("u3", joint="true").replace("'platform'", "'handler@market'")
    case_id = desk.begin(SIDE_BY_SIDE, **gates, u3=joint)
    desk.do(runtime.claim, "platform", task_id=desk.task(case_id).id)
    said = {"case_id": case_id, "kind": "补正", "reason": "等材料"}
    with pytest.raises(NotAllowed, match=r"runtime\.may_not_stop"):
        desk.do(clocks.stop, "platform-2", **said)
    away(desk, "platform", "platform-2", "share")
    desk.do(clocks.stop, "platform-2", **said)
    desk.do(clocks.resume, "platform", case_id=case_id)
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})
    desk.do(runtime.claim, "market-1", task_id=desk.task(case_id, "u3").id)
    for who in ("market-1", "market-2"):
        with pytest.raises(NotAllowed, match=r"runtime\.may_not_stop"):
            desk.do(clocks.stop, who, **said)
    desk.do(clocks.stop, "platform", **said)
