"""What a person keeps at the desk: drafts, who is there, filters by name, preferences."""

from datetime import timedelta
from io import BytesIO

import pytest

from engine import forms, runtime
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.runtime.desk import drafts, filters, leaving, preferences, presence
from engine.runtime.desk import tables as desk
from tests.runtime.stage import Platform


def claimed(platform: Platform, case_id: str, username: str = "platform") -> str:
    task = platform.one(case_id)
    with platform.engine.writing() as connection:
        runtime.claim(platform.engine, connection, actor=platform.actors[username], task_id=task.id)
    return task.id


def save(platform: Platform, task_id: str, username: str = "platform", **given: object) -> None:
    with platform.engine.writing() as connection:
        drafts.save(connection, platform.actors[username], task_id, given, platform.clock.now())


def read(platform: Platform, task_id: str, username: str = "platform") -> drafts.Draft | None:
    with platform.engine.reading() as connection:
        return drafts.draft(connection, platform.actors[username], task_id)


def test_a_draft_is_kept_as_it_was_typed_and_the_last_one_holds(platform: Platform) -> None:
    task = claimed(platform, platform.start())
    save(platform, task, note="半句", days="三")
    platform.pass_time(minutes=5)
    save(platform, task, note="一句话", files=["a" * 32])
    found = read(platform, task)
    assert found is not None and found.given == {"note": "一句话", "files": ["a" * 32]}
    assert found.saved_at == platform.clock.now()
    assert platform.count(desk.drafts) == 1


def test_a_draft_is_nobody_elses(platform: Platform) -> None:
    task = platform.one(platform.start()).id
    save(platform, task, note="李娜")
    save(platform, task, "platform-2", note="王磊")
    assert read(platform, task).given == {"note": "李娜"}  # type: ignore[union-attr]
    assert read(platform, task, "platform-2").given == {"note": "王磊"}  # type: ignore[union-attr]
    assert read(platform, task, "control") is None


def test_only_who_may_complete_a_task_keeps_a_draft_of_it(platform: Platform) -> None:
    task = claimed(platform, platform.start())
    with pytest.raises(NotAllowed, match="desk.not_in_hand"):
        save(platform, task, "platform-2", note="x")
    with (
        platform.engine.writing() as connection,
        pytest.raises(Conflict, match="runtime.task_changed") as told,
    ):
        seen, now = 0, platform.clock.now()
        drafts.save(connection, platform.actors["platform-2"], task, {}, now, version=seen)
    assert told.value.facts["who_id"] == platform.actors["platform"].id
    with platform.engine.writing() as connection:
        owner = frozenset({platform.actors["platform"].id})
        drafts.save(
            connection, platform.actors["platform-2"], task, {"note": "代"}, platform.clock.now(), owner
        )
    with pytest.raises(NotFound):
        save(platform, "none", note="x")
    with pytest.raises(Invalid, match="desk.draft_long"):
        save(platform, task, note="长" * drafts.LARGEST)


def test_a_draft_goes_when_the_task_is_released_or_completed(platform: Platform) -> None:
    case_id = platform.start()
    task = claimed(platform, case_id)
    save(platform, task, note="x")
    with platform.engine.writing() as connection:
        runtime.release(platform.engine, connection, actor=platform.actors["platform"], task_id=task)
    assert read(platform, task) is None
    save(platform, task, "platform-2", note="y")
    claimed(platform, case_id)
    save(platform, task, note="z")
    platform.complete(
        case_id, outcome="派发", type="税费", complexity="一般", department="tax", triage_note="请办"
    )
    assert platform.count(desk.drafts) == 0
    with pytest.raises(Conflict, match=r"runtime\.task_closed"):
        save(platform, task, note="too late")


def test_a_draft_can_be_thrown_away(platform: Platform) -> None:
    task = claimed(platform, platform.start())
    save(platform, task, note="x")
    with platform.engine.writing() as connection:
        leaving.discard(connection, platform.actors["platform"].id, task)
    assert read(platform, task) is None


def test_the_uploads_of_a_draft_outlive_the_day(platform: Platform) -> None:
    task, before = claimed(platform, platform.start()), platform.clock.now()
    with platform.engine.writing() as connection:
        kept, lost = (
            forms.files.keep(connection, BytesIO(f"{n}".encode()), "a.txt", "x", before) for n in (1, 2)
        )
    save(platform, task, materials=[{"file": [kept.id]}])
    with platform.engine.writing() as connection:
        later = before + timedelta(days=2)
        assert forms.files.discard_unattached(connection, later, drafts.kept_files(connection)) == 1
        assert forms.files.find(connection, kept.id) and not forms.files.find(connection, lost.id)


def test_people_at_the_same_task_see_each_other_for_a_minute(platform: Platform) -> None:
    task = platform.one(platform.start()).id
    one, two = platform.actors["platform"], platform.actors["platform-2"]
    with platform.engine.writing() as connection:
        now = platform.clock.now()
        presence.come(connection, one, task, now)
        presence.come(connection, one, task, now)
        assert presence.others(connection, one, task, now) == []
        presence.come(connection, two, task, now + timedelta(seconds=30))
        assert [p.name for p in presence.others(connection, one, task, now + timedelta(seconds=60))] == [
            "王磊"
        ]
        assert [p.name for p in presence.others(connection, two, task, now + timedelta(seconds=60))] == [
            "李娜"
        ]
        assert presence.others(connection, two, task, now + timedelta(seconds=61)) == []
        presence.leave(connection, two, task)
        assert presence.others(connection, one, task, now + timedelta(seconds=60)) == []


def test_who_is_gone_is_forgotten(platform: Platform) -> None:
    task, now = platform.one(platform.start()).id, platform.clock.now()
    other = platform.one(platform.start()).id
    with platform.engine.writing() as connection:
        for one in (task, other):
            presence.come(connection, platform.actors["platform"], one, now)
        presence.come(connection, platform.actors["platform-2"], task, now + timedelta(minutes=2))
        assert presence.forget_gone(connection, now + timedelta(minutes=2)) == 1
    assert platform.count(desk.presences) == 1
    with platform.engine.writing() as connection:
        leaving.closed(connection, task)
    assert platform.count(desk.presences) == 0


def test_filters_are_saved_renamed_shared_and_deleted(platform: Platform) -> None:
    mine, colleague, stranger = (platform.actors[name] for name in ("market-1", "market-2", "tax-1"))
    now = platform.clock.now()
    with platform.engine.writing() as connection:
        key = filters.save(connection, mine, name=" 我的  超期 ", query="tab=todo&due=late", now=now)
        again = filters.save(connection, mine, name="我的 超期", query="tab=todo&due=today", now=now)
        assert key == again
        other = filters.save(connection, mine, name="认领", query="tab=claimable", now=now)
        filters.share(connection, mine, key, "@market")
        assert [one.name for one in filters.saved(connection, mine)] == ["我的 超期", "认领"]
        (seen,) = filters.saved(connection, colleague)
        assert (seen.query, seen.mine, seen.owner) == ("tab=todo&due=today", False, mine.name)
        assert filters.saved(connection, stranger) == []
        filters.rename(connection, mine, other, "可认领的")
        with pytest.raises(Conflict, match="desk.filter_exists"):
            filters.rename(connection, mine, other, "我的 超期")
        filters.delete(connection, mine, key)
        assert filters.saved(connection, colleague) == []


def test_a_filter_is_its_owners_to_change_and_shared_with_ones_own_only(platform: Platform) -> None:
    mine, colleague, now = platform.actors["market-1"], platform.actors["market-2"], platform.clock.now()
    with platform.engine.writing() as connection:
        key = filters.save(
            connection, mine, name="a", query="tab=todo", now=now, shared_with="handler@market"
        )
        for act in (
            lambda: filters.rename(connection, colleague, key, "b"),
            lambda: filters.share(connection, colleague, key, ""),
        ):
            with pytest.raises(NotFound, match="desk.no_filter"):
                act()
        filters.delete(connection, colleague, key)
        assert len(filters.saved(connection, colleague)) == 1
        for group in ("@tax", "platform", "handler@tax"):
            with pytest.raises(Invalid, match="desk.not_your_group"):
                filters.share(connection, mine, key, group)


def test_what_is_too_much_for_a_filter_is_refused(platform: Platform) -> None:
    mine, now = platform.actors["market-1"], platform.clock.now()
    with platform.engine.writing() as connection:
        for name in ("", "  ", "长" * (filters.NAME + 1)):
            with pytest.raises(Invalid, match="desk.filter_name"):
                filters.save(connection, mine, name=name, query="", now=now)
        with pytest.raises(Invalid, match="desk.filter_long"):
            filters.save(connection, mine, name="a", query="x" * (filters.QUERY + 1), now=now)
        for number in range(filters.MOST):
            filters.save(connection, mine, name=f"{number}", query="", now=now)
        with pytest.raises(Invalid, match="desk.filters_full"):
            filters.save(connection, mine, name="one more", query="", now=now)


def test_preferences_are_kept_by_person(platform: Platform) -> None:
    one, two = platform.actors["market-1"], platform.actors["market-2"]
    with platform.engine.writing() as connection:
        preferences.prefer(connection, one, "inbox.columns", ["due", "title"])
        preferences.prefer(connection, one, "inbox.columns", ["title"])
        preferences.prefer(connection, one, "keys", False)
        assert preferences.preferred(connection, one) == {"inbox.columns": ["title"], "keys": False}
        assert preferences.preferred(connection, two) == {}
