"""转办 and 委派: who holds the task, who may give it to whom, and what stays recorded."""

import orjson
import pytest

from engine import outbox, runtime
from engine.errors import Conflict, Invalid, NotAllowed
from engine.runtime import actions
from engine.runtime.desk.tables import drafts
from engine.runtime.tables import tasks
from tests.runtime.actions.desk import Desk, node
from tests.runtime.agreement import agree
from tests.runtime.answers import lead_to, short
from tests.runtime.together import at_once


def held(desk: Desk, case_id: str) -> runtime.queries.TaskRow:
    """The case's task, claimed by platform."""
    task = desk.task(case_id)
    desk.do(runtime.claim, "platform", task_id=task.id)
    return desk.task(case_id)


def row_of(desk: Desk, task_id: str) -> object:
    (row,) = desk.platform.rows(tasks, tasks.c.id == task_id)
    return row


def test_a_transferred_task_is_anothers_and_its_first_owner_stays(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    version = desk.do(
        actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"), opinion=" 出差 ", version=2
    )
    row = row_of(desk, task.id)
    assert (row.assignee, row.owner, row.delegated_by) == (desk.id("platform-2"), desk.id("platform"), None)
    assert version == row.version == 3
    (event,) = desk.events(case_id, "task.transferred")
    assert event.data["from"] == desk.id("platform") and event.data["to"] == desk.id("platform-2")
    assert event.data["opinion"] == "出差" and event.actor == desk.id("platform")
    with pytest.raises(NotAllowed, match=r"runtime\.not_assignee"):
        desk.do(runtime.complete, "platform", task_id=task.id, values={})
    desk.do(actions.transfer, "platform-2", task_id=task.id, to=desk.id("platform"))
    assert row_of(desk, task.id).owner == desk.id("platform")
    desk.do(runtime.complete, "platform", task_id=task.id, values={})
    assert desk.task(case_id).element == "u2"
    agree(desk.platform.engine, case_id)


def test_the_new_holder_is_told_and_nobody_else(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    desk.do(actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"))
    told = desk.platform.rows(outbox.messages, outbox.messages.c.case_id == case_id)
    assert [(m.recipient, m.template) for m in told] == [(desk.id("platform-2"), "handed-on")]
    assert "「u1」已转办给您，期限 2026年3月14日" in outbox.render("handed-on", orjson.loads(told[0].data))


def test_a_candidate_may_give_a_task_that_nobody_has(desk: Desk) -> None:
    case_id = desk.begin()
    task = desk.task(case_id)
    desk.do(actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"))
    assert row_of(desk, task.id).assignee == desk.id("platform-2")
    assert row_of(desk, task.id).owner == desk.id("platform")


@pytest.mark.parametrize("who", ["control", "market-1", "jingmi", "leader"])
def test_who_has_nothing_to_do_with_a_task_cannot_give_it_away(desk: Desk, who: str) -> None:
    case_id = desk.begin()
    free, to = desk.task(case_id), desk.id("platform-2")
    for verb in (actions.transfer, actions.delegate):
        with pytest.raises(NotAllowed, match=r"runtime\.not_candidate"):
            desk.do(verb, who, task_id=free.id, to=to)
    task = held(desk, case_id)
    for verb in (actions.transfer, actions.delegate):
        with pytest.raises(NotAllowed, match=r"runtime\.not_assignee") as caught:
            desk.do(verb, who, task_id=task.id, to=to)
        assert caught.value.facts["who"] == desk.platform.actors["platform"].name
    assert desk.look(actions.offers, who, task.id) == [] or who in ("control", "leader")


@pytest.mark.parametrize("to", ["platform", "control", "market-1", "jingmi"])
def test_a_task_goes_only_to_somebody_of_its_groups(desk: Desk, to: str) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    for verb in (actions.transfer, actions.delegate):
        with pytest.raises(Invalid, match=r"runtime\.not_eligible") as caught:
            desk.do(verb, "platform", task_id=task.id, to=desk.id(to))
        assert [p.where for p in caught.value.problems] == ["to"]
    assert row_of(desk, task.id).version == 2


def test_a_departments_task_stays_in_the_department(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "sign")
    task = desk.task(case_id, "sign")
    department = desk.platform.case(case_id).department
    own = {n: a.id for n, a in desk.platform.actors.items() if a.department == department}
    desk.do(runtime.claim, f"{department}-admin", task_id=task.id)
    offers = {o.action: o for o in desk.look(actions.offers, f"{department}-admin", task.id)}
    assert {p.id for p in offers["transfer"].people} == set(own.values()) - {own[f"{department}-admin"]}
    desk.do(actions.transfer, f"{department}-admin", task_id=task.id, to=own[f"{department}-1"])
    assert row_of(desk, task.id).assignee == own[f"{department}-1"]


def test_the_departments_administrator_gives_away_what_another_holds(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "sign")
    task, department = desk.task(case_id, "sign"), desk.platform.case(case_id).department
    desk.do(runtime.claim, f"{department}-admin", task_id=task.id)
    desk.do(actions.transfer, f"{department}-admin", task_id=task.id, to=desk.id(f"{department}-1"))
    admin = f"{department}-admin"
    assert [o.action for o in desk.look(actions.offers, admin, task.id)] == ["transfer", "urge"]
    desk.do(actions.transfer, admin, task_id=task.id, to=desk.id(f"{department}-2"))
    assert row_of(desk, task.id).assignee == desk.id(f"{department}-2")
    with pytest.raises(NotAllowed, match=r"runtime\.not_assignee"):
        desk.do(actions.delegate, admin, task_id=task.id, to=desk.id(f"{department}-1"))


def test_the_departments_administrator_assigns_what_waits_for_it(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "contact")
    task, department = desk.task(case_id, "contact"), desk.platform.case(case_id).department
    admin, other = f"{department}-admin", "tax-admin" if department != "tax" else "market-admin"
    assert task.assignee is None and desk.id(admin) not in task.candidates
    with pytest.raises(NotAllowed, match=r"runtime\.not_candidate"):
        desk.do(actions.transfer, other, task_id=task.id, to=desk.id(f"{department}-1"))
    [offer] = [o for o in desk.look(actions.offers, admin, task.id) if o.action == "transfer"]
    assert desk.id(admin) in {person.id for person in offer.people}
    desk.do(actions.transfer, admin, task_id=task.id, to=desk.id(f"{department}-1"))
    assert (row_of(desk, task.id).assignee, row_of(desk, task.id).owner) == (desk.id(f"{department}-1"), None)


def test_a_delegates_answer_returns_the_task_and_completes_nothing(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    desk.do(actions.delegate, "platform", task_id=task.id, to=desk.id("platform-2"), opinion="请核实")
    assert row_of(desk, task.id).delegated_by == desk.id("platform")
    assert [o.action for o in desk.look(actions.offers, "platform-2", task.id)] == [
        "answer",
        "sign before",
        "copy",
    ]
    for verb in (runtime.release, actions.transfer, actions.delegate, runtime.complete):
        facts = {"values": {}} if verb is runtime.complete else {}
        facts |= {"to": desk.id("platform")} if verb in (actions.transfer, actions.delegate) else {}
        with pytest.raises(Conflict, match=r"runtime\.delegated") as caught:
            desk.do(verb, "platform-2", task_id=task.id, **facts)
        assert caught.value.facts["who"] == desk.platform.actors["platform"].name
    version = desk.do(
        actions.answer_delegate, "platform-2", task_id=task.id, values={"note": "已核实"}, opinion="属实"
    )
    row = row_of(desk, task.id)
    assert (row.assignee, row.delegated_by, row.state) == (desk.id("platform"), None, "open")
    assert (row.owner, row.version) == (desk.id("platform"), version)
    (draft,) = desk.platform.rows(drafts)
    assert (draft.account, orjson.loads(draft.given)) == (desk.id("platform"), {"note": "已核实"})
    (event,) = desk.events(case_id, "task.answered")
    assert event.data["opinion"] == "属实" and event.actor == desk.id("platform-2")
    assert "values" not in event.data and not desk.events(case_id, "task.completed")
    told = {m.template: m.recipient for m in desk.platform.rows(outbox.messages)}
    assert told == {"delegated": desk.id("platform-2"), "delegate-answered": desk.id("platform")}
    desk.do(runtime.complete, "platform", task_id=task.id, values={})


def test_only_the_delegate_answers_and_only_what_was_delegated(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    with pytest.raises(Conflict, match=r"runtime\.not_delegated"):
        desk.do(actions.answer_delegate, "platform", task_id=task.id, values={})
    desk.do(actions.delegate, "platform", task_id=task.id, to=desk.id("platform-2"))
    with pytest.raises(NotAllowed, match=r"runtime\.not_assignee"):
        desk.do(actions.answer_delegate, "platform", task_id=task.id, values={})


def test_a_node_that_offers_nothing_refuses_each_action(desk: Desk) -> None:
    case_id = desk.begin(u1=node("u1", actions="none"))
    task = held(desk, case_id)
    assert desk.look(actions.offers, "platform", task.id) == []
    facts = {"task_id": task.id, "to": desk.id("platform-2")}
    for verb in (actions.transfer, actions.delegate):
        with pytest.raises(NotAllowed, match=r"runtime\.not_offered"):
            desk.do(verb, "platform", **facts)
    with pytest.raises(NotAllowed, match=r"runtime\.not_offered"):
        desk.do(actions.urge, "platform-2", task_id=task.id)
    with pytest.raises(NotAllowed, match=r"runtime\.not_offered"):
        desk.do(actions.copy, "platform", task_id=task.id, to=[desk.id("leader")])


def test_a_node_offers_what_it_lists_in_either_language(desk: Desk) -> None:
    case_id = desk.begin(u1=node("u1", actions="转办，copy"))
    task = held(desk, case_id)
    assert [o.action for o in desk.look(actions.offers, "platform", task.id)] == ["transfer", "copy"]


def test_an_opinion_that_is_asked_for_must_be_given(desk: Desk) -> None:
    case_id = desk.begin(u1=node("u1", opinion="转办, complete"))
    task = held(desk, case_id)
    offers = {o.action: o for o in desk.look(actions.offers, "platform", task.id)}
    assert offers["transfer"].opinion_required and not offers["delegate"].opinion_required
    with pytest.raises(Invalid, match=r"runtime\.opinion_needed") as caught:
        desk.do(actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"), opinion="  ")
    assert [p.where for p in caught.value.problems] == ["opinion"]
    with pytest.raises(Invalid, match=r"runtime\.opinion_needed"):
        desk.do(runtime.complete, "platform", task_id=task.id, values={})
    desk.do(runtime.complete, "platform", task_id=task.id, values={}, opinion="同意")
    assert row_of(desk, task.id).opinion == "同意"
    (event,) = desk.events(case_id, "task.completed")
    assert event.data["opinion"] == "同意"


def test_an_expression_sees_the_opinion(desk: Desk) -> None:
    output = (
        "<camunda:inputOutput><camunda:outputParameter name='why'>= task.opinion</camunda:outputParameter>"
    )
    drawn = node("u1").replace(
        "<b:extensionElements>", f"<b:extensionElements>{output}</camunda:inputOutput>"
    )
    case_id = desk.begin(u1=drawn)
    desk.do(runtime.complete, "platform", task_id=desk.task(case_id).id, values={}, opinion="可以")
    assert desk.platform.variables(case_id)["why"] == "可以"


def test_an_opinion_has_its_length(desk: Desk) -> None:
    case_id = desk.begin()
    task = desk.task(case_id)
    with pytest.raises(Invalid) as caught:
        desk.do(runtime.complete, "platform", task_id=task.id, values={}, opinion="长" * 2001)
    assert [p.code for p in caught.value.problems] == ["runtime.opinion_long"]


def test_a_closed_or_changed_task_is_refused_with_who_did_what_when(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    with pytest.raises(Conflict, match=r"runtime\.task_changed") as caught:
        desk.do(actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"), version=1)
    assert caught.value.facts["did"] == "认领"
    desk.do(actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"))
    with pytest.raises(Conflict, match=r"runtime\.task_changed") as caught:
        desk.do(runtime.complete, "platform-2", task_id=task.id, values={}, version=2)
    assert (caught.value.facts["did"], caught.value.facts["who_id"]) == ("转办", desk.id("platform"))
    desk.do(runtime.complete, "platform-2", task_id=task.id, values={})
    with pytest.raises(Conflict, match=r"runtime\.task_closed"):
        desk.do(actions.transfer, "platform-2", task_id=task.id, to=desk.id("platform"))


def test_of_two_who_give_a_task_away_at_once_one_does(desk: Desk) -> None:
    engines = [desk.platform.engine, desk.platform.restarted(shared_definitions=True)]
    for verbs in ((actions.transfer, runtime.complete), (actions.delegate, actions.transfer)) * 8:
        case_id = desk.begin()
        task = held(desk, case_id)

        def act(number: int, task: runtime.queries.TaskRow = task, verbs: object = verbs) -> object:
            verb = verbs[number]
            facts = {"values": {}} if verb is runtime.complete else {"to": desk.id("platform-2")}
            actor = desk.platform.actors["platform"]
            with engines[number].writing() as connection:
                return verb(
                    engines[number], connection, actor=actor, task_id=task.id, version=task.version, **facts
                )

        results = at_once(lambda act=act: act(0), lambda act=act: act(1))
        lost = [r for r in results if isinstance(r, Exception)]
        assert len(lost) == 1 and isinstance(lost[0], (Conflict, NotAllowed)), results
        kinds = desk.platform.kinds(case_id)
        assert sum(kinds.count(k) for k in ("task.transferred", "task.delegated", "task.completed")) == 1
        agree(desk.platform.engine, case_id)


def test_a_task_may_be_handed_on_while_the_clock_stands_still(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    desk.do(runtime.clocks.stop, "platform", case_id=case_id, kind="补正", reason="等材料")
    desk.do(actions.transfer, "platform", task_id=task.id, to=desk.id("platform-2"))
    with pytest.raises(Conflict, match=r"runtime\.clock_stopped"):
        desk.do(runtime.complete, "platform-2", task_id=task.id, values={})


def test_an_enterprises_task_offers_nothing(desk: Desk) -> None:
    case_id = lead_to(desk.platform, "rate_service")
    task = desk.task(case_id, "rate_service")
    who = next(n for n, a in desk.platform.actors.items() if a.id == desk.platform.worker(task).id)
    assert desk.look(actions.offers, who, task.id) == []
    assert short(desk.platform, task)
