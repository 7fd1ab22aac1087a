"""Counting by bisection against counting on one's fingers, over calendars of any shape."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine import clock
from engine.worktime import Calendar

DAYS = st.dates(date(2024, 12, 1), date(2028, 2, 1))
COUNTS = st.integers(1, 300)
CALENDARS = st.builds(
    Calendar,
    st.dictionaries(DAYS, st.booleans(), max_size=40),
    st.frozensets(st.integers(2024, 2028)),
)


def counted_on_fingers(calendar: Calendar, day: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not calendar.is_workday(day):
            day += step
    return day


@given(CALENDARS, DAYS, COUNTS, st.sampled_from((1, -1)))
def test_adding_agrees_with_counting_day_by_day(calendar, day, count, sign):
    assert calendar.add_workdays(day, sign * count) == counted_on_fingers(calendar, day, sign * count)


@given(CALENDARS, DAYS, DAYS)
def test_days_between_agree_with_counting_day_by_day(calendar, one, other):
    start, end = sorted((one, other))
    naive = sum(calendar.is_workday(start + timedelta(days=n + 1)) for n in range((end - start).days))
    assert calendar.workdays_between(start, end) == naive
    assert calendar.workdays_between(end, start) == -naive


@given(CALENDARS, DAYS, st.integers(-300, 300))
def test_the_result_is_a_working_day(calendar, day, count):
    assert calendar.is_workday(calendar.add_workdays(day, count))


@given(CALENDARS, DAYS, COUNTS)
def test_taking_back_what_was_added_leads_back(calendar, day, count):
    worked = calendar.next_workday(day)
    assert calendar.add_workdays(calendar.add_workdays(worked, count), -count) == worked
    assert calendar.add_workdays(calendar.add_workdays(worked, -count), count) == worked


@given(CALENDARS, DAYS, DAYS, COUNTS, COUNTS)
def test_later_starts_and_longer_limits_never_end_earlier(calendar, one, other, few, many):
    start, later = sorted((one, other))
    few, many = sorted((few, many))
    assert calendar.add_workdays(start, few) <= calendar.add_workdays(later, few)
    assert calendar.add_workdays(start, few) <= calendar.add_workdays(start, many)


@given(CALENDARS, DAYS, COUNTS)
def test_the_days_between_a_start_and_its_due_day_are_the_limit(calendar, day, count):
    assert calendar.workdays_between(day, calendar.add_workdays(day, count)) == count


@given(CALENDARS, DAYS)
def test_the_next_and_previous_working_day_leave_a_working_day_alone(calendar, day):
    before, after = calendar.previous_workday(day), calendar.next_workday(day)
    assert before <= day <= after
    assert (before == day) == (after == day) == calendar.is_workday(day)
    assert calendar.workdays_between(before, after) == (0 if before == after else 1)


@given(CALENDARS, DAYS, st.times(), st.integers(0, 60), st.integers(0, 60))
def test_working_hours_add_up(calendar, day, hour, first, second):
    start = datetime.combine(day, hour, clock.SHANGHAI)
    halfway = calendar.add_working_hours(start, first)
    assert halfway >= start
    assert calendar.add_working_hours(halfway, second) == calendar.add_working_hours(start, first + second)
    assert any(opens <= halfway.time() <= closes for opens, closes in calendar.opening)


@given(CALENDARS, DAYS, COUNTS)
def test_a_day_of_seven_working_hours_is_a_working_day(calendar, day, count):
    opening = datetime.combine(calendar.next_workday(day), time(9), clock.SHANGHAI)
    due = calendar.add_working_hours(opening, 7 * count)
    assert due == calendar.closes(calendar.add_workdays(calendar.next_workday(day), count - 1))
