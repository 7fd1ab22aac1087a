"""A scenario that is not so fails, with the line that says it and what is so instead."""

import pytest

from engine import scenarios
from tests.scenarios.scenario_texts import OPENING

HEAD = f"scenario: 一个场景\nsteps:{OPENING}"
AFTER = HEAD.count("\n") + 1  # the line behind the opening


def difference(file, line=None):
    (outcome,) = scenarios.run([file])
    assert not outcome.passed
    if line is not None:
        assert outcome.difference.place.line == line
    return outcome.say("en")


def test_a_scenario_that_is_so_passes(write):
    (outcome,) = scenarios.run([write(HEAD + "  - expect: {status: 待研判}\n")])

    assert outcome.passed
    assert "enter_triage_to_triage" in outcome.flows


@pytest.mark.parametrize(
    ("expected", "what", "wanted", "found"),
    [
        ("status: 办结", "status", "办结", "待研判"),
        ("state: ended", "state", "ended", "open"),
        ("number: SQ-1", "number", "SQ-1", "SQ-20260311-0001"),
        ("case: {urgent: true}", "urgent", "true", "false"),
        ("variables: {round: 1}", "variables.round", "1", "0"),
        (
            "variables: {dispatch_due: 2026-03-12 17:00}",
            "dispatch_due",
            "2026-03-12 17:00",
            "2026-03-11 17:00",
        ),
        ("variables: {no_such: 5}", "variables.no_such", "5", "null"),
        ("tasks: []", "tasks", "—", "研判派发"),
        ("tasks: [签收]", "tasks", "签收", "研判派发"),
        ("tasks: [研判派发, 研判派发]", "tasks", "研判派发；研判派发", "研判派发"),
        ("tasks: [{name: 研判派发, due: 2026-03-12 17:00}]", "due", "2026-03-12 17:00", "2026-03-11 17:00"),
        ("tasks: [{name: triage, due: none}]", "due", "none", "2026-03-11 17:00"),
        ("tasks: [{name: 研判派发, assignee: platform}]", "assignee", "platform", "none"),
        ("tasks: [{name: 研判派发, candidates: [leader]}]", "candidates", "[leader]", "[platform]"),
        ("tasks: [{name: 研判派发, provisional: true}]", "provisional", "true", "false"),
        ("timers: []", "timers", "—", "派发前30分钟"),
        ("timers: [{name: triage_overdue}]", "timers", "triage_overdue", "派发前30分钟"),
        ("notices: []", "notices", "—", "platform triage"),
        ("notices: [{to: leader, template: triage}]", "notices", "leader triage", "platform triage"),
        ("history: [task.completed]", "history", "task.completed", "task.opened 研判派发"),
        ("history: [task.opened, case.started]", "history", "case.started", "case.started"),
        ("not history: [task.opened]", "not history", "no task.opened", "task.opened 研判派发"),
        ("may see: [lvneng]", "may see lvneng", "true", "false"),
        ("may not see: [jingmi]", "may see jingmi", "false", "true"),
        ("reminders: [{to: leader, template: late}]", "reminders", "leader late", "—"),
        ("assessments: [late_dispatch]", "assessments", "late_dispatch", "—"),
        ("deadlines: []", "deadlines", "—", "研判派发"),
        ("deadlines: [{name: 研判派发, state: stopped}]", "state", "stopped", "running"),
        ("deadlines: [研判派发, {name: 研判派发, state: met}]", "deadlines", "研判派发 met", "研判派发"),
        ("clock: stopped", "clock", "stopped", "running"),
        ("sendable: {leader: [补正]}", "sendable leader", "[补正]", "[]"),
        (
            "offers: [{name: triage, to: platform, actions: []}]",
            "offers「triage」platform",
            "—",
            "转办、委派",
        ),
        ("offers: [{name: triage, to: leader, actions: [抄送]}]", "triage」leader", "抄送", "催办"),
        ("drafts: [{name: triage, to: platform, values: {outcome: 派发}}]", "drafts", "派发", "none"),
        ("stored bytes below: 10", "stored bytes", "< 10", ""),
    ],
)
def test_the_first_difference_names_its_line_and_both_sides(write, expected, what, wanted, found):
    said = difference(write(f"{HEAD}  - expect:\n      {expected}\n"), AFTER + 1)

    assert what in said
    assert wanted in said.partition("expected:")[2].partition("actual:")[0]
    assert found in said.partition("actual:")[2]


def test_the_line_is_the_one_of_the_word_that_differs(write):
    file = write(HEAD + "  - expect:\n      state: open\n      status: 办结\n")

    assert f"one.yaml:{AFTER + 2}" in difference(file, AFTER + 2)


def test_what_is_not_mentioned_may_be_anything(write):
    text = HEAD + "  - expect: {}\n  - expect: {tasks: [{name: triage}], notices: [], history: []}\n"

    assert scenarios.run([write(text)])[0].passed


def test_notices_and_history_count_from_the_last_expect(write):
    text = HEAD + "  - {as: platform, claim: triage}\n  - expect: {not history: [task.released]}\n"
    text += "  - {release: triage}\n  - expect: {history: [task.released], not history: [task.claimed]}\n"

    assert scenarios.run([write(text)])[0].passed


def test_a_refusal_that_does_not_come_is_a_difference(write):
    said = difference(write(HEAD + "  - {as: platform, claim: triage, refused: runtime.task_taken}\n"), AFTER)

    assert "expected: runtime.task_taken" in said
    assert "accepted" in said


def test_another_refusal_than_the_one_expected_is_a_difference(write):
    said = difference(write(HEAD + "  - {as: leader, claim: triage, refused: runtime.task_taken}\n"), AFTER)

    assert "runtime.not_candidate" in said


@pytest.mark.parametrize("said", ["runtime.not_candidate", "不在您的办理范围", "is not yours"])
def test_a_refusal_is_known_by_its_code_or_by_part_of_its_sentence(write, said):
    assert scenarios.run([write(HEAD + f"  - {{as: leader, claim: triage, refused: {said}}}\n")])[0].passed


def test_a_step_that_is_refused_unexpectedly_shows_the_forms_problems(write):
    said = difference(write(HEAD + "  - {as: platform, complete: triage, with: {outcome: 派发}}\n"), AFTER)

    assert "department:" in said


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("{as: platfrom, claim: triage}", "Did you mean platform"),
        ("{as: platform, claim: 研判}", "Open now: 研判派发"),
        ("{as: platform, complete: triage, of: market}", "Open now: 研判派发"),
        ("{as: platform, complete: triage, with: {handler: !account nobody-at-all}}", "nobody-at-all"),
        ("{at: 2026-03-11 09:00}", "cannot go back"),
        ("{expect: {may see: [jingmy]}}", "Did you mean jingmi"),
    ],
)
def test_what_cannot_be_played_says_why(write, step, sentence):
    assert sentence in difference(write(f"{HEAD}  - {step}\n"), AFTER)


def test_acting_before_anybody_is_named_or_any_case_is_started_is_a_difference(write):
    nobody = "scenario: 甲\nsteps:\n  - {at: 2026-03-11 09:00, start: appeal}\n"
    nothing = "scenario: 乙\nsteps:\n  - {at: 2026-03-11 09:00, as: platform, claim: triage}\n"
    early = "scenario: 丙\nsteps:\n  - {at: 2026-03-11 09:00, expect: {state: open}}\n"

    codes = [o.difference.code for o in scenarios.run([write(f"{nobody}---\n{nothing}---\n{early}")])]

    assert codes == ["scenarios.no_actor", "scenarios.no_case", "scenarios.no_case"]


def test_a_difference_inside_a_piece_tells_who_played_it(write):
    text = "pieces:\n  看:\n    - expect: {status: $status}\n---\n"
    text += HEAD + "  - repeat: 2\n    steps:\n      - {play: 看, with: {status: 办结}}\n"

    said = difference(write(text), 3)

    assert "one.yaml:3 < " in said
    assert said.count("one.yaml:") == 3  # the step, the play, the repeat


def test_a_timer_that_cannot_fire_fails_the_scenario_with_its_reason(write, tmp_path):
    diagram = tmp_path / "processes" / "appeal" / "appeal.bpmn"
    before, kind, after = diagram.read_text(encoding="utf-8").partition(">late_dispatch<")
    nobody = after.replace(">platform<", ">= department<", 1)  # there is none before the dispatch
    diagram.write_text(before + kind + nobody, encoding="utf-8")

    said = difference(write(HEAD + "  - at: 2026-03-12 09:00\n"), AFTER)

    assert "派发时限已到" in said
    assert "answerable" in said
