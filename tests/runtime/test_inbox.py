"""The inbox's lists: what waits, what may be claimed, what is done; filters, orders, marks, copies."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine import runtime, worktime
from engine.clock import local
from engine.history import Event
from engine.identity.absence import Desk
from engine.runtime import search
from engine.runtime.desk import copies
from engine.runtime.desk.tables import copies as copy_rows
from engine.runtime.desk.tables import drafts, follows, task_exclusions
from engine.runtime.queries import inbox as lists
from engine.runtime.queries.inbox import filters as narrowing
from engine.runtime.queries.inbox import kept
from engine.runtime.queries.inbox import lists as counting
from engine.runtime.queries.inbox.filters import Filters
from engine.runtime.tables import cases, task_candidates, tasks
from tests.runtime.answers import finish
from tests.runtime.small import small
from tests.runtime.stage import Platform


def listed(platform: Platform, tab: str = "claimable", username: str = "platform", **asked: Any) -> list[str]:
    """The titles on a tab, in order."""
    with platform.engine.reading() as connection:
        return [row.title for row in lists(connection, platform.actors[username], tab, **asked)]


def change(platform: Platform, table: sa.Table, where: Any, **values: Any) -> None:
    with platform.engine.writing() as connection:
        connection.execute(sa.update(table).where(where).values(**values))


def add(platform: Platform, table: sa.Table, **values: Any) -> None:
    with platform.engine.writing() as connection:
        connection.execute(table.insert().values(**values))


def claimed(platform: Platform, case_id: str, username: str = "platform") -> str:
    task = platform.one(case_id)
    with platform.engine.writing() as connection:
        runtime.claim(platform.engine, connection, actor=platform.actors[username], task_id=task.id)
    return task.id


def test_a_closed_case_is_listed_once_by_the_last_step_of_the_person(platform: Platform) -> None:
    case_id = platform.start()
    finish(platform, case_id)
    assert platform.case(case_id).state == "ended"
    with platform.engine.reading() as connection:
        officer = platform.actors["platform"]
        done = runtime.queries.inbox(connection, officer, "done")
        closed = runtime.queries.inbox(connection, officer, "closed")
        counted = runtime.queries.counts(connection, officer)
    assert len(done) > 1 and [task.id for task in closed] == [done[0].id]
    assert counted["closed"] == 1 and counted["done"] == len(done)


def test_what_is_urgent_comes_first_then_the_nearest_deadline(platform: Platform) -> None:
    for title, due in (("three", 3), ("none", None), ("one", 1), ("urgent", 9)):
        task = platform.one(platform.start(title=title))
        moment = None if due is None else platform.clock.now() + timedelta(days=due)
        change(platform, tasks, tasks.c.id == task.id, due_at=moment, urgent=title == "urgent")
    assert listed(platform) == ["urgent", "one", "three", "none"]
    assert listed(platform, sort="due") == ["one", "three", "urgent", "none"]
    assert listed(platform, sort="-title") == ["urgent", "three", "one", "none"]
    assert listed(platform, limit=2, offset=1) == ["one", "three"]


def test_a_task_is_narrowed_by_words_step_status_and_urgency(platform: Platform) -> None:
    first = platform.start(title="发票额度 100% 用尽")
    platform.start(title="消防验收", type="工程建设", content="请来验收。")
    change(platform, tasks, tasks.c.case_id == first, urgent=True)
    number, status = platform.case(first).number, platform.case(first).status
    assert listed(platform, filters=Filters(text="发票")) == ["发票额度 100% 用尽"]
    assert listed(platform, filters=Filters(text=number[-4:])) == ["发票额度 100% 用尽"]
    assert len(listed(platform, filters=Filters(text="晶密"))) == 2
    assert listed(platform, filters=Filters(urgent=True)) == ["发票额度 100% 用尽"]
    assert len(listed(platform, filters=Filters(process="appeal", step="研判派发", status=status))) == 2
    assert listed(platform, filters=Filters(process="other")) == []
    assert listed(platform, filters=Filters(step="回访")) == []
    with platform.engine.reading() as connection:
        officer = platform.actors["platform"]
        offered = runtime.queries.occurring(connection, officer, "claimable")
        assert runtime.queries.count(connection, officer, "claimable", filters=Filters(text="发票")) == 1
    assert offered.steps == ("研判派发",) and offered.processes == ("appeal",)
    assert offered.statuses == (status,)


EVERY = ["copied", "first", "second"]


@pytest.mark.parametrize(
    "text, found",
    [
        ("票", ["copied", "first"]), ("发票 消", ["copied"]), ("票发", []), ("验收", ["copied", "second"]),
        ("100%", ["first"]), ("0%", []), ("%", []), ("0003", ["copied"]), ("SQ-2026", EVERY),
        ("绿能", ["second"]), ("91441802MA4", ["copied", "first"]), ("91441802ma4x1q2t0k 消防", ["copied"]),
        ("914418", EVERY), ("914401", []), ("91441", []), ("A4", ["first"]),
        ("ISO 9001", ["second"]), ("9001", ["second"]),
        ("，。", []), ('"', []), ("验收 91441802MA4", ["copied"]),
    ],
)  # fmt: skip
def test_words_find_in_every_list_what_the_search_for_cases_finds(
    platform: Platform, text: str, found: list[str]
) -> None:
    platform.start(title="first", content="发票额度 100% 用尽，Ａ４ 纸")
    other = platform.actors["lvneng"].enterprise
    platform.start("lvneng", uscc=other, title="second", content="ISO9001 验收")
    case_id = platform.start(title="copied", content="发票、消防验收")
    officer, now = platform.actors["platform"], platform.clock.now()
    add(platform, follows, account=officer.id, case_id=case_id, at=now)
    add(platform, copy_rows, id="c", case_id=case_id, account=officer.id, by="system", at=now, note="")
    filters, asked = Filters(text=text), search.Asked(text=text, moment=now)
    assert sorted(listed(platform, filters=filters)) == found
    with platform.engine.reading() as connection:
        assert sorted(row.title for row in search.find(connection, officer, asked)) == found
        assert counting.count(connection, officer, "claimable", filters=filters) == len(found)
        for rows in (kept.copied, kept.followed):
            titles = [row.title for row in rows(connection, officer, filters=filters)]
            assert titles == [title for title in found if title == "copied"], rows
        assert kept.count_copied(connection, officer, filters=filters) == ("copied" in found)
        assert kept.count_followed(connection, officer, filters=filters) == ("copied" in found)


@pytest.mark.parametrize("hour", [9, 23])
def test_the_states_of_a_deadline_are_those_that_are_said_in_words(platform: Platform, hour: int) -> None:
    """Over a fortnight with weekends: every due moment is found by exactly the state that the words say."""
    platform.pass_time(hours=hour - 9)
    task, now = platform.one(platform.start()), platform.clock.now()
    named = {"overdue": "late", "today": "today", "soon": "soon", "normal": "normal"}
    with platform.engine.reading() as connection:
        calendar = worktime.load(connection)
    for hours in range(-30, 14 * 24, 7):
        due = now + timedelta(hours=hours)
        change(platform, tasks, tasks.c.id == task.id, due_at=due)
        found = [d for d in named.values() if listed(platform, filters=Filters(due=d, moment=now))]
        assert found == [named[worktime.in_words(due, now, calendar).state]], local(due)
    change(platform, tasks, tasks.c.id == task.id, due_at=None)
    assert len(listed(platform, filters=Filters(due="none"))) == 1


def test_a_stopped_clock_is_neither_late_nor_near(platform: Platform) -> None:
    case_id = platform.start()
    claimed(platform, case_id)
    with platform.engine.writing() as connection:
        runtime.clocks.stop(
            platform.engine,
            connection,
            actor=platform.actors["platform"],
            case_id=case_id,
            kind="补正",
            reason="缺合同",
        )
    platform.pass_time(days=30)
    late = Filters(due="late", moment=platform.clock.now())
    assert listed(platform, "todo", filters=late) == []
    assert len(listed(platform, "todo", filters=Filters(marks=("stopped",)))) == 1


def test_who_is_excluded_from_a_task_cannot_claim_it(platform: Platform) -> None:
    task = platform.one(platform.start())
    add(platform, task_exclusions, task_id=task.id, account=platform.actors["platform"].id)
    assert listed(platform) == []
    assert len(listed(platform, username="platform-2")) == 1


def test_a_task_without_candidates_and_assignee_shows_to_nobody(platform: Platform) -> None:
    task = platform.one(platform.start())
    with platform.engine.writing() as connection:
        connection.execute(sa.delete(task_candidates).where(task_candidates.c.task_id == task.id))
    for username in platform.actors:
        for tab in runtime.queries.TABS:
            assert listed(platform, tab, username) == [], (username, tab)


def test_the_tasks_of_people_i_deputise_for_stand_among_mine(platform: Platform) -> None:
    claimed(platform, platform.start(title="mine"))
    claimed(platform, platform.start(title="hers"), "platform-2")
    also = [Desk(platform.actors["platform-2"].id, "")]
    assert listed(platform, "todo") == ["mine"]
    assert sorted(listed(platform, "todo", also=also)) == ["hers", "mine"]
    assert listed(platform, "todo", also=also, filters=Filters(marks=("deputy",))) == ["hers"]
    for process, expected in (("appeal", ["hers", "mine"]), ("other", ["mine"])):
        partly = [Desk(platform.actors["platform-2"].id, process)]
        assert sorted(listed(platform, "todo", also=partly)) == expected
    with platform.engine.reading() as connection:
        assert runtime.queries.counts(connection, platform.actors["platform"], also)["todo"] == 2


def test_rows_bear_the_marks_that_one_can_ask_for(platform: Platform) -> None:
    ids = {
        name: claimed(platform, platform.start(title=name)) for name in ("held", "urged", "draft", "plain")
    }
    change(platform, tasks, tasks.c.id == ids["held"], held="before")
    change(platform, tasks, tasks.c.id == ids["urged"], urged=2)
    officer, now = platform.actors["platform"].id, platform.clock.now()
    add(platform, drafts, task_id=ids["draft"], account=officer, given="{}", saved_at=now)
    add(
        platform,
        drafts,
        task_id=ids["plain"],
        account=platform.actors["control"].id,
        given="{}",
        saved_at=now,
    )
    for mark in ("held", "urged", "draft"):
        assert listed(platform, "todo", filters=Filters(marks=(mark,))) == [mark]
    with platform.engine.reading() as connection:
        rows = {row.title: row for row in lists(connection, platform.actors["platform"], "todo")}
    assert rows["held"].held == "before" and rows["urged"].urged == 2
    assert rows["draft"].draft_at == now and rows["plain"].draft_at is None


def test_only_what_a_move_led_back_to_is_marked_as_returned(platform: Platform) -> None:
    platform.deploy(small("s>u1>u2>e"))
    platform.start(title="new")
    beside = platform.start(title="beside")
    case_id = platform.start("platform", "small", note="sent")
    platform.complete(case_id, "u1", note="sent")
    task = platform.one(case_id, "u2")
    with platform.engine.writing() as connection:
        facts = {"actor": platform.worker(task), "task_id": task.id, "to": "u1", "opinion": "请补充"}
        runtime.moves.send_back(platform.engine, connection, **facts)
        event = Event("task.sent_back", "handle", {"to": "triage"})  # at the same moment, elsewhere
        runtime.record(platform.engine, connection, beside, [event], "system")
    opened = platform.one(case_id, "u1")
    whose = next(name for name, actor in platform.actors.items() if actor.id == opened.assignee)
    asked = Filters(marks=("returned",))
    assert listed(platform, filters=asked) == [] and listed(platform, "todo", whose, filters=asked) == [
        "sent"
    ]
    with platform.engine.reading() as connection:
        actor = platform.actors[whose]
        rows = [*lists(connection, actor, "todo"), *lists(connection, actor, "claimable")]
    assert {row.title: (row.returned, row.brought) for row in rows} == {
        "new": (False, ""),
        "beside": (False, ""),
        "sent": (True, "sent_back"),
    }


def test_numbers_are_counted_up_to_a_bound(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST", 2)
    for _ in range(3):
        platform.start()
    with platform.engine.reading() as connection:
        assert runtime.queries.counts(connection, platform.actors["platform"])["claimable"] == 2


def test_copies_are_read_and_unread_and_followed_cases_are_kept(platform: Platform) -> None:
    first, second = platform.start(title="first"), platform.start(title="second")
    officer, now = platform.actors["leader"], platform.clock.now()
    sender = platform.actors["platform"].id
    for place, case_id in enumerate((first, second)):
        at = now + timedelta(minutes=place)
        add(
            platform,
            copy_rows,
            id=f"c{place}",
            case_id=case_id,
            account=officer.id,
            by=sender,
            at=at,
            note="阅",
        )
        add(platform, follows, account=officer.id, case_id=case_id, at=at)
    with platform.engine.writing() as connection:
        assert kept.count_copied(connection, officer, unread=True) == 2
        assert copies.mark_read(connection, officer, now, first) == 1
        assert copies.mark_read(connection, officer, now, first) == 0
        unread = kept.copied(connection, officer, unread=True)
        every = kept.copied(connection, officer)
        assert copies.mark_read(connection, officer, now) == 1
        assert kept.count_copied(connection, officer, unread=True) == 0
        assert kept.count_copied(connection, platform.actors["control"]) == 0
        found = kept.followed(connection, officer, filters=Filters(text="second"))
        assert kept.count_followed(connection, officer) == 2
    assert [row.title for row in unread] == ["second"]
    assert [(row.title, row.sender, row.note) for row in every] == [
        ("second", "李娜", "阅"),
        ("first", "李娜", "阅"),
    ]
    assert [row.title for row in found] == ["second"] and found[0].due_at is not None


def test_following_a_case_opens_nothing(platform: Platform) -> None:
    case_id, stranger = platform.start(), platform.actors["tax-1"]
    add(platform, follows, account=stranger.id, case_id=case_id, at=platform.clock.now())
    with platform.engine.reading() as connection:
        assert kept.followed(connection, stranger) == []
        assert kept.count_followed(connection, stranger) == 0


def test_the_edges_of_soon_are_where_the_second_working_day_begins(platform: Platform) -> None:
    with platform.engine.reading() as connection:
        calendar = worktime.load(connection)
        tonight, soon = narrowing.edges(calendar, platform.clock.now())  # Wednesday 11 March
        assert connection.execute(sa.select(cases.c.id)).first() is None
    assert (tonight.day, soon.day) == (12, 13)
