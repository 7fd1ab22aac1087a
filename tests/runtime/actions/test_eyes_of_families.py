"""Four eyes and the added signers of a task: whoever is kept from the task is kept from its whole family."""

import pytest

from engine import outbox, runtime
from engine.errors import NotAllowed
from engine.identity import absence
from engine.runtime import moves, queries, signers
from engine.runtime.actions import offers, performers, transfer
from engine.runtime.desk.tables import drafts, task_exclusions
from engine.runtime.queries import TaskRow
from tests.runtime.actions.desk import Desk, node
from tests.runtime.agreement import agree
from tests.runtime.test_deputies import away
from tests.runtime.test_handover import hand

FIRST = node("u1", "handler@market")
CHECKED = node("u2", not_performed_by="u1")
GATES = {key: f"<b:parallelGateway id='{key}'/>" for key in ("g", "j")}
APART = "s>g g>u1 g>u2 u1>j u2>j j>e"


def asked(desk: Desk, how: str = "after") -> tuple[str, TaskRow]:
    """market-1 has performed u1; market-2 is asked to sign at u2, which platform has."""
    case_id = desk.begin(u1=FIRST, u2=CHECKED)
    desk.do(runtime.complete, "market-1", task_id=desk.task(case_id).id, values={})
    second = desk.task(case_id)
    facts = {"task_id": second.id, "people": [desk.id("market-2")], "how": how}
    desk.do(signers.add_signers, "platform", **facts, values={} if how == "after" else None)
    return case_id, signing(desk, case_id)


def signing(desk: Desk, case_id: str) -> TaskRow:
    (row,) = [row for row in desk.platform.open(case_id) if row.parent]
    return row


def told(desk: Desk, template: str) -> list[str]:
    names = {actor.id: username for username, actor in desk.platform.actors.items()}
    rows = desk.platform.rows(outbox.messages, outbox.messages.c.template == template)
    return sorted(names.get(row.recipient, row.recipient) for row in rows)


@pytest.mark.parametrize("how", ["before", "after"])
def test_nobody_signs_for_another_what_four_eyes_keep_him_from(desk: Desk, how: str) -> None:
    case_id, own = asked(desk, how)
    away(desk.platform, "market-2", "market-1", how="share")
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(signers.decide, "market-1", task_id=own.id, outcome="agree")
    agree(desk.platform.engine, case_id)
    desk.do(signers.decide, "market-2", task_id=own.id, outcome="agree")
    agree(desk.platform.engine, case_id)


def test_a_signers_task_is_not_handed_to_who_is_kept_from_the_step(desk: Desk) -> None:
    case_id, own = asked(desk)
    (done,) = hand(desk.platform, "market-2", {own.id: "market-1"}, by="market-admin")
    assert done.error is not None and done.error.code == "runtime.handover.excluded"
    assert signing(desk, case_id).assignee == desk.id("market-2")
    agree(desk.platform.engine, case_id)


def test_a_task_is_not_handed_to_who_is_kept_from_it(desk: Desk) -> None:
    case_id = desk.begin(u1=FIRST, u2=node("u2", "handler@market", not_performed_by="u1"))
    desk.do(runtime.complete, "market-1", task_id=desk.task(case_id).id, values={})
    second = desk.task(case_id)
    desk.do(runtime.claim, "market-2", task_id=second.id)
    (done,) = hand(desk.platform, "market-2", {second.id: "market-1"}, by="market-admin")
    assert done.error is not None and done.error.code == "runtime.handover.excluded"
    assert "市场" not in done.error.say() and "另选" in done.error.say()
    (done,) = hand(desk.platform, "market-2", {second.id: "market-admin"}, by="market-admin")
    assert done.error is None and desk.task(case_id).assignee == desk.id("market-admin")


def approved(desk: Desk, nested: bool = False) -> tuple[str, TaskRow]:
    """market-1 has approved u2, or agreed as its signer, with tax-1 asked after, and then performed u1."""
    second = node("u2", "handler@market", not_performed_by="u1")
    case_id = desk.begin(APART, u1=FIRST, u2=second, **GATES)
    task, values = desk.task(case_id, "u2"), {"note": "同意"}
    if nested:
        facts = {"people": [desk.id("market-1")], "how": "before"}
        desk.do(signers.add_signers, "market-2", task_id=task.id, **facts)
        task, values = signing(desk, case_id), {"opinion": "同意"}
    facts = {"people": [desk.id("tax-1")], "how": "after"}
    desk.do(signers.add_signers, "market-1", task_id=task.id, **facts, values=values)
    desk.do(runtime.complete, "market-1", task_id=desk.task(case_id, "u1").id, values={})
    agree(desk.platform.engine, case_id)
    return case_id, task


@pytest.mark.parametrize("how", ["agree", "remove"])
def test_an_approval_does_not_stand_when_its_owner_may_not_perform_the_task_any_more(
    desk: Desk, how: str
) -> None:
    case_id, second = approved(desk)
    (last,) = [row for row in desk.platform.open(case_id) if row.assignee == desk.id("tax-1")]
    if how == "agree":
        desk.do(signers.decide, "tax-1", task_id=last.id, outcome="agree")
    else:
        desk.do(signers.remove_signer, "control", task_id=last.id)
    agree(desk.platform.engine, case_id)
    row = desk.task(case_id)
    assert (row.id, row.held, row.assignee) == (second.id, "", desk.id("market-1"))
    assert told(desk, "approval-barred") == ["market-1"] and not told(desk, "signing-returned")
    (kept,) = desk.platform.rows(drafts)
    assert (kept.account, "同意" in kept.given) == (desk.id("market-1"), True)
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(runtime.complete, "market-1", task_id=second.id, values={})
    desk.do(transfer, "market-1", task_id=second.id, to=desk.id("market-2"))
    desk.do(runtime.complete, "market-2", task_id=second.id, values={})
    assert desk.platform.case(case_id).state == "ended"


def test_an_agreement_that_waits_does_not_stand_either(desk: Desk) -> None:
    case_id, own = approved(desk, nested=True)
    (last,) = [row for row in desk.platform.open(case_id) if row.assignee == desk.id("tax-1")]
    desk.do(signers.decide, "tax-1", task_id=last.id, outcome="agree")
    agree(desk.platform.engine, case_id)
    assert (signing(desk, case_id).id, signing(desk, case_id).held) == (own.id, "")
    assert told(desk, "approval-barred") == ["market-1"]
    desk.do(signers.remove_signer, "market-2", task_id=own.id)
    desk.do(runtime.complete, "market-2", task_id=desk.task(case_id).id, values={})
    assert desk.platform.rows(task_exclusions) == []


def test_who_signs_in_one_branch_and_performs_the_other_is_kept_from_signing(desk: Desk) -> None:
    case_id = desk.begin(APART, u1=FIRST, u2=CHECKED, **GATES)
    second = desk.task(case_id, "u2")
    people = [desk.id("market-1"), desk.id("market-2")]
    desk.do(signers.add_signers, "platform", task_id=second.id, people=people, how="before")
    desk.do(runtime.complete, "market-1", task_id=desk.task(case_id, "u1").id, values={})
    agree(desk.platform.engine, case_id)
    rows = {row.assignee: row for row in desk.platform.open(case_id) if row.parent}
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(signers.decide, "market-1", task_id=rows[desk.id("market-1")].id, outcome="agree")
    desk.do(signers.decide, "market-2", task_id=rows[desk.id("market-2")].id, outcome="agree")
    desk.do(signers.remove_signer, "platform", task_id=rows[desk.id("market-1")].id)
    desk.do(runtime.complete, "platform", task_id=second.id, values={})
    assert desk.platform.case(case_id).state == "ended"
    assert desk.platform.rows(task_exclusions) == [], "nobody is kept from what is over"


def taken_back(desk: Desk, ways: str = "s>u1 u1>u2 u2>e", **more: str) -> str:
    """market-1 has performed u1 and taken it back; market-2 has it now."""
    second = node("u2", "handler@market", not_performed_by="u1")
    case_id = desk.begin(ways, u1=FIRST, u2=second, **more)
    first = desk.task(case_id, "u1")
    desk.do(runtime.complete, "market-1", task_id=first.id, values={})
    desk.do(moves.take_back, "market-1", task_id=first.id, opinion="重办")
    again = desk.task(case_id, "u1")
    desk.do(transfer, "market-1", task_id=again.id, to=desk.id("market-2"))
    return case_id


def test_what_was_taken_back_is_not_performed(desk: Desk) -> None:
    case_id = taken_back(desk)
    with desk.platform.engine.reading() as connection:
        assert performers(connection, case_id, {"u1"}) == set()
    desk.do(runtime.complete, "market-2", task_id=desk.task(case_id).id, values={})
    second = desk.task(case_id)
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(runtime.claim, "market-2", task_id=second.id)
    desk.do(runtime.complete, "market-1", task_id=second.id, values={})


def test_what_waits_beside_forgets_who_took_back(desk: Desk) -> None:
    case_id = taken_back(desk, APART, **GATES)
    assert desk.platform.rows(task_exclusions) == []
    desk.do(runtime.complete, "market-1", task_id=desk.task(case_id, "u2").id, values={})


def test_what_is_sent_back_is_not_given_to_who_is_kept_from_it_since(desk: Desk) -> None:
    first = node("u1", "handler@market", not_performed_by="u2")
    case_id = desk.begin("s>u1 u1>u2 u2>u3 u3>e", u1=first, u2=node("u2", "handler@market"))
    for _ in range(2):
        desk.do(runtime.complete, "market-1", task_id=desk.task(case_id).id, values={})
    desk.do(moves.send_back, "platform", task_id=desk.task(case_id).id, to="u1", opinion="重办")
    again = desk.task(case_id)
    assert (again.element, again.assignee) == ("u1", None), "who did it last has done u2 since"
    assert told(desk, "sent-back") == ["handler@market"] and not desk.events(case_id, "task.moved")
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(runtime.claim, "market-1", task_id=again.id)
    desk.do(runtime.complete, "market-2", task_id=again.id, values={})


# -- desks that are shared -----------------------------------------------------------------------------


def shared(desk: Desk) -> TaskRow:
    """market-1 has performed u1, market-2 has u2, and market-1 may do what market-2 has."""
    case_id = desk.begin(u1=FIRST, u2=node("u2", "handler@market", not_performed_by="u1"))
    desk.do(runtime.complete, "market-1", task_id=desk.task(case_id).id, values={})
    second = desk.task(case_id)
    desk.do(runtime.claim, "market-2", task_id=second.id)
    away(desk.platform, "market-2", "market-1", how="share")
    return second


def test_a_deputy_who_is_kept_out_neither_sees_the_task_nor_passes_it_on(desk: Desk) -> None:
    second = shared(desk)
    platform, actor = desk.platform, desk.platform.actors["market-1"]
    with platform.engine.reading() as connection:
        also = absence.desks(connection, actor.id, platform.clock.now())
        assert [one.account for one in also] == [desk.id("market-2")]
        assert queries.inbox(connection, actor, "todo", also=also) == []
        assert queries.counts(connection, actor, also=also)["todo"] == 0
        own = platform.actors["market-2"]
        assert [row.id for row in queries.inbox(connection, own, "todo")] == [second.id]
    assert [one.action for one in desk.look(offers, "market-1", second.id)] == ["urge"]
    with pytest.raises(NotAllowed, match=r"runtime\.four_eyes"):
        desk.do(transfer, "market-1", task_id=second.id, to=desk.id("market-admin"))


def test_who_has_a_task_sees_it_even_if_kept_from_it_since(desk: Desk) -> None:
    second = node("u2", "handler@market", not_performed_by="u1")
    case_id = desk.begin(APART, u1=FIRST, u2=second, **GATES)
    desk.do(runtime.claim, "market-2", task_id=desk.task(case_id, "u2").id)
    desk.do(runtime.complete, "market-2", task_id=desk.task(case_id, "u1").id, values={})
    with desk.platform.engine.reading() as connection:
        rows = queries.inbox(connection, desk.platform.actors["market-2"], "todo")
    assert [row.element for row in rows] == ["u2"], "one's own is passed on by oneself"
