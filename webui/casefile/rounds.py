"""The rounds of a case: a process that goes round declares by what.

By what it counts and what to tell of each round, its diagram says (engine.bpmn.rounds). It is told to the
enterprise too. A round has what was set from the step that began it until the next began, so that nothing
of an earlier round is taken for its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import clock, identity
from engine.bpmn.rounds import COUNTER
from engine.bpmn.rounds import facts as told_of
from engine.errors import NotFound
from engine.identity import ROLES
from engine.runtime.queries import HistoryRow
from webui.disclosure import View
from webui.present.moments import moment

LONGEST_CODE = 40  # characters of a department's code
TRIGGERS = frozenset({"case.started", "task.completed", "message.received", "timer.fired"})


@dataclass
class Round:
    """One round. `until` is None for the present one; `facts` are labels with what is known, in words."""

    number: int
    since: datetime
    until: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    facts: list[tuple[str, str]] = field(default_factory=list)


def rounds(view: View, most: int | None = None) -> list[Round]:
    """The rounds, oldest first, with `most` those that the last events tell of; none without the property."""
    counter = view.diagram.properties.get(COUNTER, "").strip()
    if not counter:
        return []
    found = _walked(counter, view.recorded(most)[0])
    facts = told_of(view.diagram.properties)
    for one in found:
        told = view.contact.data(one.values) if view.contact else one.values
        one.facts = [(label, text) for label, name in facts if (text := _said(view, told.get(name)))]
    return found


def _walked(counter: str, rows: Iterable[HistoryRow]) -> list[Round]:
    found: list[Round] = []
    step: dict[str, Any] = {}
    for row in rows:
        if row.kind in TRIGGERS:
            step = {}
        values = row.data.get("values")
        if not isinstance(values, Mapping) or "call" in row.data:
            continue
        step.update(values)
        number = values.get(counter)
        if isinstance(number, int) and number > 0 and (not found or number != found[-1].number):
            if found:
                found[-1].until = row.at
            found.append(Round(number, row.at, values=dict(step)))
        elif found:
            found[-1].values.update(values)
    return found


def _said(view: View, value: Any) -> str:
    """A value in words: a department or role by its name, a moment as people write it."""
    if value is None or value is False or value == []:
        return ""
    if isinstance(value, list):
        return "、".join(filter(None, (_said(view, one) for one in value)))
    text = str(value)
    if text in ROLES:
        return identity.group_name(view.connection, text, view.language)
    return _moment(text) or _department(view, text) or text


def _moment(text: str) -> str:
    head, zone, _ = text.partition("@")
    if "T" not in head:
        return ""
    try:
        found = datetime.fromisoformat(head)
    except ValueError:
        return ""
    return moment(found.replace(tzinfo=clock.SHANGHAI) if zone and found.tzinfo is None else found)


def _department(view: View, text: str) -> str:
    if len(text) > LONGEST_CODE:
        return ""
    try:
        return identity.department(view.connection, text).name
    except NotFound:
        return ""
