"""The assessment ledger: faults are written once, grow while they last, and may be disputed for five days."""

from datetime import date, datetime
from typing import Any

import orjson
import pytest

from engine import outbox, worktime
from engine.clock import SHANGHAI
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.runtime import fire_due
from engine.runtime.ledger import disputes, reading
from engine.runtime.ledger.reading import Assessment, Wanted
from tests.bpmn.drawing import boundary
from tests.runtime.small import FORM, small
from tests.runtime.stage import Platform

REASONS = "系统停机两小时，未能按时答复。"


def assess(key: str, **parameters: str) -> str:
    """A service task that records an assessment."""
    given = "".join(
        f"<camunda:inputParameter name='{n}'>{v}</camunda:inputParameter>" for n, v in parameters.items()
    )
    return (
        f"<b:serviceTask id='{key}' name='{key}' camunda:type='external' camunda:topic='record assessment'>"
        f"<b:extensionElements><camunda:inputOutput>{given}</camunda:inputOutput></b:extensionElements></b:serviceTask>"
    )


def late(platform: Platform, **parameters: str) -> str:
    """A case whose task u1 was due yesterday: one working day from Wednesday 11 March 2026, 17:30."""
    task = (
        f"<b:userTask id='u1' name='办理' camunda:formKey='{FORM}' camunda:candidateGroups='platform' "
        "camunda:dueDate='= workdays(1)'/>"
    )
    timer = "<b:timerEventDefinition><b:timeDate>= workdays(1)</b:timeDate></b:timerEventDefinition>"
    given = {"kind": "late_handling", "answerable": "market", **parameters}
    own = {"u1": task, "b": boundary("b", "u1", timer, interrupting=False), "a": assess("a", **given)}
    platform.deploy(small("s>u1>e b>a>e2", own))
    case_id = platform.start("platform", "small", note="x")
    platform.clock.move_to(datetime(2026, 3, 12, 17, 30, tzinfo=SHANGHAI))
    assert fire_due(platform.engine) == 1
    return case_id


def ledger(platform: Platform, who: str = "control", **wanted: Any) -> list[Assessment]:
    with platform.engine.reading() as connection:
        actor, now = platform.actors[who], platform.clock.now()
        found = reading.listed(connection, actor, Wanted(**wanted), now, limit=50)
        assert reading.counted(connection, actor, Wanted(**wanted)) == len(found)
    return found


def object_to(platform: Platform, one: Assessment, who: str = "market-admin", text: str = REASONS) -> None:
    with platform.engine.writing() as connection:
        disputes.file_objection(
            platform.engine, connection, actor=platform.actors[who], assessment_id=one.id, text=text
        )


def decide(
    platform: Platform, one: Assessment, who: str = "control", *, revoke: bool = True, text: str = "情况属实"
) -> None:
    with platform.engine.writing() as connection:
        disputes.decide(
            platform.engine,
            connection,
            actor=platform.actors[who],
            assessment_id=one.id,
            revoke=revoke,
            text=text,
        )


def test_what_is_late_grows_by_working_days_until_it_is_done(platform: Platform) -> None:
    """Due Thursday 12 March; Friday 1, the week-end nothing, Monday 2; then it is done."""
    case_id = late(platform)
    (one,) = ledger(platform)
    assert (one.kind, one.answerable_name, one.late_days, one.done_at) == (
        "late_handling",
        "市场监督管理局",
        0,
        None,
    )
    assert one.due_at == datetime(2026, 3, 12, 17, 30, tzinfo=SHANGHAI)
    for day, days in ((13, 1), (15, 1), (16, 2)):
        platform.clock.move_to(datetime(2026, 3, day, 12, 0, tzinfo=SHANGHAI))
        assert ledger(platform)[0].late_days == days
    platform.complete(case_id, "u1", note="x")
    done = platform.clock.now()
    platform.pass_time(days=30)
    (one,) = ledger(platform)
    assert (one.late_days, one.done_at) == (2, done)


def test_the_event_names_the_row(platform: Platform) -> None:
    case_id = late(platform, round="= 2", person="= &quot;p1&quot;")
    (one,) = ledger(platform)
    (event,) = [row for row in platform.history(case_id) if row.kind == "assessment.recorded"]
    due = "2026-03-12T09:30:00+00:00"
    assert event.data == {
        "assessment": one.id, "kind": "late_handling", "answerable": "market", "round": 2, "person": "p1",
        "due": due,
    }  # fmt: skip


@pytest.mark.parametrize(("answerable", "group"), [("market", "admin@market"), ("platform", "platform")])
def test_who_is_answerable_is_told_once_of_each_fault(
    platform: Platform, answerable: str, group: str
) -> None:
    """The notice names the fault in both languages; the same fault found again tells nobody."""
    faults = {
        "a1": assess("a1", kind="dissatisfied", answerable=answerable, round="= 1"),
        "a2": assess("a2", kind="dissatisfied", answerable=answerable, round="= 1"),
    }
    platform.deploy(small("s>u1>a1>a2>u2>e", faults))
    case_id = platform.start("platform", "small", note="x")
    platform.complete(case_id, "u1", note="x")
    (one,) = ledger(platform)
    with platform.engine.reading() as connection:
        told = [r for r in outbox.of_case(connection, case_id) if r.template == "assessed"]
    assert [(r.recipient, r.dedupe) for r in told] == [(group, f"assessment:{one.id}")]
    assert "企业不满意" in outbox.render("assessed", orjson.loads(told[0].data))
    assert "dissatisfied enterprise" in outbox.render("assessed", orjson.loads(told[0].data), "en")


def test_the_same_fault_is_written_once_and_each_round_has_its_own(platform: Platform) -> None:
    """Without a round and a due moment each step that finds it has found it anew."""
    faults = {
        "a1": assess("a1", kind="dissatisfied", answerable="market", round="= 1"),
        "a2": assess("a2", kind="dissatisfied", answerable="market", round="= 1"),
        "a3": assess("a3", kind="dissatisfied", answerable="market", round="= 2"),
        "a4": assess("a4", kind="perfunctory", answerable="market"),
        "a5": assess("a5", kind="perfunctory", answerable="market"),
    }
    platform.deploy(small("s>u1>a1>a2>a3>a4>u2>a5>e", faults))
    case_id = platform.start("platform", "small", note="x")
    platform.complete(case_id, "u1", note="x")
    platform.complete(case_id, "u2", note="x")
    found = sorted((one.kind, one.round or 0, one.due_at) for one in ledger(platform))
    assert found == [
        ("dissatisfied", 1, None),
        ("dissatisfied", 2, None),
        ("perfunctory", 0, None),
        ("perfunctory", 0, None),
    ]
    assert platform.kinds(case_id).count("assessment.recorded") == 4


@pytest.mark.parametrize(
    "wrong", [{"due": "= &quot;soon&quot;"}, {"round": "= 1.5"}, {"kind": "= 1"}, {"person": "= 7"}]
)
def test_a_parameter_of_another_kind_is_a_mistake_of_the_diagram(
    platform: Platform, wrong: dict[str, str]
) -> None:
    given = {"kind": "not_done", "answerable": "market", **wrong}
    platform.deploy(small("s>u1>a>e", {"a": assess("a", **given)}))
    case_id = platform.start("platform", "small", note="x")
    with pytest.raises(Invalid) as caught:
        platform.complete(case_id, "u1", note="x")
    assert caught.value.facts["parameter"] == next(iter(wrong))
    assert ledger(platform) == []


READERS = {
    "control": 1, "supervisor": 1, "leader": 1, "auditor": 1, "market-admin": 1,
    "ecology-admin": 0, "market-1": 0, "platform": 0, "administrator": 0, "analyst": 0, "jingmi": 0,
}  # fmt: skip


@pytest.mark.parametrize("who", READERS)
def test_who_reads_the_ledger(platform: Platform, who: str) -> None:
    late(platform)
    assert len(ledger(platform, who)) == READERS[who]
    with platform.engine.reading() as connection:
        key, now = ledger(platform)[0].id, platform.clock.now()
        if READERS[who]:
            assert reading.one(connection, platform.actors[who], key, now).id == key
        else:
            with pytest.raises(NotFound):
                reading.one(connection, platform.actors[who], key, now)


def test_the_ledger_is_searched(platform: Platform) -> None:
    late(platform)
    day = date(2026, 3, 12)
    for wanted in (
        {"kind": "late_handling"}, {"answerable": "market"}, {"state": "standing"}, {"text": "S-0"},
        {"since": day}, {"until": day}, {"since": day, "until": day},
    ):  # fmt: skip
        assert len(ledger(platform, **wanted)) == 1, wanted
    for wanted in (
        {"kind": "not_done"}, {"answerable": "ecology"}, {"state": "revoked"}, {"text": "%"},
        {"since": date(2026, 3, 13)}, {"until": date(2026, 3, 11)},
    ):  # fmt: skip
        assert ledger(platform, **wanted) == [], wanted


def test_an_objection_is_decided_and_both_are_told(platform: Platform) -> None:
    case_id = late(platform)
    (one,) = ledger(platform)
    object_to(platform, one)
    (objected,) = ledger(platform, state="objected")
    assert (objected.objection, objected.objected_by) == (REASONS, platform.actors["market-admin"].id)
    decide(platform, one)
    (revoked,) = ledger(platform, state="revoked")
    assert (revoked.decision, revoked.decided_at) == ("情况属实", platform.clock.now())
    assert platform.kinds(case_id)[-2:] == ["assessment.objected", "assessment.decided"]
    with platform.engine.reading() as connection:
        told = [(row.recipient, row.template) for row in outbox.of_case(connection, case_id)]
    assert told[-2:] == [("control-centre", "objection-filed"), ("admin@market", "objection-decided")]


def test_an_assessment_is_upheld(platform: Platform) -> None:
    late(platform)
    (one,) = ledger(platform)
    object_to(platform, one)
    decide(platform, one, revoke=False)
    assert ledger(platform)[0].state == "upheld"


def test_who_objects_and_who_decides(platform: Platform) -> None:
    late(platform)
    (one,) = ledger(platform)
    for who in ("control", "supervisor", "leader", "auditor"):
        with pytest.raises(NotAllowed):
            object_to(platform, one, who)
    for who in ("ecology-admin", "market-1", "jingmi"):
        with pytest.raises(NotFound):
            object_to(platform, one, who)
    with pytest.raises(Conflict):
        decide(platform, one)
    object_to(platform, one)
    with pytest.raises(Conflict):
        object_to(platform, one)
    for who in ("market-admin", "supervisor", "leader"):
        with pytest.raises(NotAllowed):
            decide(platform, one, who)
    decide(platform, one)
    with pytest.raises(Conflict):
        decide(platform, one)


def test_the_service_centre_objects_to_what_it_answers_for(platform: Platform) -> None:
    late(platform, answerable="platform")
    (one,) = ledger(platform, "platform")
    object_to(platform, one, "platform")
    assert ledger(platform)[0].state == "objected"


def test_an_objection_needs_reasons(platform: Platform) -> None:
    late(platform)
    (one,) = ledger(platform)
    for text in ("", "  \n ", "长" * 2001):
        with pytest.raises(Invalid):
            object_to(platform, one, text=text)
    assert ledger(platform)[0].state == "standing"


@pytest.mark.parametrize("minute, in_time", [(30, True), (31, False)])
def test_objections_are_taken_for_five_working_days(platform: Platform, minute: int, in_time: bool) -> None:
    """Recorded on Thursday 12 March: the fifth working day is Thursday 19 March, which closes at 17:30."""
    late(platform)
    (one,) = ledger(platform)
    with platform.engine.reading() as connection:
        calendar = worktime.load(connection)
    assert disputes.object_until(one, calendar) == datetime(2026, 3, 19, 17, 30, tzinfo=SHANGHAI)
    platform.clock.move_to(datetime(2026, 3, 19, 17, minute, tzinfo=SHANGHAI))
    if in_time:
        object_to(platform, one)
    else:
        with pytest.raises(Conflict) as caught:
            object_to(platform, one)
        assert caught.value.code == "ledger.too_late"
