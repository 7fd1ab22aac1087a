"""Deploying a bundle: who may, what is refused and why."""

from io import BytesIO
from typing import Any

from tests.webui.api.api_driver import Answer, Caller
from tests.webui.api.conftest import BUNDLE, Login


def parts(diagram: bytes = BUNDLE.diagram, **more: Any) -> dict[str, Any]:
    return {
        "bpmn": (BytesIO(diagram), "appeal.bpmn"),
        "dmn": [(BytesIO(content), name) for name, content in BUNDLE.decisions.items()],
        "forms": [(BytesIO(content), f"{key}.json") for key, content in BUNDLE.forms.items()],
        **more,
    }


def send(caller: Caller, content: dict[str, Any], key: str | None = None) -> Answer:
    return caller.post("/definitions", key=key, data=content)


def test_unchanged_content_keeps_its_version_and_changed_content_gets_the_next(login: Login) -> None:
    analyst = login("analyst")
    same = send(analyst, parts())
    assert (same.status, same["version"], same["unchanged"]) == (201, 1, True)
    changed = send(
        analyst, parts(BUNDLE.diagram.replace("企业诉求办理".encode(), "企业诉求".encode())), key="d"
    )
    assert (changed["key"], changed["version"], changed["unchanged"]) == ("appeal", 2, False)
    assert login("jingmi").get("/definitions/appeal")["name"] == "企业诉求"
    assert login("administrator").get("/definitions/appeal/diagram", version=1).data == BUNDLE.diagram


def test_a_form_without_a_folder_takes_the_diagrams_name(login: Login) -> None:
    forms = [
        (BytesIO(content), f"{key}.json".removeprefix("appeal/")) for key, content in BUNDLE.forms.items()
    ]
    assert send(login("analyst"), parts(forms=forms))["unchanged"] is True


def test_each_problem_of_a_diagram_is_told_with_element_name_line_and_mend(login: Login) -> None:
    broken = BUNDLE.diagram.replace(b'camunda:formKey="appeal/triage"', b'camunda:formKey="appeal/none"')
    answer = send(login("analyst", "en"), parts(broken))
    assert (answer.status, answer["code"]) == (422, "repository.refused")
    problem = next(p for p in answer["problems"] if p["where"] == "triage")
    assert problem["name"] == "研判派发" and problem["line"] > 0 and problem["code"] == "lint.form-unknown"
    assert "appeal/none" in problem["detail"]
    assert login("analyst").get("/definitions")["items"][0]["version"] == 1


def test_only_analysts_and_administrators_deploy(login: Login) -> None:
    for username in ("jingmi", "platform", "leader", "auditor"):
        answer = send(login(username, "en"), parts())
        assert (answer.status, answer["code"]) == (403, "api.not_for_you")
        assert "Process analyst" in answer["detail"]


def test_whatever_is_sent_as_a_bundle_is_refused_with_a_sentence(login: Login) -> None:
    analyst = login("analyst")
    for diagram in (b"", b"\0", b"<a/>", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"):
        answer = send(analyst, parts(diagram))
        assert answer.status == 422 and answer["problems"], answer.body
    assert send(analyst, parts(dmn=[(BytesIO(b"<no/>"), "x.dmn")])).status == 422
    assert send(analyst, parts(forms=[(BytesIO(b"{"), "appeal/submit.json")])).status == 422
    assert send(analyst, parts(forms=[(BytesIO(b"{}"), "../../etc/x.json")])).wheres == {"forms"}
    assert send(analyst, {"forms": (BytesIO(b"{}"), "a.json")}).wheres == {"bpmn"}
