"""A year's arrangement out of a CSV file, as offices write them, and what is said about a bad line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors, worktime

EXPECTED = {date(2027, 2, 5): (False, "春节"), date(2027, 1, 30): (True, "春节调休上班")}


@pytest.mark.parametrize(
    "text",
    [
        "date,type,note\n2027-02-05,off,春节\n2027-01-30,work,春节调休上班\n",
        "日期,类型,说明\r\n2027年2月5日,休,春节\r\n2027/1/30,班,春节调休上班\r\n",
        "\ufeffnote,Date,Type\n春节,20270205,Off\n春节调休上班,2027.1.30,WORKED",
        "日期\t类型\t备注\n\n2027-02-05\t放假\t春节\n 2027-1-30 \t 补班 \t 春节调休上班 \n\n",
        '日期;类型;说明\n2027-02-05;休;"春节"\n2027-01-30;班;春节调休上班;更多',
    ],
)
def test_a_year_is_read_however_an_office_writes_it(text):
    assert worktime.read_csv(text, 2027) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_may_come_from_a_spreadsheet(encoding):
    text = "日期,类型,说明\n2027-02-05,休,春节\n2027-01-30,班,春节调休上班\n"
    assert worktime.read_csv(text.encode(encoding), 2027) == EXPECTED


def test_a_note_may_be_left_out():
    assert worktime.read_csv("date,type\n2027-02-05,off\n", 2027) == {date(2027, 2, 5): (False, "")}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [("heading", "1")]),
        ("2027-02-05,off,春节\n", [("heading", "1")]),
        ("\n\n日期,说明\n", [("heading", "3")]),
        ("date,type,note\n", [("empty", "1")]),
        ("date,type\n2027-02-30,off\n", [("date", "2")]),
        ("date,type\nsoon,off\n05/02/27,off", [("date", "2"), ("date", "3")]),
        ("date,type\n2026-02-05,off\n", [("year", "2")]),
        ("date,type\n\n2027-02-05,off\n2027-02-05,work\n", [("twice", "4")]),
        ("date,type\n2027-02-05\n", [("type", "2")]),
        ("date,type\n2027-02-05,调休\n", [("type", "2")]),  # off or worked? nobody could say
        ("date,type\n,\nx,y\n", [("date", "3"), ("type", "3")]),
        ("date,type,note\n2027-02-05,off," + "长" * 101, [("note", "2")]),
        ("x" * 100_001, [("too_long", "1")]),
        (b"\xff\xff\x00", [("encoding", "1")]),
    ],
)
def test_each_bad_line_is_named_and_nothing_is_read(text, problems):
    with pytest.raises(errors.Invalid) as refused:
        worktime.read_csv(text, 2027)
    found = [(p.code.removeprefix("worktime.csv."), p.where) for p in refused.value.problems]
    assert found == problems
    assert all(p.where in p.say("zh") or p.where == "1" for p in refused.value.problems)


@given(st.one_of(st.text(), st.binary(), st.text().map(lambda text: "date,type,note\n" + text)))
def test_any_file_is_read_or_refused_with_problems(content):
    try:
        days = worktime.read_csv(content, 2027)
    except errors.Invalid as refused:
        assert refused.problems
    else:
        assert days
        assert all(day.year == 2027 for day in days)


@pytest.mark.parametrize("year", range(2020, 2027))
def test_what_the_library_knows_survives_a_file(year):
    days = worktime.library_days(year)
    lines = [f"{day},{'班' if worked else '休'},{note}" for day, (worked, note) in days.items()]
    assert worktime.read_csv("\n".join(["日期,类型,说明", *lines]), year) == days
