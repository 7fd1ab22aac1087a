"""When reminders go out: the standard policy by hand on 2026, any policy against a look at each day."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import clock
from engine.worktime import Calendar, at, next_reminder, reminders_between
from engine.worktime.rules import DEFAULT, RECIPIENTS, ReminderStep
from tests.worktime.test_calendar import CALENDAR, shanghai

STANDARD = DEFAULT.policy("standard")


def sent(since: str, due: str, until: str):
    """What the standard policy sends in between, as the page would write it."""
    found = reminders_between(STANDARD, shanghai(due), shanghai(since), shanghai(until), CALENDAR)
    return [f"{clock.local(moment):%m-%d %H:%M} {step.name}" for moment, step in found]


@pytest.mark.parametrize(
    ("since", "due", "until", "expected"),
    [
        # an ordinary week-end: due Mon 16 March, so the day before is Fri 13; late by three on Thu 19
        (
            "2026-03-11 10:00",
            "2026-03-16 17:30",
            "2026-03-19 23:00",
            ["03-13 09:00 pre1", "03-16 09:00 pre2", "03-16 17:30 over0"]
            + ["03-17 09:00 daily", "03-18 09:00 daily", "03-19 09:00 daily", "03-19 09:00 over3"],
        ),
        # due Tue 24 February, the first day after the Spring Festival; Sat 14 is made up and worked
        (
            "2026-02-12 10:00",
            "2026-02-24 17:30",
            "2026-02-27 12:00",
            ["02-14 09:00 pre1", "02-24 09:00 pre2", "02-24 17:30 over0"]
            + ["02-25 09:00 daily", "02-26 09:00 daily", "02-27 09:00 daily", "02-27 09:00 over3"],
        ),
        # due on Sun 20 September, which is made up; the day before that is worked is Fri 18
        (
            "2026-09-17 10:00",
            "2026-09-20 17:30",
            "2026-09-21 12:00",
            ["09-18 09:00 pre1", "09-20 09:00 pre2", "09-20 17:30 over0", "09-21 09:00 daily"],
        ),
        # due on 30 September, late through National Day: the 8th, the 9th and Sat 10 (made up)
        (
            "2026-09-30 08:00",
            "2026-09-30 17:30",
            "2026-10-11 12:00",
            ["09-30 09:00 pre2", "09-30 17:30 over0"]
            + ["10-08 09:00 daily", "10-09 09:00 daily", "10-10 09:00 daily", "10-10 09:00 over3"],
        ),
        # the turn of the year: due Thu 31 December; 1 January 2027 is off, the 4th is a Monday
        (
            "2026-12-30 10:00",
            "2026-12-31 17:30",
            "2027-01-05 12:00",
            ["12-31 09:00 pre2", "12-31 17:30 over0", "01-04 09:00 daily", "01-05 09:00 daily"],
        ),
        # the clock began on the due day after nine: nothing goes out before the due moment
        ("2026-03-11 10:00", "2026-03-11 15:30", "2026-03-11 18:00", ["03-11 15:30 over0"]),
        # due before nine: that day's reminder would come too late
        (
            "2026-03-11 20:00",
            "2026-03-12 08:00",
            "2026-03-13 10:00",
            ["03-12 08:00 over0", "03-13 09:00 daily"],
        ),
        # twelve hours by the wall end on a Saturday: no reminder on the day off but the one at the moment
        (
            "2026-03-13 07:00",
            "2026-03-14 19:00",
            "2026-03-16 09:00",
            ["03-13 09:00 pre1", "03-14 19:00 over0", "03-16 09:00 daily"],
        ),
    ],
)
def test_the_standard_policy(since, due, until, expected):
    assert sent(since, due, until) == expected


def test_a_reminder_after_another_is_found_one_by_one():
    due, after, names = shanghai("2026-03-16 17:30"), shanghai("2026-03-11 10:00"), []
    fired: list[str] = []
    while len(names) < 8:
        found = next_reminder(STANDARD, due, after, CALENDAR, fired=fired)
        assert found is not None
        moment, step = found
        fired = [*fired, step.name] if moment == after else [step.name]
        after = moment
        names.append(step.name)
    assert names == ["pre1", "pre2", "over0", "daily", "daily", "daily", "over3", "daily"]


def test_without_knowing_what_went_out_a_moment_counts_once():
    due, nine = shanghai("2026-03-16 17:30"), shanghai("2026-03-19 09:00")
    assert next_reminder(STANDARD, due, nine, CALENDAR)[0] == shanghai("2026-03-20 09:00")
    assert next_reminder(STANDARD, due, nine, CALENDAR, fired=("daily",))[1].name == "over3"
    assert next_reminder(STANDARD, due, nine, CALENDAR, fired=("daily", "over3"))[1].name == "daily"


def test_a_policy_without_steps_sends_nothing():
    assert next_reminder((), shanghai("2026-03-16 17:30"), shanghai("2026-03-11 10:00"), CALENDAR) is None


DAYS = st.dates(date(2026, 1, 20), date(2026, 4, 20))
CALENDARS = st.builds(
    Calendar,
    st.dictionaries(DAYS, st.booleans(), max_size=30),
    st.frozensets(st.integers(2025, 2027)),
)
HOURS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
MOMENTS = st.builds(lambda day, hour: at(day, hour), st.dates(date(2026, 2, 10), date(2026, 4, 1)), HOURS)
POLICIES = st.lists(
    st.builds(
        ReminderStep,
        st.uuids().map(str),
        st.sampled_from(("before", "day", "due", "after", "daily")),
        st.just(RECIPIENTS[:1]),
        st.just("soon"),
        st.integers(1, 5),
        HOURS,
    ),
    max_size=5,
).map(tuple)


def naive(policy, due, after, until, calendar):
    """Looks at each day, and counts working days on the way."""
    found, day, end = [], date(2026, 1, 1), due.date()
    while day <= date(2026, 6, 30):
        low, high = sorted((day, end))
        between = (low + timedelta(days=n + 1) for n in range((high - low).days))
        apart = sum(calendar.is_workday(one) for one in between)
        before_end = sum(calendar.is_workday(day + timedelta(days=n)) for n in range((end - day).days))
        for index, step in enumerate(policy):
            moment = due if step.when == "due" else at(day, step.at)
            wanted = {
                "due": day == end,
                "day": day == end and moment < due,
                "before": day < end and before_end == step.days and moment < due,
                "after": day > end and apart == step.days,
                "daily": day > end,
            }[step.when]
            if wanted and after < moment <= until and (step.when == "due" or calendar.is_workday(day)):
                found.append((moment, index))
        day += timedelta(days=1)
    return [(moment, policy[index]) for moment, index in sorted(found)]


@given(POLICIES, CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_reminders_agree_with_a_look_at_each_day(policy, calendar, due, one, other):
    after, until = sorted((one, other))
    found = reminders_between(policy, due, after, until, calendar)
    assert found == naive(policy, due, after, until, calendar)
    for moment, step in found:
        assert step.when == "due" or calendar.is_workday(clock.local(moment).date())


@given(POLICIES, CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_walking_from_one_to_the_next_meets_them_all_and_never_goes_back(policy, calendar, due, one, other):
    after, until = sorted((one, other))
    expected = reminders_between(policy, due, after, until, calendar)
    walked, at_once, place = [], [], after
    while (found := next_reminder(policy, due, place, calendar, fired=at_once or None)) and found[0] <= until:
        assert found[0] > place or (found[0] == place and at_once)
        at_once = [*at_once, found[1].name] if found[0] == place else [found[1].name]
        place = found[0]
        walked.append(found)
    assert walked == expected


@given(CALENDARS, MOMENTS, MOMENTS)
def test_the_next_of_a_policy_with_a_daily_step_never_ends(calendar, due, after):
    moments = []
    for _ in range(12):
        after, _ = next_reminder(STANDARD, due, after, calendar)
        moments.append(after)
    assert moments == sorted(set(moments))
