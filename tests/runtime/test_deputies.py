"""Absence at work: what opens for somebody who is away, who hears of it, and that no task is lost."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import identity, outbox, runtime
from engine.clock import SHANGHAI
from engine.database import new_id
from engine.errors import Conflict, Invalid, NotAllowed
from engine.identity.tables import absences, accounts
from engine.outbox.absences import ABSENCES
from engine.runtime import deputies
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.tables import task_candidates, tasks
from tests.runtime.small import small
from tests.runtime.stage import Platform

DAY = timedelta(days=1)


def away(platform: Platform, who: str, deputy: str, how: str = "move", days: float = 5, **more):
    """`who` is away from now on."""
    now = platform.clock.now()
    given = {"since": now, "until": now + days * DAY, **more}
    with platform.engine.writing() as connection:
        return deputies.begin_absence(
            platform.engine,
            connection,
            actor=platform.actors[who],
            account=platform.actors[who].id,
            deputy=platform.actors[deputy].id,
            how=how,
            **given,
        )


def told(platform: Platform, who: str) -> list[str]:
    """The templates of what this person was told by name, oldest first."""
    with platform.engine.reading() as connection:
        found = outbox.told(connection, platform.actors[who], limit=100)
        mine = [one for one in found if one.template in ABSENCES]
    return [one.template for one in reversed(mine)]


def test_an_absence_is_told_once_when_it_begins(platform: Platform):
    begin = datetime(2026, 3, 12, 9, 30, tzinfo=SHANGHAI)
    away(platform, "market-1", "market-2", since=begin, until=begin + DAY)
    assert deputies.tell_absences(platform.engine) == 0
    with platform.engine.reading() as connection:
        assert runtime.clocks.next_moment(connection) == begin
    platform.clock.move_to(begin)
    assert deputies.tell_absences(platform.engine) == 1
    assert deputies.tell_absences(platform.engine) == 0
    assert told(platform, "market-1") == ["absence-begun"]
    assert told(platform, "market-2") == ["deputy-begun"]
    with platform.engine.reading() as connection:
        assert runtime.clocks.next_moment(connection) is None
        (notice,) = outbox.told(connection, platform.actors["market-2"], limit=9)
    assert outbox.render(notice.template, notice.data) == (
        "您开始代理同事吴强的事项，至 2026年3月13日（周五）09:30"
    )


def test_where_no_deputy_is_left_the_administrator_hears_of_it(platform: Platform):
    away(platform, "market-1", "market-2")
    away(platform, "market-2", "market-1")
    assert deputies.tell_absences(platform.engine) == 2
    assert told(platform, "market-admin") == ["deputy-nobody", "deputy-nobody"]
    assert told(platform, "market-1") == []


def test_an_absence_that_was_over_before_anybody_looked_is_not_told(platform: Platform):
    away(platform, "market-1", "market-2", days=1)
    rule = away(platform, "tax-1", "tax-2")
    with platform.engine.writing() as connection:
        deputies.end_absence(platform.engine, connection, actor=platform.actors["tax-1"], absence_id=rule.id)
    platform.clock.move_to(platform.clock.now() + 2 * DAY)
    assert deputies.tell_absences(platform.engine) == 0
    assert told(platform, "market-2") == []
    assert told(platform, "tax-2") == ["deputy-ended"]
    with platform.engine.reading() as connection:
        assert runtime.clocks.next_moment(connection) is None


def test_a_process_that_is_not_deployed_is_refused(platform: Platform):
    with pytest.raises(Invalid) as refused:
        away(platform, "market-1", "market-2", process="nothing")
    assert [(p.where, p.code) for p in refused.value.problems] == [("process", "runtime.absence.process")]
    away(platform, "market-1", "market-2", process="appeal")


def signed(platform: Platform, handler: str) -> str:
    """An appeal whose handler is `handler`; it waits at 联系企业."""
    case = platform.start()
    platform.complete(case, "triage", outcome="派发", type="市场监管", complexity="一般", department="market")
    platform.complete(case, "sign", sign="签收", handler=platform.actors[handler].id)
    return case


CONTACT = {"contact_method": "电话", "contact_person": "罗婷", "contact_finding": "属实"}


def contact(platform: Platform, case: str, who: str) -> None:
    values = {"contacted_at": platform.clock.now(), **CONTACT}
    task = platform.one(case, "contact")
    with platform.engine.writing() as connection:
        actor = platform.actors[who]
        runtime.complete(platform.engine, connection, actor=actor, task_id=task.id, values=values)


def held(platform: Platform, case: str) -> tuple[str | None, str | None]:
    """(who has the case's one open task, for whom) by username."""
    names = {actor.id: name for name, actor in platform.actors.items()}
    (row,) = platform.rows(tasks, tasks.c.case_id == case, tasks.c.state == "open")
    return names.get(row.assignee), names.get(row.acting_for)


def test_what_opens_for_somebody_who_is_away_goes_to_the_deputy(platform: Platform):
    away(platform, "market-1", "market-2")
    case = signed(platform, "market-1")
    assert held(platform, case) == ("market-2", "market-1")
    person, deputy = (platform.actors[name].id for name in ("market-1", "market-2"))
    found = [row for row in platform.history(case) if row.kind in ("task.opened", "task.moved")]
    opened, moved = found[-2:]
    assert (opened.kind, opened.data["assignee"]) == ("task.opened", person)
    assert moved.kind == "task.moved"
    said = {name: moved.data[name] for name in ("from", "to", "for", "for_name", "name")}
    assert said == {"from": person, "to": deputy, "for": person, "for_name": "吴强", "name": "联系企业"}
    assert told(platform, "market-2") == ["moved-here"] and told(platform, "market-1") == ["moved-away"]
    contact(platform, case, "market-2")
    (done,) = [row for row in platform.history(case) if row.kind == "task.completed"][-1:]
    assert (done.actor, done.data["for"]) == (deputy, person)
    assert held(platform, case) == ("market-2", "market-1")  # the next step is the handler's too


def test_nothing_moves_before_the_first_minute_nor_from_the_last_on(platform: Platform):
    begin = platform.clock.now() + timedelta(minutes=1)
    away(platform, "market-1", "market-2", since=begin, until=begin + timedelta(hours=1))
    assert held(platform, signed(platform, "market-1")) == ("market-1", None)
    platform.clock.move_to(begin)
    assert held(platform, signed(platform, "market-1")) == ("market-2", "market-1")
    platform.clock.move_to(begin + timedelta(minutes=59))
    assert held(platform, signed(platform, "market-1")) == ("market-2", "market-1")
    platform.clock.move_to(begin + timedelta(hours=1))
    assert held(platform, signed(platform, "market-1")) == ("market-1", None)


def test_a_shared_task_stays_and_the_deputy_may_do_it(platform: Platform):
    away(platform, "market-1", "market-2", how="share")
    case = signed(platform, "market-1")
    assert held(platform, case) == ("market-1", None)
    assert "task.moved" not in platform.kinds(case)
    assert told(platform, "market-2") == ["shared-here"]
    contact(platform, case, "market-2")
    person, deputy = (platform.actors[name].id for name in ("market-1", "market-2"))
    (row,) = platform.rows(tasks, tasks.c.case_id == case, tasks.c.element == "contact")
    assert (row.closed_by, row.acting_for) == (deputy, person)
    (done,) = [row for row in platform.history(case) if row.kind == "task.completed"][-1:]
    assert (done.actor, done.data["for"]) == (deputy, person)


def test_a_share_for_one_process_opens_no_other(platform: Platform):
    platform.deploy(small("s>u1 u1>e"))
    away(platform, "market-1", "market-2", how="share", process="small")
    case = signed(platform, "market-1")
    with pytest.raises(NotAllowed):
        contact(platform, case, "market-2")
    contact(platform, case, "market-1")


def test_a_reminder_goes_to_both_who_share_a_task(platform: Platform):
    away(platform, "market-1", "market-2", how="share", days=30)
    case = signed(platform, "market-1")
    contact(platform, case, "market-1")  # 处置答复 has a deadline of three working days
    platform.clock.move_to(platform.clock.now() + 5 * DAY)
    runtime.clocks.remind_due(platform.engine)
    found = [row for row in platform.history(case) if row.kind == "reminder.sent"]
    reminded = {name for row in found for name in row.data["sent"]}
    assert {platform.actors[name].id for name in ("market-1", "market-2")} <= reminded


def test_where_nobody_is_left_the_task_stays_and_the_administrator_is_told(platform: Platform):
    away(platform, "market-1", "market-2")
    away(platform, "market-2", "market-1")
    case = signed(platform, "market-1")
    assert held(platform, case) == ("market-1", None)
    assert told(platform, "market-admin") == ["deserted"]


def test_a_task_for_a_stopped_account_waits_for_its_groups(platform: Platform):
    case = platform.start()
    platform.complete(case, "triage", outcome="派发", type="市场监管", complexity="一般", department="market")
    with platform.engine.writing() as connection:
        identity.set_active(connection, platform.actors["market-1"].id, False)
    with platform.engine.writing() as connection:  # the form refuses a stopped handler; the diagram may not
        row = deputies.place(connection, platform.actors["market-1"].id, platform.clock.now(), "appeal")
    assert (row.assignee, row.keepers) == (None, "admin@market")


def test_group_tasks_know_no_absence(platform: Platform):
    away(platform, "market-admin", "market-1")
    case = platform.start()
    platform.complete(case, "triage", outcome="派发", type="市场监管", complexity="一般", department="market")
    task = platform.one(case, "sign")
    assert (task.assignee, task.candidates) == (None, ("admin@market",))


def test_what_is_transferred_to_somebody_who_is_away_goes_to_the_deputy(platform: Platform):
    away(platform, "market-2", "market-admin")
    case = signed(platform, "market-1")

    def transfer(to: str, by: str = "market-1") -> None:
        with platform.engine.writing() as connection:
            runtime.actions.transfer(
                platform.engine,
                connection,
                actor=platform.actors[by],
                task_id=platform.one(case).id,
                to=platform.actors[to].id,
            )

    transfer("market-2")
    assert held(platform, case) == ("market-admin", "market-2")
    last = platform.history(case)[-1]
    assert (last.kind, last.data["stead"]) == ("task.transferred", platform.actors["market-2"].id)
    with pytest.raises(Conflict) as refused:
        transfer("market-2", by="market-admin")
    assert refused.value.code == "runtime.deputy_has_it"


def guarded(assignee: str) -> str:
    """A task of `assignee` (a variable) that whoever did u1 must not do."""
    said = "<camunda:property name='not performed by' value='u1'/>"
    inner = f"<b:extensionElements><camunda:properties>{said}</camunda:properties></b:extensionElements>"
    return (
        f"<b:userTask id='u2' name='u2' camunda:formKey='small/check' camunda:dueDate='P3D' "
        f"camunda:assignee='= {assignee}'>"
        f"{inner}</b:userTask>"
    )


def test_four_eyes_hold_for_the_deputy_and_for_whom_one_acts(platform: Platform):
    platform.deploy(small("s>u1 u1>u2 u2>e", own={"u2": guarded("note")}))
    person = platform.actors["platform"]

    def second(doer: str, assignee: str) -> str:
        case = platform.start("platform", process="small", note=platform.actors[assignee].id)
        task = platform.one(case, "u1")
        with platform.engine.writing() as connection:
            runtime.complete(
                platform.engine,
                connection,
                actor=platform.actors[doer],
                task_id=task.id,
                values={"note": task.title},
            )
        return case

    away(platform, "platform", "platform-2")
    case = second("platform-2", "platform")  # the deputy did u1: it stays, and those in charge are told
    assert held(platform, case) == ("platform", None)
    assert told(platform, "control") == ["deserted"]
    case = second("platform", "platform")  # the person did u1: no deputy of theirs may do it either
    (task,) = platform.open(case)
    assert (task.assignee, task.candidates) == (None, ("control-centre",))
    assert person.id in platform.rows(task_exclusions, task_exclusions.c.task_id == task.id)[0].account
    assert held(platform, second("platform", "platform-2")) == ("platform-2", None)


CREW = ("control", "leader", "supervisor", "platform-2")


@pytest.fixture
def crew(platform: Platform) -> list[identity.Actor]:
    """Four people of the service centre; the small process gives its second step to one of them."""
    platform.deploy(small("s>u1 u1>u2 u2>e", own={"u2": guarded("note")}))
    with platform.engine.writing() as connection:
        for name in CREW:
            roles = ["platform", "control-centre"]
            identity.change_roles(connection, platform.actors[name].id, roles, None)
        return [identity.load_actor(connection, platform.actors[name].id) for name in CREW]


@given(
    links=st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(0, 3), st.sampled_from(["move", "share"]), st.integers(0, 3)
        ),
        max_size=6,
    ),
    stopped=st.sets(st.integers(0, 3), max_size=3),
    did=st.none() | st.integers(0, 3),
    target=st.integers(0, 3),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_absences_exist_no_task_is_lost(platform: Platform, crew, links, stopped, did, target):
    """A task ends with one active assignee whom four eyes allow, or waits for groups."""
    now = platform.clock.now()
    with platform.engine.writing() as connection:
        connection.execute(sa.delete(absences))
        connection.execute(sa.update(accounts).values(active=True))
        for who, deputy, how, begins in links:
            given = {"account": crew[who].id, "deputy": crew[deputy].id, "how": how, "process": ""}
            since = now + timedelta(hours=begins - 1)
            rest = {"since_at": since, "until_at": since + timedelta(hours=2), "reason": "", "made_by": ""}
            row = {"id": new_id(), "made_at": now, **given, **rest}
            connection.execute(sa.insert(absences).values(row))
        for who in stopped:
            identity.set_active(connection, crew[who].id, False)
    case = platform.start("platform", process="small", note=crew[target].id)
    doer = platform.actors["platform"] if did is None else crew[did]
    with platform.engine.writing() as connection:
        (opened,) = runtime.complete(
            platform.engine,
            connection,
            actor=doer,
            task_id=platform.one(case).id,
            values={"note": crew[target].id},
        ).opened
    (row,) = platform.rows(tasks, tasks.c.id == opened)
    active = {row.id for row in platform.rows(accounts, accounts.c.active)}
    if row.assignee is None:
        assert [name.name for name in platform.rows(task_candidates)] == ["control-centre"]
        assert crew[target].id == doer.id or crew[target].id not in active
        with platform.engine.writing() as connection:  # else the next example would find it
            connection.execute(sa.delete(task_candidates))
    else:
        assert row.assignee in active - {doer.id}
        assert row.acting_for == (None if row.assignee == crew[target].id else crew[target].id)
