"""What an author of diagrams, forms and tables writes, and what it means."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.clock import SHANGHAI
from engine.errors import Invalid

NOW = dt.datetime(2026, 3, 11, 17, 30, tzinfo=dt.UTC)


def value(text: str, **variables: Any) -> Any:
    return feel.parse(text).evaluate(variables, now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('satisfaction in ("不满意", "非常不满意")', True),
        ('satisfaction in ["满意"]', False),
        ("金额 > 100 and 金额 <= 200.50", True),
        ("申报 金额 * 2", Decimal("301.0")),
        ('if 金额 >= 1000 then "大" else if 金额 >= 100 then "中" else "小"', "中"),
        ("金额 between 100 and 200", True),
        ("count(材料[可容缺 = true])", Decimal(1)),
        ("材料[1].名称", "营业执照"),
        ("材料[-1].名称", "承诺书"),
        ("材料[item.主审 = false].名称", ["承诺书"]),
        ("some m in 材料 satisfies m.主审", True),
        ("every m in 材料 satisfies m.主审", False),
        ('for m in 材料 return m.名称 + "!"', ["营业执照!", "承诺书!"]),
        ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", [1, 2, 6, 24]),
        ("{a: 1, b: a + 1, c: a + b}.c", Decimal(3)),
        ("(function(x: number, y) x * y)(y: 3, x: 4)", Decimal(12)),
        ('{"带 空格": 1, x: 带 空格 + 1}.x', Decimal(2)),
        ("-2 ** 2", Decimal(4)),
        ("1 / 3 * 3", Decimal("0.9999999999999999999999999999999999")),
        ("0.1 + 0.2 = 0.3", True),
        ("[1..10[.end included", False),
        ("5 in (> 3)", True),
        ("3 in ]1..3[", False),
        ("不存在", None),
        ("不存在.更不存在[3] + 1", None),
        ('"1" + 1', None),
        ("1 / 0", None),
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("null = null", True),
        ('1 = "1"', None),
        ("[1, 2, 1] = [1, 2, 1]", True),
        ('"\\u4f01\\u4e1a\\n"', "企业\n"),
        ("// only a comment\n 1 /* and another */ + 1", Decimal(2)),
        ("@\"P1D\" instance of days and time duration", True),
        ("[1, 2] instance of list<number>", True),
        ("is defined(1)", None),
    ],
)  # fmt: skip
def test_an_expression_has_the_value_that_the_standard_gives_it(text: str, expected: Any) -> None:
    got = value(
        text,
        satisfaction="不满意",
        金额=150.5,
        材料=[
            {"名称": "营业执照", "主审": True, "可容缺": False},
            {"名称": "承诺书", "主审": False, "可容缺": True},
        ],
        **{"申报 金额": 150.5},
    )
    assert got == expected
    assert type(got) is type(expected) or isinstance(expected, list)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now()", "2026-03-12T01:30:00@Asia/Shanghai"),
        ("today()", "2026-03-12"),
        ('@"2026-01-31" + @"P1M"', "2026-02-28"),
        ('@"2026-03-01" - @"2026-02-01"', "P28D"),
        ('@"2026-03-11T17:00:00@Asia/Shanghai" - duration("PT30M")', "2026-03-11T16:30:00@Asia/Shanghai"),
        ('@"2026-03-11T17:00:00" < now()', "true"),
        ('@"2026-03-11T17:00:00+08:00" = @"2026-03-11T09:00:00Z"', "true"),
        ('date and time("2026-03-11T09:00:00Z").time offset', "PT0S"),
        ('@"2026-03-11".weekday', "3"),
        ('day of week(@"2026-03-11")', "Wednesday"),
        ('years and months duration(@"2024-02-29", @"2026-02-28")', "P1Y11M"),
        ('@"PT36H".days', "1"),
        ('@"22:00:00" + @"PT3H"', "01:00:00"),
        ('before(@"2026-01-01", [@"2026-02-01"..@"2026-03-01"])', "true"),
        ("overlaps([1..5], [5..9])", "true"),
        ("meets([1..5), [5..9])", "false"),
        ('@"2026-02-30"', None),
        ('time("25:00:00")', None),
        ('@"9999-12-31" + @"P1D"', None),
    ],
)
def test_dates_times_and_durations_are_computed_as_people_here_read_them(
    text: str, expected: str | None
) -> None:
    assert feel.string_of(value(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("decimal(2.5, 0)", "2"),
        ("round half up(2.5, 0)", "3"),
        ("round up(-1.12, 1)", "-1.2"),
        ("ceiling(1.01)", "2"),
        ("floor(-1.5)", "-2"),
        ("modulo(-7, 3)", "2"),
        ("sqrt(16)", "4"),
        ("median([3, 1, 2])", "2"),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
        ("sum([1, 2.50])", "3.50"),
        ("max(1, 3, 2)", "3"),
        ("min([])", None),
        ("distinct values([1, 2, 1.0])", "[1, 2]"),
        ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
        ("sort(list: [3, 1, 2], precedes: function(a, b) a < b)", "[1, 2, 3]"),
        ("sublist([1, 2, 3], -2, 1)", "[2]"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("list replace([1, 2], 2, 3)", "[1, 3]"),
        ("flatten([[1, [2]], 3])", "[1, 2, 3]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ('get value({a: 1}, "a")', "1"),
        ('context merge([{a: 1}, {a: 2, b: 3}])', "{a: 2, b: 3}"),
        ('context([{key: "a", value: 1}])', "{a: 1}"),
        ('split("a;b;;c", ";")', '["a", "b", "", "c"]'),
        ('replace("2026-03-11", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")', "11.03.2026"),
        ('matches("企业服务", "^\\p{L}+$")', "true"),
        ('matches("x", "(?=x)x")', None),
        ('substring("诉求直达", -2)', "直达"),
        ('string join(["a", null, "b"], "、")', "a、b"),
        ('number("1 234,5", " ", ",")', "1234.5"),
        ('number("１２")', None),
        ('number("1_000")', None),
        ("string length(\"🐎\")", "1"),
        ("count(null)", None),
        ("not(null)", None),
        ("substring(\"abc\")", None),
        ("range(\"[1..3)\")", "[1..3)"),
    ],
)  # fmt: skip
def test_a_built_in_function_does_what_the_standard_says(text: str, expected: str | None) -> None:
    assert feel.string_of(value(text)) == expected


def test_an_expression_tells_which_variables_and_functions_it_needs() -> None:
    read = feel.parse(
        'if 金额 > limit then next workday(today()) else f(x: 金额) + items[status = "open"].n[1]'
        " + sum(for i in xs return i + k) + {a: 1, b: a}.b"
    )
    assert read.names == {"金额", "limit", "items", "xs", "k"}
    assert read.calls == {"next workday", "f"}


def test_a_name_with_signs_or_keywords_is_read_when_it_is_known() -> None:
    names = ["Pre-bureau risk", "是否（容缺）", "in or out"]
    read = feel.parse('Pre-bureau risk = "LOW" and 是否（容缺） and in or out', names)
    assert read.names == set(names)
    assert read.evaluate({"Pre-bureau risk": "LOW", "是否（容缺）": True, "in or out": True}) is True


def test_a_function_of_the_host_is_called_by_position_and_by_name() -> None:
    add = feel.Function("add days", ("d", "n"), lambda d, n=Decimal(1): d + dt.timedelta(int(n)), optional=1)
    functions = {"add days": add}
    for text in ('add days(@"2026-01-01")', 'add days(@"2026-01-01", 1)', 'add days(n: 1, d: @"2026-01-01")'):
        assert feel.parse(text).evaluate({}, functions) == dt.date(2026, 1, 2)
    for text in ("add days()", "add days(1, 2, 3)", 'add days("x", 1)', "add days(x: 1)"):
        assert feel.parse(text).evaluate({}, functions) is None


def test_what_the_host_hands_in_is_brought_to_the_types_of_the_language() -> None:
    got = value("x", x={"a": (1, 2.5), "b": object(), 3: {"c"}})
    assert got == {"a": [Decimal(1), Decimal("2.5")], "b": None, "3": ["c"]}
    assert value("x + y", x=0.1, y=0.2) == Decimal("0.3")
    assert value("x", x=float("nan")) is None


def test_without_a_moment_now_is_null_so_that_nobody_asks_the_system_clock() -> None:
    assert feel.parse("now()").evaluate({}) is None
    assert value("now()") == NOW.astimezone(SHANGHAI)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1 +", 4),
        ("(1", 3),
        ("a b c)", 6),
        ("if a then b", 12),
        ('"open', 1),
        ("1 2", 3),
        ("[1, ", 5),
        ("", 1),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, place: int) -> None:
    with pytest.raises(Invalid) as refused:
        feel.parse(text)
    assert refused.value.code == "feel.syntax"
    assert refused.value.facts["position"] == place


def test_a_full_width_sign_is_named_with_the_sign_to_type_instead() -> None:
    with pytest.raises(Invalid) as refused:
        feel.parse('satisfaction in （"不满意"）')
    assert "半角" in refused.value.say("zh")
    assert refused.value.facts["expected"] == "("


def test_an_external_function_is_refused_when_it_is_read() -> None:
    with pytest.raises(Invalid, match=r"feel\.external"):
        feel.parse('function(a) external {java: {class: "java.lang.System"}}')


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        ("-", None, True),
        ("", 3, True),
        ("< 10", 3, True),
        ("[1..5), 7", 5, False),
        ('"a", "b"', "b", True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ('not("a") and true', "b", None),
        ("contains(?, \"x\")", "axb", True),
        ("? > limit", 11, True),
        ("limit", 10, True),
        ("null", None, True),
        ("> 3", None, None),
        ("true", True, True),
        ("true", False, False),
        ("[1, 2, 3]", 2, True),
        ('date("2026-01-01")', dt.date(2026, 1, 1), True),
    ],
)  # fmt: skip
def test_a_cell_of_a_table_passes_or_not(cell: str, given: Any, expected: bool | None) -> None:
    got = feel.parse_unary_tests(cell).matches(given, {"limit": 10})
    assert got is expected or (expected is None and got is not True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("= a > 1", "a > 1"),
        ("${a > 1}", "a > 1"),
        ("  =a", "a"),
        ("a > 1", None),
        ("", None),
        ("SQ-{date}", None),
    ],
)
def test_only_a_text_that_is_marked_holds_an_expression(text: str, expected: str | None) -> None:
    assert feel.expression_in(text) == expected
