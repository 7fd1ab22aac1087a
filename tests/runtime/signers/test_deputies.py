"""Added signers and the rest of the desk: what a node offers and asks, deputies, delegates."""

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from engine import outbox
from engine.identity import absence
from engine.runtime import actions
from engine.runtime.signers import add_signers
from engine.runtime.tables import tasks
from tests.bpmn.drawing import properties
from tests.runtime.signers.desk import OWNER, Desk
from tests.runtime.signers.test_added_signers import refused
from tests.runtime.stage import open_platform


@pytest.fixture
def strict(database: Engine) -> Desk:
    """At whose task signers are added before only, with a reason, and nobody agrees in silence."""
    return Desk(open_platform(database), properties(actions="sign before", opinion="sign before, agree"))


def test_a_node_says_which_kind_it_offers_and_where_a_reason_is_needed(strict: Desk) -> None:
    approved = {"note": "a", "go": "b"}
    refused("runtime.not_offered", lambda: strict.add(OWNER, "market-1", how="after", values=approved))
    refused("runtime.opinion_needed", lambda: strict.add(OWNER, "market-1"))
    strict.add(OWNER, "market-1", opinion="请核对")
    refused("runtime.opinion_needed", lambda: strict.decide("market-1"))
    strict.decide("market-1", opinion="已核对")
    assert strict.open() == {OWNER: ""}


@pytest.fixture
def outspoken(database: Engine) -> Desk:
    """At whose task nobody completes and nobody agrees in silence."""
    return Desk(open_platform(database), properties(opinion="complete, agree"))


APPROVED = {"note": "a", "go": "b"}


def must_say(desk: Desk, who: str, task: str = "") -> dict[str, bool]:
    with desk.platform.engine.reading() as connection:
        actor = desk.platform.actors[who]
        found = actions.offers(desk.platform.engine, connection, actor, task or desk.root)
    return {one.action: one.opinion_required for one in found if one.action.startswith("sign")}


def test_who_approves_and_asks_others_after_says_why_at_once(outspoken: Desk) -> None:
    desk = outspoken
    assert must_say(desk, OWNER) == {"sign before": False, "sign after": True}
    refused("runtime.opinion_needed", lambda: desk.add(OWNER, "market-1", how="after", values=APPROVED))
    assert desk.open() == {"-": ""}
    desk.add(OWNER, "market-1", how="after", values=APPROVED, opinion="同意办理")
    assert must_say(desk, OWNER) == {"sign after": False}, "more may be asked without saying it again"
    desk.add(OWNER, "tax-1", how="after")
    desk.decide("tax-1", opinion="无异议")
    desk.decide("market-1", opinion="无异议")
    assert desk.ended() and desk.last("task.completed")["opinion"] == "同意办理"
    assert desk.row().opinion == "同意办理"


def test_a_signer_who_agrees_and_asks_others_after_says_why_too(outspoken: Desk) -> None:
    desk = outspoken
    desk.add(OWNER, "market-1")
    mine = desk.of("market-1")
    assert must_say(desk, "market-1", mine) == {"sign before": False, "sign after": True}
    refused("runtime.opinion_needed", lambda: desk.add("market-1", "tax-1", how="after", task=mine))
    desk.add("market-1", "tax-1", how="after", task=mine, opinion="我同意，请税务再看")
    desk.decide("tax-1", opinion="无异议")
    assert (desk.row(mine).outcome, desk.row(mine).opinion) == ("agree", "我同意，请税务再看")


def away(desk: Desk, who: str, deputy: str, how: str = "share") -> None:
    now = desk.platform.clock.now()
    with desk.platform.engine.writing() as connection:
        absence.make(
            connection,
            actor=desk.platform.actors[who],
            account=desk.id(who),
            deputy=desk.id(deputy),
            how=how,
            since=now,
            until=now + timedelta(days=3),
            now=now,
        )


def test_a_deputy_decides_for_whom_he_stands_for_and_both_are_named(desk: Desk) -> None:
    desk.add(OWNER, "market-1")
    away(desk, "market-1", "market-2")
    mine = desk.of("market-1")
    desk.decide("market-2", task=mine)
    row = desk.row(mine)
    assert (row.closed_by, row.acting_for) == (desk.id("market-2"), desk.id("market-1"))
    assert desk.last("signer.decided")["for"] == desk.id("market-1")


def test_a_deputy_who_signs_himself_does_not_sign_twice(desk: Desk) -> None:
    desk.add(OWNER, "market-1", "market-2")
    away(desk, "market-1", "market-2")
    refused("runtime.spoken_already", lambda: desk.decide("market-2", task=desk.of("market-1")))


def test_what_a_deputy_approved_after_is_completed_in_both_names(desk: Desk) -> None:
    desk.act(add_signers, OWNER, people=[desk.id("tax-1")], how="before")
    desk.decide("tax-1")
    away(desk, OWNER, "platform-2")
    desk.add("platform-2", "market-1", how="after", values={"note": "代", "go": "1"})
    desk.decide("market-1")
    (row,) = desk.platform.rows(tasks, tasks.c.id == desk.root)
    assert (row.closed_by, row.acting_for) == (desk.id("platform-2"), desk.id(OWNER))
    assert desk.ended() and desk.completions() == 1


def told(desk: Desk, template: str) -> list[str]:
    names = {actor.id: username for username, actor in desk.platform.actors.items()}
    rows = desk.platform.rows(outbox.messages, outbox.messages.c.template == template)
    return sorted(names.get(row.recipient, row.recipient) for row in rows)


def test_whoever_is_away_is_asked_through_the_deputy(desk: Desk) -> None:
    away(desk, "market-1", "market-2", "move")
    desk.add(OWNER, "market-1", "tax-1")
    assert desk.open() == {OWNER: "before", "market-2": "", "tax-1": ""}
    mine = desk.of("market-2")
    assert desk.row(mine).acting_for == desk.id("market-1")
    added = [row.data for row in desk.platform.history(desk.case_id) if row.kind == "signer.added"]
    assert [(one["to"], one.get("stead")) for one in added] == [
        (desk.id("market-2"), desk.id("market-1")),
        (desk.id("tax-1"), None),
    ]
    assert told(desk, "signing-asked") == ["market-2", "tax-1"]
    assert told(desk, "moved-away") == ["market-1"] and not told(desk, "moved-here")
    desk.decide("market-2")
    row = desk.row(mine)
    assert (row.closed_by, row.acting_for) == (desk.id("market-2"), desk.id("market-1"))
    assert desk.last("signer.decided")["for"] == desk.id("market-1")
    refused("signers.twice", lambda: desk.add(OWNER, "market-1"))


def test_who_shares_is_asked_and_the_deputy_hears_of_it(desk: Desk) -> None:
    away(desk, "market-1", "market-2", "share")
    desk.add(OWNER, "market-1")
    assert desk.row(desk.of("market-1")).acting_for is None
    assert told(desk, "shared-here") == ["market-2"]


def test_nobody_signs_for_another_at_a_node_where_he_is_already(desk: Desk) -> None:
    away(desk, "market-1", "market-2", "move")
    desk.add(OWNER, "market-1", "market-2")
    assert {"market-1", "market-2"} <= desk.open().keys(), "the deputy signs in the own name alone"
    assert desk.row(desk.of("market-1")).acting_for is None
    assert told(desk, "deserted") == ["admin@market"]


def test_two_who_have_one_deputy_are_not_both_asked_through_him(desk: Desk) -> None:
    away(desk, "market-1", "market-2", "move")
    away(desk, "market-admin", "market-2", "move")
    desk.add(OWNER, "market-1", "market-admin")
    assert {"market-2", "market-admin"} <= desk.open().keys() and "market-1" not in desk.open()
