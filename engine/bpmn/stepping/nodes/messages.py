"""What a run waits to be told: the messages that may be sent to it, by whom, and on what condition.

Said on the element that waits, in properties: `senders` (groups or accounts, as a list or by FEEL),
`when` (a FEEL condition at the moment of sending) and `otherwise` (what is said while it does not hold).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn.model import Diagram
from engine.bpmn.stepping.effects import Awaited, Host
from engine.bpmn.stepping.expressions import Expressions, Value, names
from engine.bpmn.stepping.nodes.events import EventGateway
from engine.bpmn.stepping.run import Run
from engine.bpmn.stepping.tokens import Token

Key = tuple[int, str]  # the waiting token, and the element that says what it waits for


@dataclass(frozen=True)
class MessageTexts:
    """The expressions of an element that waits for a message. `depends` are the variables of `senders`."""

    senders: tuple[Value, ...]
    when: Value | None
    depends: frozenset[str]


def message_texts(diagram: Diagram, expressions: Expressions) -> dict[str, MessageTexts]:
    """The texts of every element that waits for a message, by its id."""
    found = {}
    for element in diagram.elements.values():
        if element.awaits:
            given = element.properties.get("senders", "")
            senders = expressions.several(given)
            when = element.properties.get("when", "")
            depends = frozenset().union(*(getattr(v.expression, "names", ()) for v in senders))
            found[element.id] = MessageTexts(senders, expressions.condition(when) if when else None, depends)
    return found


def awaited(run: Run) -> dict[Key, Token]:
    """What the run waits to be told now, the oldest token first."""
    known = run.program.messages
    if not known:
        return {}
    waiting = (t for t in run.event_manager.tasks.values() if t._state == TaskState.WAITING)
    found = {(token.id, key): token for token in waiting for key in _elements(token) if key in known}
    return dict(sorted(found.items()))


def _elements(token: Token) -> list[str]:
    """The ids of the elements that a catching token waits for: a gateway's are those behind it."""
    spec = token.task_spec
    if isinstance(spec, EventGateway):
        return list(spec._outputs)
    return [spec.element.id] if spec.element is not None else []


def compare(run: Run, before: Mapping[Key, Token]) -> None:
    """Tell the step which messages the run began, or ceased, to wait for."""
    elements, after = run.program.diagram.elements, awaited(run)
    run.step.subscribed = [
        Awaited(token, elements[key]) for token, key in after if (token, key) not in before
    ]
    run.step.unsubscribed = [
        Awaited(token, elements[key]) for token, key in before if (token, key) not in after
    ]


def senders(run: Run, key: Key, host: Host) -> tuple[str, ...]:
    """Who may send what waits at `key`, as the variables stand now: groups and accounts."""
    run.host = host
    found = names(run, run.token(key[0]), run.program.messages[key[1]].senders)
    run.host = None
    return found


def holds(run: Run, key: Key, host: Host, actor: Mapping[str, Any]) -> bool:
    """Whether what waits at `key` may be sent now, by this `actor`."""
    when = run.program.messages[key[1]].when
    run.host = host
    try:
        return when is None or when.at(run, awaited(run)[key], {"actor": feel.normalise(actor)}) is True
    finally:
        run.host = None
