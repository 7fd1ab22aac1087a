"""Submitting: the form, its mistakes, its uploads, and the one case that comes of it."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from engine.clock import ControlledClock
from engine.forms.files import files
from engine.repository import Bundle, deploy
from engine.runtime.tables import cases
from tests.webui.webui_driver import APPEAL, JINGMI, Browser, upload

Someone = Callable[[str], Browser]


def count(app: Flask, table: sa.Table) -> int:
    with app.extensions["zhiban"].reading() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_an_enterprise_finds_its_own_record_in_the_form(someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    fields = browser.form().fields
    assert fields["uscc"] == JINGMI and fields["enterprise_name"] == "清远晶密电子有限公司"
    assert fields["phone"] == "13800000001" and fields["channel"] == "网页"


def test_an_officer_who_enters_a_call_gets_an_empty_form(someone: Someone) -> None:
    assert not someone("platform").open("/start/appeal").form().fields["uscc"]


def test_a_submission_is_answered_with_its_number(someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal").send(APPEAL)
    assert "SQ-20260309-0001" in browser.text and "已提交" in browser.text
    browser.open("/enterprise")
    assert "厂区门口道路长期积水" in browser.text and "待研判" in browser.text


def test_a_double_click_makes_one_case(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    form = browser.page
    first = browser.send(APPEAL).path
    browser.page = form
    second = browser.send(APPEAL).path
    assert first == second
    assert count(app, cases) == 1


def test_a_changed_form_under_a_used_token_is_refused_and_kept(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    form = browser.page
    browser.send(APPEAL)
    browser.page = form
    browser.send({**APPEAL, "title": "另一件事"})
    assert browser.status == 409
    assert browser.form().fields["title"] == "另一件事" and "提交过一次" in browser.text
    assert count(app, cases) == 1
    browser.send()
    assert count(app, cases) == 2


def test_who_goes_back_and_submits_the_same_again_is_led_to_the_first_case(
    app: Flask, someone: Someone, clock: ControlledClock
) -> None:
    browser = someone("jingmi").open("/start/appeal").send(APPEAL)
    first = browser.path
    browser.open("/start/appeal").send(APPEAL)
    assert browser.path == first and "没有重复立案" in browser.text
    assert count(app, cases) == 1
    browser.open("/start/appeal").send({**APPEAL, "content": "另一处也积水。"})
    assert browser.path != first and "没有重复立案" not in browser.text
    clock.move_to(clock.now() + timedelta(minutes=21))
    browser.open("/start/appeal").send(APPEAL)
    assert count(app, cases) == 3


def test_the_same_words_of_two_officers_are_two_cases(app: Flask, someone: Someone) -> None:
    for username in ("platform", "platform-2"):
        someone(username).open("/start/appeal").send(APPEAL)
    assert count(app, cases) == 2


def test_mistakes_are_listed_linked_and_nothing_typed_is_lost(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "phone": "138", "title": ""})
    assert browser.status == 422
    links = browser.page.tree.xpath("//*[@id='error-summary']//a/@href")
    ids = browser.page.tree.xpath("//@id")
    assert len(links) == 2 and all(link.removeprefix("#") in ids for link in links)
    assert browser.form().fields["phone"] == "138"
    assert browser.form().fields["content"].strip() == APPEAL["content"]
    assert "有误" in browser.title
    wrong = browser.page.tree.get_element_by_id("f-phone")
    assert wrong.get("aria-invalid") == "true" and "f-phone-error" in wrong.get("aria-describedby")
    browser.send({"phone": "13800000001", "title": "积水"})
    assert browser.path.startswith("/start/done/")
    assert count(app, cases) == 1


def test_a_field_appears_when_its_condition_holds_also_without_a_script(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    assert "urgent_reason" not in browser.form().fields
    browser.send({**APPEAL, "urgent": "true"}, press="_refresh")
    assert browser.status == 200 and "urgent_reason" in browser.form().fields
    assert browser.form().fields["title"] == APPEAL["title"]
    assert count(app, cases) == 0
    browser.send({"urgent_reason": "已停产两天"})
    assert browser.path.startswith("/start/done/")


def test_an_upload_is_attached_to_the_case(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "attachments": [upload("现场.pdf", b"%PDF-1.7\n%%EOF\n")]})
    assert browser.path.startswith("/start/done/"), browser.text
    case = browser.path.rsplit("/", 1)[-1]
    browser.open(f"/cases/{case}")
    assert "现场.pdf" in browser.text


def test_an_upload_survives_a_mistake_elsewhere(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "phone": "138", "attachments": [upload("现场.pdf", b"%PDF-1.7\n%%EOF\n")]})
    assert browser.status == 422 and "已上传：现场.pdf" in browser.text
    browser.send({"phone": "13800000001"})
    case = browser.path.rsplit("/", 1)[-1]
    assert "现场.pdf" in browser.open(f"/cases/{case}").text


def test_an_upload_that_is_not_what_it_says_is_refused_at_its_field(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "attachments": [upload("现场.pdf", b"MZ\x90\x00\x03\x00\x00\x00\xff\xff")]})
    assert browser.status == 422
    assert browser.page.tree.xpath("//*[@id='error-summary']//a/@href") == ["#f-attachments"]
    assert count(app, cases) == 0 and count(app, files) == 0


def test_an_enterprise_cannot_submit_for_another(app: Flask, someone: Someone) -> None:
    browser = someone("jingmi").open("/start/appeal")
    browser.send({**APPEAL, "uscc": "91441802MA5A0B1CXQ"})
    assert browser.status == 403
    assert count(app, cases) == 0


def test_what_may_not_be_started_has_no_form(someone: Someone) -> None:
    assert someone("housing-1").open("/start/appeal").status == 403
    assert someone("platform").open("/start/nothing").status == 403


def test_the_officers_list_of_what_can_be_started_leads_to_the_form(someone: Someone) -> None:
    browser = someone("platform").open("/start")
    assert browser.links("/start/appeal")


BARE = """<?xml version="1.0" encoding="UTF-8"?>
<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"
  xmlns:c="http://camunda.org/schema/1.0/bpmn">
  <b:process id="bare" name="约谈" isExecutable="true" c:candidateStarterGroups="enterprise,platform">
    <b:startEvent id="s"/><b:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
    <b:userTask id="t" name="安排" c:formKey="bare/when"
      c:candidateGroups="platform" c:dueDate="= workdays(1)"/>
    <b:sequenceFlow id="f2" sourceRef="t" targetRef="e"/><b:endEvent id="e"/>
  </b:process>
</b:definitions>""".encode()
WHEN = """{"type": "default", "id": "when", "title": "安排",
"components": [{"type": "textfield", "key": "at", "label": "at"}]}""".encode()


def test_a_process_that_asks_nothing_starts_with_a_bare_button(app: Flask, someone: Someone) -> None:
    engine = app.extensions["zhiban"]
    bundle, now = Bundle(BARE, {}, {"bare/when": WHEN}), engine.clock.now()
    with engine.writing() as connection:
        deploy(connection, bundle, operations=engine.operations, actor="system", now=now)
    assert someone("jingmi").open("/start/bare").status == 200  # whose case it is, only a form can say
    browser = someone("platform").open("/start/bare")
    assert browser.status == 200 and "约谈" in browser.text
    assert browser.send(press="_refresh").status == 200
    browser.send({"title": "没有问过"})
    assert browser.path.startswith("/start/done/"), browser.text
    assert count(app, cases) == 1
