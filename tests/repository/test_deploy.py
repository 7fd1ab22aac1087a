"""Deploying: the same content is the same version, cases stay on theirs, what is refused leaves nothing."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import re2

from engine import history, repository, runtime
from engine.errors import Conflict, Invalid, NotFound
from engine.repository.tables import definitions
from tests.runtime.agreement import agree, intact, sizes
from tests.runtime.answers import finish, lead_to, short
from tests.runtime.small import FORM, form, small, task
from tests.runtime.stage import Platform, appeal
from tests.runtime.together import at_once


def versions(platform: Platform, key: str) -> list[int]:
    return sorted(row.version for row in platform.rows(definitions, definitions.c.key == key))


def test_the_same_content_is_the_same_version(platform: Platform) -> None:
    before = sizes(platform.engine)
    again = platform.deploy(appeal())
    shuffled = replace(appeal(), forms=dict(reversed(list(appeal().forms.items()))))
    once_more = platform.deploy(shuffled)
    assert again == once_more and again.unchanged and again.version == 1
    assert sizes(platform.engine) == before


@pytest.mark.parametrize("part", ["diagram", "form", "decision", "one more form", "one form less"])
def test_a_change_of_any_part_is_a_new_version(platform: Platform, part: str) -> None:
    first = platform.deploy(bundle := _with_everything())
    changed = {
        "diagram": replace(bundle, diagram=bundle.diagram + b"\n"),
        "form": replace(bundle, forms={**bundle.forms, FORM: bundle.forms[FORM] + b" "}),
        "decision": replace(bundle, decisions={"d.dmn": bundle.decisions["d.dmn"] + b"\n"}),
        "one more form": replace(bundle, forms={**bundle.forms, "small/other": form("other")}),
        "one form less": replace(bundle, forms={FORM: bundle.forms[FORM]}),
    }[part]
    second = platform.deploy(changed)
    assert (first.version, second.version, second.unchanged) == (1, 2, False)
    assert platform.deploy(changed).unchanged
    intact(platform.engine)


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="d">
<decision id="level" name="level"><decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression id="ie"><text>note</text></inputExpression></input>
<output id="o" name="level"/>
<rule id="r1"><inputEntry id="r1i"><text>-</text></inputEntry>
<outputEntry id="r1o"><text>"low"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
RULE = (
    "<b:businessRuleTask id='d1' camunda:decisionRef='level' camunda:mapDecisionResult='singleEntry' "
    "camunda:resultVariable='level'/>"
)


def _with_everything() -> repository.Bundle:
    return small(
        "s>d1>u1>e",
        {"d1": RULE},
        said={"type": "= level"},
        forms={FORM: form("note", "go"), "small/spare": form("spare")},
        decisions={"d.dmn": TABLE.encode()},
    )


def test_going_back_to_older_content_is_a_new_version(platform: Platform) -> None:
    old, new = small("s>u1>e"), small("s>u1>u2>e")
    assert [platform.deploy(b).version for b in (old, new, old, old, new)] == [1, 2, 3, 3, 4]
    rows = sorted(platform.rows(definitions, definitions.c.key == "small"), key=lambda r: r.version)
    assert rows[0].sha256 == rows[2].sha256 != rows[1].sha256
    noted = platform.rows(history.events, history.events.c.kind == "definition.deployed")
    assert len(noted) == 1 + 4
    intact(platform.engine)


def test_a_running_case_stays_on_its_version(platform: Platform) -> None:
    platform.deploy(small("s>u1>e"))
    old = platform.start("platform", "small", note="old")
    wider = {FORM: form("note", "go", "more")}
    platform.deploy(small("s>u1>u2>e", forms=wider))
    new = platform.start("platform", "small", note="new", more="x")
    assert [platform.case(c).definition_version for c in (old, new)] == [1, 2]
    with pytest.raises(Invalid):
        platform.complete(old, note="a", more="not a field of version 1")
    platform.engine = platform.restarted()
    platform.complete(old, note="a")
    platform.complete(new, note="b", more="y")
    assert platform.case(old).state == "ended" and platform.one(new).element == "u2"
    for case_id in (old, new):
        agree(platform.engine, case_id)


def test_the_appeal_is_changed_while_a_case_is_under_way(platform: Platform) -> None:
    case_id = lead_to(platform, "sign")
    bundle = appeal()
    later = bundle.diagram.replace(b"= workdays(2)", b"= workdays(9)")
    assert platform.deploy(replace(bundle, diagram=later)).version == 2
    platform.engine = platform.restarted()
    platform.complete(case_id, **short(platform, platform.one(case_id)))
    finish(platform, case_id)
    assert platform.case(case_id).definition_version == 1
    assert platform.case(platform.start()).definition_version == 2
    intact(platform.engine)


BROKEN: Mapping[str, repository.Bundle] = {
    "no xml": small("s>u1>e").__class__(b"hello", {}, {FORM: form("note", "go")}),
    "no diagram": repository.Bundle(b"<a/>", {}, {}),
    "a form is missing": small("s>u1>e", forms={}),
    "a form is broken": small("s>u1>e", forms={FORM: b"{"}),
    "another form is broken": small("s>u1>e", forms={FORM: form("note", "go"), "small/x": b"[]"}),
    "a decision is broken": small("s>u1>e", decisions={"x.dmn": b"<nothing/>"}),
    "a decision stands twice": small("s>u1>e", decisions={"x.dmn": TABLE.encode(), "y.dmn": TABLE.encode()}),
    "an unknown group": small(
        "s>u1>e", {"u1": task("u1").replace("candidateGroups='platform'", "candidateGroups='nobody'")}
    ),
    "an unknown operation": small(
        "s>r1>u1>e",
        {"r1": "<b:serviceTask id='r1' camunda:type='external' camunda:topic='launch'/>"},
    ),
    "a condition that does not parse": small("s>x1>u1>e x1>u2>e", conditions={"x1-u1": "= note ="}),
    "it can get stuck": small("s>x1>u1>p1>e x1>u2>p1", conditions={"x1-u1": "= note = null"}),
    "a document type": small("s>u1>e").__class__(b"<!DOCTYPE x []>" + small("s>u1>e").diagram, {}, {}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_refused_leaves_nothing_behind_and_says_why(platform: Platform, name: str) -> None:
    before = sizes(platform.engine)
    with pytest.raises(Invalid) as caught, platform.engine.writing() as connection:
        try:
            repository.deploy(
                connection,
                BROKEN[name],
                operations=platform.engine.operations,
                actor="analyst",
                now=platform.clock.now(),
            )
        finally:  # even if the caller committed all the same
            assert sizes(platform.engine) == before
            connection.commit()
    assert sizes(platform.engine) == before
    assert caught.value.problems
    for problem in caught.value.problems:
        for language in ("zh", "en"):
            said = problem.say(language)
            assert said != problem.code and not re2.search(r"\{[a-z]", said)


def test_all_problems_of_a_bundle_are_told_at_once(platform: Platform) -> None:
    bundle = small(
        "s>u1>u2>e",
        {"u2": task("u2").replace("small/check", "small/missing")},
        forms={FORM: form("note"), "small/x": b"{"},
        decisions={"x.dmn": b"<nothing/>"},
    )
    with pytest.raises(Invalid) as caught:
        repository.check(bundle, operations=platform.engine.operations)
    assert len(caught.value.problems) >= 3


def test_two_who_deploy_at_once_make_two_versions_or_one_is_asked_to_repeat(platform: Platform) -> None:
    bundles = [small("s>u1>e"), small("s>u1>u2>e")]
    results = at_once(*(lambda b=b: platform.deploy(b) for b in bundles))
    refused = [r for r in results if isinstance(r, Exception)]
    assert all(isinstance(r, Conflict) and r.code == "repository.busy" for r in refused)
    assert versions(platform, "small") == list(range(1, 3 - len(refused)))
    for bundle in bundles:
        platform.deploy(bundle)
    intact(platform.engine)


def test_what_is_stored_is_what_was_given(platform: Platform) -> None:
    bundle = _with_everything()
    deployed = platform.deploy(bundle)
    with platform.engine.reading() as connection:
        found = runtime.definition(platform.restarted(), connection, deployed.id)
        assert found.xml == bundle.diagram and set(found.forms) == set(bundle.forms)
        assert found.sha256 == bundle.sha256() and "level" in found.decisions
        assert repository.latest(connection, "small") == deployed.id
        with pytest.raises(NotFound):
            repository.latest(connection, "nothing")
        with pytest.raises(NotFound):
            runtime.definition(platform.engine, connection, "nothing")


def test_who_may_start_is_told_from_the_newest_version(platform: Platform) -> None:
    platform.deploy(small("s>u1>e"))
    shown = {}
    for username in ("platform", "jingmi", "leader"):
        with platform.engine.reading() as connection:
            found = runtime.startable(connection, platform.actors[username])
            shown[username] = sorted(key for key, _, _ in found)
    assert shown == {"platform": ["appeal", "small"], "jingmi": ["appeal"], "leader": []}
