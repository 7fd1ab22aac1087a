"""A year's arrangement from a CSV file, as an office would type it out of the yearly notice.

date,type,note            日期,类型,说明
2027-02-05,off,春节       2027年2月5日,休,春节
2027-01-30,work,春节      2027/1/30,班,春节调休上班
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from engine.errors import Invalid, Problem
from engine.worktime.arrangements.store import NOTE

_MOST = 100_000  # characters; a year is 366 lines
_HEADINGS = {
    "date": ("date", "日期", "day"),
    "type": ("type", "类型", "类别", "安排"),
    "note": ("note", "说明", "备注", "节日", "名称"),
}
_OFF = {"off", "holiday", "rest", "休", "休息", "放假", "休假", "假日", "节假日"}
_WORKED = {"work", "worked", "workday", "working", "班", "上班", "补班", "调休上班", "工作日"}

_LENGTHS = [[4, month, day] for month in (1, 2) for day in (1, 2)]  # digits of a date's parts

Days = dict[date, tuple[bool, str]]


def read_csv(content: str | bytes, year: int) -> Days:
    """The arranged days of `year` in a CSV file with the columns date, type and note (the last optional).

    Bytes may be UTF-8 or GB 18030, as Excel saves them. Raises Invalid("worktime.csv") with a problem
    for each line that is wrong; its `where` is the line's number.
    """
    text = _decoded(content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    problems: list[Problem] = []
    if len(text) > _MOST:
        problems.append(Problem("worktime.csv.too_long", "1", {"most": _MOST}))
    days = {} if problems else _read(text, year, problems.append)
    if not problems and not days:
        problems.append(Problem("worktime.csv.empty", "1", {"year": year}))
    if problems:
        raise Invalid("worktime.csv", problems=problems, count=len(problems))
    return days


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("worktime.csv", problems=[Problem("worktime.csv.encoding", "1")], count=1)


def _read(text: str, year: int, report: Callable[[Problem], None]) -> Days:
    lines = _lines(text)
    heading = next(lines, None)
    places = _places(heading[1]) if heading is not None else None
    if places is None:
        report(Problem("worktime.csv.heading", str(heading[0] if heading is not None else 1)))
        return {}
    days: Days = {}
    for number, cells in lines:
        where = str(number)
        told, kind, note = (_cell(cells, places.get(key)) for key in ("date", "type", "note"))
        day, worked = _date(told), _worked(kind)
        if day is None:
            report(Problem("worktime.csv.date", where, {"given": told[:40]}))
        elif day.year != year:
            report(Problem("worktime.csv.year", where, {"given": told[:40], "year": year}))
        elif day in days:
            report(Problem("worktime.csv.twice", where, {"given": told[:40]}))
        if worked is None:
            report(Problem("worktime.csv.type", where, {"given": kind[:40]}))
        if len(note) > NOTE:
            report(Problem("worktime.csv.note", where, {"most": NOTE}))
        if day is not None and worked is not None:
            days.setdefault(day, (worked, note))
    return days


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that holds something, with its number from 1; commas, semicolons and tabs divide."""
    first = text.lstrip().partition("\n")[0]
    divider = next((sign for sign in ",\t;，" if sign in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=divider, strict=False)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        yield reader.line_num, []


def _places(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column is which; None when date or type is missing."""
    found = {
        key: index
        for index, cell in enumerate(cells)
        for key, words in _HEADINGS.items()
        if cell.lower() in words
    }
    return found if {"date", "type"} <= found.keys() else None


def _cell(cells: Sequence[str], index: int | None) -> str:
    return cells[index] if index is not None and index < len(cells) else ""


def _date(text: str) -> date | None:
    """A day as 2027-02-05, 2027/2/5, 2027.2.5, 2027年2月5日 or 20270205."""
    if len(text) == 8 and text.isascii() and text.isdecimal():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    numbers = [part.strip() for part in parts.split("-")]
    plain = all(n.isascii() and n.isdecimal() for n in numbers)
    if [len(n) for n in numbers] not in _LENGTHS or not plain:
        return None
    try:
        return date(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    except ValueError:
        return None


def _worked(text: str) -> bool | None:
    word = text.lower()
    return True if word in _WORKED else False if word in _OFF else None
