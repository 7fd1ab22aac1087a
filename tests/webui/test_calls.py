"""A case that is within a called process: its task, its page, its picture, its deadlines."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from engine.repository import deploy
from tests.bpmn.drawing import call, properties
from tests.runtime.small import FORM, form, small, task
from tests.webui.webui_driver import Browser

Someone = Callable[[str], Browser]
STATUS = f"<b:extensionElements>{properties(status='会诊中')}</b:extensionElements>"
SHOWN = {
    **json.loads(form("topic", "advice")),
    "components": [
        {"type": "textfield", "id": "f1", "key": "topic", "label": "议题", "readonly": True},
        {"type": "textfield", "id": "f2", "key": "advice", "label": "意见"},
    ],
}


@pytest.fixture
def case(app: Flask, someone: Someone) -> str:
    """The id of a case that has come to the called process's task."""
    consult = small(
        "s>u1>e",
        {
            "s": "<b:startEvent id='s' camunda:formKey='consult/ask'/>",
            "u1": task("u1", STATUS).replace(FORM, "consult/advise").replace("name='u1'", "name='出具意见'"),
        },
        key="consult",
        said={"title": "= topic"},
        forms={"consult/ask": form("topic"), "consult/advise": json.dumps(SHOWN).encode()},
    )
    own = {"k1": call("k1", "consult", "note>topic answer<advice", attributes="name='会诊'")}
    caller = small("s>k1>u1>e", own, forms={FORM: form("note")})
    engine = app.extensions["zhiban"]
    for bundle in (consult, caller):
        with engine.writing() as connection:
            now = engine.clock.now()
            deploy(connection, bundle, operations=engine.operations, actor="system", now=now)
    browser = someone("platform").open("/start/small").send({"note": "道路积水"})
    assert browser.status == 200, browser.text
    with engine.reading() as connection:
        return str(connection.exec_driver_sql("SELECT id FROM cases").scalar_one())


def test_the_pages_show_the_called_processs_task_by_its_name(someone: Someone, case: str) -> None:
    browser = someone("platform").open(f"/cases/{case}")
    assert browser.status == 200 and "出具意见" in browser.text and "会诊中" in browser.text
    assert "k1/u1" not in browser.text
    state = browser.client.get(f"/cases/{case}/diagram.json").get_json()
    assert state["now"] == ["k1"] and state["done"] == ["s"] and set(state["stayed"]) == {"k1"}


def test_its_form_shows_what_was_passed_and_leads_back_to_the_caller(someone: Someone, case: str) -> None:
    browser = someone("platform").open(f"/cases/{case}")
    browser.open(browser.links("/tasks/")[0]).send(to="/claim")
    assert "道路积水" in browser.text
    browser.send({"advice": "尽快疏通"})
    browser.open(f"/cases/{case}")
    for word in ("尽快疏通", "出具意见", "正在：u1"):
        assert word in browser.text, word
    state = browser.client.get(f"/cases/{case}/diagram.json").get_json()
    assert state["now"] == ["u1"] and {"s", "k1"} <= set(state["done"])
