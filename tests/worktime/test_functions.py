"""The calendar's functions as a diagram writes them, evaluated by FEEL itself."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import clock, feel, worktime
from engine.worktime.store import library_days

CALENDAR = worktime.Calendar({d: worked for d, (worked, _) in library_days(2026).items()}, frozenset({2026}))
NAMES = ("workdays before", "next workday", "working hours")


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def value_of(text: str, now: str = "2026-03-11 10:00", **variables):
    moment = clock.as_utc(datetime.fromisoformat(now))
    expression = feel.parse(text, names=NAMES)
    return expression.evaluate(variables, worktime.functions(CALENDAR, moment), moment)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-03-11 16:59", "2026-03-11 17:00"),
        ("2026-03-11 17:00:00", "2026-03-11 17:00"),
        ("2026-03-11 17:00:01", "2026-03-12 17:00"),
        ("2026-03-11 17:01", "2026-03-12 17:00"),
        ("2026-03-11 00:00", "2026-03-11 17:00"),
        ("2026-03-13 17:01", "2026-03-16 17:00"),  # a Friday
        ("2026-03-14 09:00", "2026-03-16 17:00"),  # a Saturday
        ("2026-02-14 16:59", "2026-02-14 17:00"),  # a Saturday that is made up
        ("2026-02-14 17:01", "2026-02-24 17:00"),  # … the last working day before the Spring Festival
        ("2026-09-20 16:00", "2026-09-20 17:00"),  # a Sunday that is made up
        ("2026-09-30 16:59", "2026-09-30 17:00"),
        ("2026-09-30 17:00:01", "2026-10-08 17:00"),  # the eve of National Day
        ("2026-10-03 12:00", "2026-10-08 17:00"),
        ("2026-12-31 18:00", "2027-01-04 17:00"),
    ],
)
def test_what_comes_in_by_five_is_dispatched_by_five_that_day(received, due):
    assert value_of('cutoff("17:00")', now=received) == shanghai(due)
    assert value_of('cutoff("17:00", at)', at=shanghai(received)) == shanghai(due)


@pytest.mark.parametrize(
    ("text", "now", "due"),
    [
        ("workdays(3)", "2026-03-11 10:00", "2026-03-16 17:30"),
        ("workdays(3)", "2026-03-11 23:59:59", "2026-03-16 17:30"),
        ("workdays(3)", "2026-02-13 10:00", "2026-02-25 17:30"),
        ("workdays(3)", "2026-03-14 10:00", "2026-03-18 17:30"),  # dispatched on a Saturday
        ("workdays(2)", "2026-09-30 10:00", "2026-10-09 17:30"),
        ("workdays(0)", "2026-03-11 10:00", "2026-03-11 17:30"),
        ("workdays(0)", "2026-03-14 10:00", "2026-03-16 17:30"),
        ('workdays(3, date("2026-09-30"))', "2026-03-11 10:00", "2026-10-10 17:30"),
        ("workdays(n: 3, from: today())", "2026-03-11 10:00", "2026-03-16 17:30"),
        ("workdays before(workdays(3), 1)", "2026-03-11 10:00", "2026-03-13 17:30"),
        ('workdays before(date("2026-10-08"), 1)', "2026-03-11 10:00", "2026-09-30 17:30"),
        ('workdays before(date("2026-10-07"), 0)', "2026-03-11 10:00", "2026-09-30 17:30"),
        ('next workday(date("2026-10-05"))', "2026-03-11 10:00", "2026-10-08 17:30"),
        ('next workday(date("2026-09-20"))', "2026-03-11 10:00", "2026-09-20 17:30"),
        ("working hours(4)", "2026-03-11 16:00", "2026-03-12 11:30"),
        ("working hours(4)", "2026-03-11 10:00:07", "2026-03-11 15:30:07"),
        ('cutoff(time("12:00:00"))', "2026-03-11 10:00", "2026-03-11 12:00"),
    ],
)
def test_a_diagram_computes_its_deadlines(text, now, due):
    assert value_of(text, now=now) == shanghai(due)


def test_the_day_is_the_day_in_shanghai():
    dispatched = datetime.fromisoformat("2026-03-10T16:30:00+00:00")  # the eleventh, half past midnight
    assert value_of("workdays(3, dispatched)", dispatched=dispatched) == shanghai("2026-03-16 17:30")


def test_a_deadline_can_be_reckoned_with():
    earlier = value_of('cutoff("17:00") - duration("PT30M")', now="2026-03-11 10:00")
    assert earlier == shanghai("2026-03-11 16:30")


@pytest.mark.parametrize(
    "text",
    [
        "workdays(1.5)",
        "workdays(-1)",
        'workdays("3")',
        "workdays(true)",
        "workdays(null)",
        "workdays(3, dispatched)",  # a variable that is not there must not pass for now
        'workdays(3, "2026-03-11")',
        "workdays(1000000)",
        "workdays before(null, 1)",
        'workdays before(date("0001-01-05"), 100)',
        "next workday(null)",
        'cutoff("half past five")',
        'cutoff("25:00")',
        "cutoff(17)",
        'cutoff("17:00", null)',
        'cutoff("17:00", date("2026-03-11"))',
        "working hours(0.5)",
        "working hours(4, null)",
        'workdays(300, date("9999-01-01"))',
    ],
)
def test_an_argument_that_makes_no_sense_gives_null(text):
    assert value_of(text) is None


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(),
    st.integers(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(clock.SHANGHAI)),
    st.times(),
    st.lists(st.integers(), max_size=2),
)


@given(st.sampled_from(sorted(worktime.functions(CALENDAR, shanghai("2026-03-11")))), ANYTHING, ANYTHING)
def test_no_argument_makes_a_function_fail(name, first, second):
    function = worktime.functions(CALENDAR, shanghai("2026-03-11"))[name]
    required = len(function.parameters) - function.optional
    for arguments in ((first,), (first, second)):
        if required <= len(arguments) <= len(function.parameters):
            result = function.call(*arguments)
            assert result is None or result.tzinfo is clock.SHANGHAI


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 200))
def test_the_function_and_the_calendar_agree(day, count):
    call = worktime.functions(CALENDAR, shanghai("2026-03-11"))["workdays"].call
    assert call(Decimal(count), day) == CALENDAR.closes(CALENDAR.add_workdays(day, count))
    assert call(Decimal(f"{count}.00"), day) == call(count, day)
