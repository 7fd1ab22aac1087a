"""Who may do what, route by route: the table is the committed one, and it satisfies the rules."""

import difflib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from tests.webui.api.conftest import address
from tests.webui.matrix import rules
from tests.webui.matrix.answers import LATER, NO, NONE, SIGN_IN, TABLE, YES, Answers, ask, ask_all, written
from tests.webui.matrix.people import PEOPLE
from tests.webui.matrix.questions import Question
from tests.webui.matrix.world import build

AGAIN = (
    "The answers are not those of docs/access.md. If the change is meant, run `python run.py access`, read "
    "the difference (`git diff docs/access.md`) and commit it. A new route needs no more than that, unless "
    "its body or a part of its address must be named in tests/webui/matrix/questions.py."
)


@pytest.fixture(scope="module")
def found(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    copy = tmp_path_factory.mktemp("matrix") / "matrix.db"
    shutil.copy(sqlite_template, copy)
    world = build(f"sqlite:///{copy}")
    yield ask_all(world)
    world.engine.database.dispose()


def told(question: Question, person: str, answers: dict[str, str]) -> str:
    about = f" ({question.about})" if question.about else ""
    return f"{question.method} {question.rule}{about}: {person} {answers[person]}"


def test_the_table_is_the_committed_one(found: Answers) -> None:
    kept = TABLE.read_text().splitlines() if TABLE.exists() else []
    now = written(found).splitlines()
    difference = list(difflib.unified_diff(kept, now, "committed", "found", lineterm="", n=0))
    assert not difference, AGAIN + "\n" + "\n".join(difference[:60])


def test_every_question_gets_somebody_through(found: Answers) -> None:
    asked = {(q.method, q.rule) for q in found}
    through = {(q.method, q.rule) for q, a in found.items() if {YES, LATER} & set(a.values())}
    dead = sorted(asked - through)
    assert not dead, f"say in tests/webui/matrix/questions.py what to send: {dead}"


def test_the_rules_know_every_kind_of_person() -> None:
    assert {person.key for person in PEOPLE} == rules.SEES.keys()


def test_nobody_comes_in_without_signing_in(found: Answers) -> None:
    open_ = {(q.method, q.rule) for q, answers in found.items() if answers["nobody"] != SIGN_IN}
    assert open_ == rules.PUBLIC


def test_who_does_not_see_a_case_gets_nothing_of_it(found: Answers) -> None:
    breaches = []
    for question, answers in found.items():
        if not question.of_case:
            continue
        for person, sees in rules.SEES.items():
            if not sees[question.case == "secret"] and answers[person] not in rules.CLOSED:
                breaches.append(told(question, person, answers))
    assert not breaches, breaches


def test_who_sees_a_case_reads_all_of_it(found: Answers) -> None:
    breaches, met = [], set()
    for question, answers in found.items():
        if question.method != "GET" or question.rule not in rules.READING:
            continue
        met.add(question.rule)
        for person, sees in rules.SEES.items():
            meant = sees[question.case == "secret"]
            if person in rules.ENTERPRISES:
                meant = meant and rules.READING[question.rule]
            if meant != (answers[person] == YES):
                breaches.append(told(question, person, answers))
    assert not breaches, breaches
    assert met == rules.READING.keys()


def test_to_an_enterprise_anothers_case_does_not_exist(found: Answers) -> None:
    wrong = [
        told(question, "other enterprise", answers)
        for question, answers in found.items()
        if question.of_case and answers["own enterprise"] not in (NO, NONE)
        if answers["other enterprise"] != NONE
    ]
    assert not wrong, wrong


def test_tasks_are_acted_on_by_those_they_wait_for(found: Answers) -> None:
    breaches, met = [], set()
    for question, answers in found.items():
        act = rules.NAMES.get(question.rule, "")
        if question.method != "POST" or not act:
            continue
        met.add(question.rule)
        may = rules.ACTS[act][question.task]
        for person in rules.SEES:
            if (answers[person] in rules.ALLOWED) != (person in may):
                breaches.append(told(question, person, answers))
    assert not breaches, breaches
    assert met == rules.NAMES.keys()


def test_who_only_looks_changes_nothing(found: Answers) -> None:
    breaches = [
        told(question, person, answers)
        for question, answers in found.items()
        for person in rules.ONLY_LOOK
        if question.of_case and question.method != "GET" and not question.rule.endswith(rules.FOR_ONESELF)
        if (question.method, question.rule) not in rules.OWN
        if answers[person] in rules.ALLOWED
    ]
    assert not breaches, breaches


def test_rooms_are_kept_by_their_keepers(found: Answers) -> None:
    breaches = []
    for question, answers in found.items():
        for prefix, keepers in rules.KEPT.items():
            inside = {p for p, sign in answers.items() if sign in rules.ALLOWED}
            if question.rule.startswith(prefix) and inside != keepers:
                breaches.append(f"{question.method} {question.rule}: {sorted(inside)}")
        if question.rule in rules.STAFF_ONLY and {answers[p] for p in rules.ENTERPRISES} != {NO}:
            breaches.append(told(question, "own enterprise", answers))
    assert not breaches, breaches


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_answers_alike(found: Answers, database: Engine) -> None:
    world = build(address(database))
    asked = [q for q in found if q.rule in rules.READING or q.rule in rules.NAMES]
    again = {q: {person.key: ask(world, q, person) for person in PEOPLE} for q in asked}
    world.engine.database.dispose()
    assert again == {q: found[q] for q in asked}
