"""Delivery: after the commit, at least once, later and later after failures, and failed where it ends."""

from datetime import timedelta

import pytest

from connectors.base import NotSent, Outgoing, Refused
from engine import outbox
from engine.errors import Conflict, Invalid
from engine.outbox.delivery import LEASE, RETRIES
from tests.outbox.post import Fake, Post


def test_a_notice_is_on_the_platform_at_once_and_leaves_it_later(post: Post) -> None:
    post.queue("k")
    (here,) = post.rows("in-app")
    assert (here.state, here.delivered_at) == ("delivered", post.clock.now())
    assert post.states() == ["queued"]
    assert post.fake.sent == []
    assert post.deliver() == 1
    assert post.fake.sent == [Outgoing("fake|k", "leader", "SQ-1", "办件 SQ-1 已逾期")]
    (gone,) = post.rows()
    assert (gone.state, gone.attempts, gone.delivered_at) == ("delivered", 1, post.clock.now())
    assert post.deliver() == 0


def test_a_repeated_step_queues_nothing_twice(post: Post) -> None:
    post.queue("k", "k", "k" * 300)
    post.queue("k", "k" * 300)
    assert post.deliver() == 2
    assert len(post.rows("in-app")) == 2


def test_what_is_rolled_back_is_never_sent(post: Post) -> None:
    with pytest.raises(ZeroDivisionError), post.engine.writing() as connection:
        notice = outbox.Notice("leader", "late", "k")
        outbox.queue(connection, "c", [notice], {"number": "1"}, post.clock.now(), channels=["fake"])
        raise ZeroDivisionError
    assert post.deliver() == 0
    assert post.rows() == []


def test_the_oldest_leaves_first(post: Post) -> None:
    for key in "abc":
        post.queue(key)
        post.pass_time(seconds=1)
    assert post.deliver(most=2) == 2
    assert post.fake.keys == ["fake|a", "fake|b"]
    assert post.deliver() == 1


def test_a_channel_that_is_down_is_tried_again_later_and_later(post: Post) -> None:
    post.queue("k")
    for wait in RETRIES:
        post.fake.troubles = [NotSent("the line is down")]
        assert post.deliver() == 0
        post.pass_time(seconds=wait - 1)
        assert post.deliver() == 0, "not before its time"
        assert not post.fake.sent
        post.pass_time(seconds=1)
    assert post.deliver() == 1
    (row,) = post.rows()
    assert (row.state, row.attempts, row.problem) == ("delivered", len(RETRIES) + 1, "")


def test_after_the_last_attempt_it_has_failed_and_says_why(post: Post) -> None:
    post.queue("k")
    for wait in (*RETRIES, 0):
        post.fake.troubles = [NotSent("the line is down")]
        post.deliver()
        post.pass_time(seconds=wait)
    (row,) = post.rows()
    assert (row.state, row.problem, row.next_at) == ("failed", "NotSent: the line is down", None)
    post.pass_time(days=30)
    assert post.deliver() == 0
    with post.engine.writing() as connection:
        outbox.send_again(connection, row.id, post.clock.now())
    assert post.deliver() == 1
    with pytest.raises(Conflict), post.engine.writing() as connection:
        outbox.send_again(connection, row.id, post.clock.now())


def test_what_is_refused_is_not_tried_again(post: Post) -> None:
    post.queue("k")
    post.fake.troubles = [Refused("no such number")]
    assert post.deliver() == 0
    assert post.states() == ["failed"]


def test_one_that_fails_stops_no_other(post: Post) -> None:
    post.queue("a", "b")
    post.fake.troubles = [RuntimeError("a mistake in the channel")]
    assert post.deliver() == 1
    assert sorted(post.states()) == ["delivered", "queued"]


def test_a_lease_that_runs_out_is_anothers(post: Post) -> None:
    """The first sender is so slow that a second one sends meanwhile: twice the same key, marked once."""
    post.queue("k")

    class Slow(Fake):
        def send(self, notice: Outgoing) -> None:
            self.sent.append(notice)
            post.pass_time(seconds=LEASE.total_seconds() + 1)
            assert post.deliver() == 1

    slow = Slow()
    assert outbox.deliver_due(post.engine, {"fake": slow}, 10) == 0
    assert slow.keys == post.fake.keys == ["fake|k"]
    (row,) = post.rows()
    assert (row.state, row.attempts) == ("delivered", 1)


def test_who_is_slow_claims_the_rest_of_the_batch_anew(post: Post) -> None:
    post.queue("a", "b", "c")
    owners = []

    class Slow(Fake):
        def send(self, notice: Outgoing) -> None:
            super().send(notice)
            owners.append({row.lease for row in post.rows() if row.state == "queued"})
            post.clock.move_to(post.clock.now() + LEASE + timedelta(seconds=1))

    slow = Slow()
    assert outbox.deliver_due(post.engine, {"fake": slow}, 10) == 3
    assert slow.keys == ["fake|a", "fake|b", "fake|c"], "each once"
    assert not owners[0] & owners[1], "never under a lease that has run out"


def test_messages_of_a_channel_that_is_gone_wait(post: Post) -> None:
    post.queue("k")
    other = Fake("other")
    assert outbox.deliver_due(post.engine, {"other": other}, 10) == 0
    assert outbox.deliver_due(post.engine, {}, 10) == 0
    assert (other.sent, post.states()) == ([], ["queued"])


def test_the_configuration_names_known_channels() -> None:
    assert list(outbox.chosen(" fake ,", {"fake": Fake})) == ["fake"]
    assert outbox.chosen("", {"fake": Fake}) == {}
    with pytest.raises(Invalid) as caught:
        outbox.chosen("fake,pigeon", {"fake": Fake})
    assert caught.value.facts["channel"] == "pigeon"
