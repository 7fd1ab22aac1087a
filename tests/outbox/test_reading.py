"""What a person has been told and has read: their groups' from the account's beginning, cheap to count."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import identity, outbox
from engine.database import new_id
from engine.errors import NotFound
from engine.identity import Actor
from engine.outbox.tables import notice_marks, notice_reads
from tests.outbox.post import Post

GROUPS = frozenset({"handler@market", "admin@market"})
USCC = "91441802MA4X1Q2T0K"


def person(post: Post, groups: frozenset[str] = GROUPS, name: str = "zhang") -> Actor:
    with post.engine.writing() as connection:
        account = identity.create_account(
            connection, username=name, name="张三", now=post.clock.now(), roles=["platform"]
        )
    return Actor(account, "张三", "person", groups=groups)


def count(post: Post, actor: Actor) -> int:
    with post.engine.reading() as connection:
        return outbox.unread(connection, actor)


def listed(post: Post, actor: Actor, limit: int = 50, **asked: object) -> list[outbox.Told]:
    with post.engine.reading() as connection:
        return outbox.told(connection, actor, limit=limit, **asked)  # type: ignore[arg-type]


def read(post: Post, actor: Actor, *ids: str) -> None:
    with post.engine.writing() as connection:
        outbox.mark_read(connection, actor, ids, post.clock.now())


def read_all(post: Post, actor: Actor, newest: str) -> None:
    with post.engine.writing() as connection:
        outbox.mark_all(connection, actor, newest, post.clock.now())


def test_a_person_is_told_what_their_groups_and_they_are_told(post: Post) -> None:
    actor = person(post)
    for to in ("handler@market", actor.id, "handler@ecology", "leader"):
        post.queue(f"to {to}", recipient=to, due=post.clock.now())
        post.pass_time(minutes=1)
    assert count(post, actor) == 2
    newest, oldest = listed(post, actor)
    assert newest.at > oldest.at
    assert (oldest.template, oldest.data["title"], oldest.unread) == ("late", "标题", True)


def test_who_comes_later_is_not_told_what_was_before(post: Post) -> None:
    post.queue("before", recipient="handler@market")
    post.pass_time(seconds=1)
    actor = person(post)
    post.queue("behind", recipient="handler@market")
    assert count(post, actor) == 1
    assert len(listed(post, actor)) == 1


def test_who_leaves_a_group_no_longer_reads_its_notices(post: Post) -> None:
    actor = person(post)
    post.queue("k", recipient="handler@market")
    moved = Actor(actor.id, actor.name, "person", groups=frozenset({"handler@ecology"}))
    assert (count(post, moved), listed(post, moved)) == (0, [])


def test_an_enterprise_reads_its_own_alone(post: Post) -> None:
    """Whatever groups its account may have been given."""
    account = person(post).id
    actor = Actor(
        account, "晶密", "enterprise", enterprise=USCC, groups=frozenset({"leader", "enterprise@X"})
    )
    for to in ("leader", "enterprise@X", f"enterprise@{USCC}"):
        post.queue(f"to {to}", recipient=to)
    assert (count(post, actor), len(listed(post, actor))) == (1, 1)


def test_what_two_groups_of_a_person_are_told_in_one_step_is_one_notice(post: Post) -> None:
    actor, case = person(post), new_id()
    for to in sorted(GROUPS):
        post.queue(f"to {to}", recipient=to, case=case)
    assert count(post, actor) == 1
    (one,) = listed(post, actor)
    read(post, actor, one.id)
    assert count(post, actor) == 0
    assert [told.unread for told in listed(post, actor)] == [False]


def test_two_things_told_in_one_step_stay_two(post: Post) -> None:
    actor, case = person(post), new_id()
    post.queue("a", recipient="handler@market", case=case, step="联系企业")
    post.queue("b", recipient="handler@market", case=case, step="处置答复")
    assert count(post, actor) == len(listed(post, actor)) == 2


def test_up_to_what_was_seen_all_is_read(post: Post) -> None:
    actor = person(post)
    for key in "abc":
        post.queue(key, recipient="handler@market")
        post.pass_time(minutes=5)
    _third, second, _first = listed(post, actor)
    read_all(post, actor, second.id)
    assert [told.unread for told in listed(post, actor)] == [True, False, False]
    assert (count(post, actor), len(listed(post, actor, unread_only=True))) == (1, 1)
    read_all(post, actor, second.id)
    assert count(post, actor) == 1


def test_a_step_that_commits_late_is_still_unread(post: Post) -> None:
    """It began before the newest notice that was seen, and commits behind the marking."""
    actor = person(post)
    began = post.clock.now()
    post.pass_time(seconds=20)
    post.queue("seen", recipient="handler@market")
    post.pass_time(seconds=1)
    read_all(post, actor, listed(post, actor)[0].id)
    with post.engine.writing() as connection:
        late = outbox.Notice("handler@market", "soon", "late")
        outbox.queue(connection, new_id(), [late], {"number": "SQ-2"}, began, channels=())
    assert [(told.template, told.unread) for told in listed(post, actor)] == [("late", False), ("soon", True)]
    assert count(post, actor) == 1


def test_others_notices_cannot_be_marked(post: Post) -> None:
    actor = person(post)
    post.queue("k", recipient="handler@ecology")
    (row,) = post.rows("in-app")
    for mark in (read, read_all):
        with pytest.raises(NotFound):
            mark(post, actor, row.id)


def test_what_one_person_has_read_is_unread_for_the_next(post: Post) -> None:
    one, other = person(post), person(post, name="li")
    post.queue("k", recipient="handler@market")
    read(post, one, listed(post, one)[0].id)
    assert (count(post, one), count(post, other)) == (0, 1)


def test_the_count_ends_at_a_hundred(post: Post) -> None:
    actor, case = person(post), new_id()
    for number in range(102):
        for to in sorted(GROUPS):
            post.queue(f"{number} {to}", recipient=to, case=case, days=number)
    assert count(post, actor) == outbox.MOST == 100
    pages = [listed(post, actor, limit=40, offset=at) for at in (0, 40, 80, 120)]
    assert [len(page) for page in pages] == [40, 40, 22, 0]
    assert len({told.id for page in pages for told in page}) == 102


def test_what_is_read_is_forgotten_once_nothing_older_is_unread(post: Post) -> None:
    actor = person(post)
    for key in "abc":
        post.queue(key, recipient="handler@market")
        post.pass_time(minutes=5)
    third, second, first = listed(post, actor)
    for notice in (third, second):
        read(post, actor, notice.id)
    assert len(reads(post)) == 2
    read(post, actor, first.id)
    assert reads(post) == [], "the mark has passed them all"
    assert count(post, actor) == 0


def reads(post: Post) -> list[sa.Row[tuple[str]]]:
    with post.engine.reading() as connection:
        return list(connection.execute(sa.select(notice_reads.c.message_id)))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("queue"), st.sampled_from(["handler@market", "admin@market", "both"])),
        st.tuples(st.just("wait"), st.integers(1, 200)),
        st.tuples(st.just("read"), st.integers(0, 9)),
        st.tuples(st.just("all"), st.integers(0, 9)),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_list_and_the_count_agree_with_a_naive_memory(
    post: Post, steps: list[tuple[str, int | str]]
) -> None:
    """Whatever order things are queued and read in: unread is what was never marked."""
    with post.engine.writing() as connection:
        for table in (outbox.messages, notice_marks, notice_reads):
            connection.execute(sa.delete(table))
    actor = person(post, name=f"u{new_id()}")
    post.pass_time(seconds=1)
    unread: dict[str, bool] = {}
    for number, (act, value) in enumerate(steps):
        ids = [told.id for told in listed(post, actor)]
        if act == "queue":
            case = new_id()
            for to in GROUPS if value == "both" else [str(value)]:
                post.queue(f"{case} {to}", recipient=to, case=case, days=number)
            post.pass_time(seconds=1)
            fresh = {told.id for told in listed(post, actor)} - set(ids)
            unread.update(dict.fromkeys(fresh, True))
        elif act == "wait":
            post.pass_time(seconds=int(value))
        elif ids and act == "read":
            read(post, actor, chosen := ids[int(value) % len(ids)])
            unread[chosen] = False
        elif ids:
            at = int(value) % len(ids)
            read_all(post, actor, ids[at])
            unread.update(dict.fromkeys(ids[at:], False))
        assert {told.id: told.unread for told in listed(post, actor)} == unread
        assert count(post, actor) == sum(unread.values())


def test_counting_and_listing_use_the_index(post: Post) -> None:
    actor = person(post)
    plans = []
    with post.engine.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))

        def explain(statement: sa.Select[tuple[object, ...]]) -> None:
            text = statement.compile(connection, compile_kwargs={"literal_binds": True})
            word = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
            rows = connection.exec_driver_sql(word + str(text).replace("%", "%%"))
            plans.append("\n".join(" ".join(map(str, row)) for row in rows))

        for query in seen_queries(post, actor):
            explain(query)
    assert len(plans) == 2
    for plan in plans:
        assert "ix_messages_in_app" in plan, plan
        assert "SCAN messages" not in plan and "Seq Scan on messages" not in plan, plan
        assert "created_at>?" in plan or "created_at >" in plan, "what lies before the mark is not looked at"


def seen_queries(post: Post, actor: Actor) -> list[sa.Select[tuple[object, ...]]]:
    """The statements over messages that the count and the list send."""
    found = []

    def note(_connection: object, statement: object, *_: object) -> None:
        if isinstance(statement, sa.Select) and "messages" in str(statement):
            found.append(statement)

    sa.event.listen(post.engine.database, "before_execute", note)
    try:
        count(post, actor)
        listed(post, actor)
    finally:
        sa.event.remove(post.engine.database, "before_execute", note)
    return found
