"""How a person likes the inbox: which columns in which order, how many rows, single keys or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from .asked import OPEN

OPEN_COLUMNS = (
    "due",
    "title",
    "step",
    "enterprise",
    "opened",
    "department",
    "process",
    "status",
)
DONE_COLUMNS = ("closed", "title", "step", "enterprise", "status", "department", "process", "opened")
DEFAULT = {
    "open": ("due", "title", "step", "enterprise", "opened"),
    "done": ("closed", "title", "step", "enterprise", "status"),
}
KNOWN = {"open": OPEN_COLUMNS, "done": DONE_COLUMNS}
KEPT = ("at", "title", "enterprise", "status", "due")  # of cases copied and followed
SORTED_BY = {"title": "number", "process": "", "at": ""}  # where a column's order is not its own
SIZES = (25, 50, 100)
ALWAYS = "title"  # the way to the task


@dataclass(frozen=True)
class Liking:
    """What a person has chosen, or the defaults."""

    open: tuple[str, ...]
    done: tuple[str, ...]
    size: int
    keys: bool  # whether single letters act, see WCAG 2.1.4
    beside: bool  # whether a wide window shows the task beside the list

    def columns(self, tab: str) -> tuple[str, ...]:
        """The columns of a tab, in order."""
        if tab in ("copied", "followed"):
            return KEPT
        return self.open if tab in OPEN else self.done


def liking(chosen: Mapping[str, Any]) -> Liking:
    """What the preferences say; what they don't say, or say no more, is the default."""
    size = chosen.get("inbox.size")
    return Liking(
        open=columns("open", chosen.get("inbox.columns.open")),
        done=columns("done", chosen.get("inbox.columns.done")),
        size=size if size in SIZES else current_app.config["PAGE_SIZE"],
        keys=chosen.get("keys") is not False,
        beside=chosen.get("inbox.beside") is not False,
    )


def columns(kind: str, wanted: Any) -> tuple[str, ...]:
    """Of the wanted columns those there are, each once; with the one that leads to the task."""
    if not isinstance(wanted, list):
        return DEFAULT[kind]
    found = [name for name in dict.fromkeys(map(str, wanted)) if name in KNOWN[kind]]
    return tuple(found if ALWAYS in found else [ALWAYS, *found])


def sort_of(column: str) -> str:
    """The order that a column's head asks for; "" where it has none."""
    return SORTED_BY.get(column, column)
