"""The stored calendar: seeded once, changed by editions that stay, seen at once by whoever loads it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from engine import errors, worktime
from engine.database import new_id, open_database, writing
from engine.migrations import config, upgrade
from engine.scenarios import find_postgres
from engine.worktime import tables

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
SPRING = {date(2027, 2, 9): (False, "春节"), date(2027, 1, 30): (True, "春节调休上班")}


def publish(connection, year=2027, days=SPRING, **given):
    told = {"source": "国办发明电", "by": "control", "reason": "国务院办公厅通知", "now": NOW, **given}
    return worktime.publish_year(connection, year, days, **told)


def edit(connection, day, worked, **given):
    told = {"reason": "临时停电", "by": "control", "now": NOW, **given}
    return worktime.edit_day(connection, day, worked, **told)


def set_hours(connection, opening, closing, **given):
    told = {"by": "control", "reason": "夏季作息", "now": NOW, **given}
    return worktime.set_hours(connection, opening=opening, closing=closing, **told)


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
    content = worktime.content_of(connection, calendar.revision)
    assert content.days[date(2026, 9, 20)] == (True, "国庆节调休上班")
    assert len(content.of_year(2026)) == 39  # 33 days off and 6 made up
    assert content.years[2026] == worktime.LIBRARY


def test_seeding_twice_changes_nothing(connection):
    worktime.seed(connection)
    calendar = worktime.load(connection)
    assert worktime.seed(connection) == []
    assert worktime.load(connection) is calendar
    assert calendar.revision == 1


def test_seeding_leaves_a_year_alone_that_somebody_published(connection):
    publish(connection, 2026, {})
    assert 2026 not in worktime.seed(connection)
    assert not worktime.load(connection).is_workday(date(2026, 9, 20))


def test_publishing_a_year_ends_its_being_provisional(connection):
    worktime.seed(connection)
    before = worktime.load(connection)
    assert before.provisional(date(2027, 2, 9))
    revision = publish(connection)
    after = worktime.load(connection)
    assert after.revision == revision == before.revision + 1
    assert not after.provisional(date(2027, 2, 9))
    assert after.is_workday(date(2027, 1, 30))
    assert not after.is_workday(date(2027, 2, 9))
    assert before.is_workday(date(2027, 2, 9))  # a calendar in use does not change under its user


def test_publishing_again_replaces_the_year_and_leaves_the_others(connection):
    publish(connection)
    publish(connection, 2030, {date(2030, 3, 4): (False, "")})
    publish(connection, 2030, {date(2030, 3, 5): (False, "")})
    calendar = worktime.load(connection)
    assert calendar.is_workday(date(2030, 3, 4))
    assert not calendar.is_workday(date(2030, 3, 5))
    assert not calendar.is_workday(date(2027, 2, 9))


def test_the_years_that_the_library_has_over(connection):
    known = worktime.library_years(worktime.load(connection))
    assert known[0] == 2020
    publish(connection, 2026, worktime.library_days(2026), source=worktime.LIBRARY)
    assert worktime.library_years(worktime.load(connection)) == [year for year in known if year != 2026]


def test_a_day_is_off_worked_or_by_its_weekday_again(connection):
    worktime.seed(connection)
    wednesday, sunday = date(2026, 3, 11), date(2026, 3, 15)
    edit(connection, wednesday, False, note="临时停电")
    edit(connection, sunday, True)
    calendar = worktime.load(connection)
    assert (calendar.is_workday(wednesday), calendar.is_workday(sunday)) == (False, True)
    edit(connection, wednesday, None)
    edit(connection, sunday, None)
    assert worktime.load(connection).is_workday(wednesday)
    assert not worktime.load(connection).is_workday(sunday)


def test_an_older_edition_still_counts_as_it_did(connection):
    worktime.seed(connection)
    old = worktime.load(connection).revision
    new = edit(connection, date(2026, 3, 12), False)
    start = date(2026, 3, 11)
    assert worktime.load_revision(connection, old).add_workdays(start, 1) == date(2026, 3, 12)
    assert worktime.load_revision(connection, new).add_workdays(start, 1) == date(2026, 3, 13)
    assert worktime.load_revision(connection, new) is worktime.load(connection)
    assert worktime.load_revision(connection, 0).years == frozenset()
    with pytest.raises(errors.NotFound):
        worktime.load_revision(connection, new + 1)


def test_what_says_the_same_is_no_new_edition(connection):
    revision = publish(connection)
    assert publish(connection) == revision
    assert edit(connection, date(2027, 2, 9), False, note=" 春节 ") == revision
    assert edit(connection, date(2027, 3, 3), None) == revision
    assert set_hours(connection, worktime.OPENING, worktime.CLOSING) == revision
    assert worktime.load(connection).revision == revision


def test_the_history_says_who_when_why_and_what(connection):
    worktime.seed(connection)
    publish(connection)
    edit(connection, date(2027, 2, 9), True, note="照常上班", reason="省里另有安排")
    set_hours(connection, worktime.OPENING, time(17), department="tax")
    hours, day, year, first = worktime.editions(connection)
    assert (hours.kind, hours.hours, hours.days) == ("hours", ("tax",), ())
    assert (day.kind, day.made_by, day.made_at, day.reason) == ("day", "control", NOW, "省里另有安排")
    (change,) = day.days
    assert change == worktime.DayChange(date(2027, 2, 9), False, True, "照常上班")
    assert (year.kind, year.years) == ("import", (2027,))
    moved = {c.day: (c.before, c.after) for c in year.days}
    assert moved[date(2027, 1, 30)] == (False, True)
    # 除夕 is off by the law, and worked by this arrangement, which does not name it
    assert moved[date(2027, 2, 5)] == (False, True)
    assert date(2027, 2, 10) not in moved
    assert (first.kind, first.made_by, first.reason) == ("seed", "system", worktime.LIBRARY)
    assert first.years == tuple(range(2020, 2027))
    assert [e.revision for e in worktime.editions(connection, most=2)] == [4, 3]
    assert worktime.editions(connection, most=2)[1].days == day.days


def test_a_year_published_again_by_the_same_source_is_named_in_the_history(connection):
    publish(connection)
    publish(connection, days={**SPRING, date(2027, 2, 10): (False, "春节")})
    newest = worktime.editions(connection)[0]
    assert (newest.years, [c.day for c in newest.days]) == ((2027,), [date(2027, 2, 10)])


@pytest.mark.parametrize(
    "change",
    [
        lambda c: publish(c, 2027, {date(2026, 12, 31): (False, "")}),
        lambda c: publish(c, source=" "),
        lambda c: publish(c, reason=""),
        lambda c: edit(c, date(2026, 3, 11), False, reason=" "),
        lambda c: edit(c, date(2026, 3, 11), False, reason="长" * 501),
        lambda c: edit(c, date(2026, 3, 11), False, note="长" * 101),
        lambda c: set_hours(c, ((time(12), time(9)),), time(17)),
        lambda c: set_hours(c, worktime.OPENING, time(17), reason=""),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_leaves_no_edition(connection, change):
    with pytest.raises(errors.Invalid) as refused:
        change(connection)
    assert refused.value.say("zh") != refused.value.code
    assert worktime.editions(connection) == []


def test_office_hours_of_the_house_and_of_a_department(connection):
    worktime.seed(connection)
    set_hours(connection, ((time(8, 30), time(17)),), time(17))
    set_hours(connection, ((time(8), time(16)),), time(16), department="tax")
    calendar = worktime.load(connection)
    assert calendar.closes(date(2026, 3, 11)).time() == time(17)
    assert calendar.opening == ((time(8, 30), time(17)),)
    assert calendar.of("tax").closes(date(2026, 3, 11)).time() == time(16)
    assert calendar.of("hrss") is calendar
    assert calendar.is_workday(date(2026, 9, 20))
    worktime.drop_hours(connection, "tax", by="control", reason="统一作息", now=NOW)
    assert worktime.load(connection).of("tax").closing == time(17)


def test_an_empty_database_gives_a_calendar_in_which_all_is_provisional(connection):
    calendar = worktime.load(connection)
    assert calendar.provisional(date(2026, 3, 11))
    assert calendar.is_workday(date(2026, 3, 11))
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar.revision == 0


def test_of_two_who_change_the_calendar_at_once_the_second_is_told(connection, monkeypatch):
    worktime.seed(connection)
    edit(connection, date(2026, 3, 11), False)
    stale = worktime.load(connection).revision - 1
    rows = [(stale, "stale")]
    monkeypatch.setattr("engine.worktime.arrangements.store._newest", lambda connection: rows)
    with pytest.raises(errors.Conflict):
        edit(connection, date(2026, 3, 12), False)
    monkeypatch.undo()
    assert worktime.load(connection).is_workday(date(2026, 3, 12))


def test_a_process_that_seeds_too_late_leaves_what_is_there(connection, monkeypatch):
    worktime.seed(connection)
    monkeypatch.setattr("engine.worktime.arrangements.store._newest", lambda connection: [])
    assert worktime.seed(connection) == []
    monkeypatch.undo()
    assert worktime.load(connection).revision == 1


OLD = sa.MetaData()
OLD_DAYS = sa.Table(
    "calendar_days",
    OLD,
    sa.Column("date", sa.Date),
    sa.Column("workday", sa.Boolean),
    *(sa.Column(name, sa.String) for name in ("note", "source")),
    sa.Column("revision", sa.Integer),
)
OLD_YEARS = sa.Table(
    "calendar_years",
    OLD,
    sa.Column("year", sa.Integer),
    sa.Column("source", sa.String),
    sa.Column("revision", sa.Integer),
)
OLD_ROW = sa.Table(
    "calendar_revision",
    OLD,
    *(sa.Column(name, sa.Integer) for name in ("id", "revision")),
    *(sa.Column(name, sa.String) for name in ("edition", "opening", "closing")),
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old_database(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    """A database of its own as it was before the editions."""
    schema, plain = f"zhiban_old_{new_id()[-12:]}", None
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path}/old.db")
    else:
        url = find_postgres()
        if url is None:
            pytest.skip("no PostgreSQL server")
        plain = open_database(url)
        with plain.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
        engine = open_database(url, connect_args={"options": f"-csearch_path={schema}"})
    upgrade(engine, "0001")
    yield engine
    engine.dispose()
    if plain is not None:
        with plain.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))
        plain.dispose()


def _fill(connection: Connection) -> None:
    hours = {"opening": "08:30-12:00 14:00-17:00", "closing": "17:00"}
    connection.execute(OLD_ROW.insert().values(id=1, revision=7, edition="e" * 32, **hours))
    connection.execute(OLD_YEARS.insert().values(year=2026, source="通知", revision=6))
    told = {"note": "春节", "source": "通知", "revision": 6}
    for day, worked in ((date(2026, 2, 16), False), (date(2026, 2, 14), True)):
        connection.execute(OLD_DAYS.insert().values(date=day, workday=worked, **told))


def _migration():
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    return next(script for script in scripts if script.path.endswith("_calendar_editions.py"))


def test_a_calendar_from_before_the_editions_is_carried_over_and_back(old_database):
    with writing(old_database) as connection:
        _fill(connection)
    upgrade(old_database, _migration().revision)
    with writing(old_database) as connection:
        calendar = worktime.load(connection)
        (edition,) = worktime.editions(connection)
    assert (calendar.revision, edition.kind, edition.years) == (7, "seed", (2026,))
    assert (calendar.closing, calendar.opening[1]) == (time(17), (time(14), time(17)))
    assert calendar.is_workday(date(2026, 2, 14))
    assert not calendar.is_workday(date(2026, 2, 16))
    with writing(old_database) as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, _migration().down_revision)
        rows = connection.execute(sa.select(OLD_DAYS).order_by(OLD_DAYS.c.date)).all()
        row = connection.execute(sa.select(OLD_ROW)).one()
    assert [tuple(r) for r in rows] == [
        (date(2026, 2, 14), True, "春节", "通知", 7),
        (date(2026, 2, 16), False, "春节", "通知", 7),
    ]
    assert tuple(row) == (1, 7, "e" * 32, "08:30-12:00 14:00-17:00", "17:00")


def test_a_database_without_a_calendar_is_carried_over_too(old_database):
    upgrade(old_database)
    with writing(old_database) as connection:
        assert worktime.editions(connection) == []
        assert worktime.seed(connection)
        assert worktime.load(connection).revision == 1


def test_no_edition_is_ever_written_over(connection):
    worktime.seed(connection)
    before = connection.execute(sa.select(tables.calendar_editions)).all()
    edit(connection, date(2026, 3, 11), False)
    publish(connection, now=NOW + timedelta(days=1))
    after = connection.execute(sa.select(tables.calendar_editions).order_by(sa.text("revision"))).all()
    assert after[:1] == before
    assert [row.revision for row in after] == [1, 2, 3]
