"""Form files: what is wrong with one is told in one go, at its place, with how to mend it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import forms
from engine.errors import Invalid
from tests.forms.form_builders import field, file_problems, form, options, source

LIST = {"type": "dynamiclist", "path": "rows", "label": "行"}

WRONG = [
    (field("textfeild", "a"), "forms.unknown_type"),
    (field("html", "a"), "forms.unknown_type"),
    ({"key": "a", "label": "x"}, "forms.missing"),
    ({"type": "textfield", "label": "x"}, "forms.missing"),
    ({"type": "textfield", "key": "a"}, "forms.missing"),
    ({"type": "dynamiclist", "label": "x", "components": []}, "forms.missing"),
    ("x", "forms.wrong_kind"),
    (field("textfield", "case"), "forms.reserved_key"),
    (field("textfield", "item"), "forms.reserved_key"),
    (field("textfield", "_a"), "forms.reserved_key"),
    (field("textfield", "zhiban_x"), "forms.reserved_key"),
    (field("textfield", "a.b"), "forms.bad_key"),
    (field("textfield", "a b"), "forms.bad_key"),
    (field("textfield", "1a"), "forms.bad_key"),
    (field("textfield", "then"), "forms.bad_key"),
    ({**LIST, "components": [field("textfield", "task")]}, "forms.reserved_key"),
    (field("textfield", "a", validate={"pattern": "(?=x)"}), "forms.bad_pattern"),
    (field("textfield", "a", validate={"pattern": "[" * 50}), "forms.bad_pattern"),
    (field("textfield", "a", validate={"requried": True}), "forms.unknown_rule"),
    (field("textfield", "a", validate={"required": "maybe"}), "forms.wrong_kind"),
    (field("textfield", "a", validate={"minLength": -1}), "forms.wrong_kind"),
    (field("textfield", "a", validate={"minLength": 3, "maxLength": 2}), "forms.contradiction"),
    (field("number", "a", validate={"min": 3, "max": 2}), "forms.contradiction"),
    (field("number", "a", validate={"min": "soon"}), "forms.wrong_kind"),
    (field("datetime", "a", validate={"min": "soon"}), "forms.wrong_kind"),
    (field("datetime", "a", subtype="week"), "forms.unknown_subtype"),
    (field("textfield", "a", conditional={"hide": "b > 1"}), "forms.not_feel"),
    (field("textfield", "a", conditional={"hide": "= b >"}), "forms.bad_feel"),
    (field("textfield", "a", conditional={"hide": "= nosuch(1)"}), "forms.unknown_function"),
    (field("textfield", "a", conditional={"hide": "= a = 1"}), "forms.looks_ahead"),
    (field("select", "a"), "forms.no_values"),
    (field("select", "a", values=options("x", "x")), "forms.duplicate_value"),
    (field("select", "a", values=[{"label": "x"}]), "forms.missing"),
    (field("select", "a", values=["x"]), "forms.wrong_kind"),
    (field("materials", "a"), "forms.no_values"),
    (field("officer", "a"), "forms.missing"),
    (field("number", "a", defaultValue="many"), "forms.bad_default"),
    (field("select", "a", values=options("x"), defaultValue="y"), "forms.bad_default"),
    ({**LIST, "components": [field("textfield", "a", readonly=True)]}, "forms.readonly_in_list"),
    ({"type": "text", "text": "您好，{{name}}"}, "forms.template"),
]


@pytest.mark.parametrize(("component", "code"), WRONG)
def test_what_is_wrong_with_a_component_is_told(component, code):
    assert code in file_problems(source(component))


def test_every_problem_is_told_at_once_at_its_place():
    bad = source(
        field("textfield", "a"), field("oops", "b", label="标题"), field("textfield", "a", label="二")
    )
    with pytest.raises(Invalid) as error:
        forms.read(bad, "appeal/submit")
    told = {problem.where: problem.code for problem in error.value.problems}
    assert told == {
        "components[1] 标题 (b)": "forms.unknown_type",
        "components[2] 二 (a)": "forms.duplicate_key",
    }
    assert "appeal/submit" in error.value.say("zh") and "2" in error.value.say("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "forms.json"),
        ("{", "forms.json"),
        ("[1]", "forms.wrong_kind"),
        ('{"title": NaN}', "forms.json"),
        ("[" * 5000, "forms.json"),
        ('{"title": "a", "title": "b", "components": []}', "forms.twice"),
        (b"\xff\xfe", "forms.encoding"),
        ('{"title": "a"}', "forms.missing"),
        ('{"components": []}', "forms.missing"),
        ('{"title": "a", "components": {}}', "forms.missing"),
        (" " * 300_000, "forms.too_big"),
        (
            json.dumps({"title": "a", "components": [field("textfield", f"k{i}") for i in range(401)]}),
            "forms.too_many",
        ),
    ],
)
def test_a_file_that_is_no_form_is_refused(text, code):
    assert code in file_problems(text)


def test_groups_nest_only_so_deep():
    inner = field("textfield", "a")
    for _ in range(10):
        inner = {"type": "group", "label": "g", "components": [inner]}
    assert file_problems(source(inner)) == ["forms.too_deep"]


def test_a_condition_reads_only_what_stands_before_it():
    asks = field("textfield", "a", conditional={"hide": "= b"})
    assert file_problems(source(asks, field("checkbox", "b"))) == ["forms.looks_ahead"]
    assert file_problems(source(field("checkbox", "b"), asks)) == []
    inside = {**LIST, "components": [asks]}
    assert file_problems(source(inside, field("checkbox", "b"))) == ["forms.looks_ahead"]
    grouped = {"type": "group", "label": "g", "components": [field("checkbox", "b"), asks]}
    assert file_problems(source(grouped)) == []


def test_a_file_may_begin_with_a_byte_order_mark():
    assert forms.read(b"\xef\xbb\xbf" + source(field("textfield", "a")).encode(), "x").keys() == {"a"}


def test_what_the_editor_writes_beside_is_left_alone():
    extra = {"id": "Field_1", "layout": {"row": "Row_1", "columns": 8}, "properties": {"rows": "6"}}
    read = form(field("textarea", "a", **extra), schemaVersion=18, exporter={"name": "form-js"})
    (view,) = read.layout({}, {})
    assert (view.rows, view.columns) == (6, 8)


def test_a_folder_is_read_by_process_and_form(tmp_path):
    for name in ("appeal/submit", "records/policy"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.json").write_text(source(field("textfield", "a")), encoding="utf-8")
    assert sorted(forms.read_folder(tmp_path)) == ["appeal/submit", "records/policy"]
    (tmp_path / "appeal" / "bad.json").write_text(source(field("oops", "a")), encoding="utf-8")
    with pytest.raises(Invalid) as error:
        forms.read_folder(tmp_path)
    assert [problem.where for problem in error.value.problems] == ["appeal/bad.json components[0] 字段 (a)"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = "type key label validate values conditional properties layout readonly path components text accept"
COMPONENTS = st.recursive(
    st.dictionaries(
        st.sampled_from(
            [*NAMES.split(), "valuesExpression", "defaultValue", "subtype", "multiple", "department"]
        ),
        ANYTHING | st.sampled_from(["= a + 1", "x", "fgj"]),
        max_size=6,
    ),
    lambda inner: st.fixed_dictionaries(
        {"type": st.just("group"), "components": st.lists(inner, max_size=3)}
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(COMPONENTS, st.sampled_from(list(forms.model.TYPES))), max_size=4))
def test_no_file_breaks_the_reader(components):
    made = [{**one, "type": type} for one, type in components]
    try:
        forms.read(json.dumps({"title": "x", "components": made}), "x")
    except Invalid as error:
        assert error.problems
        for problem in error.problems:
            assert problem.say("zh") and problem.say("en")


@given(st.text() | st.binary())
def test_no_text_breaks_the_reader(text):
    with pytest.raises(Invalid):
        forms.read(text, "x")
