"""What a search asks for, and what it asks of a case's row. Each filter is a word of the URL."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import worktime
from engine.clock import as_utc
from engine.identity import Actor
from engine.runtime.queries.inbox.filters import edges
from engine.runtime.tables import IS_OPEN, cases, tasks
from engine.runtime.words.sought import Code, Sought, read
from engine.runtime.words.spaced import place, words

DUE = ("late", "today", "soon", "normal", "stopped", "none")
FACETS = ("status", "department", "type", "due", "urgent")
SORTS = ("new", "due")
_STANDING_STILL = '"until":null'  # in what a case keeps of its stops, while the last one lasts


@dataclass(frozen=True)
class Asked:
    """What is asked for; an empty word asks for nothing.

    `text` are words; `state` is open or ended; `department` a code; `due` one of DUE, judged at `moment`;
    `sort` is one of SORTS. Only open cases have a deadline; by deadline only those that have one are listed.
    """

    text: str = ""
    state: str = ""
    status: str = ""
    department: str = ""
    type: str = ""
    due: str = ""
    urgent: bool = False
    sort: str = "new"
    moment: datetime | None = None
    sought: Sought | None = None  # what `text` means, once it is read

    def without(self, facet: str) -> "Asked":
        """The same without this filter."""
        nothing: Any = False if facet == "urgent" else ""
        return replace(self, **{facet: nothing})

    @property
    def of_open(self) -> bool:
        """Whether only open cases can be meant."""
        return self.state == "open" or bool(self.due) or self.sort == "due"

    def read(self, connection: Connection) -> "Asked":
        """The same, with what its text means among the cases that are there."""
        return self if self.sought is not None else replace(self, sought=read(connection, self.text))

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases of the text, once it is read; credit codes are none."""
        return self._sought.phrases

    @property
    def words(self) -> list[str]:
        """The phrases, and what must stand beside them where a department or a type is asked for."""
        beside = [place(self.department)] if self.department else []
        kind = " ".join(words(self.type))
        return [*self.phrases, *beside, *([kind] if kind else [])]

    @property
    def codes(self) -> tuple[Code, ...]:
        """The beginnings of credit codes in the text, once it is read."""
        return self._sought.codes

    @property
    def of_few(self) -> bool:
        """Whether a code in the text leaves few cases to look at."""
        return self._sought.few

    @property
    def _sought(self) -> Sought:
        assert self.sought is not None, "the text must be read first"
        return self.sought

    @property
    def means_nothing(self) -> bool:
        """Whether there is a text without any word in it."""
        return bool(self.text.strip()) and not self._sought


def of_row(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """What the case's row must say; its words, its deadline and its state are asked for apart."""
    equal: tuple[tuple[sa.Column[Any], str], ...] = (
        (cases.c.status, asked.status),
        (cases.c.department, asked.department),
        (cases.c.type, asked.type),
    )
    found: list[sa.ColumnElement[bool]] = [column == value for column, value in equal if value]
    found += [code.holds() for code in asked.codes]
    return [*found, cases.c.urgent] if asked.urgent else found


def nearest(actor: Actor) -> sa.ColumnElement[Any]:
    """The nearest deadline among the case's open tasks, as far as the reader may know of them."""
    known = [~tasks.c.internal] if actor.kind == "enterprise" else []
    due = sa.select(sa.func.min(tasks.c.due_at)).where(tasks.c.case_id == cases.c.id, IS_OPEN, *known)
    due = due.correlate(cases)
    return sa.type_coerce(due.scalar_subquery(), tasks.c.due_at.type)


def of_deadline(connection: Connection, actor: Actor, asked: Asked) -> list[sa.ColumnElement[bool]]:
    """What the case's deadline must be, in the words of `worktime.in_words`."""
    if not asked.due:
        return []
    stopped, due = cases.c.stops.contains(_STANDING_STILL, autoescape=True), nearest(actor)
    if asked.due == "none":
        return [due.is_(None)]
    if asked.due == "stopped":
        return [stopped, due.is_not(None)]
    assert asked.moment is not None, "a deadline is judged at a moment"
    now = as_utc(asked.moment)
    tonight, soon = (as_utc(edge) for edge in edges(worktime.load(connection), now))
    spans: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
        "late": (due < now,),
        "today": (due >= now, due < tonight),
        "soon": (due >= tonight, due < soon),
        "normal": (due >= soon,),
    }
    return [*spans[asked.due], ~stopped]
