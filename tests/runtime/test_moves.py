"""退回, 驳回, 撤回: what they do to rows and history, who may do them, and what is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine import runtime
from engine.errors import Conflict, Invalid, NotAllowed
from engine.outbox.tables import messages
from engine.runtime import moves, waiting
from engine.runtime.tables import deadlines, tasks, timers
from tests.bpmn.drawing import MESSAGE, boundary, properties
from tests.bpmn.event_drawing import aside
from tests.bpmn.game import timer
from tests.runtime.agreement import agree, intact
from tests.runtime.small import small
from tests.runtime.small import task as drawn_task
from tests.runtime.stage import Platform

WHY = "材料不全，请补充"


def node(key: str, **said: str) -> str:
    """A task of the platform's with properties; `_` stands for a blank."""
    named = {name.replace("_", " "): value for name, value in said.items()}
    return drawn_task(key).replace(
        ">", f"><b:extensionElements>{properties(**named)}</b:extensionElements>", 1
    )


def deployed(platform: Platform, ways: str, own: Mapping[str, str] | None = None, **more: Any) -> str:
    platform.deploy(small(ways, own, **more))
    return platform.start("platform", "small", note="x")


def act(platform: Platform, what: Any, element: str, actor: str = "platform", **given: Any) -> runtime.Done:
    case_id = given.pop("case_id")
    with platform.engine.writing() as connection:
        done: runtime.Done = what(
            platform.engine,
            connection,
            actor=platform.actors[actor],
            task_id=platform.one(case_id, element).id,
            **given,
        )
    agree(platform.engine, case_id)
    return done


def back(platform: Platform, case_id: str, element: str, to: str, **more: Any) -> runtime.Done:
    return act(platform, moves.send_back, element, case_id=case_id, to=to, **{"opinion": WHY, **more})


def done(platform: Platform, case_id: str, element: str, actor: str = "platform") -> str:
    """Complete the task at an element; returns its id."""
    task = platform.one(case_id, element)
    with platform.engine.writing() as connection:
        runtime.complete(
            platform.engine, connection, actor=platform.actors[actor], task_id=task.id, values={"note": "x"}
        )
    agree(platform.engine, case_id)
    return task.id


def taken(platform: Platform, case_id: str, task_id: str, actor: str = "platform") -> None:
    with platform.engine.writing() as connection:
        moves.take_back(platform.engine, connection, actor=platform.actors[actor], task_id=task_id)
    agree(platform.engine, case_id)


def may_take(platform: Platform, task_id: str, actor: str = "platform") -> bool:
    (row,) = platform.rows(tasks, tasks.c.id == task_id)
    with platform.engine.reading() as connection:
        return moves.may_take_back(platform.engine, connection, platform.actors[actor], dict(row._mapping))


def elements(platform: Platform, case_id: str) -> list[str]:
    return sorted(task.element for task in platform.open(case_id))


def event(platform: Platform, case_id: str, kind: str) -> dict[str, Any]:
    (found,) = [row for row in platform.history(case_id) if row.kind == kind]
    return dict(found.data)


def test_work_goes_back_and_who_did_it_has_it_again(platform: Platform) -> None:
    case_id = deployed(platform, "s>u1>u2>u3>e")
    first = done(platform, case_id, "u1")
    done(platform, case_id, "u2")
    back(platform, case_id, "u3", "u1")
    assert elements(platform, case_id) == ["u1"]
    again = platform.one(case_id)
    assert again.id != first and again.assignee == platform.actors["platform"].id
    (row,) = platform.rows(tasks, tasks.c.case_id == case_id, tasks.c.element == "u3")
    assert (row.state, row.opinion, row.closed_by) == ("cancelled", WHY, platform.actors["platform"].id)
    assert {r.state for r in platform.rows(tasks, tasks.c.id == first)} == {"done"}
    said = event(platform, case_id, "task.sent_back")
    assert (said["from"], said["to"], said["to_name"], said["opinion"]) == ("u3", "u1", "u1", WHY)
    for element in ("u1", "u2", "u3"):
        done(platform, case_id, element)
    assert platform.case(case_id).state == "ended"
    intact(platform.engine)


def test_only_what_was_done_is_offered_and_an_opinion_is_needed(platform: Platform) -> None:
    case_id = deployed(platform, "s>x1>u1>x2>u3>e x1>u2>x2", conditions={"x1-u1": "= note = null"})
    done(platform, case_id, "u2")
    with platform.engine.reading() as connection:
        task = platform.one(case_id, "u3").id
        assert [t.element for t in moves.send_back_targets(platform.engine, connection, task)] == ["u2"]
    with pytest.raises(Conflict) as refused:
        back(platform, case_id, "u3", "u1")
    assert refused.value.code == "runtime.nothing_to_send_back_to" and "u2" in refused.value.say()
    with pytest.raises(Invalid) as missing:
        back(platform, case_id, "u3", "u2", opinion="  ")
    assert missing.value.code == "runtime.opinion_needed"
    with pytest.raises(Conflict) as stale:
        back(platform, case_id, "u3", "u2", version=7)
    assert stale.value.code == "runtime.task_changed"
    with pytest.raises(NotAllowed):
        back(platform, case_id, "u3", "u2", actor="jingmi")


def test_a_node_may_offer_no_way_back(platform: Platform) -> None:
    case_id = deployed(platform, "s>u1>u2>e", {"u2": node("u2", actions="copy, 催办")})
    done(platform, case_id, "u1")
    with pytest.raises(NotAllowed) as refused:
        back(platform, case_id, "u2", "u1")
    assert refused.value.code == "runtime.not_offered"


def test_branches_beside_stand_and_deadlines_begin_anew(platform: Platform) -> None:
    own = {"b": boundary("b", "u1", timer("PT20H"), False)}
    case_id = deployed(platform, "s>p1>u1>u2>p2>u5>e p1>u3>p2 b>e2", own)
    first = done(platform, case_id, "u1")
    platform.pass_time(hours=3)
    done(platform, case_id, "u3")
    back(platform, case_id, "u2", "u1")
    assert elements(platform, case_id) == ["u1"]
    assert platform.count(timers) == 1
    rows = platform.rows(deadlines, deadlines.c.case_id == case_id)
    (running,) = [row for row in rows if row.state == "running"]
    (before,) = [row for row in rows if row.task_id == first]
    assert running.element == "u1" and running.due_at > before.due_at and running.next_at is not None
    assert [row.state for row in rows if row.element == "u2"] == ["cancelled"]
    done(platform, case_id, "u1")
    done(platform, case_id, "u2")
    assert elements(platform, case_id) == ["u5"]
    back(platform, case_id, "u5", "u1")
    assert elements(platform, case_id) == ["u1"]
    for element in ("u1", "u2", "u5"):
        done(platform, case_id, element)
    assert platform.case(case_id).state == "ended"


def test_out_of_a_branch_the_others_open_work_is_cancelled_and_named(platform: Platform) -> None:
    case_id = deployed(platform, "s>u0>p1>u1>p2>e p1>u3>p2")
    done(platform, case_id, "u0")
    back(platform, case_id, "u1", "u0")
    assert event(platform, case_id, "task.sent_back")["cancelled"] == ["u3"]
    assert event(platform, case_id, "task.cancelled")["name"] == "u3"
    assert elements(platform, case_id) == ["u0"]


def test_a_rejection_ends_the_case_or_goes_where_the_node_says(platform: Platform) -> None:
    own = {"u2": node("u2", reject="u1"), "u3": node("u3", reject="end"), "u4": node("u4", reject="u6")}
    case_id = deployed(platform, "s>u1>u2>u3>u4>u5>u6>e", own)
    done(platform, case_id, "u1")
    act(platform, moves.reject, "u2", case_id=case_id, opinion=WHY)
    assert elements(platform, case_id) == ["u1"]
    done(platform, case_id, "u1")
    done(platform, case_id, "u2")
    act(platform, moves.reject, "u3", case_id=case_id, opinion=WHY)
    found = platform.case(case_id)
    assert (found.state, found.status) == ("ended", "已驳回")
    with platform.engine.writing() as connection:
        ahead = runtime.start_case(
            platform.engine,
            connection,
            actor=platform.actors["platform"],
            process="small",
            values={"note": "y"},
        ).case_id
    for element in ("u1", "u2", "u3"):
        done(platform, ahead, element)
    act(platform, moves.reject, "u4", case_id=ahead, opinion=WHY)
    assert elements(platform, ahead) == ["u6"]
    with pytest.raises(NotAllowed) as refused:
        act(platform, moves.reject, "u6", case_id=ahead, opinion=WHY)
    assert refused.value.code == "runtime.not_offered"


def test_ones_own_work_is_taken_back_until_somebody_goes_on(platform: Platform) -> None:
    case_id = deployed(platform, "s>u1>u2>u3>e")
    first = done(platform, case_id, "u1")
    assert may_take(platform, first) and not may_take(platform, first, "jingmi")
    taken(platform, case_id, first)
    assert elements(platform, case_id) == ["u1"]
    assert platform.one(case_id).assignee == platform.actors["platform"].id
    assert event(platform, case_id, "task.taken_back")["cancelled"] == ["u2"]
    assert not may_take(platform, first), "it is open again"
    second = done(platform, case_id, "u1")
    assert not may_take(platform, first) and may_take(platform, second)
    done(platform, case_id, "u2")
    assert not may_take(platform, second)
    with pytest.raises(Conflict) as refused:
        taken(platform, case_id, second)
    assert refused.value.code == "runtime.taken_on" and "u2" in refused.value.say()


def test_other_branches_may_go_on_without_hindering_it(platform: Platform) -> None:
    case_id = deployed(platform, "s>p1>u1>u2>p2>u5>e p1>u3>p2")
    first = done(platform, case_id, "u1")
    third = done(platform, case_id, "u3")
    taken(platform, case_id, first)
    assert elements(platform, case_id) == ["u1"]
    taken(platform, case_id, third)
    assert elements(platform, case_id) == ["u1", "u3"]
    done(platform, case_id, "u1")
    done(platform, case_id, "u3")
    last = done(platform, case_id, "u2")
    assert elements(platform, case_id) == ["u5"]
    taken(platform, case_id, last)
    assert elements(platform, case_id) == ["u2"]
    done(platform, case_id, "u2")
    done(platform, case_id, "u5")
    assert platform.case(case_id).state == "ended"


def test_what_a_timer_or_a_move_has_changed_since_is_not_taken_back(platform: Platform) -> None:
    catch = f"<b:intermediateCatchEvent id='c1'>{timer('PT1H')}</b:intermediateCatchEvent>"
    case_id = deployed(platform, "s>u1>c1>u2>u3>e", {"c1": catch})
    first = done(platform, case_id, "u1")
    assert may_take(platform, first)
    platform.pass_all_due()
    assert runtime.fire_due(platform.engine) == 1
    assert not may_take(platform, first)
    second = done(platform, case_id, "u2")
    back(platform, case_id, "u3", "u1")
    assert not may_take(platform, second)


def test_the_applicant_withdraws_while_the_process_allows_it(platform: Platform) -> None:
    case_id = deployed(platform, "s>u1>u2>e", said={"take back": "= go = null"})
    with platform.engine.writing() as connection:
        given = {"actor": platform.actors["platform-2"], "task_id": platform.one(case_id).id}
        runtime.claim(platform.engine, connection, **given)
    for actor, code in (("jingmi", "runtime.not_own_case"), ("platform", "")):
        with platform.engine.writing() as connection:
            given = {"actor": platform.actors[actor], "case_id": case_id, "opinion": "不办了"}
            if code:
                with pytest.raises(NotAllowed) as refused:
                    moves.withdraw(platform.engine, connection, **given)
                assert refused.value.code == code
            else:
                moves.withdraw(platform.engine, connection, **given)
    agree(platform.engine, case_id)
    found = platform.case(case_id)
    assert (found.state, found.status) == ("ended", "已撤回")
    assert event(platform, case_id, "case.withdrawn")["cancelled"] == ["u1"]
    told = platform.rows(messages, messages.c.template == "withdrawn-case")
    assert [row.recipient for row in told] == [platform.actors["platform-2"].id], "not who withdrew it"
    other = deployed(platform, "s>u1>u2>e", said={"take back": "= go = 1"})
    with platform.engine.writing() as connection, pytest.raises(Conflict):
        moves.withdraw(
            platform.engine, connection, actor=platform.actors["platform"], case_id=other, opinion="不办了"
        )


def test_one_of_several_takes_back_while_the_others_go_on(platform: Platform) -> None:
    items = "<b:multiInstanceLoopCharacteristics camunda:collection='= [7, 8]' camunda:elementVariable='n'/>"
    case_id = deployed(platform, "s>u1>u2>e", {"u1": drawn_task("u1", items)})
    first, second = sorted(platform.open(case_id), key=lambda task: task.id)
    with platform.engine.writing() as connection:
        given = {"actor": platform.actors["platform"], "task_id": first.id, "values": {"note": "x"}}
        runtime.complete(platform.engine, connection, **given)
    taken(platform, case_id, first.id)
    again = [task for task in platform.open(case_id) if task.id != second.id]
    assert [task.assignee for task in again] == [platform.actors["platform"].id]
    assert not may_take(platform, first.id)
    for task in platform.open(case_id):
        with platform.engine.writing() as connection:
            given = {"actor": platform.actors["platform"], "task_id": task.id, "values": {"note": "x"}}
            runtime.complete(platform.engine, connection, **given)
        agree(platform.engine, case_id)
    assert elements(platform, case_id) == ["u2"]
    assert not may_take(platform, first.id) and not may_take(platform, second.id)
    with pytest.raises(Conflict, match=r"bpmn\.cannot_reopen_item") as caught:
        taken(platform, case_id, first.id)
    assert "整轮重新办理" in caught.value.say()
    back(platform, case_id, "u2", "u1")
    assert elements(platform, case_id) == ["u1", "u1"], "as the sentence says"


def test_of_what_is_done_in_turn_the_last_is_taken_back_first(platform: Platform) -> None:
    items = (
        "<b:multiInstanceLoopCharacteristics isSequential='true' camunda:collection='= [7, 8, 9]' "
        "camunda:elementVariable='n'/>"
    )
    case_id = deployed(platform, "s>u1>u2>e", {"u1": drawn_task("u1", items)})
    first, second = done(platform, case_id, "u1"), done(platform, case_id, "u1")
    with pytest.raises(Conflict, match=r"bpmn\.reopen_last_only"):
        taken(platform, case_id, first)
    taken(platform, case_id, second)
    taken(platform, case_id, first)
    assert elements(platform, case_id) == ["u1"]


SENT = f"<b:extensionElements>{properties(senders='platform')}</b:extensionElements>"


def test_out_of_what_was_begun_apart_nothing_goes_back(platform: Platform) -> None:
    body = aside("q2", "u8>u9>e9", {key: drawn_task(key) for key in ("u8", "u9")}, MESSAGE, False, SENT)
    case_id = deployed(platform, "s>u1>u2>e", {"q2": body})
    done(platform, case_id, "u1")
    with platform.engine.writing() as connection:
        sender = platform.actors["platform"]
        facts = {"actor": sender, "case_id": case_id, "message": "撤回", "values": {}}
        waiting.send(platform.engine, connection, **facts)
    done(platform, case_id, "u8")
    with pytest.raises(Conflict, match=r"runtime\.not_out_of") as caught:
        back(platform, case_id, "u9", "u1")
    assert caught.value.facts["places"] == "u8" and "办完这一段" in caught.value.say()
    with pytest.raises(Conflict, match=r"runtime\.nothing_to_send_back_to"):
        back(platform, case_id, "u9", "nowhere")
    back(platform, case_id, "u9", "u8")


STATUSES = {
    "u1": node("u1", status="待受理"),
    "u2": node("u2"),
    "u3": node("u3", status="待审核"),
    "u4": node("u4", status="待办结"),
}


def status(platform: Platform, case_id: str) -> str:
    return platform.case(case_id).status


def test_a_move_brings_the_status_of_the_node_it_opens(platform: Platform) -> None:
    case_id = deployed(platform, "s>u1>u2>u3>u4>e", STATUSES)
    for key in ("u1", "u2", "u3"):
        done(platform, case_id, key)
    back(platform, case_id, "u4", "u3")
    assert status(platform, case_id) == "待审核"


def test_where_the_node_says_none_it_is_what_it_was_when_the_case_was_there_last(platform: Platform) -> None:
    case_id = deployed(platform, "s>u1>u2>u3>u4>e", STATUSES)
    done(platform, case_id, "u1")
    assert status(platform, case_id) == "待受理", "u2 says none: the case is called as before"
    for key in ("u2", "u3"):
        done(platform, case_id, key)
    assert status(platform, case_id) == "待办结"
    back(platform, case_id, "u4", "u2")
    assert status(platform, case_id) == "待受理"
    (last,) = [row for row in platform.history(case_id) if row.kind == "status.changed"][-1:]
    assert last.data == {"from": "待办结", "to": "待受理"}
    mine = done(platform, case_id, "u2")
    assert status(platform, case_id) == "待审核"
    taken(platform, case_id, mine)
    assert status(platform, case_id) == "待受理"


def test_a_loop_that_came_by_another_way_brings_the_later_status(platform: Platform) -> None:
    own = {**STATUSES, "u1": node("u1", status="待受理"), "u3": node("u3", status="待复核")}
    case_id = deployed(platform, "s>u1>u2>u3>u4>e", own)
    for key in ("u1", "u2", "u3"):
        done(platform, case_id, key)
    back(platform, case_id, "u4", "u3")
    back(platform, case_id, "u3", "u2")
    assert status(platform, case_id) == "待受理"
    done(platform, case_id, "u2")
    assert status(platform, case_id) == "待复核"


def test_what_is_reached_ahead_for_the_first_time_leaves_the_status(platform: Platform) -> None:
    own = {"u1": node("u1", status="待受理", reject="u2"), "u2": node("u2"), "u3": STATUSES["u3"]}
    case_id = deployed(platform, "s>u1>u3>u2>e", own)
    act(platform, moves.reject, "u1", case_id=case_id, opinion=WHY)
    assert platform.one(case_id).element == "u2" and status(platform, case_id) == "待受理"
