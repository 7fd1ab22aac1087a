"""Added signers and the rest of the desk: what a node offers and asks, deputies, delegates."""

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine

from engine.identity import absence
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


def away(desk: Desk, who: str, deputy: str) -> None:
    now = desk.platform.clock.now()
    with desk.platform.engine.writing() as connection:
        absence.make(
            connection,
            actor=desk.platform.actors[who],
            account=desk.id(who),
            deputy=desk.id(deputy),
            how="share",
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
    refused("signers.twice", lambda: desk.decide("market-2", task=desk.of("market-1")))


def test_what_a_deputy_approved_after_is_completed_in_both_names(desk: Desk) -> None:
    desk.act(add_signers, OWNER, people=[desk.id("tax-1")], how="before")
    desk.decide("tax-1")
    away(desk, OWNER, "platform-2")
    desk.add("platform-2", "market-1", how="after", values={"note": "代", "go": "1"})
    desk.decide("market-1")
    (row,) = desk.platform.rows(tasks, tasks.c.id == desk.root)
    assert (row.closed_by, row.acting_for) == (desk.id("platform-2"), desk.id(OWNER))
    assert desk.ended() and desk.completions() == 1
