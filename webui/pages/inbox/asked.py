"""What an inbox's address asks for: the tab, what narrows it, the order, the page, the task beside it.

What is unknown or too long is left out, so that an old bookmark still opens; what is left out stands for
the default, so that the same list has one address.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from engine.runtime import queries
from engine.runtime.queries import Filters
from engine.runtime.queries.inbox import DUE, MARKS, SORTS

TABS = (*queries.TABS, "copied", "followed")
OPEN = ("todo", "claimable")
WORDS = {"text": 120, "process": 80, "step": 200, "department": 40, "status": 40}  # most characters
FARTHEST = 10_000  # pages


@dataclass(frozen=True)
class Asked:
    """One list of the inbox. Empty words ask for nothing; `task` is the one that is open beside it."""

    tab: str = "todo"
    text: str = ""
    process: str = ""
    step: str = ""
    department: str = ""
    status: str = ""
    urgent: bool = False
    due: str = ""
    marks: tuple[str, ...] = ()
    unread: bool = False
    sort: str = ""
    page: int = 1
    task: str = ""

    @classmethod
    def read(cls, query: str) -> "Asked":
        """What the part of an address behind the `?` asks for."""
        try:
            pairs = parse_qsl(query, max_num_fields=50)
        except ValueError:  # more fields than any form of ours has
            return cls()
        return cls.of(pairs)

    @classmethod
    def of(cls, pairs: list[tuple[str, str]]) -> "Asked":
        """What these fields of an address or a form ask for."""
        given = {name: value.strip() for name, value in pairs}
        marks = {value for name, value in pairs if name == "mark"}
        tab, sort, page = given.get("tab", ""), given.get("sort", ""), given.get("page", "")
        return cls(
            tab=tab if tab in TABS else "todo",
            **{name: given.get(name, "")[:most] for name, most in WORDS.items()},
            urgent=given.get("urgent") == "1",
            due=given["due"] if given.get("due") in DUE else "",
            marks=tuple(mark for mark in MARKS if mark in marks),
            unread=given.get("unread") == "1",
            sort=sort if sort.removeprefix("-") in SORTS else "",
            page=min(int(page), FARTHEST) if page.isdecimal() and page.isascii() and len(page) < 7 else 1,
            task=given.get("task", "")[:32],
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """The fields of its address, changed so. A change of anything but the page leads to the first."""
        asked = replace(self, **{"page": 1, **changes}) if changes else self
        found: dict[str, Any] = {name: getattr(asked, name) for name in (*WORDS, "due", "sort", "task")}
        found["tab"] = asked.tab if asked.tab != "todo" else ""
        found["urgent"], found["unread"] = "1" if asked.urgent else "", "1" if asked.unread else ""
        found["page"] = str(asked.page) if asked.page > 1 else ""
        found["mark"] = list(asked.marks)
        return {name: value for name, value in found.items() if value}

    def query(self) -> str:
        """The query of the list as such: without the page and the task beside it."""
        return urlencode(self.args(page=1, task=""), doseq=True)

    def here(self) -> str:
        """The query of the list at its page, for what leads back to where one was."""
        return urlencode(self.args(page=self.page, task=""), doseq=True)

    def address(self, **changes: Any) -> str:
        """Its address, changed so; the page stays unless it is changed."""
        return url_for("inbox.inbox", **self.args(**{"page": self.page, **changes}))

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than the whole tab."""
        words = any(getattr(self, name) for name in WORDS)
        return bool(words or self.urgent or self.due or self.marks or self.unread)

    def filters(self, now: datetime) -> Filters:
        """The same for the engine, with deadlines judged at `now`."""
        words = {name: getattr(self, name) for name in WORDS}
        due = self.due if self.tab in OPEN else ""
        marks = self.marks if self.tab in OPEN else ()
        return Filters(**words, urgent=self.urgent, due=due, marks=marks, moment=now)


def list_address(listed: str) -> str:
    """The inbox as that query asks for it, with nothing open beside it."""
    return Asked.read(listed).address(task="")
