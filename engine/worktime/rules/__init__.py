"""The rules of time that the control centre sets: limits by kind of case, and reminder policies."""

from engine.worktime.rules.document import (
    DEFAULT,
    NONE,
    RECIPIENTS,
    STANDARD,
    UNITS,
    WHENS,
    Limit,
    Policy,
    ReminderStep,
    Rules,
    Unit,
    When,
)
from engine.worktime.rules.reading import read, write
from engine.worktime.rules.store import Published, by_id, history, in_force, publish

__all__ = [
    "DEFAULT",
    "NONE",
    "RECIPIENTS",
    "STANDARD",
    "UNITS",
    "WHENS",
    "Limit",
    "Policy",
    "Published",
    "ReminderStep",
    "Rules",
    "Unit",
    "When",
    "by_id",
    "history",
    "in_force",
    "publish",
    "read",
    "write",
]
