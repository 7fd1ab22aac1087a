"""Each type: what it takes, what it refuses, and the clean value."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from engine.clock import SHANGHAI
from engine.errors import Invalid
from tests.forms.form_builders import USCC, check, field, form, options, problems


def one(type, **rest):
    return form(field(type, "a", **rest))


CLEAN = [
    ("textfield", {}, "  诉求\u3000", "诉求"),
    ("textfield", {}, "一行\r\n又一行", "一行 又一行"),
    ("textfield", {}, 13800138000, "13800138000"),
    ("textarea", {}, "一\r\n二\r三", "一\n二\n三"),
    ("textfield", {"validate": {"validationType": "email"}}, " wang@example.cn", "wang@example.cn"),
    ("number", {}, "1,250.50", Decimal("1250.50")),
    ("number", {}, "１２", Decimal("12")),
    ("number", {}, 0.1, Decimal("0.1")),
    ("number", {}, 7, Decimal(7)),
    ("number", {"decimalDigits": 2}, "3.100", Decimal("3.1")),
    ("datetime", {}, "2026-03-11", date(2026, 3, 11)),
    ("datetime", {}, "2026年3月1日", date(2026, 3, 1)),
    ("datetime", {}, date(2026, 3, 11), date(2026, 3, 11)),
    ("datetime", {"subtype": "time"}, "9:05", time(9, 5)),
    ("datetime", {"subtype": "datetime"}, "2026-03-11T14:30", datetime(2026, 3, 11, 14, 30, tzinfo=SHANGHAI)),
    (
        "datetime",
        {"subtype": "datetime"},
        "2026-03-11T06:30:00Z",
        datetime(2026, 3, 11, 14, 30, tzinfo=SHANGHAI),
    ),
    ("checkbox", {}, "on", True),
    ("checkbox", {}, False, False),
    ("checkbox", {}, None, False),
    ("radio", {"values": options("x", "y")}, "y", "y"),
    ("select", {"values": options(1, 2)}, "2", Decimal(2)),
    ("select", {"values": options(1, 2)}, 2.0, Decimal(2)),
    ("checklist", {"values": options("x", "y")}, ["y", "x", "y"], ["y", "x"]),
    ("taglist", {"values": options("x", "y")}, "x", ["x"]),
    ("checklist", {"values": options("x", "y")}, None, []),
    ("filepicker", {}, "f1", ["f1"]),
    ("filepicker", {"multiple": True, "accept": ".pdf,image/*"}, ["f1", "f2"], ["f1", "f2"]),
    ("uscc", {}, "9144 1802 ma4x1q2t0k", USCC),
    ("uscc", {}, "\u200b91441802MA5A0B1CXQ", "91441802MA5A0B1CXQ"),
    ("cn-phone", {}, "+86 138-0013-8000", "13800138000"),
    ("cn-phone", {}, "0763 - 3361234", "0763-3361234"),
    ("cn-phone", {}, "07633361234转801", "0763-3361234-801"),
    ("cn-phone", {}, "400-810-0000", "4008100000"),
    ("cn-id", {}, "11010519491231002x", "11010519491231002X"),
    ("department", {}, "fgj", "fgj"),
    ("department", {"multiple": True}, ["zjj", "fgj"], ["zjj", "fgj"]),
    ("officer", {"department": "fgj"}, "u2", "u2"),
    ("officer", {"department": '= "f" + "gj"'}, "u1", "u1"),
    ("enterprise", {}, USCC, USCC),
    ("satisfaction", {}, "非常不满意", "非常不满意"),
    ("textfield", {}, "", None),
    ("number", {}, "  ", None),
    ("textfield", {}, None, None),
]


@pytest.mark.parametrize(("type", "rest", "raw", "value"), CLEAN)
def test_a_right_answer_becomes_its_clean_value(type, rest, raw, value):
    got = check(one(type, **rest), {"a": raw})["a"]
    assert got == value
    assert isinstance(got, value.__class__)


@pytest.mark.parametrize(("type", "rest", "raw", "value"), CLEAN)
def test_a_clean_value_stays_as_it_is(type, rest, raw, value):
    assert check(one(type, **rest), {"a": value})["a"] == value


WRONG = [
    ("textfield", {}, ["x"], "forms.not_text"),
    ("textfield", {}, True, "forms.not_text"),
    ("textfield", {}, "a\0b", "forms.bad_characters"),
    ("textfield", {}, "a\ud800", "forms.bad_characters"),
    ("textfield", {}, "长" * 501, "forms.too_long"),
    ("textfield", {"validate": {"maxLength": 2}}, "三个字", "forms.too_long"),
    ("textarea", {"validate": {"minLength": 5}}, "三个字", "forms.too_short"),
    ("textfield", {"validate": {"pattern": "[0-9]{6}"}}, "1234567", "forms.pattern"),
    ("textfield", {"validate": {"pattern": "x", "patternMessage": "要 x"}}, "y", "forms.pattern_said"),
    ("textfield", {"validate": {"validationType": "email"}}, "wang@cn", "forms.not_email"),
    ("textfield", {"validate": {"validationType": "phone"}}, "123", "forms.not_phone"),
    ("number", {}, "一百", "forms.not_number"),
    ("number", {}, "1e5", "forms.not_number"),
    ("number", {}, "12,34", "forms.not_number"),
    ("number", {}, float("nan"), "forms.not_number"),
    ("number", {}, True, "forms.not_number"),
    ("number", {}, "9" * 40, "forms.not_number"),
    ("number", {}, "1" * 25 + "." + "1" * 25, "forms.not_number"),
    ("number", {"decimalDigits": 2}, "1.234", "forms.digits"),
    ("number", {"validate": {"min": 1}}, 0, "forms.too_small"),
    ("number", {"validate": {"max": "= 2 * 3"}}, 7, "forms.too_large"),
    ("datetime", {}, "2026-02-30", "forms.not_date"),
    ("datetime", {}, "20260311", "forms.not_date"),
    ("datetime", {}, "0026-03-11", "forms.year"),
    ("datetime", {}, 5, "forms.not_date"),
    ("datetime", {"subtype": "time"}, "25:00", "forms.not_time"),
    ("datetime", {"subtype": "datetime"}, "2026-03-11", "forms.not_datetime"),
    ("datetime", {"subtype": "datetime"}, "0001-01-01T00:00:00+14:00", "forms.not_datetime"),
    ("datetime", {"disallowPassedDates": True}, "2026-03-10", "forms.passed"),
    ("datetime", {"validate": {"min": "2026-04-01"}}, "2026-03-31", "forms.too_early"),
    (
        "datetime",
        {"subtype": "datetime", "validate": {"max": "2026-04-01"}},
        "2026-04-02T00:00",
        "forms.too_late",
    ),
    ("checkbox", {}, "perhaps", "forms.not_boolean"),
    ("radio", {"values": options("x")}, "z", "forms.not_an_option"),
    ("radio", {"values": options("x")}, ["x"], "forms.not_an_option"),
    ("select", {"values": options(1)}, True, "forms.not_an_option"),
    ("checklist", {"values": options("x")}, ["x", "z"], "forms.not_an_option"),
    ("checklist", {"values": options("x"), "validate": {"minItems": 2}}, ["x"], "forms.too_few"),
    (
        "taglist",
        {"values": options("x", "y"), "validate": {"maxItems": 1}},
        ["x", "y"],
        "forms.too_many_items",
    ),
    ("filepicker", {}, ["f1", "f2"], "forms.too_many_items"),
    ("filepicker", {}, ["f9"], "forms.no_such_file"),
    ("filepicker", {"accept": ".pdf"}, ["f2"], "forms.file_not_accepted"),
    ("uscc", {}, "91441802MA4X1Q2T0L", "uscc.check"),
    ("cn-phone", {}, "12800138000", "forms.not_phone"),
    ("cn-phone", {"subtype": "mobile"}, "0763-3361234", "forms.not_mobile"),
    ("cn-id", {}, "110105194912310021", "forms.not_identity"),
    ("cn-id", {}, "11010519491331002X", "forms.not_identity"),
    ("department", {}, "none", "forms.not_an_option"),
    ("officer", {"department": "zjj"}, "u1", "forms.not_an_option"),
    ("enterprise", {}, "91371082MA3T7H9K4N", "forms.no_such_enterprise"),
    ("satisfaction", {}, "一般", "forms.not_an_option"),
]


@pytest.mark.parametrize(("type", "rest", "raw", "code"), WRONG)
def test_a_wrong_answer_is_refused_with_its_reason(type, rest, raw, code):
    assert problems(one(type, **rest), {"a": raw}) == {"a": code}


@pytest.mark.parametrize(
    ("type", "rest", "code"),
    [
        ("textfield", {}, "forms.required"),
        ("number", {}, "forms.required"),
        ("checkbox", {}, "forms.required_tick"),
        ("radio", {"values": options("x")}, "forms.required_choice"),
        ("checklist", {"values": options("x")}, "forms.required_choice"),
        ("filepicker", {}, "forms.required_file"),
        ("satisfaction", {}, "forms.required_choice"),
        ("uscc", {}, "forms.required"),
    ],
)
@pytest.mark.parametrize("blank", [None, "", " \u3000", "\u200b", [], [""]])
def test_blank_counts_as_missing_before_required(type, rest, code, blank):
    required = one(type, validate={"required": True}, **rest)
    assert problems(required, {"a": blank}) == {"a": code}
    assert problems(required, {}) == {"a": code}


def test_a_box_that_must_be_ticked_is_not_satisfied_by_a_no():
    assert problems(one("checkbox", validate={"required": True}), {"a": False}) == {
        "a": "forms.required_tick"
    }


def test_options_can_come_from_the_case():
    picking = one("select", valuesExpression="= [{label: n, value: c}]")
    assert check(picking, {"a": "7"}, {"n": "七", "c": 7}) == {"a": Decimal(7)}
    assert problems(picking, {"a": "8"}, {"n": "七", "c": 7}) == {"a": "forms.not_an_option"}


def test_a_sentence_speaks_the_readers_language():
    english = form(
        field("textfield", "a", "标题", validate={"required": True}, properties={"label_en": "Title"})
    )
    with pytest.raises(Invalid) as error:
        check(english, {})
    (problem,) = error.value.problems
    assert problem.say("zh") == "请填写“标题”。"
    assert problem.say("en") == "Fill in “Title”."


def test_the_files_own_sentence_about_a_pattern_is_used():
    coded = one(
        "textfield",
        validate={"pattern": "[0-9]{6}", "patternMessage": "请填 6 位邮编"},
        properties={"patternMessage_en": "Enter the 6 digits"},
    )
    with pytest.raises(Invalid) as error:
        check(coded, {"a": "1"})
    (problem,) = error.value.problems
    assert (problem.say("zh"), problem.say("en")) == ("请填 6 位邮编", "Enter the 6 digits")


def test_a_pattern_takes_linear_time_whatever_it_is():
    slow = one("textarea", validate={"pattern": "(a+)+b"})
    assert problems(slow, {"a": "a" * 20_000}) == {"a": "forms.pattern"}


MATERIALS = [
    {"value": "licence", "label": "营业执照", "core": True},
    {"value": "plan", "label": "总平面图", "tolerable": True},
]


def test_each_material_is_listed_with_its_marks_and_its_state():
    listed = one("materials", values=MATERIALS)
    rows = check(listed, {"a": [{"code": "licence", "files": ["f1"]}]})["a"]
    assert rows == [
        {
            "code": "licence",
            "name": "营业执照",
            "core": True,
            "tolerable": False,
            "state": "齐全",
            "files": ["f1"],
        },
        {"code": "plan", "name": "总平面图", "core": False, "tolerable": True, "state": "缺件", "files": []},
    ]
    assert check(listed, {"a": rows})["a"] == rows


def test_what_is_wrong_with_a_material_is_said_at_its_row():
    listed = one("materials", values=MATERIALS, validate={"required": True})
    sent = [{"code": "plan", "state": "也许"}, {"code": "gift"}, {"code": "licence", "files": ["f9"]}, 5]
    assert problems(listed, {"a": sent}) == {
        "a[0].state": "forms.not_an_option",
        "a[1].code": "forms.no_such_material",
        "a[2].files": "forms.no_such_file",
        "a[3]": "forms.not_an_object",
    }
    assert problems(listed, {}) == {"a[0].state": "forms.material_open", "a[1].state": "forms.material_open"}
