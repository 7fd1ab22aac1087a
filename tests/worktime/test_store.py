"""The stored calendar: seeded once, replaced by year, seen at once by whoever loads it."""

from datetime import date, time

import pytest
import sqlalchemy as sa

from engine import errors, worktime
from engine.worktime import tables


def test_seeding_publishes_every_known_year_since_2020(connection):
    years = worktime.seed(connection)
    assert years == list(range(2020, years[-1] + 1))
    assert years[-1] >= 2026


def test_the_seeded_2026_is_the_official_one(connection):
    worktime.seed(connection)
    calendar = worktime.load(connection)
    assert calendar.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 248
    assert calendar.is_workday(date(2026, 9, 20))
    assert calendar.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    note = sa.select(tables.calendar_days.c.note).where(tables.calendar_days.c.date == date(2026, 9, 20))
    assert connection.execute(note).scalar_one() == "国庆节调休上班"


def test_seeding_twice_changes_nothing(connection):
    worktime.seed(connection)
    calendar = worktime.load(connection)
    assert worktime.seed(connection) == []
    assert worktime.load(connection) is calendar


def test_seeding_leaves_a_year_alone_that_somebody_published(connection):
    worktime.publish_year(connection, 2026, {}, source="test")
    assert 2026 not in worktime.seed(connection)
    assert not worktime.load(connection).is_workday(date(2026, 9, 20))


def test_publishing_a_year_ends_its_being_provisional(connection):
    worktime.seed(connection)
    before = worktime.load(connection)
    assert before.provisional(date(2027, 2, 9))
    made_up = {date(2027, 2, 9): (False, "春节"), date(2027, 1, 30): (True, "春节调休上班")}
    worktime.publish_year(connection, 2027, made_up, source="国办发明电")
    after = worktime.load(connection)
    assert not after.provisional(date(2027, 2, 9))
    assert after.is_workday(date(2027, 1, 30))
    assert not after.is_workday(date(2027, 2, 9))
    assert before.is_workday(date(2027, 2, 9))  # a calendar in use does not change under its user


def test_publishing_again_replaces_the_year(connection):
    worktime.publish_year(connection, 2030, {date(2030, 3, 4): (False, "")}, source="test")
    worktime.publish_year(connection, 2030, {date(2030, 3, 5): (False, "")}, source="test")
    calendar = worktime.load(connection)
    assert calendar.is_workday(date(2030, 3, 4))
    assert not calendar.is_workday(date(2030, 3, 5))


def test_a_day_of_another_year_is_refused(connection):
    with pytest.raises(errors.Invalid) as refused:
        worktime.publish_year(connection, 2027, {date(2026, 12, 31): (False, "")}, source="test")
    assert "2027" in refused.value.say("zh")


def test_office_hours_can_be_changed(connection):
    worktime.seed(connection)
    worktime.set_hours(connection, opening=((time(8, 30), time(17)),), closing=time(17))
    calendar = worktime.load(connection)
    assert calendar.closes(date(2026, 3, 11)).time() == time(17)
    assert calendar.opening == ((time(8, 30), time(17)),)
    assert calendar.is_workday(date(2026, 9, 20))


def test_an_empty_database_gives_a_calendar_in_which_all_is_provisional(connection):
    calendar = worktime.load(connection)
    assert calendar.provisional(date(2026, 3, 11))
    assert calendar.is_workday(date(2026, 3, 11))
    assert not calendar.is_workday(date(2026, 10, 1))
