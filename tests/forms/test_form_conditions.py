"""Conditions, readonly fields, groups and lists; web forms and JSON."""

import pytest
from werkzeug.datastructures import MultiDict

from engine import feel
from engine.errors import Invalid
from tests.forms.form_builders import Host, check, field, form, options, problems

SIGN = form(
    field("radio", "sign", values=options("签收", "退单"), validate={"required": True}),
    field("textarea", "reason", conditional={"hide": '= sign != "退单"'}, validate={"required": True}),
    field("textfield", "handler", conditional={"hide": '= sign = "退单"'}),
)


def test_a_hidden_required_field_is_not_required():
    assert check(SIGN, {"sign": "签收"}) == {"sign": "签收", "handler": None}


def test_what_was_sent_for_a_hidden_field_is_dropped():
    assert check(SIGN, {"sign": "签收", "reason": "没用"}) == {"sign": "签收", "handler": None}


def test_a_shown_required_field_is_required():
    assert problems(SIGN, {"sign": "退单"}) == {"reason": "forms.required"}


def test_a_condition_sees_what_was_entered_and_not_the_old_value():
    assert problems(SIGN, {"sign": "退单"}, {"sign": "签收"}) == {"reason": "forms.required"}


def test_a_condition_sees_the_cases_variables():
    asked = form(field("textfield", "a", conditional={"hide": "= round < 2"}))
    assert check(asked, {"a": "x"}, {"round": 1}) == {}
    assert check(asked, {"a": "x"}, {"round": 2}) == {"a": "x"}


def test_a_condition_on_a_missing_variable_shows_the_field():
    assert check(form(field("textfield", "a", conditional={"hide": "= round < 2"})), {"a": "x"}) == {"a": "x"}


def test_a_mistaken_or_hidden_field_counts_as_null_for_those_after_it():
    chained = form(
        field("number", "a"),
        field("textfield", "b", conditional={"hide": "= a = null"}, validate={"required": True}),
        field("textfield", "c", conditional={"hide": "= b = null"}, validate={"required": True}),
    )
    assert problems(chained, {"a": "many"}) == {"a": "forms.not_number"}
    assert problems(chained, {}, {"b": "old"}) == {}


def test_a_hidden_group_hides_what_it_holds():
    group = {"type": "group", "label": "理由", "conditional": {"hide": "= ok"}}
    grouped = form(
        field("checkbox", "ok"),
        {**group, "components": [field("textfield", "why", validate={"required": True})]},
    )
    assert check(grouped, {"ok": True, "why": "x"}) == {"ok": True}
    assert problems(grouped, {"ok": False}) == {"why": "forms.required"}


def test_a_readonly_field_keeps_the_servers_value():
    shown = form(field("textfield", "title", readonly=True), field("textfield", "note", readonly="= locked"))
    assert check(shown, {"title": "forged", "note": "forged"}, {"title": "原", "locked": True}) == {}
    assert check(shown, {"note": "new"}, {"locked": False}) == {"note": "new"}


def test_a_section_keeps_its_readonly_values_beside_what_was_entered():
    inside = [
        field("textfield", "city", readonly=True),
        field("textfield", "street", validate={"required": True}),
    ]
    section = form({"type": "group", "path": "address", "label": "地址", "components": inside})
    kept = {"address": {"city": "清远", "street": "旧路", "secret": 1}}
    assert check(section, {"address": {"city": "x", "street": "新路"}}, kept) == {
        "address": {"city": "清远", "street": "新路"}
    }
    assert problems(section, {"address": {}}) == {"address.street": "forms.required"}
    assert problems(section, {"address": 5}) == {"address": "forms.not_an_object"}


def people(**rest):
    name = field("textfield", "name", validate={"required": True})
    age = field("number", "age")
    guardian = field(
        "textfield", "guardian", conditional={"hide": "= age >= 18"}, validate={"required": True}
    )
    return form(
        {
            "type": "dynamiclist",
            "path": "people",
            "label": "人员",
            "components": [name, age, guardian],
            **rest,
        }
    )


def test_each_item_of_a_list_is_judged_by_itself():
    sent = {"people": [{"name": "张三", "age": 40}, {"name": "小李", "age": 8}, {"age": "x"}]}
    assert problems(people(), sent) == {
        "people[1].guardian": "forms.required",
        "people[2].name": "forms.required",
        "people[2].age": "forms.not_number",
        "people[2].guardian": "forms.required",
    }
    sent["people"] = sent["people"][:1]
    assert check(people(), sent) == {"people": [{"name": "张三", "age": 40}]}


def test_the_number_of_items_is_bounded():
    few = people(validate={"minItems": 1, "maxItems": 2})
    assert problems(few, {}) == {"people": "forms.too_few"}
    assert problems(few, {"people": [{}] * 3}) == {"people": "forms.too_many_items"}
    assert problems(people(), {"people": [{}] * 500}) == {"people": "forms.too_many_items"}
    assert problems(people(), {"people": "x"}) == {"people": "forms.not_a_list"}


def test_a_fixed_list_keeps_its_length_and_its_readonly_fields():
    inside = [
        field("textfield", "dept", readonly=True),
        field("textfield", "opinion", validate={"required": True}),
    ]
    fixed = form(
        {"type": "dynamiclist", "path": "o", "label": "意见", "allowAddRemove": False, "components": inside}
    )
    kept = {"o": [{"dept": "A"}, {"dept": "B"}]}
    sent = {"o": [{"opinion": "同意"}, {"opinion": "不", "dept": "C"}]}
    assert check(fixed, sent, kept) == {
        "o": [{"dept": "A", "opinion": "同意"}, {"dept": "B", "opinion": "不"}]
    }
    assert problems(fixed, {"o": [{"opinion": "x"}]}, kept) == {"o[1].opinion": "forms.required"}
    assert problems(fixed, {"o": [{}] * 3}, kept) == {"o": "forms.fixed_list"}
    web = MultiDict([("o[1].opinion", "仅第二行")])
    assert problems(fixed, web, kept) == {"o[0].opinion": "forms.required"}


WEB = {
    "people[0].name": "张三",
    "people[0].age": "40",
    "people[7].name": "李四",
    "people[7].age": "50",
    "csrf": "t",
}


@pytest.mark.parametrize("sent", [WEB, MultiDict(WEB), {k: [v] for k, v in WEB.items()}])
def test_a_web_form_names_items_by_index_and_may_send_more_than_the_form(sent):
    assert check(people(), sent) == {"people": [{"name": "张三", "age": 40}, {"name": "李四", "age": 50}]}


def test_a_wholly_blank_item_of_a_web_form_is_not_meant():
    sent = {"people[0].name": " ", "people[0].age": "", "people[1].name": "李四", "people[1].age": "50"}
    assert check(people(), sent) == {"people": [{"name": "李四", "age": 50}]}


def test_a_program_that_misspells_a_field_is_told():
    wrong = {"sign": "签收", "resaon": "x", "坏\ud800": 1}
    assert problems(SIGN, wrong) == {"resaon": "forms.unknown_field", "坏?": "forms.unknown_field"}
    assert problems(people(), {"people": [{"name": "a", "age": 30, "sex": 1}]}) == {
        "people[0].sex": "forms.unknown_field"
    }


@pytest.mark.parametrize("data", [None, [], "x", 5, True])
def test_what_is_no_object_is_refused(data):
    assert problems(SIGN, data) == {"": "forms.not_an_object"}


def test_a_plain_dictionary_can_be_declared_a_web_form():
    assert check(SIGN, {"sign": "签收", "button": "提交"}, web=True) == {"sign": "签收", "handler": None}


def test_every_mistake_is_told_at_once_in_the_forms_order():
    both = form(field("number", "b"), field("number", "a"))
    with pytest.raises(Invalid) as error:
        check(both, {"a": "x", "b": "y"})
    assert [problem.where for problem in error.value.problems] == ["b", "a"]
    assert "2" in error.value.say("zh")


def test_a_form_tells_which_variables_it_sets_and_reads():
    inside = [field("textfield", "x", conditional={"hide": "= y or z"}), field("textfield", "w")]
    told = form(
        field("textfield", "a", conditional={"hide": "= outer"}),
        field("textfield", "shown", readonly=True),
        field("number", "b", validate={"max": "= budget - reserve"}, conditional={"hide": "= a = null"}),
        {"type": "dynamiclist", "path": "rows", "label": "行", "components": inside},
        {"type": "text", "text": '= "您好，" + who'},
    )
    assert told.keys() == {"a", "b", "rows"}
    assert told.variables_read() == {"outer", "shown", "budget", "reserve", "y", "z", "who"}


def test_a_key_may_be_any_word_even_one_of_the_librarys():
    odd = form(
        *[field("textfield", key) for key in ("fields", "load", "Meta", "context", "opts", "诉求类型")]
    )
    sent = dict.fromkeys(odd.keys(), "x")
    assert check(odd, sent) == sent


def test_a_condition_may_use_the_hosts_functions():
    late = form(field("datetime", "d", validate={"max": "= next workday(today())"}))
    from_host = {"next workday": feel.Function("next workday", ("d",), lambda d: d.replace(day=12))}
    assert problems(late, {"d": "2026-03-13"}, functions=from_host) == {"d": "forms.too_late"}
    assert problems(late, {"d": "2026-03-12"}, functions=from_host) == {}


def test_the_hosts_answers_are_asked_for_this_reader():
    class Stranger(Host):
        def file(self, id):
            return None

    picker = form(field("filepicker", "a"))
    with pytest.raises(Invalid):
        picker.validate({"a": ["f1"]}, variables={}, choices=Stranger())
