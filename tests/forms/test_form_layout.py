"""Prefill and layout: what is drawn comes back as it was."""

from datetime import date, datetime, time
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI
from engine.errors import Invalid
from tests.forms.form_builders import NOW, USCC, Host, check, field, form, options, post

INSIDE = [field("textfield", "name", validate={"required": True}), field("datetime", "day")]
EVERYTHING = form(
    field("textfield", "title"),
    field("textarea", "story"),
    field("number", "amount"),
    field("datetime", "day"),
    field("datetime", "clock", subtype="time"),
    field("datetime", "moment", subtype="datetime"),
    field("checkbox", "secret"),
    field("radio", "channel", values=options("网页", "电话")),
    field("select", "level", values=options(1, 2, 3)),
    field("checklist", "tags", values=options("a", "b", "c")),
    field("taglist", "topics", values=options("x", "y")),
    field("filepicker", "papers", multiple=True),
    field("uscc", "uscc"),
    field("cn-phone", "phone"),
    field("cn-id", "person"),
    field("department", "department"),
    field("department", "others", multiple=True),
    field("officer", "officer", department="= department"),
    field("enterprise", "firm"),
    field("satisfaction", "satisfaction"),
    field("materials", "materials", values=[{"value": "m", "label": "执照", "core": True}]),
    {"type": "group", "label": "无路径", "components": [field("textfield", "remark")]},
    {"type": "group", "path": "address", "label": "地址", "components": [field("textfield", "street")]},
    {"type": "dynamiclist", "path": "people", "label": "人员", "components": INSIDE},
    {"type": "separator"},
    {"type": "text", "text": "说明"},
)
material = {"code": "m", "name": "执照", "core": True, "tolerable": False}
line = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
maybe = lambda strategy: st.none() | strategy  # noqa: E731
values = st.fixed_dictionaries(
    {
        "title": maybe(line),
        "story": maybe(st.lists(line, min_size=1).map("\n".join)),
        "amount": maybe(st.decimals(-(10**12), 10**12, places=4)),
        "day": maybe(days),
        "clock": maybe(st.times().map(lambda t: t.replace(microsecond=0))),
        "moment": maybe(
            st.datetimes(datetime(1992, 1, 1), datetime(2199, 1, 1)).map(lambda d: d.replace(tzinfo=SHANGHAI))
        ),
        "secret": st.booleans(),
        "channel": maybe(st.sampled_from(["网页", "电话"])),
        "level": maybe(st.sampled_from([Decimal(1), Decimal(3)])),
        "tags": st.sets(st.sampled_from("abc")).map(sorted),
        "topics": st.sets(st.sampled_from("xy")).map(sorted),
        "papers": st.sets(st.sampled_from(["f1", "f2"])).map(sorted),
        "uscc": maybe(st.just(USCC)),
        "phone": maybe(st.sampled_from(["13800138000", "0763-3361234-801"])),
        "person": maybe(st.just("11010519491231002X")),
        "department": st.just("fgj"),
        "others": st.sets(st.sampled_from(["fgj", "zjj"])).map(sorted),
        "officer": maybe(st.sampled_from(["u1", "u2"])),
        "firm": maybe(st.just(USCC)),
        "satisfaction": maybe(st.sampled_from(["满意", "非常不满意"])),
        "materials": st.sampled_from(["齐全", "缺件"]).map(
            lambda s: [{**material, "state": s, "files": ["f1"]}]
        ),
        "remark": maybe(line),
        "address": st.fixed_dictionaries({"street": maybe(line)}),
        "people": st.lists(st.fixed_dictionaries({"name": line, "day": maybe(days)}), max_size=3),
    }
)


@given(values)
def test_what_is_prefilled_and_sent_back_unchanged_is_unchanged(given_values):
    shown = EVERYTHING.layout(EVERYTHING.prefill(given_values), given_values, Host())
    assert check(EVERYTHING, post(shown), given_values) == given_values


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["code", "name", "state", "files", "street"]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON | st.dictionaries(st.sampled_from(sorted(EVERYTHING.keys())), JSON))
def test_no_json_breaks_the_validation_or_the_layout(data):
    try:
        check(EVERYTHING, data)
    except Invalid as error:
        assert error.problems
        for problem in error.problems:
            assert problem.say("zh").encode() and problem.say("en").encode()
            assert problem.where.encode() is not None
        EVERYTHING.layout(data if isinstance(data, dict) else {}, {}, Host(), "en", problems=error.problems)


def view(views, name):
    for one in views:
        if one.name == name:
            return one
        found = view(one.children, name)
        if found is not None:
            return found
    return None


def test_a_default_is_shown_until_the_case_has_a_value():
    defaulted = form(
        field("number", "a", defaultValue=3),
        field("datetime", "b", defaultValue="= today()"),
        field("textfield", "c", defaultValue="= a", properties={"prefill": "false"}),
        {
            "type": "dynamiclist",
            "path": "d",
            "label": "行",
            "components": [field("textfield", "x", defaultValue="1")],
        },
    )
    first = defaulted.prefill({}, now=NOW)
    assert first == {"a": 3, "b": date(2026, 3, 11), "c": None, "d": [{"x": "1"}]}
    again = defaulted.prefill({"a": Decimal(5), "c": "旧", "d": []}, now=NOW)
    assert (again["a"], again["c"], again["d"]) == (5, None, [])


def test_what_was_typed_is_shown_again_beside_its_mistake():
    typed = form(
        field("number", "a"), {"type": "dynamiclist", "path": "p", "label": "人员", "components": INSIDE}
    )
    sent = {"a": "很多", "p[4].name": "", "p[4].day": "某天"}
    try:
        check(typed, sent)
    except Invalid as error:
        problems = error.problems
    views = typed.layout(typed.entered(sent), {}, Host(), problems=problems)
    assert view(views, "a").value == "很多" and "数字" in view(views, "a").error
    assert view(views, "p[0].day").value == "某天" and view(views, "p[0].name").error


def test_a_view_tells_the_page_what_to_draw():
    drawn = form(
        field("checkbox", "urgent"),
        field(
            "textarea",
            "why",
            conditional={"hide": "= not(urgent)"},
            validate={"required": True, "maxLength": 9},
        ),
        field("number", "n", decimalDigits=2, validate={"min": 0, "max": "= budget"}),
        field("datetime", "d", subtype="datetime"),
        field("cn-phone", "tel", properties={"label_en": "Phone"}),
        field("department", "others", multiple=True),
        {"type": "text", "text": '= "您好，" + who'},
    )
    variables = {"budget": 100, "who": "张三", "others": ["zjj"]}
    views = drawn.layout(drawn.prefill(variables), variables, Host(), "en")
    assert view(views, "urgent").refreshes and not view(views, "why").refreshes
    assert view(views, "why").hidden and view(views, "why").maxlength == 9
    n = view(views, "n")
    assert (n.step, n.min, n.max, n.inputmode) == ("0.01", "0", "100", "decimal")
    assert view(views, "d").widget == "datetime-local"
    assert (view(views, "tel").label, view(views, "tel").autocomplete) == ("Phone", "tel")
    assert [(o.value, o.selected) for o in view(views, "others").options] == [("fgj", False), ("zjj", True)]
    assert views[-1].text == "您好，张三"
    assert not view(drawn.layout({"urgent": "on"}, variables, Host()), "why").hidden


def test_a_list_shows_as_many_items_as_it_needs_and_a_template_for_more():
    rows = {"type": "dynamiclist", "path": "p", "label": "人员", "components": INSIDE}
    (needed,) = form({**rows, "validate": {"minItems": 2}}).layout({}, {}, Host())
    assert [item.name for item in needed.children] == ["p[0]", "p[1]"] and needed.growing
    assert needed.template.children[0].name == "p[__index__].name"
    (fixed,) = form({**rows, "allowAddRemove": False, "defaultRepetitions": 3}).layout({}, {}, Host())
    assert len(fixed.children) == 3 and fixed.template is None and not fixed.growing


def test_a_readonly_field_shows_the_servers_value_whatever_was_sent():
    shown = form(field("textfield", "a", readonly=True))
    (one,) = shown.layout({"a": "forged"}, {"a": "真"}, Host())
    assert (one.value, one.readonly) == ("真", True)


def test_conditions_see_a_section_as_one_context():
    section = {
        "type": "group",
        "path": "address",
        "label": "地址",
        "components": [field("textfield", "city")],
    }
    asked = form(section, field("textfield", "why", conditional={"hide": '= address.city = "清远"'}))
    assert view(asked.layout({"address": {"city": "清远"}}, {}, Host()), "why").hidden
    assert check(asked, {"address": {"city": "清远"}, "why": "x"}) == {"address": {"city": "清远"}}


def test_times_are_drawn_as_html_inputs_take_them():
    drawn = form(field("datetime", "t", subtype="time"), field("datetime", "m", subtype="datetime"))
    views = drawn.layout({"t": time(9, 5), "m": datetime(2026, 3, 11, 6, 30, tzinfo=NOW.tzinfo)}, {}, Host())
    assert [one.value for one in views] == ["09:05", "2026-03-11T14:30"]
