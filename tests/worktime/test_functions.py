"""The calendar's functions as a diagram writes them, evaluated by FEEL itself."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import clock, feel, forms, repository, worktime
from engine.worktime import library_days

CALENDAR = worktime.Calendar({d: worked for d, (worked, _) in library_days(2026).items()}, frozenset({2026}))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def value_of(text: str, now: str = "2026-03-11 10:00", on=CALENDAR, **variables):
    moment = clock.as_utc(datetime.fromisoformat(now))
    expression = feel.parse(text, names=worktime.NAMES)
    return expression.evaluate(variables, worktime.functions(on, moment), moment)


def test_every_place_that_reads_expressions_knows_the_same_functions():
    assert worktime.NAMES == forms.HOST_FUNCTIONS == repository.FUNCTIONS
    assert tuple(worktime.functions(CALENDAR, shanghai("2026-03-11"))) == worktime.NAMES


def test_the_guide_tells_each_function_with_its_arguments():
    guide = (Path(__file__).parents[2] / "docs" / "deadlines.md").read_text(encoding="utf-8")
    for name, function in worktime.functions(CALENDAR, shanghai("2026-03-11")).items():
        required = len(function.parameters) - function.optional
        marked = [p + "?" * (n >= required) for n, p in enumerate(function.parameters)]
        assert f"`{name}({', '.join(marked)})`" in guide


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
        ('fixed date(date("2026-06-20"))', "2026-03-11 10:00", "2026-06-22 17:30"),  # 端午, then a weekend
        ("hours(12)", "2026-03-13 20:00", "2026-03-14 08:00"),  # a wall clock knows no weekend
        ("minutes(10)", "2026-02-14 17:25", "2026-02-14 17:35"),
        ('hours(0, date and time("2026-03-11T10:00:00"))', "2026-03-12 09:00", "2026-03-11 10:00"),
        ("minutes(14400)", "2026-03-11 10:00", "2026-03-21 10:00"),
        ('rule due("handling", {})', "2026-03-11 10:00", "2026-03-16 17:30"),
        ('rule due("contact", {})', "2026-03-11 16:00", "2026-03-12 11:30"),
        (
            'rule due("handling", {complexity: "特别复杂"}, date("2026-09-11"))',
            "2026-03-11 10:00",
            "2026-10-09 17:30",
        ),
        ("workdays(n: 3, where: null)", "2026-03-11 10:00", "2026-03-16 17:30"),
        ("workdays(n: 3)", "2026-03-11 10:00", "2026-03-16 17:30"),
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
        "hours(1.5)",
        "minutes(-10)",
        "hours(12, null)",
        'hours(12, date("2026-03-11"))',
        "minutes(600001)",
        "workdays(3, now(), 7)",
        "workdays(n: 3, from: null)",
        'rule limit("no such limit", {})',
        'rule limit("handling", null)',
        "rule limit(null, {})",
        'rule due("handling", {}, null)',
        'rule due("contact", {}, date("2026-03-11"))',  # hours need a moment to run from
        'rule due("contact", {department: 7})',
        "late workdays(null)",
        "late workdays(now(), null)",
        "late workdays(today())",
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


@pytest.mark.parametrize(
    ("criteria", "count"),
    [
        ("{}", 3),
        ("{urgent: true}", 1),
        ('{complexity: "一般", urgent: false}', 3),
        ('{complexity: "一般", urgent: true}', 1),
        ('{complexity: "较复杂"}', 7),
        ('{complexity: "较复杂", urgent: true}', 3),
        ('{complexity: "特别复杂", urgent: null}', 15),
        ('{complexity: "特别复杂", urgent: true, type: "环保", process: "appeal"}', 7),
    ],
)
def test_the_built_in_limits_are_three_seven_and_fifteen_and_halved_when_urgent(criteria, count):
    expected = {"count": Decimal(count), "unit": "workdays", "extendable": True}
    assert value_of(f'rule limit("handling", {criteria})') == expected


@pytest.mark.parametrize(
    ("at", "late"),
    [
        ("2026-09-29 17:30", 0),  # in time to the second
        ("2026-09-29 17:30:01", 0),  # late, but no further working day has begun
        ("2026-09-30 09:00", 1),
        ("2026-10-07 23:00", 1),  # the holidays do not count
        ("2026-10-10 08:00", 4),  # the 8th, the 9th, and the Saturday that is made up
        ("2026-09-01 08:00", 0),
    ],
)
def test_lateness_is_counted_in_working_days(at, late):
    due = shanghai("2026-09-29 17:30")
    assert value_of("late workdays(due, at)", due=due, at=shanghai(at)) == late
    assert value_of("late workdays(due)", now=at, due=due) == late


def test_a_rule_due_leaves_word_of_what_it_rests_on():
    seen = []
    now = clock.as_utc(shanghai("2026-03-11 10:00"))
    call = worktime.functions(CALENDAR, now, seen)["rule due"].call
    due = call("handling", {"complexity": "较复杂"})
    assert call("no such limit", {}) is None
    (basis,) = seen
    assert (basis.name, basis.criteria, basis.since) == ("handling", {"complexity": "较复杂"}, now)
    assert (basis.limit.count, basis.due) == (7, due)


@given(st.sampled_from(sorted(worktime.functions(CALENDAR, shanghai("2026-03-11")))), ANYTHING, ANYTHING)
def test_no_argument_makes_a_function_fail(name, first, second):
    function = worktime.functions(CALENDAR, shanghai("2026-03-11"))[name]
    required = len(function.parameters) - function.optional
    for arguments in ((first,), (first, second)):
        if required <= len(arguments) <= len(function.parameters):
            result = function.call(*arguments)
            kinds = {"rule limit": dict, "late workdays": int}
            assert result is None or type(result) is kinds.get(name, datetime)
            assert type(result) is not datetime or result.tzinfo is clock.SHANGHAI


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 200))
def test_the_function_and_the_calendar_agree(day, count):
    call = worktime.functions(CALENDAR, shanghai("2026-03-11"))["workdays"].call
    assert call(Decimal(count), day) == CALENDAR.closes(CALENDAR.add_workdays(day, count))
    assert call(Decimal(f"{count}.00"), day) == call(count, day)
