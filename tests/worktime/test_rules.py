"""Rules as documents: which row holds, what is wrong with one, publishing, and what a case is pinned to."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import errors
from engine.worktime import rules

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
BUILT_IN = rules.write(rules.DEFAULT)


def document(**changes):
    """The built-in document as JSON with places changed, such as `limits__0__count=5`."""
    content = deepcopy(BUILT_IN)
    for path, value in changes.items():
        *way, last = [int(p) if p.isdecimal() else p for p in path.split("__")]
        place = content
        for part in way:
            place = place[part]
        place[last] = value
    return content


def publish(connection, content=BUILT_IN, **given):
    return rules.publish(connection, content, **{"by": "control", "note": "试行", "now": NOW, **given})


def test_a_document_survives_writing_and_reading():
    written = json.loads(json.dumps(BUILT_IN))
    assert rules.read(written) == rules.DEFAULT


def test_the_first_row_that_holds_is_taken_and_an_empty_condition_holds_for_all():
    content = document()
    content["limits"].insert(0, {"name": "handling", "type": "环保", "count": 12, "unit": "hours"})
    read = rules.read(content)
    assert read.limit("handling", {"type": "环保", "complexity": "特别复杂"}).unit == "hours"
    assert read.limit("handling", {"type": "税费", "complexity": "特别复杂"}).count == 15
    assert read.limit("handling", {}).count == 3
    assert read.limit("nothing", {}) is None


def test_an_unknown_reminder_policy_means_the_standard_one():
    assert rules.DEFAULT.policy("stanadrd") == rules.DEFAULT.policy("standard")
    assert rules.DEFAULT.policy("none") == ()


def test_where_nothing_is_published_the_built_in_rules_hold(connection):
    assert rules.in_force(connection, NOW) is rules.DEFAULT
    assert rules.by_id(connection, "") is rules.DEFAULT
    assert rules.history(connection) == []


def test_rules_hold_from_their_effective_date_on(connection):
    first = publish(connection, document(limits__5__count=4))
    later = publish(connection, document(limits__5__count=5), effective_from=NOW + timedelta(days=7))
    between = NOW + timedelta(days=3)
    assert rules.in_force(connection, NOW - timedelta(seconds=1)) is rules.DEFAULT
    assert rules.in_force(connection, NOW).limit("handling", {}).count == 4
    assert rules.in_force(connection, between).id == first.rules.id
    assert rules.in_force(connection, NOW + timedelta(days=7)).id == later.rules.id
    assert rules.by_id(connection, first.rules.id) == first.rules
    assert [p.revision for p in rules.history(connection)] == [later.revision, first.revision]


def test_of_two_documents_with_the_same_date_the_later_counts(connection):
    publish(connection, document(limits__5__count=4))
    second = publish(connection, document(limits__5__count=6))
    assert rules.in_force(connection, NOW).id == second.rules.id


def test_the_history_says_who_when_and_why(connection):
    publish(connection, note=" 全市统一时限 ")
    (published,) = rules.history(connection)
    assert (published.made_by, published.made_at, published.note) == ("control", NOW, "全市统一时限")
    assert published.rules.limits == rules.DEFAULT.limits


def test_an_unknown_document_is_not_found(connection):
    with pytest.raises(errors.NotFound):
        rules.by_id(connection, "nowhere")


@pytest.mark.parametrize(
    "given", [{"effective_from": NOW - timedelta(minutes=1)}, {"note": "  "}, {"note": "长" * 501}]
)
def test_no_rules_for_the_past_and_none_without_a_reason(connection, given):
    with pytest.raises(errors.Invalid):
        publish(connection, **given)
    assert rules.history(connection) == []


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"limits__0__count": 0}, "count", "limits[0].count"),
        ({"limits__0__count": 2.5}, "count", "limits[0].count"),
        ({"limits__0__count": True}, "count", "limits[0].count"),
        ({"limits__0__count": "3"}, "count", "limits[0].count"),
        ({"limits__0__count": 10_001}, "count", "limits[0].count"),
        ({"limits__0__unit": "days"}, "unit", "limits[0].unit"),
        ({"limits__0__name": " "}, "name", "limits[0].name"),
        ({"limits__0__type": "长" * 41}, "condition", "limits[0].type"),
        ({"limits__0__urgent": "yes"}, "flag", "limits[0]"),
        ({"limits__0__extendable": None}, "flag", "limits[0]"),
        ({"limits__2": 7}, "shape", "limits[2]"),
        ({"limits__5__complexity": "一般"}, "no_fallback", "limits"),
        ({"limits__6__name": "other"}, "no_fallback", "limits"),
        ({"limits__0__complexity": "", "limits__0__urgent": None}, "unreachable", "limits[1]"),
        ({"limits": {}}, "shape", "limits"),
        ({"limits": [BUILT_IN["limits"][0]] * 201}, "too_many", "limits"),
        ({"reminders": []}, "shape", "reminders"),
        ({"reminders": {"none": []}}, "no_policy", "reminders.standard"),
        ({"reminders__none": BUILT_IN["reminders"]["standard"]}, "none_is_empty", "reminders.none"),
        ({"reminders__own": "x"}, "shape", "reminders.own"),
        ({"reminders__own": ["x"]}, "shape", "reminders.own[0]"),
        ({"reminders__standard__0__when": "sometimes"}, "when", "reminders.standard[0].when"),
        ({"reminders__standard__0__days": 0}, "count", "reminders.standard[0].days"),
        ({"reminders__standard__0__at": "9:00"}, "hour", "reminders.standard[0].at"),
        ({"reminders__standard__0__at": "25:00"}, "hour", "reminders.standard[0].at"),
        ({"reminders__standard__0__to": ["boss"]}, "to", "reminders.standard[0].to"),
        ({"reminders__standard__0__to": []}, "to", "reminders.standard[0].to"),
        ({"reminders__standard__0__template": ""}, "template", "reminders.standard[0].template"),
        ({"reminders__standard__0__name": "pre2"}, "twice", "reminders.standard[1].name"),
    ],
)
def test_each_row_that_is_wrong_is_named_with_its_mend(changes, code, where):
    with pytest.raises(errors.Invalid) as refused:
        rules.read(document(**changes))
    found = {(problem.code, problem.where) for problem in refused.value.problems}
    assert (f"worktime.rules.{code}", where) in found
    assert all(problem.say("zh") != problem.code for problem in refused.value.problems)


def test_a_template_that_nobody_wrote_is_refused_where_the_templates_are_known():
    used = {step["template"] for policy in BUILT_IN["reminders"].values() for step in policy}
    with pytest.raises(errors.Invalid):
        rules.read(BUILT_IN, templates=used - {"late-leader"})
    assert rules.read(BUILT_IN, templates=used)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 20_000),
        st.text(max_size=5),
        st.sampled_from(("due", "09:00")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [f"limits__0__{key}" for key in BUILT_IN["limits"][0]]
    + [f"reminders__standard__0__{key}" for key in BUILT_IN["reminders"]["standard"][0]]
    + ["limits__0", "limits", "reminders", "reminders__standard", "reminders__standard__1", "reminders__none"]
)


@given(PLACES, JSON)
def test_whatever_is_handed_in_is_read_or_refused_with_problems(place, value):
    try:
        read = rules.read(document(**{place: value}))
    except errors.Invalid as refused:
        assert refused.problems
    else:
        assert rules.read(rules.write(read)) == read
        assert read.limit("handling", {}) is not None
