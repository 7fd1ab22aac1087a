"""What a list of tasks may be narrowed by, as conditions on rows. Each filter is a word of the URL."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import worktime
from engine.clock import as_utc, local
from engine.identity import Actor
from engine.identity.absence import Desk
from engine.runtime.desk.tables import drafts
from engine.runtime.queries.inbox.selecting import is_returned
from engine.runtime.tables import cases, deadlines, tasks
from engine.runtime.words import sought

DUE = ("late", "today", "soon", "normal", "none")
MARKS = ("held", "returned", "urged", "draft", "stopped", "deputy")


@dataclass(frozen=True)
class Filters:
    """What is asked for; an empty word asks for nothing.

    `text` are words as the search for cases takes them, see `words.sought`; `step` is a task's name;
    `department` a code; `due` one of DUE, judged at `moment`; `marks` are those of MARKS that a task must
    bear.
    """

    text: str = ""
    process: str = ""
    step: str = ""
    department: str = ""
    status: str = ""
    urgent: bool = False
    due: str = ""
    marks: tuple[str, ...] = ()
    moment: datetime | None = None

    @property
    def of_case(self) -> bool:
        """Whether rows of cases must be read to judge."""
        return bool(self.text or self.process or self.department or self.status)

    def of_cases(self, connection: Connection, among: sa.Select[tuple[str]]) -> list[sa.ColumnElement[bool]]:
        """What a case must fulfil. `among` selects the ids of the cases of the whole list."""
        equal: tuple[tuple[sa.Column[Any], str], ...] = (
            (cases.c.process, self.process),
            (cases.c.department, self.department),
            (cases.c.status, self.status),
        )
        found: list[sa.ColumnElement[bool]] = [column == value for column, value in equal if value]
        if self.text:
            found += sought.standing(sought.read(connection, self.text), among)
        return found

    def conditions(
        self, connection: Connection, actor: Actor, also: Collection[Desk], among: sa.Select[tuple[str]]
    ) -> list[sa.ColumnElement[bool]]:
        """What a task, joined with its case where `of_case` says so, must fulfil; `among` as for cases."""
        found = self.of_cases(connection, among)
        if self.step:
            found.append(tasks.c.name == self.step)
        if self.urgent:
            found.append(tasks.c.urgent.is_(True))
        if self.due:
            found += _standing(connection, self.due, self.moment)
        marks = _marks(actor, also)
        return [*found, *(marks[mark] for mark in self.marks)]


def edges(calendar: worktime.Calendar, now: datetime) -> tuple[datetime, datetime]:
    """Midnight after `now`'s day, and the end of what is due soon: where a second working day begins."""
    today = local(now).date()
    second = calendar.add_workdays(today, 2)
    return worktime.at(today + timedelta(days=1), time()), worktime.at(second, time())


def _standing(connection: Connection, due: str, moment: datetime | None) -> list[sa.ColumnElement[bool]]:
    """How a deadline stands, in the words of `worktime.in_words`. A stopped clock says none."""
    if due == "none":
        return [tasks.c.due_at.is_(None)]
    assert moment is not None, "a deadline is judged at a moment"
    now, column = as_utc(moment), tasks.c.due_at
    tonight, soon = (as_utc(edge) for edge in edges(worktime.load(connection), now))
    spans: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
        "late": (column < now,),
        "today": (column >= now, column < tonight),
        "soon": (column >= tonight, column < soon),
        "normal": (column >= soon,),
    }
    return [*spans[due], ~_stopped()]


def _stopped() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        deadlines.c.case_id == tasks.c.case_id,
        deadlines.c.token == tasks.c.token,
        deadlines.c.task_id == tasks.c.id,
        deadlines.c.state == "stopped",
    )


def _marks(actor: Actor, also: Collection[Desk]) -> dict[str, sa.ColumnElement[bool]]:
    own = sa.exists().where(drafts.c.task_id == tasks.c.id, drafts.c.account == actor.id)
    return {
        "held": tasks.c.held != "",
        "returned": is_returned(),
        "urged": tasks.c.urged > 0,
        "draft": own,
        "stopped": _stopped(),
        "deputy": sa.or_(tasks.c.acting_for.is_not(None), *(tasks.c.assignee == one.account for one in also)),
    }
