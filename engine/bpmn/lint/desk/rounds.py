"""What the case page tells of each round: variables that the process has, each under a label."""

from collections.abc import Iterator

from engine.bpmn import rounds
from engine.bpmn.lint.context import LintContext, nearest, of_process
from engine.bpmn.lint.variables import names_of
from engine.bpmn.model import Diagram
from engine.errors import Problem


def told(diagram: Diagram, context: LintContext) -> Iterator[Problem]:
    """The counter and every fact name a variable of the case, and a fact says what it is called."""
    counter = diagram.properties.get(rounds.COUNTER, "").strip()
    facts = rounds.facts(diagram.properties)
    if facts and not counter:
        yield of_process("lint.round-alone", diagram)
    known = names_of(diagram, context)
    if counter and counter not in known:
        hint = nearest(counter, known)
        yield of_process("lint.round-unknown", diagram, property=rounds.COUNTER, value=counter, hint=hint)
    for label, name in facts:
        if not label or not name:
            yield of_process("lint.round-pair", diagram, value=label or name)
        elif name not in known:
            hint = nearest(name, known)
            yield of_process("lint.round-unknown", diagram, property=rounds.FACTS, value=name, hint=hint)


RULES = (told,)
