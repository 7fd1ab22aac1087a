"""What a deadline is: its reminders, the unit it was counted in, the rule behind it, who answers for it.

A user task with a due date outside any phase, and every phase, has the policy `standard`; within a phase
the phase reminds, and an enterprise's own tasks remind nobody, unless the property `reminders` says so.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine import feel
from engine.bpmn.model import Diagram, Element
from engine.bpmn.stepping import Run
from engine.bpmn.stepping.expressions import Value
from engine.clock import as_utc
from engine.worktime.rules import NONE, STANDARD

ENTERPRISE = "enterprise@"
PLACED = ("admin@", "handler@")  # groups of one department
_UNITS = ("working hours", "minutes", "hours")  # functions that are a unit's name
_DAYS = frozenset({"workdays", "workdays before", "next workday", "fixed date", "cutoff"})


def policy_of(diagram: Diagram, element: Element, kind: str, groups: Iterable[str]) -> str:
    """The name of the deadline's reminder policy."""
    said = element.properties.get("reminders")
    if kind == "task" and has_deadline(element):
        return NONE  # the same element is a phase, which reminds
    if said:
        return said
    if kind == "phase":
        return STANDARD
    if phase_of(diagram, element) is not None or for_enterprise(groups):
        return NONE
    return STANDARD


def for_enterprise(groups: Iterable[str]) -> bool:
    """Whether only enterprises are candidates."""
    named = list(groups)
    return bool(named) and all(name.startswith(ENTERPRISE) for name in named)


def has_deadline(element: Element) -> bool:
    """Whether the element is a phase: an activity with a deadline of its own."""
    return feel.expression_in(element.properties.get("deadline")) is not None


def phase_of(diagram: Diagram, element: Element) -> Element | None:
    """The nearest phase around a task: itself, or a sub-process that it stands in."""
    around: Element | None = element
    while around is not None:
        if has_deadline(around):
            return around
        around = diagram.elements.get(around.scope)
    return None


def department_of(kind: str, groups: Iterable[str], department: str) -> str:
    """Who is answerable: for a phase the case's department, for a task that of its candidates."""
    if kind == "phase":
        return department
    placed = (name.partition("@")[2] for name in groups if name.startswith(PLACED))
    return next(placed, "")


def origin_of(
    run: Run, token: int, value: Value, due: datetime, basis: Mapping[str, Any] | None
) -> tuple[str, Any]:
    """(unit, the rule behind it): of the expression itself, or of the variable it takes the date from."""
    if basis is None:
        names = getattr(value.expression, "names", ())
        frame: Any = (run.token(token) or run.task_tree).workflow
        for name in names:
            dated, found = frame.dated.get(name), frame.variables.get(name)
            if dated is not None and isinstance(found, datetime) and as_utc(found) == due:
                outputs = run.program.assigned.get(dated.element, ())
                source = outputs[dated.index][1] if dated.index < len(outputs) else value
                return _of(source, dated.basis)
    return _of(value, basis)


def _of(value: Value, basis: Mapping[str, Any] | None) -> tuple[str, Any]:
    return (basis["unit"], dict(basis)) if basis else (unit_of(value), None)


def unit_of(value: Value) -> str:
    """The unit an expression counts in, by the functions it calls; '' where it calls none."""
    calls: frozenset[str] = getattr(value.expression, "calls", frozenset())
    if calls & _DAYS:
        return "workdays"
    return next((unit for unit in _UNITS if unit in calls), "")


def round_of(variables: Mapping[str, Any]) -> int:
    """The round the case is in, if the process counts them in the variable `round`; else 0."""
    found = variables.get("round")
    if not isinstance(found, Decimal) or found != found.to_integral_value() or abs(found) >= 1_000_000:
        return 0
    return int(found)
