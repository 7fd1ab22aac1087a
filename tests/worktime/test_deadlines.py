"""Deadlines in words, at moments a handler would look at them."""

from datetime import date, datetime

import pytest

from engine import clock, worktime
from engine.worktime import library_days

CALENDAR = worktime.Calendar({d: worked for d, (worked, _) in library_days(2026).items()}, frozenset({2026}))


def shanghai(text: str) -> datetime:
    return clock.as_utc(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("due", "now", "state", "days", "words"),
    [
        ("2026-03-16 17:30", "2026-03-11 10:00", "normal", 3, "正常 · 还剩 3 个工作日"),
        ("2026-03-16 17:30", "2026-03-12 23:00", "normal", 2, "正常 · 还剩 2 个工作日"),
        ("2026-03-16 17:30", "2026-03-13 10:00", "soon", 1, "临期 · 下一个工作日到期"),
        ("2026-03-16 17:30", "2026-03-15 10:00", "soon", 1, "临期 · 下一个工作日到期"),  # a Sunday
        ("2026-03-16 17:30", "2026-03-16 12:00", "today", 0, "今日 17:30 到期"),
        ("2026-03-16 17:30", "2026-03-16 17:30", "today", 0, "今日 17:30 到期"),
        ("2026-03-16 15:30", "2026-03-16 10:00", "today", 0, "今日 15:30 到期"),  # four working hours
        ("2026-03-16 17:30", "2026-03-16 17:30:01", "overdue", 0, "已超期，不足 1 个工作日"),
        ("2026-03-16 17:30", "2026-03-17 09:00", "overdue", 1, "已超期 1 个工作日"),
        ("2026-03-16 17:30", "2026-03-19 09:00", "overdue", 3, "已超期 3 个工作日"),
        ("2026-09-30 17:30", "2026-10-07 20:00", "overdue", 0, "已超期，不足 1 个工作日"),
        ("2026-10-08 17:30", "2026-09-30 09:00", "soon", 1, "临期 · 下一个工作日到期"),
        ("2026-09-20 17:30", "2026-09-18 09:00", "soon", 1, "临期 · 下一个工作日到期"),
        ("2026-03-14 02:00", "2026-03-13 14:00", "soon", 0, "临期 · 下一个工作日之前到期"),  # twelve hours
    ],
)
def test_a_deadline_is_said_in_words(due, now, state, days, words):
    deadline = worktime.in_words(shanghai(due), shanghai(now), CALENDAR)
    assert (deadline.state, deadline.days, deadline.words()) == (state, days, words)


def test_a_deadline_in_an_unpublished_year_is_marked():
    deadline = worktime.in_words(shanghai("2027-01-06 17:30"), shanghai("2026-12-30 09:00"), CALENDAR)
    assert deadline.provisional
    assert deadline.words() == "正常 · 还剩 4 个工作日（暂定）"
    assert deadline.words("en") == "On time · 4 working days left (provisional)"


def test_no_deadline_has_words_too():
    deadline = worktime.in_words(None, shanghai("2026-03-11 09:00"), CALENDAR)
    assert (deadline.state, deadline.words(), deadline.words("en")) == ("none", "无时限", "No deadline")


def test_one_working_day_is_singular_in_english():
    deadline = worktime.in_words(shanghai("2026-03-16 17:30"), shanghai("2026-03-17 09:00"), CALENDAR)
    assert deadline.words("en") == "Overdue by 1 working day"


@pytest.mark.parametrize("month", range(1, 13))
def test_a_deadline_of_three_working_days_is_late_only_on_the_morning_after(month):
    due = CALENDAR.add_workdays(date(2026, month, 10), 3)
    morning_after = CALENDAR.add_workdays(due, 1)
    closing = CALENDAR.closes(due)
    noon = worktime.in_words(closing, worktime.at(due, datetime(2026, 1, 1, 12).time()), CALENDAR)
    late = worktime.in_words(closing, worktime.at(morning_after, datetime(2026, 1, 1, 9).time()), CALENDAR)
    assert noon.state == "today"
    assert (late.state, late.days) == ("overdue", 1)


@pytest.mark.parametrize(
    ("due", "stopped", "days", "chinese", "english"),
    [
        (
            "2026-03-16 17:30",
            "2026-03-11 10:00",
            3,
            "已暂停计时（补正）· 剩 3 个工作日",
            "Clock stopped (correction of documents) · 3 working days left",
        ),
        (
            "2026-03-11 15:30",
            "2026-03-11 10:00",
            0,
            "已暂停计时（补正）· 剩不足 1 个工作日",
            "Clock stopped (correction of documents) · less than 1 working day left",
        ),
        (
            "2026-03-09 17:30",
            "2026-03-11 10:00",
            2,
            "已暂停计时（补正）· 暂停前已超期 2 个工作日",
            "Clock stopped (correction of documents) · overdue by 2 working days before",
        ),
        (
            "2026-03-11 09:30",
            "2026-03-11 10:00",
            0,
            "已暂停计时（补正）· 暂停前已超期，不足 1 个工作日",
            "Clock stopped (correction of documents) · overdue by less than 1 working day before",
        ),
    ],
)
def test_a_stopped_clock_says_how_it_stood_however_long_it_stands(due, stopped, days, chinese, english):
    stop = worktime.Stop(shanghai(stopped), None, "补正")
    for now in (stopped, "2026-04-20 09:00"):
        deadline = worktime.in_words(shanghai(due), shanghai(now), CALENDAR, stop)
        assert (deadline.state, deadline.days) == ("stopped", days)
        assert (deadline.words(), deadline.words("en")) == (chinese, english)


def test_a_stop_of_the_houses_own_making_keeps_its_name_and_the_mark_of_a_provisional_year():
    stop = worktime.Stop(shanghai("2026-12-30 09:00"), None, "听证")
    deadline = worktime.in_words(shanghai("2027-01-06 17:30"), shanghai("2026-12-31 09:00"), CALENDAR, stop)
    assert deadline.words() == "已暂停计时（听证）· 剩 4 个工作日（暂定）"


@pytest.mark.parametrize("until", ["2026-03-12 09:00", "2026-03-13 10:00"])
def test_a_stop_that_is_over_or_to_come_changes_nothing(until):
    over = worktime.Stop(shanghai("2026-03-12 08:00"), shanghai(until), "补正")
    due = shanghai("2026-03-16 17:30")
    for now in ("2026-03-12 07:59", "2026-03-13 10:00"):
        plain = worktime.in_words(due, shanghai(now), CALENDAR)
        assert worktime.in_words(due, shanghai(now), CALENDAR, over) == plain
