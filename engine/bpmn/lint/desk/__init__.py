"""What a diagram says about the desk: what people may do with a task, how they sign together, and what they
read of each round."""

from engine.bpmn.lint.context import Rule
from engine.bpmn.lint.desk import actions, rounds, signing

RULES: tuple[Rule, ...] = (*actions.RULES, *signing.RULES, *rounds.RULES)
