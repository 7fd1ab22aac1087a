"""Every kind of field is drawn, comes back as it was, and can be filled in without a script."""

import json
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from flask import Flask, g, render_template_string

from engine import forms
from webui.pages import filling
from webui.present.answers import answers

PAGE = (
    "{% from 'macros/form.html' import fields with context %}"
    "<form method='post'>{{ fields(views, '/here') }}</form>"
)


def choice(kind: str, key: str, label: str, **words: str) -> dict[str, Any]:
    """A component that offers `words`: value -> label."""
    values = [{"value": value, "label": text} for value, text in words.items()]
    return {"type": kind, "key": key, "label": label, "values": values}


NAME = {"type": "textfield", "key": "name", "label": "名称", "validate": {"required": True, "maxLength": 20}}
AMOUNT = {"type": "number", "key": "amount", "label": "金额", "layout": {"columns": 8}}
WHO = {"type": "textfield", "key": "who", "label": "姓名", "validate": {"required": True}}
COMPONENTS: list[dict[str, Any]] = [
    {"type": "text", "text": "请如实填写。"},
    {"type": "group", "label": "基本情况", "components": [NAME, AMOUNT]},
    {"type": "separator"},
    {"type": "cn-phone", "key": "phone", "label": "手机"},
    {"type": "datetime", "subtype": "date", "key": "day", "label": "日期"},
    {"type": "datetime", "subtype": "datetime", "key": "moment", "label": "时间"},
    {"type": "textarea", "key": "story", "label": "经过"},
    {"type": "checkbox", "key": "agreed", "label": "同意"},
    choice("radio", "size", "规模", 大="大型", 小="小型"),
    choice("checklist", "wishes", "诉求", 税="税费", 地="用地"),
    choice("taglist", "marks", "标签", 急="急", 缓="缓"),
    choice("select", "park", "园区", 东="东区"),
    {"type": "filepicker", "key": "papers", "label": "附件", "multiple": True},
    {"type": "dynamiclist", "path": "people", "label": "联系人", "components": [WHO]},
    {
        **choice("materials", "materials", "材料", license="营业执照", map="平面图"),
        "values": [
            {"value": "license", "label": "营业执照", "core": True},
            {"value": "map", "label": "平面图", "tolerable": True},
        ],
    },
]
FORM = forms.read(json.dumps({"type": "default", "title": "全部", "components": COMPONENTS}), "tests/all")
VALUES: dict[str, Any] = {
    "name": "晶密",
    "amount": "12.50",
    "phone": "13800000001",
    "day": "2026-03-11",
    "moment": "2026-03-11T09:30",
    "story": "第一行\n第二行",
    "agreed": "true",
    "size": "小",
    "wishes": ["税", "地"],
    "marks": ["急"],
    "park": "东",
    "papers": [],
    "people": [{"who": "罗婷"}, {"who": "罗文"}],
    "materials": [
        {"code": "license", "state": "齐全", "files": []},
        {"code": "map", "state": "缺件", "files": []},
    ],
}


@pytest.fixture
def request_of(app: Flask) -> Iterator[Any]:
    """A request's context in which a form was sent: `request_of(**data)`."""
    contexts = []

    def enter(**data: Any) -> None:
        context = app.test_request_context("/here", method="POST", data=data)
        context.push()
        g.actor = None
        contexts.append(context)

    yield enter
    for context in reversed(contexts):
        context.pop()


def drawn(values: dict[str, Any], problems: tuple[Any, ...] = ()) -> Any:
    views = FORM.layout(values, {}, problems=problems)
    return lxml.html.fromstring(render_template_string(PAGE, views=views))


def sent(form: Any) -> dict[str, list[str]]:
    """What a browser would send of the drawn form."""
    found: dict[str, list[str]] = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value.removeprefix("\n"))
    return found


def test_what_is_drawn_comes_back_as_it_was(request_of: Any) -> None:
    request_of()
    returned = sent(drawn(VALUES))
    request_of(**returned)
    entered, problems = filling.receive(None, FORM)  # type: ignore[arg-type]  # no upload, so no row is written
    assert entered == VALUES and problems == []


def test_every_field_has_a_label_or_a_legend(request_of: Any) -> None:
    request_of()
    form = drawn(VALUES)
    for field in form.xpath(".//input[not(@type='hidden')] | .//select | .//textarea"):
        assert form.xpath(f".//label[@for='{field.get('id')}']"), field.get("name")
    ids = form.xpath(".//@id")
    assert len(ids) == len(set(ids))


def test_optional_fields_say_so_and_required_ones_do_not(request_of: Any) -> None:
    request_of()
    labels = {label.get("for"): label.text_content() for label in drawn({}).xpath(".//label")}
    assert "选填" not in labels["f-name"] and "选填" in labels["f-story"]


def test_an_item_is_added_and_removed_by_plain_buttons(request_of: Any) -> None:
    request_of()
    returned = sent(drawn(VALUES))
    request_of(**returned, _add="people")
    grown, _problems = filling.receive(None, FORM)  # type: ignore[arg-type]
    assert grown["people"] == [{"who": "罗婷"}, {"who": "罗文"}, {}]
    assert len(drawn(grown).xpath(".//button[@name='_remove']")) == 3
    request_of(**returned, _remove="people[0]")
    shrunk, _problems = filling.receive(None, FORM)  # type: ignore[arg-type]
    assert shrunk["people"] == [{"who": "罗文"}]


@pytest.mark.parametrize(
    "path", ["", "nothing", "people[9].who", "people[x]", "name", "people.who.more", "[", "a" * 500]
)
def test_a_path_that_leads_nowhere_adds_nothing(request_of: Any, path: str) -> None:
    request_of(name="晶密", _add=path)
    entered, _problems = filling.receive(None, FORM)  # type: ignore[arg-type]
    assert entered["people"] == []


def test_a_mistake_stands_at_its_field_and_the_summary_leads_there(request_of: Any) -> None:
    request_of()
    try:
        FORM.validate({**VALUES, "name": "", "people": [{"who": ""}, {"who": "x"}]}, variables={})
    except forms.messages.errors.Invalid as error:
        problems = error.problems
    form = drawn(VALUES, problems)
    for one in filling.told(problems):
        assert form.xpath(f".//*[@id='f-{one['where']}']"), one
    assert "请填写“名称”" in form.xpath(".//*[@id='f-name-error']")[0].text_content()


def test_what_somebody_typed_cannot_become_part_of_the_page(request_of: Any) -> None:
    request_of()
    evil = "</textarea><script>alert(1)</script>\"'"
    form = drawn({**VALUES, "name": evil, "story": evil, "people": [{"who": evil}]})
    assert not form.xpath(".//script")
    assert form.fields["name"] == evil and form.fields["people[0].who"] == evil


def test_answers_are_told_in_the_words_of_the_form(request_of: Any) -> None:
    request_of()
    told = {answer.label: answer.text for answer in answers(FORM.layout(VALUES, {}))}
    assert told["规模"] == "小型" and told["诉求"] == "税费、用地" and told["同意"] == "是"
    assert told["日期"] == "2026年3月11日" and told["时间"] == "2026年3月11日 09:30 周三"
    assert told["联系人 1"] == "罗婷" and told["联系人 2"] == "罗文"
    assert "附件" not in told


def test_answers_that_were_stored_by_the_engine_are_told_alike(request_of: Any) -> None:
    request_of()
    told = {
        a.label: a.text for a in answers(FORM.layout({"moment": "2026-03-11T09:30:00@Asia/Shanghai"}, {}))
    }
    assert told == {"时间": "2026年3月11日 09:30 周三"}
