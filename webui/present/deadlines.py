"""A deadline as a page shows it: its words, its icon and its tone, never its colour alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from engine import worktime
from webui.edge.language import language

ICONS = {
    "none": "dash-circle",
    "normal": "check-circle-fill",
    "soon": "hourglass-split",
    "today": "alarm-fill",
    "overdue": "exclamation-triangle-fill",
}
TONES = {"overdue": "late"}


@dataclass(frozen=True)
class Shown:
    """`tone` is the class of the style sheet; `at` is None where there is no deadline."""

    words: str
    icon: str
    tone: str
    at: datetime | None


def deadline(due: datetime | None) -> Shown:
    """`due` at this request's moment, by the working calendar."""
    reckoned = worktime.in_words(due, g.now, g.calendar)
    tone = TONES.get(reckoned.state, reckoned.state)
    return Shown(reckoned.words(language()), ICONS[reckoned.state], tone, due)


def tally(rows: Iterable[Any]) -> dict[str, int]:
    """How many of the rows are late, due today and due soon."""
    counted = {"late": 0, "today": 0, "soon": 0}
    for row in rows:
        tone = deadline(row.due_at).tone
        if tone in counted:
            counted[tone] += 1
    return counted
