"""Stopped clocks and departments' hours, against counting on one's fingers over calendars of any shape."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import clock
from engine.worktime import Calendar, Counting, OfficeHours, Stop, at, functions
from tests.worktime.test_calendar import CALENDAR, shanghai

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FIRST = datetime(2026, 2, 9, 0, 0, tzinfo=clock.SHANGHAI)  # the week before the Spring Festival of 2026
# Whole hours within two weeks: starts, stops and office hours meet exactly, where mistakes sit.
MOMENTS = st.integers(0, 14 * 24).map(lambda n: FIRST + n * HOUR)
PERIODS = st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True).map(
    lambda bounds: tuple(
        (time(opens), time(closes))
        for opens, closes in zip(sorted(bounds)[::2], sorted(bounds)[1::2], strict=False)
    )
)
HOURS = st.builds(OfficeHours, PERIODS, st.integers(0, 23).map(time))
DAYS = st.dates(date(2026, 2, 1), date(2026, 4, 30))
CALENDARS = st.builds(
    lambda days, years, house, other: Calendar(
        days, years, house.opening, house.closing, departments={"tax": other}
    ),
    st.dictionaries(DAYS, st.booleans(), max_size=30),
    st.frozensets(st.integers(2025, 2027)),
    HOURS,
    HOURS,
)
WHERE = st.sampled_from((None, "tax", "unknown"))


@st.composite
def cases(draw):
    """A clock's beginning and stops around it: when it began, and (begun, lasting) of each stop."""
    since = draw(MOMENTS)
    begun = st.integers(-6, 60).map(lambda n: since + n * HOUR)
    lasting = st.one_of(st.integers(0, 30), st.integers(0, 30), st.integers(0, 200), st.none())
    pairs = draw(st.lists(st.tuples(begun, lasting), max_size=4))
    return since, tuple(Stop(begins, None if n is None else begins + n * HOUR) for begins, n in pairs)


def stopped(stops, since, moment):
    """Whether `moment` lies in a stop that concerns a clock begun at `since`."""
    return any(s.until is not None and since <= s.since <= moment < s.until for s in stops)


def worked_minutes(calendar, stops, since, moment):
    """Whether the minute that begins at `moment` is one of open, unstopped office time."""
    day = moment.date()
    if not calendar.is_workday(day) or stopped(stops, since, moment):
        return False
    return any(at(day, opens) <= moment < at(day, closes) for opens, closes in calendar.opening)


@settings(max_examples=250)
@given(CALENDARS, cases(), st.integers(0, 5), WHERE)
def test_working_days_agree_with_a_count_day_by_day(calendar, case, count, where):
    since, stops = case
    hours = calendar.of(where)
    day, left = since.date(), count
    while True:
        counts = calendar.is_workday(day) and not stopped(stops, since, hours.closes(day))
        if counts and (day > since.date() or not count):
            left -= 1
        if counts and left <= 0 and (day > since.date() or not count):
            break
        day += timedelta(days=1)
    assert Counting(calendar, stops).workdays(since, count, where) == hours.closes(day)


@given(CALENDARS, cases(), st.integers(0, 23).map(time))
def test_a_cut_off_agrees_with_a_look_at_each_day(calendar, case, hour):
    received, stops = case
    day = received.date()
    while not (
        calendar.is_workday(day) and at(day, hour) >= received and not stopped(stops, received, at(day, hour))
    ):
        day += timedelta(days=1)
    assert Counting(calendar, stops).cutoff(received, hour) == at(day, hour)


@given(CALENDARS, cases(), st.integers(0, 12), WHERE)
def test_working_hours_agree_with_a_count_minute_by_minute(calendar, case, count, where):
    since, stops = case
    hours, left, moment = calendar.of(where), count * 60, since
    while True:
        day = moment.date()
        within = any(at(day, o) <= moment <= at(day, c) for o, c in hours.opening)
        if left == 0 and within and hours.is_workday(day) and not stopped(stops, since, moment):
            break
        left -= worked_minutes(hours, stops, since, moment)
        moment += MINUTE
    assert Counting(calendar, stops).working_hours(since, count, where) == moment


@given(cases(), st.integers(0, 4000))
def test_a_wall_clock_agrees_with_a_count_minute_by_minute(case, count):
    since, stops = case
    left, moment = count, since
    while left or stopped(stops, since, moment):
        left -= not stopped(stops, since, moment)
        moment += MINUTE
    assert Counting(Calendar(), stops).wall(since, count * MINUTE) == moment


CLOCKS = st.sampled_from(
    [
        lambda on, since, n, where: on.workdays(since, n, where),
        lambda on, since, n, where: on.working_hours(since, n, where),
        lambda on, since, n, where: on.wall(since, timedelta(hours=n)),
        lambda on, since, n, where: on.cutoff(since, time(n % 24)),
    ]
)


@given(CALENDARS, cases(), st.integers(0, 40), WHERE, CLOCKS)
def test_a_stop_never_makes_a_deadline_earlier_and_none_falls_due_within_it(
    calendar, case, count, where, clock_of
):
    since, stops = case
    plain = clock_of(Counting(calendar), since, count, where)
    for n in range(len(stops) + 1):
        due = clock_of(Counting(calendar, stops[:n]), since, count, where)
        assert due >= plain  # also: each further stop moves it on or leaves it
        assert not stopped(stops[:n], since, due)
        plain = due


@given(CALENDARS, cases(), st.integers(0, 40), WHERE, CLOCKS)
def test_what_is_empty_lasting_or_older_than_the_clock_moves_nothing(calendar, case, count, where, clock_of):
    since, stops = case
    idle = (
        Stop(since - MINUTE, since + timedelta(days=40)),  # began before the clock did
        Stop(since + MINUTE, None),
        Stop(since + timedelta(days=1), since + timedelta(days=1)),
        Stop(since + timedelta(days=2), since + timedelta(days=1)),
    )
    assert clock_of(Counting(calendar, stops + idle), since, count, where) == clock_of(
        Counting(calendar, stops), since, count, where
    )


@given(CALENDARS, cases(), st.integers(0, 40), WHERE, CLOCKS, st.randoms(use_true_random=False))
def test_a_stop_cut_in_two_or_told_twice_is_the_same_stop(calendar, case, count, where, clock_of, random):
    since, stops = case
    pieces = [*stops, *stops]
    for stop in stops:
        if stop.until is not None and stop.until > stop.since >= since:
            middle = stop.since + (stop.until - stop.since) / 2
            pieces += [Stop(stop.since, middle), Stop(middle, stop.until)]
            pieces.remove(stop)
    random.shuffle(pieces)
    assert clock_of(Counting(calendar, tuple(pieces)), since, count, where) == clock_of(
        Counting(calendar, stops), since, count, where
    )


@given(MOMENTS, st.integers(0, 500), st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=4))
def test_stopped_wall_time_adds_up_to_the_minute(since, length, gaps):
    """Stops that lie within the clock move it by exactly their lengths."""
    stops, moment, total = [], since, timedelta()
    for gap, lasting in gaps:
        begun = moment + gap * MINUTE
        if begun > since + length * MINUTE + total:
            break
        moment = begun + lasting * MINUTE
        stops.append(Stop(begun, moment))
        total += lasting * MINUTE
    assert Counting(Calendar(), tuple(stops)).wall(since, length * MINUTE) == since + length * MINUTE + total


@given(CALENDARS, MOMENTS, MOMENTS, st.integers(0, 40), WHERE, CLOCKS)
def test_without_stops_a_later_start_never_ends_earlier(calendar, one, other, count, where, clock_of):
    start, later = sorted((one, other))
    counting = Counting(calendar)
    assert clock_of(counting, start, count, where) <= clock_of(counting, later, count, where)


@given(CALENDARS, cases(), st.integers(1, 40), WHERE)
def test_a_longer_limit_ends_later_with_stops_and_without(calendar, case, count, where):
    since, stops = case
    counting = Counting(calendar, stops)
    assert counting.workdays(since, count, where) < counting.workdays(since, count + 1, where)
    assert counting.working_hours(since, count, where) < counting.working_hours(since, count + 1, where)
    length = timedelta(hours=count)
    assert counting.wall(since, length) < counting.wall(since, length + MINUTE)


@given(CALENDARS, st.dates(date(2026, 2, 10), date(2026, 4, 1)), st.integers(1, 30), WHERE)
def test_a_limit_counted_on_and_back_again_ends_where_it_began(calendar, day, count, where):
    offered = functions(calendar, FIRST)
    worked = calendar.next_workday(day)
    due = offered["workdays"].call(count, worked, where)
    assert offered["workdays before"].call(due, count, where) == calendar.of(where).closes(worked)


@given(CALENDARS, st.dates(date(2026, 2, 1), date(2026, 4, 30)), WHERE, cases())
def test_a_fixed_date_is_met_on_its_day_or_the_next_that_is_worked(calendar, day, where, case):
    _, stops = case
    found = day
    while not calendar.is_workday(found):
        found += timedelta(days=1)
    due = functions(Counting(calendar, stops), FIRST)["fixed date"].call(day, where)
    assert due == calendar.of(where).closes(found)


def stop(since: str, until: str) -> Stop:
    return Stop(shanghai(since), shanghai(until), "补正")


@pytest.mark.parametrize(
    ("since", "stops", "due"),
    [
        # dispatched Wed 11 March, 3 working days: Thu 12, Fri 13, Mon 16
        ("2026-03-11 10:00", [], "2026-03-16 17:30"),
        # stopped Thu 10:00 to Fri 09:00: Thursday's close is passed over
        ("2026-03-11 10:00", [("2026-03-12 10:00", "2026-03-13 09:00")], "2026-03-17 17:30"),
        # within one day and open again before its close: the day counts
        ("2026-03-11 10:00", [("2026-03-12 10:00", "2026-03-12 17:29")], "2026-03-16 17:30"),
        # over the weekend alone
        ("2026-03-11 10:00", [("2026-03-13 18:00", "2026-03-16 08:00")], "2026-03-16 17:30"),
        # over the Spring Festival: Fri 13 February to Wed 25; the 13th, Sat 14 (made up) and the 24th
        ("2026-02-12 10:00", [("2026-02-13 09:00", "2026-02-25 09:00")], "2026-02-27 17:30"),
        # a second dispatch during the stop runs by itself
        ("2026-03-12 11:00", [("2026-03-12 10:00", "2026-03-20 09:00")], "2026-03-17 17:30"),
    ],
)
def test_three_working_days_with_stops(since, stops, due):
    counting = Counting(CALENDAR, tuple(stop(*one) for one in stops))
    assert counting.workdays(shanghai(since), 3) == shanghai(due)


def test_the_stopped_working_hours_are_given_back():
    # 4 hours from 10:00 end at 15:30; stopped 11:00–14:00 gives back 11–12 and 13:30–14: 17:00
    counting = Counting(CALENDAR, (stop("2026-03-11 11:00", "2026-03-11 14:00"),))
    assert counting.working_hours(shanghai("2026-03-11 10:00"), 4) == shanghai("2026-03-11 17:00")


def test_a_fixed_date_stays_where_it_is():
    counting = Counting(CALENDAR, (stop("2026-03-11 11:00", "2026-03-20 14:00"),))
    offered = functions(counting, shanghai("2026-03-11 10:00"))
    for name, arguments in (("fixed date", [date(2026, 3, 14)]), ("workdays before", [date(2026, 3, 17), 1])):
        assert offered[name].call(*arguments) == shanghai("2026-03-16 17:30")


def test_a_department_counts_by_its_own_hours_and_others_by_the_house():
    tax = OfficeHours(((time(8, 30), time(12)), (time(14), time(17))), time(17))
    calendar = replace(CALENDAR, departments={"tax": tax})
    offered = functions(calendar, shanghai("2026-03-11 10:00"))
    assert offered["workdays"].call(3, shanghai("2026-03-11 10:00"), "tax") == shanghai("2026-03-16 17:00")
    assert offered["workdays"].call(3, shanghai("2026-03-11 10:00"), "hrss") == shanghai("2026-03-16 17:30")
    assert offered["working hours"].call(4, shanghai("2026-03-11 10:00"), "tax") == shanghai(
        "2026-03-11 16:00"
    )
    assert offered["next workday"].call(date(2026, 3, 14), "tax") == shanghai("2026-03-16 17:00")
    assert offered["rule due"].call("contact", {"department": "tax"}) == shanghai("2026-03-11 16:00")
    assert offered["rule due"].call("contact", {"department": None}) == shanghai("2026-03-11 15:30")
