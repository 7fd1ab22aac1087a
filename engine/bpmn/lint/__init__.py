"""Lint: what is wrong with a diagram, before anybody depends on it.

A diagram without problems runs as it is drawn. Each problem names an element, says why it would go
wrong and what to do. Whether tokens can get stuck is the question of engine.bpmn.soundness.
"""

from engine.bpmn import messages as _shape  # noqa: F401  teaches the sentences about shape
from engine.bpmn.lint import calls, desk, dialect, events, expressions, scopes, structure, tasks, variables
from engine.bpmn.lint import messages as messages
from engine.bpmn.lint.context import Form, Limits, LintContext, Operation, Rule
from engine.bpmn.model import Diagram
from engine.errors import Problem

__all__ = ["RULES", "Form", "Limits", "LintContext", "Operation", "check"]

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *dialect.RULES,
    *tasks.RULES,
    *desk.RULES,
    *events.RULES,
    *scopes.RULES,
    *calls.RULES,
    *variables.RULES,
    *expressions.RULES,
)


def check(diagram: Diagram, context: LintContext) -> list[Problem]:
    """Every problem of the diagram, in the order of the rules. Too large a diagram is only told its size."""
    too_large = list(structure.limits(diagram, context))
    return too_large or [problem for rule in RULES for problem in rule(diagram, context)]
