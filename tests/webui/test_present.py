"""Moments, deadlines and numbers as people read them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, g

from engine import worktime
from webui.present.deadlines import deadline, tally
from webui.present.moments import duration, machine, moment, near_moment, short_moment
from webui.present.people import masked
from webui.present.picture import picture
from webui.present.timeline import timeline
from webui.present.words import fault, status_tone

AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)  # Wednesday 17:00 in Asia/Shanghai


@pytest.fixture(autouse=True)
def reading(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=en"):
        yield


def test_moments_are_shown_in_shanghai_with_the_day_of_the_week() -> None:
    assert moment(AT) == "2026年3月11日 17:00 周三"
    assert short_moment(AT) == "3月11日 17:00"
    assert moment(None) == "—"
    assert machine(AT) == "2026-03-11T09:00:00Z"


def test_moments_are_shown_in_english(english: None) -> None:
    assert moment(AT) == "Wed 11 Mar 2026 17:00"


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(0), "0 分钟"),
        (timedelta(minutes=42), "42 分钟"),
        (timedelta(hours=3, minutes=5), "3 小时 5 分"),
        (timedelta(hours=3), "3 小时"),
        (timedelta(days=2, minutes=59), "2 天"),
        (timedelta(days=2, hours=3, minutes=59), "2 天 3 小时"),
    ],
)
def test_durations_are_told_in_two_units(time: timedelta, words: str) -> None:
    assert duration(time) == words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请回电 13800000001", "请回电 138****0001"),
        ("13800000001，13912345678", "138****0001，139****5678"),
        ("91441802MA4X1Q2T0K", "91441802MA4X1Q2T0K"),
        ("SQ-20260309-0001", "SQ-20260309-0001"),
        (None, ""),
    ],
)
def test_mobile_numbers_are_masked_in_lists(text: str | None, shown: str) -> None:
    assert masked(text) == shown


def test_a_deadline_has_words_and_an_icon_besides_its_colour() -> None:
    days = {date(2026, 3, 9) + timedelta(n): n < 5 for n in range(7)}
    g.calendar, g.now = worktime.Calendar(days, frozenset({2026})), AT
    shown = [
        deadline(due)
        for due in (None, AT + timedelta(days=2), AT + timedelta(hours=1), AT - timedelta(hours=1))
    ]
    assert [one.tone for one in shown] == ["none", "normal", "today", "late"]
    assert len({one.icon for one in shown}) == 4 and all(one.words for one in shown)
    rows = [SimpleNamespace(due_at=AT - timedelta(days=1)), SimpleNamespace(due_at=None)]
    assert tally(rows) == {"late": 1, "today": 0, "soon": 0}


def test_a_deadline_of_today_or_just_past_tells_hours_and_one_of_another_year_its_year() -> None:
    g.calendar, g.now = worktime.Calendar({}, frozenset({2026})), AT
    assert deadline(AT + timedelta(minutes=90)).left == "还剩 1 小时 30 分"
    assert deadline(AT - timedelta(minutes=20)).left == "已超 20 分钟"
    assert deadline(AT + timedelta(days=2)).left == "" == deadline(None).left
    assert near_moment(AT) == "3月11日 17:00"
    assert near_moment(AT.replace(year=2027)) == "2027年3月11日 17:00"


@pytest.mark.parametrize(
    ("state", "status", "tone"),
    [
        ("open", "办理中", "live"),
        ("ended", "办结", "ok"),
        ("ended", "办结(未评价)", "ok"),
        ("ended", "不予受理", "closed"),
        ("ended", "撤回", "closed"),
        ("ended", "", "closed"),
    ],
)
def test_a_status_has_a_tone(state: str, status: str, tone: str) -> None:
    assert status_tone(SimpleNamespace(state=state, status=status)) == tone


def test_a_fault_that_nobody_foresaw_is_shown_as_it_is_written() -> None:
    assert fault("late_dispatch") == "分派超时" and fault("其他情形") == "其他情形"


def test_the_picture_adds_up_the_rounds_of_a_step() -> None:
    def task(opened: int, closed: int | None, due: int) -> SimpleNamespace:
        at = [AT + timedelta(hours=n) if n is not None else None for n in (opened, closed, due)]
        return SimpleNamespace(
            element="handle",
            opened_at=at[0],
            closed_at=at[1],
            due_at=at[2],
            state="done" if closed else "open",
        )

    tasks = [task(0, 2, 4), task(5, None, 6)]
    state = picture({"start", "handle"}, {"f1"}, tasks, AT + timedelta(hours=8))
    assert state == {
        "done": ["start"],
        "flows": ["f1"],
        "now": [],
        "late": ["handle"],
        "stayed": {"handle": "5 小时"},
    }


def test_what_goes_on_within_a_call_is_shown_at_the_call() -> None:
    def task(element: str, opened: int, closed: int | None) -> SimpleNamespace:
        end = AT + timedelta(hours=closed) if closed is not None else None
        state = "done" if end else "open"
        return SimpleNamespace(
            element=element, opened_at=AT + timedelta(hours=opened), closed_at=end, due_at=AT, state=state
        )

    tasks = [task("k/u", 0, 4), task("k/v", 1, 3), task("k/d/w", 3, None), task("k/u", 9, None)]
    assert picture({"start", "k/s", "k/u"}, {"f1", "k/f"}, tasks, AT + timedelta(hours=10)) == {
        "done": ["start"],
        "flows": ["f1"],
        "now": [],
        "late": ["k"],
        "stayed": {"k": "10 小时"},
    }


def test_a_long_course_shows_its_beginning_and_its_end_and_says_what_is_between() -> None:
    rows = [
        SimpleNamespace(
            kind="task.completed", at=AT, actor_name="李娜", element="handle", element_name="处置", data={}
        )
        for _round in range(1000)
    ]
    entries, left_out = timeline(rows, [], lambda row: [], lambda task: "", 100)
    assert len(entries) == 100 and left_out == 900
    assert [entries[0].again, entries[1].again, entries[-1].again] == [1, 902, 1000]
    assert timeline(rows, [], lambda row: [], lambda task: "")[1] == 0
