"""Hand-over, delegation and added signers together: nobody has a say twice at a node, and nothing hangs."""

import pytest

from engine import runtime
from engine.errors import NotAllowed, ZhibanError
from engine.runtime import actions, deputies, handover, queries, signers
from engine.runtime.handover.handing import BACK
from engine.runtime.queries import TaskRow
from engine.runtime.tables import tasks
from tests.runtime.actions.desk import Desk, node
from tests.runtime.agreement import agree
from tests.runtime.stage import Platform
from tests.runtime.test_deputies import away
from tests.runtime.test_handover import hand

ADMIN = "market-admin"


@pytest.fixture
def desk(platform: Platform) -> Desk:
    return Desk(platform)


def claimed(desk: Desk) -> TaskRow:
    """A task that market-1 has."""
    case_id = desk.begin(u1=node("u1", "handler@market"))
    task = desk.task(case_id, "u1")
    desk.do(runtime.claim, "market-1", task_id=task.id)
    return desk.task(case_id)


def signing(desk: Desk, task: TaskRow, who: str, how: str = "before", by: str = "market-1") -> str:
    """The id of the task of `who`, whom `by` has asked to sign at this one."""
    values = {} if how == "after" else None
    facts = {"task_id": task.id, "people": [desk.id(who)], "how": how, "values": values}
    desk.do(signers.add_signers, by, **facts)
    (row,) = [one for one in desk.platform.open(task.case_id) if one.assignee == desk.id(who) and one.parent]
    return row.id


def refusal(desk: Desk, who: str, task_id: str, to: str) -> ZhibanError | None:
    (done,) = hand(desk.platform, who, {task_id: to}, by="control")
    assert done.error is None or "{" not in done.error.say() + done.error.say("en")
    return done.error


def code(error: ZhibanError | None) -> str:
    return error.code if error else ""


def row(desk: Desk, task_id: str) -> tuple[str | None, str | None, str | None]:
    """Who has the task, who delegated it, for whom it is done; by username."""
    names = {actor.id: username for username, actor in desk.platform.actors.items()}
    (found,) = desk.platform.rows(tasks, tasks.c.id == task_id)
    return tuple(names.get(who) for who in (found.assignee, found.delegated_by, found.acting_for))


# -- a family's tasks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_signature_does_not_go_to_whoever_has_a_say_at_the_step(desk: Desk, how: str) -> None:
    task = claimed(desk)
    own = signing(desk, task, "market-2", how)
    error = refusal(desk, "market-2", own, "market-1")
    assert code(error) == "runtime.handover.beside" and "另选" in str(error and error.say())
    signing(desk, task, ADMIN, how)
    assert code(refusal(desk, "market-2", own, ADMIN)) == "runtime.handover.beside"
    agree(desk.platform.engine, task.case_id)


def test_a_signature_goes_to_a_colleague_who_has_none_there(desk: Desk) -> None:
    task = claimed(desk)
    own = signing(desk, task, "market-2")
    assert refusal(desk, "market-2", own, ADMIN) is None
    assert row(desk, own) == (ADMIN, None, None)
    desk.do(signers.decide, ADMIN, task_id=own, outcome="agree")
    assert desk.task(task.case_id).held == ""
    agree(desk.platform.engine, task.case_id)


def test_a_signature_has_no_groups_to_go_back_to(desk: Desk) -> None:
    own = signing(desk, claimed(desk), "tax-1")
    assert code(refusal(desk, "tax-1", own, BACK)) == "runtime.handover.signature"
    assert row(desk, own) == ("tax-1", None, None)


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_task_that_waits_for_signers_does_not_go_back_to_its_groups(desk: Desk, how: str) -> None:
    task = claimed(desk)
    own = signing(desk, task, "market-2", how)
    error = refusal(desk, "market-1", task.id, BACK)
    assert code(error) == "runtime.handover.waits" and "减签" in str(error and error.say())
    assert refusal(desk, "market-1", task.id, ADMIN) is None
    desk.do(signers.decide, "market-2", task_id=own, outcome="disagree", opinion="不妥")
    back = desk.task(task.case_id)
    assert (back.assignee, back.held) == (desk.id(ADMIN), ""), "it returns to who has it now"
    agree(desk.platform.engine, task.case_id)


@pytest.mark.parametrize("decided", [False, True])
def test_a_task_does_not_go_to_one_of_its_signers(desk: Desk, decided: bool) -> None:
    task = claimed(desk)
    own = signing(desk, task, "market-2")
    if decided:
        desk.do(signers.decide, "market-2", task_id=own, outcome="agree")
    assert code(refusal(desk, "market-1", task.id, "market-2")) == "runtime.handover.beside"
    assert row(desk, task.id)[0] == "market-1"
    agree(desk.platform.engine, task.case_id)


def test_what_goes_to_somebody_who_is_away_does_not_reach_a_signer_as_the_deputy(desk: Desk) -> None:
    task = claimed(desk)
    signing(desk, task, "market-2")
    away(desk.platform, ADMIN, "market-2")
    assert refusal(desk, "market-1", task.id, ADMIN) is None
    assert row(desk, task.id) == (ADMIN, None, None), "the deputy signs there: the task stays with the person"


# -- a delegation --------------------------------------------------------------------------------------


def delegated(desk: Desk) -> TaskRow:
    """What market-1 has delegated to market-2."""
    task = claimed(desk)
    desk.do(actions.delegate, "market-1", task_id=task.id, to=desk.id("market-2"))
    return desk.task(task.case_id)


def test_a_delegation_is_over_when_its_owner_has_the_task(desk: Desk) -> None:
    task = delegated(desk)
    assert refusal(desk, "market-2", task.id, "market-1") is None
    assert row(desk, task.id) == ("market-1", None, None)
    desk.do(runtime.complete, "market-1", task_id=task.id, values={})


def test_a_delegation_is_over_when_the_owners_deputy_has_the_task(desk: Desk) -> None:
    task = delegated(desk)
    away(desk.platform, "market-1", ADMIN)
    assert refusal(desk, "market-2", task.id, "market-1") is None
    assert row(desk, task.id) == (ADMIN, None, "market-1")
    desk.do(runtime.complete, ADMIN, task_id=task.id, values={})


def test_a_delegation_is_over_when_the_task_waits_for_its_groups(desk: Desk) -> None:
    task = delegated(desk)
    assert refusal(desk, "market-2", task.id, BACK) is None
    assert row(desk, task.id) == (None, None, None)
    desk.do(runtime.claim, "market-2", task_id=task.id)
    desk.do(runtime.complete, "market-2", task_id=task.id, values={})


def test_a_delegation_goes_on_with_a_colleague_of_the_delegate(desk: Desk) -> None:
    task = delegated(desk)
    assert refusal(desk, "market-2", task.id, ADMIN) is None
    assert row(desk, task.id) == (ADMIN, "market-1", None)
    desk.do(actions.answer_delegate, ADMIN, task_id=task.id, values={})
    assert row(desk, task.id) == ("market-1", None, None)


def test_who_had_a_deputy_answer_a_delegation_has_performed_the_step(desk: Desk) -> None:
    task = delegated(desk)
    away(desk.platform, ADMIN, "market-2")
    assert refusal(desk, "market-2", task.id, ADMIN) is None
    assert row(desk, task.id) == ("market-2", "market-1", ADMIN)
    desk.do(actions.answer_delegate, "market-2", task_id=task.id, values={})
    with desk.platform.engine.reading() as connection:
        found = actions.performers(connection, task.case_id, {"u1"})
    assert found == {desk.id("market-2"), desk.id(ADMIN)}


# -- who has a say already -----------------------------------------------------------------------------


def test_a_delegate_does_not_ask_the_owner_to_sign(desk: Desk) -> None:
    task = delegated(desk)
    with pytest.raises(ZhibanError, match=r"signers\.twice"):
        signing(desk, task, "market-1", by="market-2")


def test_who_approved_for_another_is_not_asked_to_sign(desk: Desk) -> None:
    task = claimed(desk)
    away(desk.platform, "market-1", "market-2", how="share")
    signing(desk, task, "tax-1", "after", by="market-2")
    with pytest.raises(ZhibanError, match=r"signers\.twice"):
        desk.do(signers.add_signers, "market-1", task_id=task.id, people=[desk.id("market-2")], how="after")


def test_who_has_signed_does_not_claim_what_was_released(desk: Desk) -> None:
    task = claimed(desk)
    own = signing(desk, task, "market-2")
    desk.do(signers.decide, "market-2", task_id=own, outcome="agree")
    desk.do(runtime.release, "market-1", task_id=task.id)
    for verb, more in ((runtime.claim, {}), (runtime.complete, {"values": {}})):
        with pytest.raises(NotAllowed, match=r"runtime\.spoken_already"):
            desk.do(verb, "market-2", task_id=task.id, **more)
    with desk.platform.engine.reading() as connection:
        found = {
            who: [one.id for one in queries.inbox(connection, desk.platform.actors[who], "claimable")]
            for who in ("market-1", "market-2")
        }
    assert found == {"market-1": [task.id], "market-2": []}
    assert "transfer" not in {one.action for one in desk.look(actions.offers, "market-2", task.id)}
    desk.do(runtime.claim, "market-1", task_id=task.id)
    desk.do(runtime.complete, "market-1", task_id=task.id, values={})


def test_who_has_signed_does_not_complete_the_task_for_another(desk: Desk) -> None:
    task = claimed(desk)
    own = signing(desk, task, "market-2")
    desk.do(signers.decide, "market-2", task_id=own, outcome="agree")
    away(desk.platform, "market-1", "market-2", how="share")
    with pytest.raises(NotAllowed, match=r"runtime\.spoken_already"):
        desk.do(runtime.complete, "market-2", task_id=task.id, values={})


def test_what_is_transferred_or_answered_does_not_reach_a_signer_as_the_deputy(desk: Desk) -> None:
    task = delegated(desk)
    own = signing(desk, task, ADMIN, by="market-2")
    desk.do(signers.decide, ADMIN, task_id=own, outcome="agree")
    away(desk.platform, "market-1", ADMIN)
    desk.do(actions.answer_delegate, "market-2", task_id=task.id, values={})
    assert row(desk, task.id) == ("market-1", None, None)
    away(desk.platform, "market-2", ADMIN)
    desk.do(actions.transfer, "market-1", task_id=task.id, to=desk.id("market-2"))
    assert row(desk, task.id) == ("market-2", None, None)
    agree(desk.platform.engine, task.case_id)


# -- deputies ------------------------------------------------------------------------------------------


def test_a_deputy_who_asked_somebody_to_sign_may_take_that_back(desk: Desk) -> None:
    task = claimed(desk)
    away(desk.platform, "market-1", "market-2", how="share")
    own = signing(desk, task, "tax-1", by="market-2")
    offers = {one.action: one for one in desk.look(actions.offers, "market-2", task.id)}
    assert [place.id for place in offers["remove signer"].targets] == [own]
    desk.do(signers.remove_signer, "market-2", task_id=own)
    assert desk.task(task.case_id).held == ""
    own = signing(desk, task, "tax-1", by="market-2")
    with pytest.raises(NotAllowed):
        desk.do(signers.remove_signer, "tax-2", task_id=own)


def test_what_is_given_back_to_a_stopped_account_says_so(desk: Desk) -> None:
    platform = desk.platform
    rule = away(platform, "market-1", "market-2")
    task = claimed_of(desk)
    with platform.engine.writing() as connection:
        deputies.end_absence(platform.engine, connection, actor=platform.actors[ADMIN], absence_id=rule.id)
        handover.stop_account(
            platform.engine, connection, actor=platform.actors["administrator"], account=desk.id("market-1")
        )
    with pytest.raises(NotAllowed) as refused:
        desk.do(handover.give_back, "market-2", task_id=task.id)
    assert refused.value.code == "runtime.handover.stopped" and "停用" in refused.value.say()


def claimed_of(desk: Desk) -> TaskRow:
    """A task that was meant for market-1."""
    meant = node("u1").replace("candidateGroups='platform'", f"assignee='{desk.id('market-1')}'")
    return desk.task(desk.begin(u1=meant), "u1")
