"""Added signers: before and after, nested, taken away again; what they say is never passed over."""

from collections.abc import Callable
from functools import partial

import orjson
import pytest

from engine import identity, runtime
from engine.errors import Conflict, ZhibanError
from engine.identity import SYSTEM
from engine.outbox.tables import messages
from engine.runtime import clocks, queries, signers
from engine.runtime.desk.tables import drafts, task_exclusions
from engine.runtime.tables import tasks
from tests.runtime.agreement import agree, picture
from tests.runtime.signers.desk import OWNER, Desk
from tests.runtime.together import at_once


def refused(code: str, act: Callable[[], object]) -> ZhibanError:
    with pytest.raises(ZhibanError) as caught:
        act()
    assert caught.value.code == code
    assert "{" not in caught.value.say() + caught.value.say("en")
    return caught.value


# -- before --------------------------------------------------------------------------------------------


def test_before_the_owner_waits_until_all_have_decided(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1", opinion="请核对材料")
    assert desk.open() == {OWNER: "before", "market-1": "", "tax-1": ""}
    assert desk.last("signer.added")["opinion"] == "请核对材料"
    held = refused("runtime.task_held", desk.complete)
    assert held.facts["who"] == "吴强、褚燕"
    refused("runtime.task_held", lambda: desk.act(runtime.release, OWNER))
    desk.decide("market-1", "disagree", "材料不全")
    assert desk.open() == {OWNER: "before", "tax-1": ""}
    desk.decide("tax-1")
    assert desk.open() == {OWNER: ""}  # whatever they said
    assert desk.last("signer.returned")["to"] == desk.id(OWNER)
    desk.complete()
    assert desk.ended() and desk.completions() == 1


def test_a_signers_task_is_a_row_beside_the_process(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    row, root = desk.row(desk.of("market-1")), desk.row()
    assert (row.token, row.element, row.case_id) == (root.token, root.element, root.case_id)
    assert (row.name, row.due_at, row.form_key, row.internal) == ("u1 · 加签", root.due_at, "", True)
    assert (row.parent, row.signing, row.state, row.version) == (root.id, "before", "open", 1)
    assert root.assignee == desk.id(OWNER), "adding signers is claiming on the way"
    with desk.platform.engine.reading() as connection:
        todo = queries.inbox(connection, desk.platform.actors["market-1"], "todo")
    assert [task.id for task in todo] == [row.id]


def test_who_is_asked_and_whose_task_returns_hears_of_it(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    desk.decide("market-1")
    told = {row.template: row.recipient for row in desk.platform.rows(messages)}
    assert told["signing-asked"] == desk.id("market-1")
    assert told["signing-returned"] == desk.id(OWNER)


def told(desk: Desk, template: str) -> list[str]:
    rows = desk.platform.rows(messages, messages.c.template == template)
    return sorted(row.recipient for row in rows)


def test_the_owner_hears_that_all_have_agreed(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1", how="after", values={"note": "同意", "go": "1"})
    desk.decide("market-1")
    assert told(desk, "signing-agreed") == []
    desk.decide("tax-1")
    assert told(desk, "signing-agreed") == [desk.id(OWNER)] and told(desk, "signing-returned") == []


def test_the_owner_hears_of_a_disagreement_and_the_others_that_they_are_not_asked_any_more(
    desk: Desk,
) -> None:
    desk.add(OWNER, "market-1", "tax-1", how="after", values={"note": "同意", "go": "1"})
    desk.decide("market-1", "disagree", "理由")
    assert told(desk, "signing-refused") == [desk.id(OWNER)]
    assert told(desk, "signing-over") == [desk.id("tax-1")]


def test_who_is_taken_away_hears_of_it_with_all_that_hung_below(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    desk.add("market-1", "tax-1", task=desk.of("market-1"))
    desk.remove(OWNER, "market-1")
    assert told(desk, "signing-over") == sorted([desk.id("market-1"), desk.id("tax-1")])


# -- after ---------------------------------------------------------------------------------------------


def test_after_the_approval_stands_and_completes_with_the_last_agreement(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1", how="after", values={"note": "同意拨付", "go": "7"})
    assert desk.open() == {OWNER: "after", "market-1": "", "tax-1": ""}
    desk.decide("market-1", opinion="无异议")
    assert not desk.ended()
    desk.decide("tax-1")
    assert desk.ended() and desk.completions() == 1
    assert desk.platform.variables(desk.case_id)["note"] == "同意拨付"
    done = desk.row()
    assert (done.closed_by, done.held, done.answer) == (desk.id(OWNER), "", None)
    assert desk.last("task.completed")["approved"], "when the owner approved stands in the record"
    assert desk.last("task.completed")["values"]["note"] == "同意拨付"


def test_one_who_disagrees_returns_it_unapproved_with_what_was_entered(desk: Desk) -> None:
    typed = {"note": "同意拨付", "go": "7"}
    desk.add(OWNER, "market-1", "tax-1", "hrss-1", how="after", values=typed)
    desk.decide("market-1")
    desk.decide("tax-1", "disagree", "金额有误")
    assert desk.open() == {OWNER: ""}, "who has not been heard yet is asked no more"
    assert desk.completions() == 0 and desk.row().answer is None
    (draft,) = desk.platform.rows(drafts, drafts.c.task_id == desk.root)
    assert (draft.account, orjson.loads(draft.given)) == (desk.id(OWNER), typed)
    desk.complete(note="按意见更正", go="6")
    assert desk.platform.variables(desk.case_id)["note"] == "按意见更正"


def test_what_the_owner_approves_is_checked_when_he_does(desk: Desk) -> None:
    before = picture(desk.platform.engine)
    refused("forms.rejected", lambda: desk.add(OWNER, "market-1", how="after", values={"other": "1"}))
    assert picture(desk.platform.engine) == before


def test_an_approval_stands_though_the_owner_has_left(desk: Desk) -> None:
    desk.add(OWNER, "market-1", how="after", values={"note": "a", "go": "b"})
    with desk.platform.engine.writing() as connection:
        identity.set_active(connection, desk.id(OWNER), False)
    desk.decide("market-1")
    assert desk.ended() and desk.row().closed_by == desk.id(OWNER)


# -- nested --------------------------------------------------------------------------------------------


def test_a_signer_asks_others_before_deciding(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    desk.add("market-1", "market-2", task=desk.of("market-1"))
    refused("runtime.task_held", lambda: desk.decide("market-1"))
    desk.decide("market-2", "disagree", "不妥")
    assert desk.open() == {OWNER: "before", "market-1": ""}
    desk.decide("market-1")
    assert desk.open() == {OWNER: ""}


def test_a_signers_own_agreement_stands_until_those_below_agree(desk: Desk) -> None:
    desk.add(OWNER, "market-1", how="after", values={"note": "a", "go": "b"})
    desk.add("market-1", "market-2", how="after", task=desk.of("market-1"), values={"opinion": "可以"})
    assert desk.open() == {OWNER: "after", "market-1": "after", "market-2": ""}
    desk.decide("market-2")
    assert desk.ended()
    (row,) = desk.platform.rows(tasks, tasks.c.assignee == desk.id("market-1"))
    assert (row.outcome, row.opinion, row.closed_by) == ("agree", "可以", desk.id("market-1"))


def test_a_dissent_below_returns_to_who_asked_for_it(desk: Desk) -> None:
    desk.add(OWNER, "market-1", how="after", values={"note": "a", "go": "b"})
    desk.add("market-1", "market-2", how="after", task=desk.of("market-1"), values={"opinion": "可以"})
    desk.decide("market-2", "disagree", "不可以")
    assert desk.open() == {OWNER: "after", "market-1": ""}
    (draft,) = desk.platform.rows(drafts)
    assert orjson.loads(draft.given) == {"outcome": "agree", "opinion": "可以"}
    desk.decide("market-1", "disagree", "听取意见后不同意")
    assert desk.open() == {OWNER: ""}


# -- who, and who not ----------------------------------------------------------------------------------


def test_nobody_signs_twice_at_a_node(desk: Desk) -> None:
    refused("signers.twice", lambda: desk.add(OWNER, OWNER))
    refused("signers.twice", lambda: desk.add(OWNER, "market-1", "market-1"))
    desk.add(OWNER, "market-1")
    refused("signers.twice", lambda: desk.add(OWNER, "market-1"))
    refused("signers.twice", lambda: desk.add("market-1", OWNER, task=desk.of("market-1")))
    desk.add("market-1", "market-2", task=desk.of("market-1"))
    refused("signers.twice", lambda: desk.add(OWNER, "market-2"))
    desk.decide("market-2")
    desk.decide("market-1")
    refused("signers.twice", lambda: desk.add(OWNER, "market-2"))  # also who has been heard already


def test_only_staff_who_work_on_cases_can_sign(desk: Desk) -> None:
    for nobody in ("jingmi", "analyst", "administrator", "no-such-account"):
        refused("signers.nobody", partial(desk.add, OWNER, nobody))
    refused("signers.how_many", lambda: desk.add(OWNER))
    refused("signers.kind", lambda: desk.add(OWNER, "market-1", how="later"))
    with desk.platform.engine.writing() as connection:
        identity.set_active(connection, desk.id("market-1"), False)
    refused("signers.nobody", lambda: desk.add(OWNER, "market-1"))


def test_who_is_excluded_by_four_eyes_cannot_sign(desk: Desk) -> None:
    with desk.platform.engine.writing() as connection:
        barred = {"task_id": desk.root, "account": desk.id("market-1")}
        connection.execute(task_exclusions.insert().values(barred))
    refused("signers.four_eyes", lambda: desk.add(OWNER, "market-1"))


def test_not_both_kinds_at_once_on_one_task(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    refused(
        "signers.one_kind",
        lambda: desk.add(OWNER, "tax-1", how="after", values={"note": "a", "go": "b"}),
    )
    desk.add(OWNER, "tax-1")  # one more of the same kind
    desk.decide("market-1")
    desk.decide("tax-1")
    desk.add(OWNER, "hrss-1", how="after", values={"note": "a", "go": "b"})
    refused("signers.approved_already", lambda: desk.add(OWNER, "hrss-2", how="after", values={"note": "c"}))
    desk.add(OWNER, "hrss-2", how="after")
    desk.decide("hrss-1")
    assert not desk.ended()
    desk.decide("hrss-2")
    assert desk.ended()


def test_only_the_owner_adds_and_only_the_signer_decides(desk: Desk) -> None:
    refused("runtime.not_candidate", lambda: desk.add("market-1", "tax-1"))
    desk.add(OWNER, "market-1")
    refused("runtime.not_assignee", lambda: desk.add("platform-2", "tax-1"))
    refused("runtime.not_assignee", lambda: desk.decide("tax-1", task=desk.of("market-1")))
    refused("signers.not_added", lambda: desk.decide(OWNER, task=desk.root))
    mine = desk.of("market-1")
    with desk.platform.engine.writing() as connection:
        engine, actor = desk.platform.engine, desk.platform.actors["market-1"]
        refused(
            "runtime.only_decides",
            lambda: runtime.complete(engine, connection, actor=actor, task_id=mine, values={}),
        )
        refused(
            "runtime.only_decides", lambda: runtime.release(engine, connection, actor=actor, task_id=mine)
        )


def test_the_sheet_wants_reasons_for_a_disagreement(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    error = refused("signers.sheet", lambda: desk.decide("market-1", "disagree", "  "))
    assert [problem.code for problem in error.problems] == ["signers.reasons"]
    error = refused("signers.sheet", lambda: desk.decide("market-1", "perhaps", "x" * 2001))
    assert [p.code for p in error.problems] == ["signers.outcome", "signers.long_opinion"]


# -- taking away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [OWNER, "control"])
def test_who_asked_or_an_administrator_takes_a_signer_away(desk: Desk, by: str) -> None:
    desk.add(OWNER, "market-1")
    for other in ("platform-2", "market-admin", "market-1", "tax-1"):
        refused("signers.not_removing", partial(desk.remove, other, "market-1"))
    desk.remove(by, "market-1")
    assert desk.open() == {OWNER: ""} and desk.completions() == 0
    desk.add(OWNER, "market-1")  # somebody taken away can be asked again


def test_with_a_signer_goes_whatever_hangs_below(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1")
    desk.add("market-1", "market-2", task=desk.of("market-1"))
    desk.remove(OWNER, "market-1")
    assert desk.open() == {OWNER: "before", "tax-1": ""}
    assert desk.count(tasks.c.state == "cancelled") == 2


def test_an_approved_task_completes_when_its_last_awaited_signer_is_taken_away(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1", how="after", values={"note": "a", "go": "b"})
    desk.decide("market-1")
    desk.remove(OWNER, "tax-1")
    assert desk.ended() and desk.completions() == 1


def test_one_that_is_not_approved_is_never_completed_by_it(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    desk.add("market-1", "market-2", task=desk.of("market-1"))
    desk.remove("market-1", "market-2")
    assert desk.open() == {OWNER: "before", "market-1": ""}
    desk.remove(OWNER, "market-1")
    assert desk.open() == {OWNER: ""} and not desk.ended()


# -- what happens around them --------------------------------------------------------------------------


def test_they_go_with_the_task_that_a_timer_takes_away(desk: Desk) -> None:
    desk.add(OWNER, "market-1", how="after", values={"note": "a", "go": "b"})
    desk.add("market-1", "market-2", task=desk.of("market-1"))
    mine = desk.of("market-2")
    desk.platform.pass_time(days=31)
    runtime.fire_due(desk.platform.engine)
    assert desk.ended() and desk.count(tasks.c.state == "cancelled") == 3
    agree(desk.platform.engine, desk.case_id)
    gone = refused("runtime.task_closed", lambda: desk.decide("market-2", task=mine))
    assert gone.facts["did"] == "撤销"


def test_while_the_clock_stands_still_nobody_is_added_decides_or_goes(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    engine, boss = desk.platform.engine, desk.platform.actors["control"]
    desk.platform.pass_time(minutes=1)
    with engine.writing() as connection:
        clocks.stop(engine, connection, actor=boss, case_id=desk.case_id, kind="补正", reason="等材料")
    refused("runtime.clock_stopped", lambda: desk.decide("market-1"))
    refused("runtime.clock_stopped", lambda: desk.add(OWNER, "tax-1"))
    refused("runtime.clock_stopped", lambda: desk.remove(OWNER, "market-1"))
    desk.platform.pass_time(days=2)
    with engine.writing() as connection:
        clocks.resume(engine, connection, actor=boss, case_id=desk.case_id)
    agree(engine, desk.case_id)  # the signers' date moved with the task's
    desk.decide("market-1")


def test_what_changed_since_it_was_seen_is_refused(desk: Desk) -> None:
    version = desk.add(OWNER, "market-1")
    assert version == desk.row().version
    refused("runtime.task_changed", lambda: desk.add(OWNER, "tax-1", version=version - 1))
    desk.add(OWNER, "tax-1", version=version)


def test_while_a_task_waits_its_reminders_go_to_the_signers(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1")
    desk.add("market-1", "market-2", task=desk.of("market-1"))
    desk.platform.pass_time(days=4)
    clocks.remind_due(desk.platform.engine)
    late = {row.recipient for row in desk.platform.rows(messages, messages.c.template == "late")}
    assert {desk.id("market-2"), desk.id("tax-1")} <= late
    assert not late & {desk.id(OWNER), desk.id("market-1")}


def test_two_signers_who_decide_at_once_complete_once(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "tax-1", how="after", values={"note": "a", "go": "b"})
    engines = [desk.platform.engine, desk.platform.restarted(shared_definitions=True)]

    def deciding(engine: runtime.Engine, who: str) -> Callable[[], object]:
        task = desk.of(who)

        def act() -> object:
            with engine.writing() as connection:
                actor = desk.platform.actors[who]
                return signers.decide(engine, connection, actor=actor, task_id=task, outcome="agree")

        return act

    found = at_once(*(deciding(e, who) for e, who in zip(engines, ("market-1", "tax-1"), strict=True)))
    assert not [one for one in found if isinstance(one, Exception)], found
    assert desk.ended() and desk.completions() == 1
    agree(desk.platform.engine, desk.case_id)


def test_one_decides_while_the_other_is_taken_away(desk: Desk) -> None:
    desk.add(OWNER, "market-1", how="after", values={"note": "a", "go": "b"})
    engines = [desk.platform.engine, desk.platform.restarted(shared_definitions=True)]
    task = desk.of("market-1")

    def act(
        verb: Callable[..., object], engine: runtime.Engine, who: str, **more: str
    ) -> Callable[[], object]:
        def done() -> object:
            with engine.writing() as connection:
                return verb(engine, connection, actor=desk.platform.actors[who], task_id=task, **more)

        return done

    results = at_once(
        act(signers.decide, engines[0], "market-1", outcome="disagree", opinion="不妥"),
        act(signers.remove_signer, engines[1], OWNER),
    )
    (lost,) = [one for one in results if isinstance(one, Exception)]
    assert isinstance(lost, Conflict), repr(lost)
    assert desk.completions() == (1 if results[0] is lost else 0)
    agree(desk.platform.engine, desk.case_id)


def test_only_people_of_the_house_add_signers(desk: Desk) -> None:
    engine, whom = desk.platform.engine, [desk.id("market-1")]
    for outsider in (SYSTEM, desk.platform.actors["jingmi"]):
        with engine.writing() as connection:
            add = partial(signers.add_signers, engine, connection, actor=outsider, task_id=desk.root)
            refused("runtime.not_candidate", partial(add, people=whom, how="before"))
