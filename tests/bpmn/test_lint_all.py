"""Every rule of lint has a diagram that breaks it, a sentence in both languages and a line in the guide."""

import re
from pathlib import Path

import pytest

from engine.bpmn import lint, messages, soundness
from engine.bpmn.lint import messages as sentences
from engine.bpmn.read import read
from engine.errors import Invalid
from tests.conftest import unavailable

from . import (
    test_lint_calls,
    test_lint_dialect,
    test_lint_scopes,
    test_lint_shape,
    test_lint_signing,
    test_lint_work,
)

HOME = Path(__file__).parents[2]
PUBLIC = HOME.parent / "shared" / "diagrams"
TABLES = (
    messages.SHAPE, sentences.DIALECT, sentences.WORK, sentences.EVENTS, sentences.CALLS, sentences.SIGNING,
    sentences.VARIABLES,
)  # fmt: skip
MODULES = (
    test_lint_shape,
    test_lint_dialect,
    test_lint_scopes,
    test_lint_work,
    test_lint_calls,
    test_lint_signing,
)
RULES = {code for table in TABLES for code in table}
# tested by name, not in the tables
ELSEWHERE = {"lint.call-size", "lint.nodes", "lint.flows", "lint.depth", "lint.no-code"}


def test_every_rule_has_a_diagram_that_breaks_it():
    tested = {case[0] for module in MODULES for case in module.CASES}
    assert tested | ELSEWHERE == RULES | {"feel.syntax"}


def test_every_sentence_can_be_said_with_the_facts_of_its_rule():
    for module in MODULES:
        for _, broken, _ in module.CASES:
            for problem in lint.check(module.draw(**broken), module.CONTEXT):
                for language in ("zh", "en"):
                    facts = {"where": "", **problem.facts}
                    template = re.sub(r"{{.*?}}", "", _template(problem.code, language))
                    assert set(re.findall(r"{(\w+)}", template)) <= facts.keys(), problem


def _template(code: str, language: str) -> str:
    pair = next((table[code] for table in TABLES if code in table), ("", ""))
    return pair[0 if language == "zh" else 1]


@pytest.mark.parametrize("code", sorted(RULES | set(messages.READING) | set(messages.SOUNDNESS)))
def test_the_guide_explains_every_code(code):
    assert f"`{code}`" in (HOME / "docs" / "lint.md").read_text(encoding="utf-8")


def test_public_diagrams_are_judged_without_a_crash():
    if not PUBLIC.is_dir():
        unavailable("the public diagrams are not there: put them into ../shared/diagrams")
    judged = 0
    for path in PUBLIC.iterdir():
        if ".bpmn" in path.name:
            try:
                diagram = read(path.read_bytes(), path.name)
            except Invalid as refused:
                assert refused.problems
                continue
            lint.check(diagram, lint.LintContext())
            assert soundness.explore(diagram).markings
            judged += 1
    assert judged > 200
