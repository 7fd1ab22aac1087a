"""An incident stands for each task that nobody can do, for as long as nobody can."""

from typing import Any

import pytest
import sqlalchemy as sa

from engine import identity, runtime
from engine.errors import NotAllowed
from engine.identity.tables import account_roles, accounts
from engine.runtime import actions, clocks, moves, queries
from engine.runtime.casework.attending import attend
from engine.runtime.tables import incidents, tasks
from tests.runtime.actions.desk import Desk, node
from tests.runtime.agreement import agree
from tests.runtime.stage import Platform

FORM = "camunda:formKey='small/check' camunda:dueDate='P3D'"


@pytest.fixture
def desk(platform: Platform) -> Desk:
    return Desk(platform)


def standing(desk: Desk) -> list[Any]:
    return [row for row in desk.platform.rows(incidents) if row.resolved_at is None]


def listed(desk: Desk) -> list[str]:
    with desk.platform.engine.reading() as connection:
        return [row.element for row in queries.unattended(connection, 10)]


def orphaned(desk: Desk, waits: str = "candidateUsers='= []'") -> str:
    """A case whose first step waits for nobody."""
    return desk.begin(u1=f"<b:userTask id='u1' name='一' {FORM} camunda:{waits}/>")


def write(desk: Desk, statement: Any) -> None:
    with desk.platform.engine.writing() as connection:
        connection.execute(statement)


def test_a_task_without_candidates_raises_one_incident_and_no_second(desk: Desk) -> None:
    case_id = orphaned(desk)
    assert (attend(desk.platform.engine), attend(desk.platform.engine)) == (1, 0)
    (incident,) = standing(desk)
    task = desk.task(case_id)
    assert (incident.case_id, incident.task_id, incident.element) == (case_id, task.id, "u1")
    assert "没有人能办理" in incident.message and incident.timer_id is None
    (event,) = desk.events(case_id, "incident.raised")
    assert event.data["task"] == task.id
    assert listed(desk) == ["u1"]


def test_it_does_not_hold_the_clock_of_its_case(desk: Desk) -> None:
    case_id = orphaned(desk)
    attend(desk.platform.engine)
    assert clocks.recount_cases(desk.platform.engine) == 0
    assert [row.id for row in standing(desk)] and desk.platform.case(case_id).state == "open"


def test_it_closes_when_somebody_gets_the_role(desk: Desk) -> None:
    case_id = orphaned(desk, "candidateGroups='liaison'")
    assert attend(desk.platform.engine) == 0
    liaison = desk.id("liaison")
    write(desk, sa.update(accounts).where(accounts.c.id == liaison).values(active=False))
    assert attend(desk.platform.engine) == 1 and listed(desk) == ["u1"]
    write(desk, sa.insert(account_roles).values(account_id=desk.id("platform"), role="liaison"))
    assert attend(desk.platform.engine) == 1
    assert standing(desk) == [] and listed(desk) == []
    (closed,) = desk.events(case_id, "incident.closed")
    assert closed.data["task"] == desk.task(case_id).id


def test_four_eyes_that_leave_nobody_raise_it_and_a_third_person_ends_it(desk: Desk) -> None:
    case_id = desk.begin(u2=node("u2", not_performed_by="u1"))
    first = desk.task(case_id)
    desk.do(actions.delegate, "platform", task_id=first.id, to=desk.id("platform-2"))
    desk.do(actions.answer_delegate, "platform-2", task_id=first.id, values={})
    assert attend(desk.platform.engine) == 0
    desk.do(runtime.complete, "platform", task_id=first.id, values={})
    assert attend(desk.platform.engine) == 1 and listed(desk) == ["u2"]
    with desk.platform.engine.writing() as connection:
        identity.create_account(
            connection, username="third", name="第三人", now=desk.platform.clock.now(), roles=["platform"]
        )
    assert attend(desk.platform.engine) == 1 and standing(desk) == []


@pytest.mark.parametrize("end", ["assigned", "ended"])
def test_it_closes_when_the_task_is_assigned_or_over(desk: Desk, end: str) -> None:
    case_id = orphaned(desk)
    attend(desk.platform.engine)
    if end == "assigned":
        task = desk.task(case_id).id
        write(desk, sa.update(tasks).where(tasks.c.id == task).values(assignee=desk.id("platform")))
    else:
        desk.do(actions.terminate, "control", case_id=case_id, opinion="无人可办")
    assert attend(desk.platform.engine) == 1
    assert standing(desk) == [] and listed(desk) == []


def test_retrying_it_raises_it_again_while_nobody_can(desk: Desk) -> None:
    orphaned(desk)
    attend(desk.platform.engine)
    (incident,) = standing(desk)
    with desk.platform.engine.writing() as connection:
        runtime.retry(desk.platform.engine, connection, actor=identity.SYSTEM, incident_id=incident.id)
    assert standing(desk) == []
    assert attend(desk.platform.engine) == 1 and len(standing(desk)) == 1


def test_what_waits_for_somebody_an_enterprise_or_added_signers_raises_nothing(desk: Desk) -> None:
    case_id = desk.begin("s>u1>u2>e", u2=node("u2", not_performed_by="u1"))
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={})
    orphaned(desk, "candidateGroups='enterprise@91441802MA4X1Q2T0K'")
    write(desk, sa.update(accounts).where(accounts.c.kind == "enterprise").values(active=False))
    assert attend(desk.platform.engine) == 0 and listed(desk) == []


def test_a_step_that_leads_back_to_somebody_closes_it(desk: Desk) -> None:
    own = f"<b:userTask id='u2' name='二' {FORM} camunda:candidateUsers='= []'/>"
    case_id = desk.begin(u2=own)
    first = desk.task(case_id)
    desk.do(runtime.complete, "platform", task_id=first.id, values={})
    assert attend(desk.platform.engine) == 1
    desk.do(moves.take_back, "platform", task_id=first.id, opinion="")
    assert attend(desk.platform.engine) == 1 and standing(desk) == []
    assert desk.task(case_id).element == "u1"
    agree(desk.platform.engine, case_id)


def test_the_control_centre_assigns_what_nobody_can_do(desk: Desk) -> None:
    case_id = orphaned(desk)
    attend(desk.platform.engine)
    task = desk.task(case_id).id
    for who in ("supervisor", "market-admin", "platform"):
        with pytest.raises(NotAllowed, match=r"runtime\.not_candidate"):
            desk.do(actions.transfer, who, task_id=task, to=desk.id("tax-1"))
    [offer] = [o for o in desk.look(actions.offers, "control", task) if o.action == "transfer"]
    assert {desk.id("tax-1"), desk.id("control")} <= {person.id for person in offer.people}
    assert not {desk.id("jingmi"), desk.id("administrator")} & {person.id for person in offer.people}
    desk.do(actions.transfer, "control", task_id=task, to=desk.id("tax-1"))
    assert (attend(desk.platform.engine), standing(desk)) == (1, [])
    desk.do(runtime.complete, "tax-1", task_id=task, values={})
    agree(desk.platform.engine, case_id)


def test_the_control_centre_leaves_alone_what_somebody_can_do(desk: Desk) -> None:
    task = desk.task(desk.begin()).id
    assert "transfer" not in {o.action for o in desk.look(actions.offers, "control", task)}
    with pytest.raises(NotAllowed, match=r"runtime\.not_candidate"):
        desk.do(actions.transfer, "control", task_id=task, to=desk.id("tax-1"))
