"""Processes that call others: bound when they are deployed, and run as one case."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine import repository, runtime
from engine.errors import Invalid
from engine.repository.bundle import unpack
from engine.repository.tables import definitions
from engine.runtime.tables import tasks
from tests.bpmn.drawing import call, parameters, properties, service
from tests.bpmn.game import many
from tests.runtime.agreement import agree, intact
from tests.runtime.small import FORM, form, small, task
from tests.runtime.stage import Platform

MAPPING = "note>topic answer<advice"
OWN = {FORM: form("note")}
INNER = {"other/ask": form("topic"), "other/work": form("advice", "topic2")}


def other(ways: str = "s>u1>e", said: dict[str, str] | None = None, **forms: bytes) -> repository.Bundle:
    own = {
        "s": "<b:startEvent id='s' camunda:formKey='other/ask'/>",
        "u1": task("u1", _status("会诊中")).replace(FORM, "other/work").replace("name='u1'", "name='会诊'"),
        "t1": service("t1", extension=parameters(outputs={"seen": "= topic"})),
    }
    texts = {"title": "= topic", "department": "= topic", **(said or {})}
    if "u3" in ways:
        own["u3"] = task("u3").replace(FORM, "other/ask")
    return small(f"s>t1>{ways.removeprefix('s>')}", own, key="other", said=texts, forms={**INNER, **forms})


def _status(status: str) -> str:
    return f"<b:extensionElements>{properties(status=status)}</b:extensionElements>"


def caller(mapping: str = MAPPING, inner: str = "", key: str = "small") -> repository.Bundle:
    own = {"k1": call("k1", "other", mapping, inner, "name='上升'")}
    return small("s>u1>k1>u2>e", own, key=key, said={} if inner else {"department": "= answer"}, forms=OWN)


@pytest.fixture
def calling(platform: Platform) -> Platform:
    platform.deploy(other())
    platform.deploy(caller())
    return platform


def test_a_called_process_is_worked_on_in_the_case_that_called_it(calling: Platform) -> None:
    case_id = calling.start("platform", "small", note="first")
    for step in ({"note": "second"}, {"advice": "go on", "topic2": "x"}, {"note": "third"}):
        agree(calling.engine, case_id)
        calling.engine = calling.restarted()
        calling.complete(case_id, **step)
    case = calling.case(case_id)
    assert (case.state, case.title, case.department) == ("ended", "third", "go on")
    assert calling.variables(case_id) == {"note": "third", "answer": "go on"}
    intact(calling.engine)


def test_rows_and_history_name_what_the_called_process_did(calling: Platform) -> None:
    case_id = calling.start("platform", "small", note="first")
    calling.complete(case_id, note="second")
    row = calling.one(case_id)
    assert (row.element, row.name, row.status, row.form_key) == ("k1/u1", "会诊", "会诊中", "other/work")
    calling.complete(case_id, advice="go on")
    events = {(e.kind, e.element): e.data for e in calling.history(case_id) if e.kind == "variables.set"}
    (call_id,) = {data["call"] for (_, element), data in events.items() if element == "k1"}
    assert call_id and events["variables.set", ""] == {"values": {"answer": "go on"}}
    paths = [e.data["elements"] for e in calling.history(case_id) if e.kind == "path"]
    assert paths == [["s"], ["u1", "k1/s", "k1/t1"], ["k1/u1", "k1/e", "k1"]]
    with calling.engine.reading() as connection:
        found = runtime.definition(calling.engine, connection, calling.case(case_id).definition_id)
    assert {key: e.label for key, e in found.diagram.elements.items() if "u1" in key} == {
        "u1": "u1",
        "k1/u1": "会诊",
    }


def test_a_form_within_a_call_sees_the_variables_of_the_call(calling: Platform) -> None:
    case_id = calling.start("platform", "small", note="first")
    with calling.engine.reading() as connection:
        assert runtime.task_variables(connection, calling.one(case_id).id) == {"note": "first"}
    calling.complete(case_id, note="second")
    with calling.engine.reading() as connection:
        seen = runtime.task_variables(connection, calling.one(case_id).id)
    assert seen == {"topic": "second", "seen": "second"}


def test_calls_side_by_side_have_each_their_own_variables(platform: Platform) -> None:
    platform.deploy(other())
    loop = many(collection='= ["a", "b"]', element="one", into="all", value="= answer")
    platform.deploy(caller("one>topic answer<advice", loop))
    case_id = platform.start("platform", "small", note="first")
    platform.complete(case_id, note="second")
    opened = platform.open(case_id)
    with platform.engine.reading() as connection:
        topics = [runtime.task_variables(connection, row.id)["topic"] for row in opened]
    assert sorted(map(str, topics)) == ["a", "b"]
    for row in opened:
        with platform.engine.writing() as connection:
            runtime.complete(
                platform.engine,
                connection,
                actor=platform.actors["platform"],
                task_id=row.id,
                values={"advice": row.id},
            )
        agree(platform.engine, case_id)
    assert sorted(platform.variables(case_id)["all"]) == sorted(row.id for row in opened)


def test_the_newest_version_is_bound_when_the_caller_is_deployed(calling: Platform) -> None:
    first = _stored(calling, "small")
    assert set(first.called) == {"other"} and first.called["other"] == other()
    calling.deploy(other("s>u1>u3>e"))
    assert calling.deploy(other("s>u1>u3>e")).unchanged
    old = calling.start("platform", "small", note="first")
    again = calling.deploy(caller())
    assert not again.unchanged and again.version == 2 and calling.deploy(caller()).unchanged
    new = calling.start("platform", "small", note="first")
    for case_id in (old, new):
        calling.complete(case_id, note="second")
        calling.complete(case_id, advice="x")
    assert calling.one(old).element == "u2" and calling.one(new).element == "k1/u3"


def _stored(platform: Platform, key: str) -> repository.Bundle:
    rows = platform.rows(definitions, definitions.c.key == key)
    return unpack(max(rows, key=lambda row: row.version).bundle)


def test_a_caller_of_a_caller_holds_both(calling: Platform) -> None:
    own = {"k1": call("k1", "small", "note>note note<answer")}
    calling.deploy(small("s>k1>u1>e", own, key="top", forms=OWN))
    assert set(_stored(calling, "top").called) == {"small", "other"}
    case_id = calling.start("platform", "top", note="first")
    calling.complete(case_id, "k1/u1", note="second")
    calling.complete(case_id, "k1/k1/u1", advice="deep")
    calling.complete(case_id, "k1/u2", note="third")
    assert calling.variables(case_id) == {"note": "deep"} and calling.case(case_id).title == "deep"


def test_what_is_wrong_with_a_called_process_is_told_under_its_key(platform: Platform) -> None:
    broken = other("s>u1>e", **{"other/work": b"{"})
    bundle = replace(caller(), called={"other": replace(broken, called={})})
    with pytest.raises(Invalid) as caught:
        repository.check(bundle, operations=platform.engine.operations)
    assert any(p.where.startswith("other/work.json") for p in caught.value.problems)
    unsound = small("s>x1>u1>p1>e x1>u2>p1", conditions={"x1-u1": "= note = null"}, key="other", forms=OWN)
    with pytest.raises(Invalid) as caught:
        repository.check(
            replace(caller("note>note answer<note"), called={"other": unsound}),
            operations=platform.engine.operations,
        )
    assert [(p.code, p.where) for p in caught.value.problems] == [("soundness.stuck", "other: p1")]


TYPO = replace(caller(), diagram=caller().diagram.replace(b"'other'", b"'othre'"))
TWICE = replace(caller(), forms={**OWN, "other/work": form("else")})
ELSEWHERE = replace(caller(), called={"other": small("s>u1>e", key="elsewhere", forms=OWN)})
UNREADABLE = replace(caller(), called={"other": repository.Bundle(b"<a/>")})


@pytest.mark.parametrize(
    ("bundle", "code", "says"),
    [
        (TYPO, "lint.call-unknown", "other"),
        (caller(""), "lint.call-needs", "topic"),
        (caller("note>topic answer<advise"), "lint.unknown-name", "advise"),
        (caller(key="other"), "lint.call-circle", "other"),
        (TWICE, "repository.two_forms", "other/work"),
        (ELSEWHERE, "repository.other_process", "elsewhere"),
        (UNREADABLE, "bpmn.not-bpmn", "BPMN"),
    ],
)
def test_what_cannot_be_bound_is_refused(
    platform: Platform, bundle: repository.Bundle, code: str, says: str
) -> None:
    platform.deploy(other())
    with pytest.raises(Invalid) as caught:
        platform.deploy(bundle)
    (problem,) = [p for p in caught.value.problems if p.code == code]
    assert says in problem.say("zh") and problem.say("en") != problem.say("zh")


def test_a_folder_brings_what_stands_beside_it(tmp_path: Path, platform: Platform) -> None:
    _write(tmp_path, "small", caller())
    _write(tmp_path, "other", other())
    _write(tmp_path, "third", small("s>u1>e", key="third"))
    bundle = repository.read_bundle(tmp_path / "processes" / "small", tmp_path / "forms")
    assert set(bundle.called) == {"other"} and bundle.called["other"].diagram == other().diagram
    assert set(bundle.called["other"].forms) == set(INNER)
    before = bundle.sha256()
    (tmp_path / "forms" / "other" / "work.json").write_bytes(form("advice", "changed"))
    changed = repository.read_bundle(tmp_path / "processes" / "small", tmp_path / "forms")
    assert changed.sha256() != before
    assert not platform.deploy(changed).unchanged and platform.deploy(changed).unchanged


def _write(home: Path, key: str, bundle: repository.Bundle) -> None:
    (home / "processes" / key).mkdir(parents=True)
    (home / "processes" / key / f"{key}.bpmn").write_bytes(bundle.diagram)
    for name, content in bundle.forms.items():
        path = home / "forms" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_no_folder_outside_is_read(tmp_path: Path) -> None:
    _write(tmp_path, "small", caller())
    (tmp_path / "secret").mkdir()
    diagram = caller().diagram.replace(b"'other'", b"'../secret'")
    (tmp_path / "secret" / "secret.bpmn").write_bytes(other().diagram)
    (tmp_path / "processes" / "small" / "small.bpmn").write_bytes(diagram)
    bundle = repository.read_bundle(tmp_path / "processes" / "small", tmp_path / "forms")
    assert bundle.called == {}


def test_tasks_from_before_see_the_cases_variables(calling: Platform) -> None:
    """The column was added later: rows without it belong to the case itself."""
    case_id = calling.start("platform", "small", note="first")
    (row,) = calling.rows(tasks, tasks.c.case_id == case_id)
    assert row.scope == 0
    default: Any = tasks.c.scope.server_default
    assert default.arg == "0"
