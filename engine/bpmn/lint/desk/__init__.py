"""What a diagram says about the desk: what people may do with a task, and how they sign together."""

from engine.bpmn.lint.context import Rule
from engine.bpmn.lint.desk import actions, signing

RULES: tuple[Rule, ...] = (*actions.RULES, *signing.RULES)
