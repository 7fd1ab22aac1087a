"""The arrangement of 2026 as published, and what follows from it. Needs no database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine import clock, errors
from engine.worktime import Calendar, library_days

OFF = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
MADE_UP = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def arrangement_of_2026() -> Calendar:
    days = {date.fromisoformat(f"2026-{day}"): True for day in MADE_UP}
    for first, length in OFF:
        start = date.fromisoformat(f"2026-{first}")
        days |= {start + timedelta(days=n): False for n in range(length)}
    return Calendar(days, frozenset({2026}))


CALENDAR = arrangement_of_2026()


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def test_each_month_of_2026_has_the_published_number_of_working_days():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    months = [sum(CALENDAR.is_workday(d) for d in days if d.month == month) for month in range(1, 13)]
    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert sum(months) == 248


def test_the_library_has_2026_day_for_day_as_it_was_published():
    days = {day: worked for day, (worked, _) in library_days(2026).items()}
    assert days == dict(CALENDAR.days)
    from_library = Calendar(days, frozenset({2026}))
    every = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [from_library.is_workday(day) for day in every] == [CALENDAR.is_workday(day) for day in every]
    weekday_alone = [day for day in every if CALENDAR.is_workday(day) != (day.weekday() < 5)]
    assert len(weekday_alone) == 25  # 6 made up, and 19 working days of the week off


@pytest.mark.parametrize("day", MADE_UP)
def test_a_weekend_day_that_is_made_up_is_worked(day):
    day = date.fromisoformat(f"2026-{day}")
    assert day.weekday() >= 5
    assert CALENDAR.is_workday(day)
    assert CALENDAR.next_workday(day) == day


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-11", 3, "2026-03-16"),  # across an ordinary weekend
        ("2026-02-13", 1, "2026-02-14"),  # Friday, then the made-up Saturday
        ("2026-02-14", 1, "2026-02-24"),  # the eve of the Spring Festival
        ("2026-02-18", 3, "2026-02-26"),  # a start on a holiday is not counted either
        ("2026-09-18", 1, "2026-09-20"),  # Friday, then the made-up Sunday
        ("2026-09-20", 3, "2026-09-23"),
        ("2026-09-30", 1, "2026-10-08"),  # the eve of National Day
        ("2026-09-30", 3, "2026-10-10"),  # … whose make-up Saturday counts
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-12-31", 1, "2027-01-04"),  # 1 January 2027 is a Friday
        ("2026-12-30", 3, "2027-01-05"),  # into a year that is not published yet
        ("2026-01-02", 1, "2026-01-04"),  # the made-up Sunday after New Year
        ("2025-12-31", 2, "2026-01-05"),
        ("2026-02-27", 1, "2026-02-28"),  # the made-up Saturday after the Spring Festival
        ("2026-02-12", 15, "2026-03-11"),  # 13, 14, then 24–28 February, 2–6 and 9–11 March
        ("2027-02-04", 1, "2027-02-09"),  # the law's holidays of 2027: Friday 5 to Monday 8
    ],
)
def test_working_days_are_counted_from_the_day_after(start, count, due):
    assert CALENDAR.add_workdays(date.fromisoformat(start), count) == date.fromisoformat(due)


def test_a_last_day_that_is_a_day_off_moves_to_the_next_working_day():
    assert CALENDAR.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CALENDAR.next_workday(date(2026, 9, 30)) == date(2026, 9, 30)
    assert CALENDAR.previous_workday(date(2026, 10, 7)) == date(2026, 9, 30)


def test_days_between_do_not_count_the_first_and_count_the_last():
    assert CALENDAR.workdays_between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert CALENDAR.workdays_between(date(2026, 9, 30), date(2026, 10, 7)) == 0
    assert CALENDAR.workdays_between(date(2026, 10, 10), date(2026, 9, 30)) == -3
    assert CALENDAR.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_a_moment_is_read_as_the_day_it_is_in_shanghai():
    still_tuesday_in_london = datetime(2026, 9, 29, 17, 0, tzinfo=UTC)
    assert CALENDAR.add_workdays(still_tuesday_in_london, 1) == date(2026, 10, 8)


def test_what_reaches_an_unpublished_year_is_provisional():
    assert not CALENDAR.provisional(date(2026, 12, 31))
    assert CALENDAR.provisional(date(2027, 1, 4))
    assert not CALENDAR.provisional(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    assert CALENDAR.provisional(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert CALENDAR.provisional(date(2026, 12, 31), since=date(2027, 1, 8))


def test_an_unpublished_year_has_only_the_holidays_of_the_law():
    off = [date(2027, 1, 1), *(date(2027, 2, d) for d in (5, 8)), date(2027, 4, 5), date(2027, 6, 9)]
    assert not any(CALENDAR.is_workday(day) for day in [*off, date(2027, 9, 15), date(2027, 10, 1)])
    assert CALENDAR.is_workday(date(2027, 2, 9))
    assert CALENDAR.is_workday(date(2027, 10, 4))
    assert not CALENDAR.is_workday(date(2028, 5, 1))


@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-03-11 09:00", 3, "2026-03-11 12:00"),
        ("2026-03-11 11:00", 2, "2026-03-11 14:30"),
        ("2026-03-11 12:30", 4, "2026-03-11 17:30"),
        ("2026-03-11 16:00:10", 4, "2026-03-12 11:30:10"),
        ("2026-03-13 20:00", 4, "2026-03-16 14:30"),
        ("2026-09-30 16:30", 2, "2026-10-08 10:00"),
        ("2026-10-02 03:00", 0, "2026-10-08 09:00"),
        ("2026-03-11 10:00", 0, "2026-03-11 10:00"),
    ],
)
def test_working_hours_run_only_while_the_office_is_open(since, hours, until):
    assert CALENDAR.add_working_hours(shanghai(since), hours) == shanghai(until)


def test_a_working_day_closes_at_the_hour_of_the_calendar():
    assert CALENDAR.closes(date(2026, 3, 11)) == datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    assert Calendar(closing=time(17)).closes(date(2026, 3, 11)) == datetime(2026, 3, 11, 9, tzinfo=UTC)


def test_a_limit_of_a_thousand_years_is_refused_at_once():
    with pytest.raises(errors.Invalid):
        CALENDAR.add_workdays(date(2026, 3, 11), 250_000)
    with pytest.raises(errors.Invalid):
        CALENDAR.add_workdays(date(9999, 12, 1), 100)


@pytest.mark.parametrize(
    "opening",
    [(), ((time(12), time(9)),), ((time(13), time(17)), (time(9), time(12)))],
)
def test_opening_periods_out_of_order_are_refused(opening):
    with pytest.raises(errors.Invalid):
        Calendar(opening=opening)


def test_a_calendar_does_not_change_when_its_source_does():
    days = {date(2026, 3, 11): False}
    calendar = Calendar(days, frozenset({2026}))
    days[date(2026, 3, 12)] = False
    assert calendar.is_workday(date(2026, 3, 12))
