"""Files, folders, the command line, pytest, messages and what the clock does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine import history, runtime, scenarios
from engine.errors import Invalid
from tests.scenarios.scenario_texts import FORMS, OPENING, SMALL

GOOD = f"scenario: 好的\nsteps:{OPENING}  - expect: {{status: 待研判}}\n"
BAD = f"scenario: 坏的\nsteps:{OPENING}  - expect: {{status: 办结}}\n"


def told(paths, language="en"):
    lines = []
    return scenarios.main(paths, lines.append, language), "\n".join(lines)


def test_the_command_tells_how_many_passed(write):
    assert told([write(GOOD)]) == (0, "1 passed, 0 failed")


def test_the_command_fails_and_names_the_scenario_its_line_and_the_difference(write):
    file = write(f"{GOOD}---\n{BAD}")

    code, said = told([file])

    assert code == 1
    line = f"{GOOD}---\n{BAD}".count("\n")
    assert "FAILED: 坏的" in said
    assert f"one.yaml:{line}: status differs" in said
    assert "expected: 办结" in said
    assert "actual:   待研判" in said
    assert said.endswith("1 passed, 1 failed")
    assert "未通过：坏的" in told([file], "zh")[1]


def test_the_command_refuses_a_wrong_file_and_a_place_without_scenarios(write, tmp_path):
    assert told([write("scenario: 甲\nstops: []\n")])[0] == 2
    assert told([tmp_path / "nowhere"])[0] == 2
    assert "There is no scenario file" in told([tmp_path / "forms"])[1]


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_the_command_refuses_files_in_which_there_is_no_scenario(write, text):
    code, said = told([write(text)])
    assert code == 2
    assert "There is no scenario" in said
    assert told([])[0] == 2


def test_the_command_shows_why_a_process_was_refused(write, tmp_path):
    (tmp_path / "forms" / "appeal" / "sign.json").unlink()

    code, said = told([write(GOOD)])

    assert code == 2
    assert "sign" in said


def test_a_folder_means_the_scenario_folders_below_it(write, tmp_path):
    write(GOOD)
    (tmp_path / "processes" / "appeal" / "other.yaml").write_text("not: a scenario\n")

    assert [outcome.scenario.name for outcome in scenarios.run([tmp_path / "processes"])] == ["好的"]
    with pytest.raises(Invalid):
        scenarios.run([tmp_path / "forms"])


def test_each_scenario_begins_on_a_database_of_its_own(write):
    again = "scenario: 又一个\nsteps:" + OPENING + "  - expect: {number: SQ-20260311-0001}\n"

    assert all(outcome.passed for outcome in scenarios.run([write(f"{again}---\n{again}")]))


def test_a_scenario_follows_the_case_it_started_last(write):
    text = f"scenario: 两件\nsteps:{OPENING}{OPENING}".replace("title: 食堂经营许可", "title: 第二件")

    text += "  - expect: {number: SQ-20260311-0002, case: {title: 第二件}}\n"

    assert scenarios.run([write(text)])[0].passed


@pytest.mark.postgres
def test_the_same_scenarios_run_on_postgresql(write, postgres_schema):
    url = scenarios.find_postgres()

    outcomes = scenarios.run([write(f"{GOOD}---\n{BAD}---\n{GOOD}")], url)

    assert [outcome.passed for outcome in outcomes] == [True, False, True]


def test_departments_of_its_own_take_part(write):
    text = f"scenario: 新局\ndepartments: {{water: 水利局}}\nsteps:{OPENING}"
    text += "  - as: platform\n    complete: triage\n"
    text += "    with: {outcome: 派发, type: 环保, complexity: 一般, department: water}\n"
    text += "  - {as: water-admin, complete: 签收, with: {sign: 签收, handler: !account water-1}}\n"
    text += "  - expect: {tasks: [{name: 联系企业, assignee: water-1}]}\n"

    assert [outcome.say("en") for outcome in scenarios.run([write(text)])] == ["新局"]


@pytest.fixture
def small(tmp_path):
    """Write a scenario beside the small process; returns its path."""
    folder = tmp_path / "processes" / "small" / "scenarios"
    folder.mkdir(parents=True)
    (folder.parent / "small.bpmn").write_text(SMALL, encoding="utf-8")
    forms = tmp_path / "forms" / "small"
    forms.mkdir(parents=True)
    for name, form in FORMS.items():
        (forms / f"{name}.json").write_text(json.dumps(form), encoding="utf-8")

    def written(text):
        (folder / "a.yaml").write_text(text, encoding="utf-8")
        return folder / "a.yaml"

    return written


def test_messages_are_delivered_and_tasks_of_one_name_are_told_apart(small):
    text = """
scenario: 会签
steps:
  - {at: 2026-03-11 09:00, as: platform, start: small, with: {places: [market, hrss]}}
  - expect: {tasks: [会签意见, 会签意见, 等材料]}
  - {as: hrss-1, complete: 会签意见, with: {view: 同意}, of: hrss}
  - expect: {tasks: [{name: 会签意见, candidates: [handler@market]}, 等材料]}
  - {as: market-1, message: 撤回, with: {}, refused: bpmn.not_expected}
  - {as: jingmi, message: 补充材料, with: {pages: 3}, refused: runtime.not_sender}
  - expect: {sendable: {platform: [补充材料], jingmi: []}}
  - {as: platform, message: 补充材料, with: {pages: 3}}
  - expect:
      variables: {pages: 3}
      history: [{kind: message.received, data: {message: 补充材料}}]
      tasks: [会签意见]
  - {as: market-1, complete: 会签意见, with: {view: 同意}}
  - {message: 补充材料, refused: runtime.case_ended}
  - expect: {state: ended, tasks: []}
"""
    assert [outcome.say("en") for outcome in scenarios.run([small(text)])] == ["会签"]


def test_a_task_that_several_share_must_be_told_apart(small):
    text = """
scenario: 会签
steps:
  - {at: 2026-03-11 09:00, as: platform, start: small, with: {places: [market, hrss]}}
  - {as: hrss-1, complete: 会签意见, with: {view: 同意}}
"""
    (outcome,) = scenarios.run([small(text)])

    assert outcome.difference.code == "scenarios.several_tasks"


def test_pytest_collects_each_scenario_as_a_test(write, tmp_path):
    write(f"{GOOD}---\n{BAD}")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "engine.scenarios.plugin", "-c", "/dev/null", "-q", "-rA"]
        + ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-k", "sqlite", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert "1 failed, 1 passed" in run.stdout, run.stdout + run.stderr
    assert "expected: 办结" in run.stdout
    assert "坏的[sqlite]" in run.stdout


def test_pytest_shows_a_wrong_file_as_an_error_of_collection(write, tmp_path):
    write("scenario: 甲\nstops: []\n")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "engine.scenarios.plugin", "-c", "/dev/null", "-q"]
        + ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert "Did you mean steps" in run.stdout
    assert run.returncode == 2


def test_the_example_in_the_documentation_passes(write):
    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]

    assert [outcome.say("en") for outcome in scenarios.run([write(example)])] == ["签收后及时联系企业"]


OUTAGE = f"scenario: 停机\nsteps:{OPENING}  - outage until: 2026-03-12 10:00\n"
AFTER_IT = (
    "    expect: {history: [{kind: timer.fired, data: {due: 2026-03-11 17:00, at: 2026-03-12 10:00}}]}\n"
)


def test_what_fell_due_in_an_outage_happens_at_the_restart_and_the_next_one_is_silent(write):
    (outcome,) = scenarios.run([write(OUTAGE + AFTER_IT)])
    assert outcome.passed, outcome.say("en")


def test_a_second_restart_that_does_something_fails_the_scenario(write, monkeypatch):
    def restless(engine):
        with engine.writing() as connection:
            history.note(
                connection, "restless", history.Event("looked"), at=engine.clock.now(), actor="system"
            )

    monkeypatch.setattr(runtime, "fire_due", restless)
    (outcome,) = scenarios.run([write("scenario: 停机\nsteps:\n  - outage until: 2026-03-12 10:00\n")])

    assert "second restart at 2026-03-12 10:00 did something" in outcome.say("en")


def test_rules_are_set_from_a_moment_on_and_what_is_wrong_with_them_is_told(write):
    rules = "scenario: 规则\nsteps:\n  - at: 2026-03-11 09:00\n    as: control\n    set rules: {at}\n"
    fast = "    with: {limits: [{name: handling, complexity: 一般, count: {count}}]}\n"

    def set_rules(at, count):
        text = rules.replace("{at}", at) + fast.replace("{count}", str(count))
        return scenarios.run([write(text)])[0]

    assert set_rules("2026-03-12 00:00", 2).passed
    assert "limits[0].count" in set_rules("2026-03-12 00:00", 0).say("en")
    assert "生效时间不能早于现在" in set_rules("2026-03-10 00:00", 2).say("en")


@pytest.mark.parametrize(
    "word", ["edit day: 2026-02-30", "publish year: 2027\n    with: {off: [2027-13-01]}"]
)
def test_a_day_that_is_none_is_told(write, word):
    text = f"scenario: 日历\nsteps:\n  - at: 2026-03-11 09:00\n    as: control\n    {word}\n"
    assert "is no day" in scenarios.run([write(text)])[0].say("en")
