"""Clocks: reminders at their moments, stops that only lengthen, another calendar for every open case."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import outbox, worktime
from engine.errors import Conflict, Invalid, NotAllowed
from engine.runtime import clocks, fire_due
from engine.runtime.clocks.reminding import _due
from engine.runtime.tables import cases, deadlines, timers
from tests.bpmn.drawing import boundary, parameters, service
from tests.bpmn.game import timer
from tests.runtime.agreement import agree, intact
from tests.runtime.small import small
from tests.runtime.stage import Platform
from tests.runtime.test_deadlines import SET, closes, phase, shown, user

START = service("stop", "stop clock", parameters({"kind": "补正", "reason": "缺材料"}))
RESUME = service("resume", "resume clock")
ENTERPRISE = "enterprise@91441802MA4X1Q2T0K"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 by the clock in Shanghai."""
    return datetime(2026, 3, day, hour, minute, tzinfo=worktime.at(date(2026, 3, 1), worktime.CLOSING).tzinfo)


def one_task(platform: Platform, due: str = "= workdays(3)", groups: str = "handler@market") -> str:
    own = {"u1": user("u1", due, groups), "b": boundary("b", "u1", timer(due, "timeDate"), False)}
    platform.deploy(small("s>u1>e b>e2", own))
    return platform.start("platform", "small", note="x")


def heard(platform: Platform, case_id: str) -> list[tuple[str, str]]:
    with platform.engine.reading() as connection:
        return sorted((m.recipient, m.template) for m in outbox.of_case(connection, case_id))


def reminded(platform: Platform, case_id: str) -> list[dict[str, Any]]:
    return [h.data for h in platform.history(case_id) if h.kind == "reminder.sent"]


def act(platform: Platform, what: Any, actor: str = "control", **more: Any) -> None:
    with platform.engine.writing() as connection:
        what(platform.engine, connection, actor=platform.actors[actor], **more)


def stop(platform: Platform, case_id: str, actor: str = "control") -> None:
    act(platform, clocks.stop, actor, case_id=case_id, kind="补正", reason="缺材料")


def resume(platform: Platform, case_id: str, actor: str = "control") -> None:
    act(platform, clocks.resume, actor, case_id=case_id)


def test_each_reminder_comes_at_its_moment_to_whom_it_concerns(platform: Platform) -> None:
    case_id = one_task(platform)  # Wednesday 11; due Monday 16 at 17:30
    told = []
    while len(told) < 6:
        with platform.engine.reading() as connection:
            moment = clocks.next_moment(connection)
        assert moment is not None
        platform.clock.move_to(max(moment, platform.clock.now()))
        fire_due(platform.engine)
        before = heard(platform, case_id)
        if clocks.remind_due(platform.engine):
            new = [one for one in heard(platform, case_id) if one not in before or "still" in one[1]]
            told.append((moment, new))
    late = [("control-centre", "still-late")]
    assert told == [
        (at(13, 9), [("handler@market", "soon")]),
        (at(16, 9), [("handler@market", "today")]),
        (at(16, 17, 30), [("control-centre", "late"), ("handler@market", "late")]),
        (at(17, 9), late),
        (at(18, 9), late * 2),
        (at(19, 9), [*late * 3, ("leader", "late-leader")]),
    ]
    agree(platform.engine, case_id)
    intact(platform.engine)


def test_after_an_outage_each_hears_the_newest_and_the_stale_is_dropped(platform: Platform) -> None:
    case_id = one_task(platform)
    platform.clock.move_to(at(20, 10))
    assert fire_due(platform.engine) == 1 and clocks.remind_due(platform.engine) == 1
    assert heard(platform, case_id) == [
        ("control-centre", "still-late"),
        ("handler@market", "late"),
        ("leader", "late-leader"),
    ]
    (sent,) = reminded(platform, case_id)
    assert sent["at"] == at(20, 10).astimezone(UTC).isoformat() and sent["step"] == "daily"
    assert sent["due"] == at(20, 9).astimezone(UTC).isoformat()
    assert [one["step"] for one in sent["dropped"]] == ["pre1", "pre2", "daily", "daily", "daily"]
    again = platform.restarted()
    assert (fire_due(again), clocks.remind_due(again), clocks.recount_cases(again)) == (0, 0, 0)
    intact(platform.engine)


def test_of_a_task_for_each_department_each_is_reminded_of_its_own_only(platform: Platform) -> None:
    """Two departments give their opinion at one element; nobody hears of the other's date, or twice."""
    loop = (
        '<b:multiInstanceLoopCharacteristics camunda:collection="= [&quot;market&quot;, &quot;tax&quot;]" '
        'camunda:elementVariable="place"/>'
    )
    key = "u1"
    task = user(key, "= workdays(3)", '= "handler@" + place').replace("</b:userTask>", f"{loop}</b:userTask>")
    platform.deploy(small("s>u1>e", {key: task}))
    case_id = platform.start("platform", "small", note="x")
    platform.clock.move_to(at(13, 9))
    assert clocks.remind_due(platform.engine) == 2
    assert heard(platform, case_id) == [("handler@market", "soon"), ("handler@tax", "soon")]


def test_two_workers_at_one_deadline_send_one_reminder(platform: Platform) -> None:
    case_id = one_task(platform)
    platform.clock.move_to(at(13, 9))
    other = platform.restarted()
    assert clocks.remind_due(platform.engine) + clocks.remind_due(other) == 1
    assert len(reminded(platform, case_id)) == 1 == len(heard(platform, case_id))


def test_a_stop_holds_everything_and_resuming_counts_without_it(platform: Platform) -> None:
    case_id = one_task(platform)
    platform.clock.move_to(at(12, 10))
    stop(platform, case_id)
    assert [d.state for d in shown(platform, case_id)] == ["stopped"]
    assert shown(platform, case_id)[0].stop is not None and platform.case(case_id).stop is not None
    platform.clock.move_to(at(18, 10))
    assert (fire_due(platform.engine), clocks.remind_due(platform.engine)) == (0, 0)
    assert platform.one(case_id).due_at == closes(16), "an open stop moves nothing"
    with pytest.raises(Conflict) as caught:
        platform.complete(case_id, note="x")
    assert caught.value.code == "runtime.clock_stopped"
    resume(platform, case_id)
    # the closes of 12, 13, 16 and 17 lay in the stop: 18, 19 and 20 are the three days
    assert platform.one(case_id).due_at == closes(20) and shown(platform, case_id)[0].state == "running"
    moves = [h.data for h in platform.history(case_id) if h.kind == "deadline.moved"]
    (moved,) = {(data["from"], data["to"], data["why"]) for data in moves}
    assert moved == (closes(16).isoformat(), closes(20).isoformat(), "resume")
    agree(platform.engine, case_id)
    platform.complete(case_id, note="x")
    agree(platform.engine, case_id)
    intact(platform.engine)


def test_who_may_stop_and_what_a_stop_needs(platform: Platform) -> None:
    case_id = one_task(platform)
    stop(platform, case_id, "market-1")
    with pytest.raises(Conflict):
        stop(platform, case_id)
    resume(platform, case_id, "market-1")
    with pytest.raises(Conflict):
        resume(platform, case_id)
    for other in ("hrss-1", "jingmi", "platform"):
        with pytest.raises(NotAllowed):
            stop(platform, case_id, other)
    for kind, reason in (("休假", "x"), ("补正", " "), ("补正", "x" * 501)):
        with pytest.raises(Invalid):
            act(platform, clocks.stop, case_id=case_id, kind=kind, reason=reason)


def test_a_diagram_stops_the_clock_and_what_it_opens_meanwhile_runs(platform: Platform) -> None:
    enterprise = "enterprise@91441802MA4X1Q2T0K"
    inner = {
        "is": "<b:startEvent id='is'/>",
        "u1": user("u1", "= workdays(1)"),
        "stop": START,
        "u2": user("u2", "= workdays(2)", enterprise),
        "resume": RESUME,
        "u3": user("u3", "= due"),
    }
    own = {"set": SET, "q1": phase("q1", "is>u1>stop>u2>resume>u3>e2", inner, "= due")}
    platform.deploy(small("s>set>q1>e", own))
    case_id = platform.start("platform", "small", note="x")
    platform.clock.move_to(at(12, 9))
    platform.complete(case_id, note="x")
    states = {d.element: d.state for d in shown(platform, case_id)}
    assert states == {"q1": "stopped", "u1": "met", "u2": "running"}
    platform.clock.move_to(at(16, 9))
    platform.complete(case_id, note="x")
    found = {d.element: (d.state, d.due_at) for d in shown(platform, case_id)}
    assert found["q1"] == ("running", closes(18)) == (found["u3"][0], found["u3"][1])
    assert platform.one(case_id).due_at == closes(18) and found["u2"][1] == closes(16)
    agree(platform.engine, case_id)
    intact(platform.engine)


def edit(platform: Platform, day: date, worked: bool) -> None:
    with platform.engine.writing() as connection:
        now = platform.clock.now()
        worktime.edit_day(connection, day, worked, note="调整", reason="市里通知", by="control", now=now)


def test_another_calendar_is_carried_to_every_open_case_once(platform: Platform) -> None:
    case_id, second = one_task(platform), platform.start("platform", "small", note="y")
    edit(platform, date(2026, 3, 12), False)
    assert clocks.recount_cases(platform.engine, 10) == 2
    for key in (case_id, second):
        assert platform.one(key).due_at == closes(17)
        assert ("handler@market", "deadline-moved") in heard(platform, key)
        agree(platform.engine, key)
    row = {"case.recounted", "deadline.moved"} & set(platform.kinds(case_id))
    assert row == {"case.recounted", "deadline.moved"}
    kinds = platform.kinds(case_id)
    assert clocks.recount_cases(platform.restarted()) == 0 and platform.kinds(case_id) == kinds
    intact(platform.engine)


def test_who_fires_or_completes_counts_first(platform: Platform) -> None:
    case_id = one_task(platform)
    platform.clock.move_to(closes(16))
    edit(platform, date(2026, 3, 16), False)
    assert fire_due(platform.engine) == 0, "what is due later now does not fire"
    assert platform.one(case_id).due_at == closes(17)
    agree(platform.engine, case_id)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 40)), min_size=1, max_size=4))
def test_a_stop_never_makes_anything_earlier(platform: Platform, spans: list[tuple[int, int]]) -> None:
    with platform.engine.writing() as connection:
        connection.execute(sa.update(cases).values(state="ended"))  # of the examples before
    case_id = one_task(platform)
    for before, lasting in spans:
        platform.pass_time(hours=before)
        due = {t.id: t.due_at for t in platform.open(case_id)}
        held = {(t.token, t.element): t.due_at for t in platform.rows(timers, timers.c.case_id == case_id)}
        stop(platform, case_id)
        platform.pass_time(hours=lasting)
        resume(platform, case_id)
        agree(platform.engine, case_id)
        assert all(t.due_at >= due[t.id] for t in platform.open(case_id))
        now = {(t.token, t.element): t.due_at for t in platform.rows(timers, timers.c.case_id == case_id)}
        assert all(now[key] >= held[key] for key in held)
        assert {d.state for d in shown(platform, case_id)} == {"running"}


def test_looking_for_reminders_is_one_read_of_an_index(platform: Platform) -> None:
    one_task(platform)
    with platform.engine.writing() as connection:
        rows = connection.execute(sa.select(deadlines)).mappings().one()
        far = closes(30, 12)
        connection.execute(
            sa.insert(deadlines),
            [{**rows, "id": f"{n:032}", "next_at": far, "token": n + 1000} for n in range(20_000)],
        )
    with platform.engine.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("ANALYZE deadlines"))
        compiled = _due._for(connection)
        given_ = compiled.bind({"now": platform.clock.now(), "last": closes(1, 1), "at": ""})
        word = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
        cursor = connection.connection.cursor()
        cursor.execute(word + compiled.sql, given_)
        plan = " ".join(str(part) for row in cursor.fetchall() for part in row)
    assert (
        "ix_deadlines_next" in plan and "SCAN deadlines" not in plan and "Seq Scan on deadlines" not in plan
    ), plan
    assert clocks.remind_due(platform.engine) == 0


def clock_words(platform: Platform, case_id: str) -> list[tuple[str, str, str | None]]:
    """(recipient, template, date told) of the notices of stops, in the order of recipients."""
    with platform.engine.reading() as connection:
        told = outbox.of_case(connection, case_id)
    rows = platform.rows(outbox.messages, outbox.messages.c.case_id == case_id)
    assert len(rows) == len(told)
    words = [(r.recipient, r.template, orjson.loads(r.data).get("due")) for r in rows]
    return sorted(w for w in words if w[1].startswith("clock-"))


def test_who_resumes_tells_everybody_the_date_that_counts_now(platform: Platform) -> None:
    case_id = one_task(platform)
    platform.clock.move_to(at(12, 10))
    stop(platform, case_id)
    assert clock_words(platform, case_id) == [("handler@market", "clock-stopped", None)]
    platform.clock.move_to(at(18, 10))
    resume(platform, case_id)
    resumed, _ = clock_words(platform, case_id)
    assert resumed == ("handler@market", "clock-resumed", worktime_text(20))


def worktime_text(day: int) -> str:
    """The close of a day of March 2026 as a notice keeps it."""
    return at(day, 17, 30).isoformat()


@pytest.mark.parametrize("department", ["", "market"])
def test_what_the_diagram_stops_is_told_to_the_enterprise_and_to_who_handles_it(
    platform: Platform, department: str
) -> None:
    """Also to whom a task of the same step is given; where the house has none, to the department."""
    own = {
        "u1": user("u1", "= workdays(3)", "handler@market"),
        "stop": START,
        "u2": user("u2", "= workdays(2)", ENTERPRISE),
        "resume": RESUME,
        "u3": user("u3", "= workdays(4)", "handler@market"),
        "u4": user("u4", "= workdays(1)", "handler@finance", internal="true"),
        "p1": "<b:parallelGateway id='p1'/>",
    }
    said = {
        "enterprise": f"= {_quoted(ENTERPRISE.partition('@')[2])}",
        "department": f"= {_quoted(department)}",
    }
    platform.deploy(small("s>u1>stop>u2>resume>p1>u3>e p1>u4>e2", own, said=said))
    case_id = platform.start("platform", "small", note="x")
    platform.complete(case_id, note="x")
    stopped = [(ENTERPRISE, "clock-stopped", None)]
    stopped += [("handler@market", "clock-stopped", None)] if department else []
    assert clock_words(platform, case_id) == stopped
    platform.clock.move_to(at(12, 10))
    platform.complete(case_id, note="x")
    resumed = [word for word in clock_words(platform, case_id) if word[1] == "clock-resumed"]
    assert resumed == [
        (ENTERPRISE, "clock-resumed", worktime_text(18)),
        ("handler@finance", "clock-resumed", worktime_text(13)),
        ("handler@market", "clock-resumed", worktime_text(18)),
    ], "of what is internal the enterprise learns no date"
    intact(platform.engine)


def _quoted(text: str) -> str:
    return f"&quot;{text}&quot;"
