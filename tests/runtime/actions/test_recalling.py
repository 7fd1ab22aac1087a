"""收回委派, and where a delegated task goes when it comes back while its owner is away."""

from datetime import timedelta

import orjson
import pytest

from engine import outbox, runtime
from engine.errors import Conflict, NotAllowed
from engine.identity import absence
from engine.runtime import actions, deputies, queries, search, signers
from engine.runtime.desk import drafts
from engine.runtime.desk.tables import drafts as draft_rows
from engine.runtime.queries import TaskRow
from tests.runtime.actions.desk import Desk, node
from tests.runtime.actions.test_handing import held, row_of
from tests.runtime.agreement import agree
from tests.runtime.answers import lead_to
from tests.runtime.together import at_once


def delegated(desk: Desk, case_id: str) -> TaskRow:
    """The case's task, claimed by platform and delegated to platform-2."""
    task = held(desk, case_id)
    desk.do(actions.delegate, "platform", task_id=task.id, to=desk.id("platform-2"), opinion="请核实")
    return desk.task(case_id)


def typed(desk: Desk, who: str, task_id: str, **values: str) -> None:
    actor = desk.platform.actors[who]
    with desk.platform.engine.writing() as connection:
        drafts.save(connection, actor, task_id, values, desk.platform.clock.now())


def drafted(desk: Desk) -> dict[str, dict[str, str]]:
    """What is kept as a draft, by user name."""
    names = {actor.id: name for name, actor in desk.platform.actors.items()}
    return {names[row.account]: orjson.loads(row.given) for row in desk.platform.rows(draft_rows)}


def offered(desk: Desk, who: str, task_id: str) -> list[str]:
    return [one.action for one in desk.look(actions.offers, who, task_id)]


def told(desk: Desk, template: str) -> list[str]:
    rows = desk.platform.rows(outbox.messages, outbox.messages.c.template == template)
    return sorted(row.recipient for row in rows)


def away(desk: Desk, who: str, deputy: str, how: str = "move") -> absence.Absence:
    actor, now = desk.platform.actors[who], desk.platform.clock.now()
    with desk.platform.engine.writing() as connection:
        return absence.make(
            connection,
            actor=actor,
            account=actor.id,
            since=now,
            until=now + timedelta(days=5),
            how=how,
            now=now,
            deputy=desk.id(deputy),
        )


def test_an_owner_recalls_what_is_not_answered(desk: Desk) -> None:
    case_id = desk.begin()
    first = held(desk, case_id)
    typed(desk, "platform", first.id, note="我的")
    desk.do(actions.delegate, "platform", task_id=first.id, to=desk.id("platform-2"))
    task = desk.task(case_id)
    typed(desk, "platform-2", task.id, note="对方的")
    assert "recall" in offered(desk, "platform", task.id)
    assert "recall" not in offered(desk, "platform-2", task.id)
    version = desk.do(actions.recall, "platform", task_id=task.id, opinion="自己办", version=task.version)
    row = row_of(desk, task.id)
    assert (row.assignee, row.delegated_by, row.version) == (desk.id("platform"), None, version)
    assert drafted(desk) == {"platform": {"note": "我的"}}, "the delegate's goes, the owner's stands again"
    (event,) = desk.events(case_id, "task.recalled")
    assert (event.actor, event.data["from"], event.data["to"], event.data["opinion"]) == (
        *(desk.id("platform"), desk.id("platform-2"), desk.id("platform")),
        "自己办",
    )
    assert told(desk, "delegation-recalled") == [desk.id("platform-2")]
    with pytest.raises(NotAllowed, match=r"runtime\.not_assignee"):
        desk.do(actions.answer_delegate, "platform-2", task_id=task.id, values={})
    desk.do(runtime.complete, "platform", task_id=task.id, values={})
    agree(desk.platform.engine, case_id)


@pytest.mark.parametrize("who", ["platform-2", "control", "market-1"])
def test_nobody_else_recalls_it(desk: Desk, who: str) -> None:
    task = delegated(desk, desk.begin())
    with pytest.raises(NotAllowed, match=r"runtime\.not_delegator"):
        desk.do(actions.recall, who, task_id=task.id)
    assert row_of(desk, task.id).assignee == desk.id("platform-2")


def test_what_was_answered_or_never_delegated_is_not_recalled(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    assert "recall" not in offered(desk, "platform", task.id)
    with pytest.raises(Conflict, match=r"runtime\.nothing_to_recall"):
        desk.do(actions.recall, "platform", task_id=task.id)
    desk.do(actions.delegate, "platform", task_id=task.id, to=desk.id("platform-2"))
    seen = desk.task(case_id).version
    desk.do(actions.answer_delegate, "platform-2", task_id=task.id, values={})
    with pytest.raises(Conflict, match=r"runtime\.nothing_to_recall"):
        desk.do(actions.recall, "platform", task_id=task.id, version=seen)
    desk.do(runtime.complete, "platform", task_id=task.id, values={})
    with pytest.raises(Conflict, match=r"runtime\.task_closed"):
        desk.do(actions.recall, "platform", task_id=task.id)


def test_of_an_answer_and_a_recall_at_once_one_is_in_time(desk: Desk) -> None:
    engines = [desk.platform.engine, desk.platform.restarted(shared_definitions=True)]
    for _ in range(8):
        case_id = desk.begin()
        task = delegated(desk, case_id)

        def act(number: int, task: TaskRow = task) -> object:
            actor = desk.platform.actors[("platform", "platform-2")[number]]
            verb = (actions.recall, actions.answer_delegate)[number]
            more = {"values": {"note": "好"}} if number else {}
            with engines[number].writing() as connection:
                return verb(engines[number], connection, actor=actor, task_id=task.id, **more)

        results = at_once(lambda act=act: act(0), lambda act=act: act(1))
        assert sum(isinstance(r, Exception) for r in results) == 1, results
        kinds = desk.platform.kinds(case_id)
        assert kinds.count("task.recalled") + kinds.count("task.answered") == 1
        agree(desk.platform.engine, case_id)


def test_whom_the_delegate_asked_stays_asked_and_the_owner_waits_or_takes_them_away(desk: Desk) -> None:
    case_id = desk.begin()
    task = delegated(desk, case_id)
    desk.do(signers.add_signers, "platform-2", task_id=task.id, people=[desk.id("leader")], how="before")
    with pytest.raises(Conflict, match=r"runtime\.task_held"):
        desk.do(actions.answer_delegate, "platform-2", task_id=task.id, values={})
    desk.do(actions.recall, "platform", task_id=task.id)
    (asked,) = [one for one in desk.platform.open(case_id) if one.parent]
    assert "remove signer" in offered(desk, "platform", task.id)
    desk.do(signers.remove_signer, "platform", task_id=asked.id)
    desk.do(runtime.complete, "platform", task_id=task.id, values={})
    agree(desk.platform.engine, case_id)


def contacting(desk: Desk, **values: object) -> tuple[str, TaskRow, str, str, str]:
    """A case, its task that a department's handler has claimed, that person, and two of the department."""
    case_id = lead_to(desk.platform, "contact", **values)
    place = desk.platform.case(case_id).department
    holder, second, head = f"{place}-1", f"{place}-2", f"{place}-admin"
    task = desk.task(case_id, "contact")
    if task.assignee != desk.id(holder):
        desk.do(runtime.claim, holder, task_id=task.id)
    return case_id, desk.task(case_id, "contact"), holder, second, head


def test_who_delegated_a_confidential_task_still_sees_its_case(desk: Desk) -> None:
    case_id, task, holder, _second, head = contacting(desk, confidential=True)
    desk.do(actions.delegate, holder, task_id=task.id, to=desk.id(head))
    actor = desk.platform.actors[holder]
    with desk.platform.engine.reading() as connection:
        queries.guard_case(connection, actor, queries.case(connection, case_id))
        assert case_id in {one.id for one in search.find(connection, actor, search.Asked())}
    desk.do(actions.recall, holder, task_id=task.id)
    assert desk.task(case_id, "contact").assignee == actor.id


def test_an_answer_to_who_is_away_goes_to_the_deputy(desk: Desk) -> None:
    case_id = desk.begin(u1=node("u1"))
    task = delegated(desk, case_id)
    typed(desk, "platform-2", task.id, note="已核实")
    away(desk, "platform", "platform-2")
    desk.do(actions.answer_delegate, "platform-2", task_id=task.id, values={"note": "已核实"})
    row = row_of(desk, task.id)
    assert (row.assignee, row.acting_for, row.delegated_by) == (
        *(desk.id("platform-2"), desk.id("platform")),
        None,
    )
    assert drafted(desk) == {"platform-2": {"note": "已核实"}}
    (event,) = desk.events(case_id, "task.answered")
    assert (event.data["to"], event.data["stead"]) == (desk.id("platform-2"), desk.id("platform"))
    desk.do(runtime.complete, "platform-2", task_id=task.id, values={})
    (done,) = desk.events(case_id, "task.completed")
    assert done.data["for"] == desk.id("platform")


def test_an_answer_to_who_shares_stays_and_both_have_its_values(desk: Desk) -> None:
    _case_id, task, holder, delegate, sharer = contacting(desk)
    desk.do(actions.delegate, holder, task_id=task.id, to=desk.id(delegate))
    away(desk, holder, sharer, "share")
    desk.do(actions.answer_delegate, delegate, task_id=task.id, values={"note": "已联系"})
    row = row_of(desk, task.id)
    assert (row.assignee, row.acting_for) == (desk.id(holder), None)
    assert drafted(desk) == {holder: {"note": "已联系"}, sharer: {"note": "已联系"}}
    assert told(desk, "delegate-answered") == sorted([desk.id(holder), desk.id(sharer)])


def test_what_a_deputy_delegates_comes_back_for_the_person_it_was_meant_for(desk: Desk) -> None:
    case_id, task, holder, second, head = contacting(desk)
    rule = away(desk, second, head)
    desk.do(actions.transfer, holder, task_id=task.id, to=desk.id(second))
    assert told(desk, "moved-away") == [desk.id(second)]
    for back, ended in ((head, False), (second, True)):
        at_hand = desk.task(case_id, "contact")
        desk.do(actions.delegate, head, task_id=task.id, to=desk.id(holder))
        assert desk.task(case_id, "contact").delegated_by == desk.id(second), at_hand
        if ended:
            desk.do(deputies.end_absence, second, absence_id=rule.id)
        desk.do(actions.answer_delegate, holder, task_id=task.id, values={})
        row = row_of(desk, task.id)
        assert (row.assignee, row.acting_for) == (desk.id(back), None if ended else desk.id(second))


def test_a_deputy_to_whom_it_would_return_recalls_it(desk: Desk) -> None:
    case_id, task, holder, second, head = contacting(desk)
    desk.do(actions.delegate, holder, task_id=task.id, to=desk.id(second))
    with pytest.raises(NotAllowed, match=r"runtime\.not_delegator"):
        desk.do(actions.recall, head, task_id=task.id)
    away(desk, holder, head)
    desk.do(actions.recall, head, task_id=task.id)
    row = row_of(desk, task.id)
    assert (row.assignee, row.acting_for) == (desk.id(head), desk.id(holder))
    (event,) = desk.events(case_id, "task.recalled")
    assert event.data["stead"] == desk.id(holder)


def test_a_blank_field_of_the_answer_leaves_what_the_owner_had_typed(desk: Desk) -> None:
    case_id = desk.begin()
    task = held(desk, case_id)
    typed(desk, "platform", task.id, note="初稿", go="是")
    desk.do(actions.delegate, "platform", task_id=task.id, to=desk.id("platform-2"))
    desk.do(actions.answer_delegate, "platform-2", task_id=task.id, values={"note": "定稿", "go": ""})
    assert drafted(desk) == {"platform": {"note": "定稿", "go": "是"}}
