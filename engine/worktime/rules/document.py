"""The rules of time as one immutable document: limits by kind of case, and reminder policies.

A case keeps the document it started under. DEFAULT is what holds where nobody has published any:
荣成办法 第十六条 with 黄骅's three complexities, and the reminders of 清远.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Literal

Unit = Literal["workdays", "working hours", "hours", "minutes"]
When = Literal["before", "day", "due", "after", "daily"]

UNITS: tuple[Unit, ...] = ("workdays", "working hours", "hours", "minutes")
WHENS: tuple[When, ...] = ("before", "day", "due", "after", "daily")
RECIPIENTS = ("handler", "administrator", "control-centre", "leader", "platform", "supervisor", "enterprise")
STANDARD, NONE = "standard", "none"  # the policies that every document has


@dataclass(frozen=True)
class Limit:
    """One row of the table of limits. An empty (or None) condition holds for every case.

    `count` is in `unit`: working days, working hours, or hours and minutes by the clock on the wall.
    """

    name: str
    count: int
    unit: Unit = "workdays"
    process: str = ""
    type: str = ""
    complexity: str = ""
    urgent: bool | None = None
    extendable: bool = True

    @property
    def fallback(self) -> bool:
        """Whether the row holds for every case."""
        return not (self.process or self.type or self.complexity) and self.urgent is None

    def holds(self, criteria: Mapping[str, Any]) -> bool:
        """Whether the row is for a case of these criteria; a case that does not say so is not urgent."""
        named = ((self.process, "process"), (self.type, "type"), (self.complexity, "complexity"))
        if any(wanted and criteria.get(key) != wanted for wanted, key in named):
            return False
        return self.urgent is None or self.urgent == (criteria.get("urgent") is True)


@dataclass(frozen=True)
class ReminderStep:
    """One reminder of a policy: when it is sent, to whom, with which template.

    `before` and `after`: `days` working days from the due day, at the hour `at`; `day`: on the due
    day at `at`; `due`: at the due moment itself; `daily`: every working day after it at `at`.
    `to` are recipient words, see RECIPIENTS.
    """

    name: str
    when: When
    to: tuple[str, ...]
    template: str
    days: int = 0
    at: time = time(9)


Policy = tuple[ReminderStep, ...]


@dataclass(frozen=True)
class Rules:
    """A document of rules. `id` is "" for the built-in one."""

    limits: tuple[Limit, ...]
    reminders: Mapping[str, Policy] = field(default_factory=dict)
    id: str = ""

    def limit(self, name: str, criteria: Mapping[str, Any]) -> Limit | None:
        """The first row of that name that holds for the criteria; None for a name without rows."""
        return next((row for row in self.limits if row.name == name and row.holds(criteria)), None)

    def policy(self, name: str) -> Policy:
        """The reminders of a policy; an unknown name means the standard one, so that nobody is left
        without a reminder by a slip of the pen."""
        found = self.reminders.get(name)
        return self.reminders.get(STANDARD, ()) if found is None else found


def _handling(days: Sequence[int], urgent: Sequence[int]) -> list[Limit]:
    """一般, 较复杂, 特别复杂 in this order; the first is also what an unmarked case has."""
    levels = tuple(zip(("", "较复杂", "特别复杂"), urgent, days, strict=True))[::-1]
    rows = [Limit("handling", few, complexity=level, urgent=True) for level, few, _ in levels]
    return rows + [Limit("handling", many, complexity=level) for level, _, many in levels]


DEFAULT = Rules(
    limits=(*_handling((3, 7, 15), urgent=(1, 3, 7)), Limit("contact", 4, "working hours")),
    reminders={
        STANDARD: (
            ReminderStep("pre1", "before", ("handler",), "soon", days=1),
            ReminderStep("pre2", "day", ("handler",), "today"),
            ReminderStep("over0", "due", ("control-centre", "handler"), "late"),
            ReminderStep("daily", "daily", ("control-centre",), "still-late"),
            ReminderStep("over3", "after", ("leader",), "late-leader", days=3),
        ),
        NONE: (),
        "dispatch": (ReminderStep("over0", "due", ("control-centre",), "triage-late"),),
        "signing": (ReminderStep("over0", "due", ("administrator", "control-centre"), "sign-late"),),
        "contact": (ReminderStep("over0", "due", ("handler", "administrator"), "contact-late"),),
        "joint": (
            ReminderStep("pre1", "before", ("handler",), "soon", days=1),
            ReminderStep("over0", "due", ("handler",), "joint-late"),
        ),
        "callback": (
            ReminderStep("pre1", "before", ("platform",), "callback", days=1),
            ReminderStep("over0", "due", ("control-centre",), "callback-late"),
        ),
        "supervision": (
            ReminderStep("pre1", "before", ("handler",), "soon", days=1),
            ReminderStep("over0", "due", ("leader",), "supervision-late"),
            ReminderStep("daily", "daily", ("control-centre",), "still-late"),
        ),
    },
)
