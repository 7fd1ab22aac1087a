"""`run.py calendar`: shows and changes the calendar as the operator's guide says."""

from datetime import date, time

import pytest
from click.testing import CliRunner

from engine import errors, worktime
from engine.database import open_database, reading
from run import cli


@pytest.fixture
def url(sqlite_template, tmp_path):
    copy = tmp_path / "calendar.db"
    copy.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{copy}"


def ask(url, *words):
    return CliRunner().invoke(cli, ["--database", url, "calendar", *words], catch_exceptions=False)


def calendar_in(url):
    engine = open_database(url)
    with reading(engine) as connection:
        found = worktime.load(connection), worktime.editions(connection)
    engine.dispose()
    return found


def test_the_operator_sets_hours_days_and_years_with_a_reason(url, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text("日期,类型,说明\n2027-02-10,休,春节\n", encoding="gb18030")
    reason = ("--reason", "通知")
    assert ask(url, "hours", "--closing", "17:00", "--department", "tax", *reason).exit_code == 0
    assert ask(url, "hours", "--opening", "08:30-12:00,13:30-17:30", *reason).exit_code == 0
    assert ask(url, "day", "2026-12-25", "off", "--note", "停电", *reason).exit_code == 0
    assert ask(url, "import", "2027", str(file), *reason).exit_code == 0
    calendar, history = calendar_in(url)
    assert (calendar.of("tax").closing, calendar.opening[0][0]) == (time(17), time(8, 30))
    assert not calendar.is_workday(date(2026, 12, 25))
    assert 2027 in calendar.years
    assert not calendar.is_workday(date(2027, 2, 10))
    assert [edition.kind for edition in history] == ["import", "day", "hours", "hours", "seed"]
    assert {edition.made_by for edition in history[:-1]} == {"operator"}


def test_a_change_without_a_reason_or_of_an_unknown_year_is_refused(url):
    assert ask(url, "day", "2026-12-25", "off").exit_code != 0
    assert ask(url, "import", "2099", "--reason", "通知").exit_code != 0
    with pytest.raises(errors.Invalid):
        ask(url, "day", "2026-12-25", "off", "--reason", " ")
    assert [edition.kind for edition in calendar_in(url)[1]] == ["seed"]


def test_what_is_known_is_shown(url):
    shown = ask(url)
    assert shown.exit_code == 0
    assert "2026" in shown.output
    assert "17:30" in shown.output
