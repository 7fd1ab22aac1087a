"""Deadlines as rows: of tasks and phases, in time or late, and moved by what they hang on."""

from datetime import UTC, datetime, timedelta

from engine.runtime import queries
from engine.runtime import timers as firing
from engine.runtime.tables import cases, timers
from tests.bpmn.drawing import boundary, parameters, properties, service, sub
from tests.bpmn.game import timer
from tests.runtime.agreement import agree, intact
from tests.runtime.small import FORM, small
from tests.runtime.stage import Platform

PLATFORM = f"camunda:formKey='{FORM}' camunda:candidateGroups='platform'"


def user(key: str, due: str, groups: str = "platform", **more: str) -> str:
    given = f"camunda:formKey='{FORM}' camunda:candidateGroups='{groups}' camunda:dueDate='{due}'"
    inner = f"<b:extensionElements>{properties(**more)}</b:extensionElements>" if more else ""
    return f"<b:userTask id='{key}' name='{key}' {given}>{inner}</b:userTask>"


def phase(key: str, ways: str, own: dict[str, str], due: str, **more: str) -> str:
    head = f"<b:extensionElements>{properties(deadline=due, **more)}</b:extensionElements>"
    return sub(key, ways, {"is": "<b:startEvent id='is'/>", **own}, f"name='{key}'", head)


SET = service("set", "set variables", parameters({}, {"due": "= workdays(3)", "round": "= 2"}))
FIRST = {"first": "= workdays(3)", "due": "= first"}
RULE = service(
    "set",
    "set variables",
    parameters({}, {"due": '= rule due("handling", {complexity: "较复杂"})', "round": "= 2"}),
)


def closes(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, 9, 30, tzinfo=UTC)


def shown(platform: Platform, case_id: str) -> list[queries.DeadlineRow]:
    definition = platform.engine.definitions
    with platform.engine.reading() as connection:
        case = queries.case(connection, case_id)
        return queries.deadlines_of(
            connection, case_id, definition.get(connection, case.definition_id).diagram
        )


def test_a_task_and_a_phase_have_their_rows_and_end_in_time_or_late(platform: Platform) -> None:
    inner = {"u1": user("u1", "= workdays(1)"), "u2": user("u2", "= due")}
    platform.deploy(small("s>set>q1>e", {"set": SET, "q1": phase("q1", "is>u1>u2>e2", inner, "= due")}))
    case_id = platform.start("platform", "small", note="x")
    task, of_phase = shown(platform, case_id)
    assert (task.kind, task.element, task.due_at, task.state) == ("task", "u1", closes(12), "running")
    assert (of_phase.kind, of_phase.due_at, of_phase.first_due_at) == ("phase", closes(16), closes(16))
    assert (task.policy, of_phase.policy, task.unit, of_phase.unit) == (
        "none",
        "standard",
        "workdays",
        "workdays",
    )
    assert (task.round, of_phase.round, of_phase.basis, task.task_id) == (
        2,
        2,
        None,
        platform.one(case_id).id,
    )
    assert task.next_at is None
    assert (of_phase.next_at, of_phase.next_step) == (datetime(2026, 3, 13, 1, tzinfo=UTC), "pre1")
    agree(platform.engine, case_id)
    platform.clock.move_to(closes(12) + timedelta(microseconds=1))
    platform.complete(case_id, note="x")
    platform.clock.move_to(closes(16))
    platform.complete(case_id, note="x")
    assert [
        (d.element, d.state, d.closed_at) for d in sorted(shown(platform, case_id), key=lambda d: d.element)
    ] == [
        ("q1", "met", closes(16)),
        ("u1", "late", closes(12) + timedelta(microseconds=1)),
        ("u2", "met", closes(16)),
    ]
    agree(platform.engine, case_id)
    intact(platform.engine)


def test_what_is_taken_away_is_neither_met_nor_late(platform: Platform) -> None:
    own = {"u1": user("u1", "= workdays(1)"), "b": boundary("b", "u1")}
    platform.deploy(small("s>u1>e b>u2>e2", own))
    case_id = platform.start("platform", "small", note="x")
    platform.pass_time(hours=1)
    assert firing.fire_due(platform.engine) == 1
    assert [(d.element, d.state) for d in shown(platform, case_id)] == [
        ("u1", "cancelled"),
        ("u2", "running"),
    ]
    agree(platform.engine, case_id)


def test_an_extension_in_the_diagram_moves_everything_that_hangs_on_it(platform: Platform) -> None:
    inner = {"u1": user("u1", "= due"), "is": "<b:startEvent id='is'/>"}
    own = {
        "set": service("set", "set variables", parameters({}, FIRST)),
        "q1": phase("q1", "is>u1>e2", inner, "= due"),
        "b": boundary("b", "q1", timer('= due - duration("PT30M")', "timeDate"), interrupting=False),
        "more": service("more", "set variables", parameters({}, {"due": "= workdays(3, first)"})),
    }
    platform.deploy(small("s>set>p1>q1>e p1>u2>more>e4 b>e3", own))
    case_id = platform.start("platform", "small", note="x")
    platform.complete(case_id, "u2", note="x")
    agree(platform.engine, case_id)
    moved = [h for h in platform.history(case_id) if h.kind == "deadline.moved"]
    half_an_hour = timedelta(minutes=30)
    told = {(h.data["kind"], h.element): (h.data["from"], h.data["to"], h.data["why"]) for h in moved}
    before, after = closes(16), closes(19)
    assert told == {
        ("task", "u1"): (before.isoformat(), after.isoformat(), "variables"),
        ("phase", "q1"): (before.isoformat(), after.isoformat(), "variables"),
        ("timer", "b"): (
            (before - half_an_hour).isoformat(),
            (after - half_an_hour).isoformat(),
            "variables",
        ),
    }
    assert [h.data["task"] for h in moved if h.data["kind"] == "task"] == [platform.one(case_id, "u1").id]
    assert platform.one(case_id, "u1").due_at == after
    (of_phase,) = [d for d in shown(platform, case_id) if d.kind == "phase"]
    assert of_phase.moved and of_phase.first_due_at == before and of_phase.due_at == after
    assert of_phase.next_at == datetime(2026, 3, 18, 1, tzinfo=UTC)
    (row,) = platform.rows(timers)
    assert row.due_at == row.retry_at == after - half_an_hour
    intact(platform.engine)


def test_the_rule_behind_a_date_is_kept_also_through_a_variable(platform: Platform) -> None:
    direct = '= rule due("contact", {department: "market"})'.replace('"', "&quot;")
    platform.deploy(
        small("s>set>u1>u2>e", {"set": RULE, "u1": user("u1", "= due"), "u2": user("u2", direct)})
    )
    case_id = platform.start("platform", "small", note="x")
    (first,) = shown(platform, case_id)
    assert first.basis is not None and first.unit == "workdays" and first.due_at == closes(20)
    assert (first.basis["name"], first.basis["criteria"], first.basis["count"]) == (
        "handling",
        {"complexity": "较复杂"},
        7,
    )
    platform.pass_time(days=1)
    platform.complete(case_id, note="x")
    _, second = shown(platform, case_id)
    assert second.basis is not None and second.unit == "working hours"
    assert second.basis["from"] == platform.clock.now().isoformat()


def test_who_is_reminded_by_default(platform: Platform) -> None:
    """Outside a phase the task's people; an enterprise of its own tasks never, unless the diagram says so."""
    enterprise = "enterprise@91441802MA4X1Q2T0K"
    own = {
        "u1": user("u1", "P3D", "handler@market"),
        "u2": user("u2", "P3D", enterprise),
        "u3": user("u3", "P3D", enterprise, reminders="standard"),
        "u4": user("u4", "P3D", reminders="none"),
    }
    platform.deploy(small("s>p1>u1>e p1>u2>e2 p1>u3>e3 p1>u4>e4", own))
    case_id = platform.start("platform", "small", note="x")
    found = {d.element: (d.policy, d.department, d.next_at is None) for d in shown(platform, case_id)}
    assert found == {
        "u1": ("standard", "market", False),
        "u2": ("none", "", True),
        "u3": ("standard", "", False),
        "u4": ("none", "", True),
    }


def test_a_case_keeps_its_rules_and_calendar(platform: Platform) -> None:
    platform.start()
    (case,) = platform.rows(cases)
    assert (case.rules_id, case.stops) == ("", "[]")
