"""终止: a case ends before its time, with everything that was open in it."""

import pytest

from engine import outbox, runtime
from engine.errors import Conflict, Invalid, NotAllowed
from engine.runtime import actions
from engine.runtime.tables import deadlines, task_candidates, tasks, timers
from tests.runtime.actions.desk import Desk
from tests.runtime.agreement import agree
from tests.runtime.answers import lead_to


def test_what_is_open_is_cancelled_and_whom_it_concerns_is_told(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "handle")
    holder = desk.platform.one(case_id, "handle").assignee
    before = desk.platform.case(case_id)
    assert desk.platform.count(timers, timers.c.case_id == case_id)
    version = desk.do(actions.terminate, "control", case_id=case_id, opinion="企业已注销")
    case = desk.platform.case(case_id)
    assert (case.state, case.status, case.version) == ("ended", "已终止", version)
    assert desk.platform.open(case_id) == []
    assert desk.platform.count(timers, timers.c.case_id == case_id) == 0
    assert desk.platform.count(task_candidates) == 0
    open_ = desk.platform.rows(deadlines, deadlines.c.case_id == case_id, deadlines.c.closed_at.is_(None))
    assert open_ == []
    assert desk.platform.count(deadlines, deadlines.c.state == "cancelled")
    (event,) = desk.events(case_id, "case.terminated")
    assert event.data == {"from": before.status, "opinion": "企业已注销"}
    assert desk.platform.kinds(case_id)[-1] == "case.ended"
    told = [
        m.recipient for m in desk.platform.rows(outbox.messages, outbox.messages.c.template == "terminated")
    ]
    assert f"enterprise@{case.enterprise}" in told
    assert holder is None or holder in told
    agree(desk.platform.engine, case_id)
    with pytest.raises(Conflict, match=r"runtime\.case_ended"):
        desk.do(actions.terminate, "control", case_id=case_id, opinion="再来")


def test_a_case_whose_clock_stands_still_can_be_ended(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "handle")
    desk.do(runtime.clocks.stop, "control", case_id=case_id, kind="补正", reason="等材料")
    desk.do(actions.terminate, "control", case_id=case_id, opinion="企业放弃")
    assert desk.platform.count(timers, timers.c.case_id == case_id) == 0
    assert desk.platform.case(case_id).state == "ended"
    agree(desk.platform.engine, case_id)


@pytest.mark.parametrize(
    "who", ["platform", "supervisor", "leader", "administrator", "jingmi", "market-admin"]
)
def test_only_whom_the_process_names_ends_a_case(desk: Desk, who: str) -> None:
    case_id = desk.platform.start()
    with pytest.raises(NotAllowed):
        desk.do(actions.terminate, who, case_id=case_id, opinion="不办了")
    assert desk.platform.case(case_id).state == "open"


def test_a_process_names_its_own_terminators(desk: Desk) -> None:
    case_id = desk.begin(said={"terminators": "supervisor"})
    with pytest.raises(NotAllowed, match=r"runtime\.no_terminator"):
        desk.do(actions.terminate, "control", case_id=case_id, opinion="重复")
    desk.do(actions.terminate, "supervisor", case_id=case_id, opinion="重复")
    assert desk.platform.count(tasks, tasks.c.state == "open") == 0


def test_nobody_ends_a_case_without_saying_why(desk: Desk) -> None:
    case_id = desk.platform.start()
    with pytest.raises(Invalid, match=r"runtime\.opinion_needed"):
        desk.do(actions.terminate, "control", case_id=case_id, opinion="")
    assert desk.platform.case(case_id).state == "open"
