"""The deadlines still to come if each next step is done on its last day.

A copy of the case is run by the real engine: loaded from the stored rows, stepped with a host whose
operations neither write nor notify, and thrown away. At each wait the task that is due first is done
at its last moment as it is usually done, and timers that come due before it fire.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import feel, runtime
from engine.bpmn import stepping
from engine.bpmn.model import Diagram, Element
from engine.bpmn.stepping.recount import Waiting, waiting
from engine.clock import ControlledClock, local
from engine.errors import NotFound, ZhibanError
from engine.outlook.dry import dry_operations
from engine.outlook.expected import Assumption, expected
from engine.runtime.casework import stops
from engine.runtime.casework.loading import host_of
from engine.runtime.tables import IS_OPEN, case_states, cases, task_candidates, tasks
from engine.runtime.write import Loaded
from engine.worktime import Stop

MOST_STEPS = 30  # tasks that are followed
MOST_TURNS = 200  # tasks done and timers fired
NOBODY: dict[str, Any] = {"id": "", "name": "", "department": None, "enterprise": None}


@dataclass(frozen=True)
class Ahead:
    """One step still to come. Moments are in UTC.

    `due` is its last moment (None: without a deadline, taken to be done at once), `at` the moment at
    which it is taken to be done: never before the step before it, so that `missed` says that the
    deadline is over by then. `groups` are the candidates, or the assignee's id. `timer` marks a deadline
    that nobody keeps: a timer ended what was waiting.
    """

    element: str
    name: str
    groups: tuple[str, ...]
    due: datetime | None
    at: datetime
    provisional: bool
    assumed: tuple[Assumption, ...] = ()
    task_id: str | None = None  # of a task that is open already
    timer: bool = False

    @property
    def missed(self) -> bool:
        return self.due is not None and self.at > self.due


@dataclass(frozen=True)
class Outlook:
    """What is ahead of a case. `ends` is when it would end (UTC) and `status` how; None if not foreseen.

    `why` says why the end is not foreseen: steps (too many), waits (for a message only), stopped (a
    step that cannot be taken on usual values). `stop` holds the case's clocks: then the dates are as if
    they ran again from this moment on.
    """

    steps: tuple[Ahead, ...]
    ends: datetime | None = None
    status: str = ""
    why: str = ""
    stop: Stop | None = None


@dataclass
class _Open:
    """A task that waits in the copy."""

    element: Element
    groups: tuple[str, ...]
    opened: datetime
    local: Mapping[str, Any]
    task_id: str | None = None


def outlook(engine: runtime.Engine, connection: Connection, case_id: str) -> Outlook:
    """What is ahead of the case, beginning at this moment. Reads only. NotFound if there is no such case."""
    return _Copy(engine, connection, case_id).follow()


class _Copy:
    """A case in memory only, and the moment it has come to."""

    def __init__(self, engine: runtime.Engine, connection: Connection, case_id: str) -> None:
        self._connection = connection
        self._clock = ControlledClock(engine.clock.now())
        self._engine = runtime.Engine(engine.database, self._clock, dry_operations(engine.operations))
        self._engine.definitions = engine.definitions
        self._case = _loaded(self._engine, connection, case_id)
        self._definition = self._engine.definitions.get(connection, self._case.row["definition_id"])
        self._found: list[Ahead] = []
        self._open = _open_tasks(connection, case_id, self._definition.diagram)
        self._stop = _resumed(self._engine, connection, self._case)
        self._calendar = host_of(self._engine, connection, self._case).calendar

    def follow(self) -> Outlook:
        """Step on until the case ends, waits for nothing that comes by itself, or has gone far enough."""
        found, why = self._found, ""
        turns = 0
        while self._case.row["state"] == "open" and not why:
            turns += 1
            if len(found) == MOST_STEPS or turns > MOST_TURNS:
                why = "steps"
            else:
                why = self._turn()
        if why:
            return Outlook(tuple(found), why=why, stop=self._stop)
        return Outlook(tuple(found), self._clock.now(), self._case.row["status"], stop=self._stop)

    def _turn(self) -> str:
        """Do what comes next. Why it cannot go on, if it cannot."""
        clocks = list(waiting(self._case.run))
        timers = [clock for clock in clocks if clock.kind == "timer"]
        timer = min(timers, key=lambda clock: (clock.due, clock.token.id), default=None)
        token, due = self._first_task(clocks)
        if token is None and timer is None:
            return "waits"
        try:
            if timer is not None and (token is None or self._reached(timer.due) < self._reached(due)):
                self._fire(timer.token.id, timer.element, timer.due)
            elif token is not None:
                self._complete(token, due)
        except ZhibanError:  # a usual value that the process cannot go on with
            return "stopped"
        return ""

    def _first_task(self, clocks: list[Waiting]) -> tuple[int | None, datetime | None]:
        """The open task that is done next, by its token, and its last moment."""
        last = {token: self._last_moment(token, clocks) for token in self._open}
        token = min(last, key=lambda key: (self._reached(last[key]), key), default=None)
        return token, None if token is None else last[token]

    def _last_moment(self, token: int, clocks: list[Waiting]) -> datetime | None:
        """The task's own deadline, else that of the phase around it."""
        around = set(_scopes(self._definition.diagram, self._open[token].element))
        own = [clock.due for clock in clocks if clock.kind != "timer" and clock.token.id == token]
        phases = [clock.due for clock in clocks if clock.kind == "phase" and clock.element in around]
        return min(own or phases, default=None)

    def _reached(self, due: datetime | None) -> datetime:
        """When something due then happens: never before the present of the copy; at once without a due."""
        return self._clock.now() if due is None else max(due, self._clock.now())

    def _complete(self, token: int, due: datetime | None) -> None:
        task, row = self._open.pop(token), self._case.row
        self._clock.move_to(self._reached(due))
        host = host_of(self._engine, self._connection, self._case)
        seen = {**self._case.run.variables_at(token), **task.local, "case": host.case}
        form = self._definition.forms.get(task.element.attributes.get("formKey", ""))
        choices = runtime.RowChoices(self._connection)
        usual = expected(task.element, form, seen, choices, host.functions, host.now)
        ahead = Ahead(
            task.element.id,
            task.element.label,
            task.groups,
            due,
            host.now,
            due is not None and self._calendar.provisional(due),
            usual.assumed,
            task.task_id,
        )
        self._found.append(ahead)
        context = _task_context(task, due, host.now, row["id"])
        step = stepping.complete(self._case.run, token, usual.values, host, task=context, actor=NOBODY)
        self._take(step)

    def _fire(self, token: int, element: str, due: datetime) -> None:
        """Fire a timer. It is told only where it ends something that somebody could have done."""
        self._clock.move_to(self._reached(due))
        host = host_of(self._engine, self._connection, self._case)
        step = stepping.fire(self._case.run, token, element, host)
        ended = [self._open[closed.token] for closed in step.closed if closed.token in self._open]
        self._take(step)
        name = self._definition.diagram.elements[element].label
        provisional = self._calendar.provisional(due)
        self._found += [
            Ahead(element, name, task.groups, due, host.now, provisional, task_id=task.task_id, timer=True)
            for task in ended[:1]
        ]

    def _take(self, step: stepping.Step) -> None:
        """What the runtime would write is only remembered."""
        row = self._case.row
        for closed in step.closed:
            self._open.pop(closed.token, None)
        for opened in step.opened:
            groups = (opened.assignee,) if opened.assignee else (*opened.groups, *opened.users)
            self._open[opened.token] = _Open(opened.element, groups, self._clock.now(), opened.local)
        row["status"] = step.status or row["status"]
        row["version"] += 1
        if step.ended:
            row["state"] = "ended"
        self._case.run.context["case"] = host_of(self._engine, self._connection, self._case).case


def _loaded(engine: runtime.Engine, connection: Connection, case_id: str) -> Loaded:
    """The case as it is stored, without a lock: nobody waits for us, and we for nobody."""
    row = connection.execute(sa.select(cases).where(cases.c.id == case_id)).mappings().first()
    if row is None:
        raise NotFound("runtime.no_case")
    stored = connection.execute(sa.select(case_states).where(case_states.c.case_id == case_id)).one()
    program = engine.definitions.get(connection, row["definition_id"]).program
    run = stepping.load(program, {}, bytes(stored.tokens), bytes(stored.variables))
    case = Loaded(dict(row), run)
    run.context["case"] = host_of(engine, connection, case).case
    return case


def _resumed(engine: runtime.Engine, connection: Connection, case: Loaded) -> Stop | None:
    """Let the copy's clocks run again, its dates counted anew; returns the stop, if they stood still."""
    stop = stops.open_stop(case.row["stops"])
    if stop is not None:
        before = host_of(engine, connection, case)
        case.row["stops"] = stops.ended(case.row["stops"], before.now)
        stepping.recount(case.run, before, host_of(engine, connection, case))
    return stop


def _open_tasks(connection: Connection, case_id: str, diagram: Diagram) -> dict[int, _Open]:
    """The tasks that wait now, by their tokens."""
    own = (tasks.c.case_id == case_id, IS_OPEN, tasks.c.parent.is_(None))  # added signers move nothing
    query = sa.select(tasks).where(*own).order_by(tasks.c.token)
    rows = connection.execute(query).all()
    offered = sa.select(task_candidates).where(task_candidates.c.task_id.in_([row.id for row in rows]))
    names: dict[str, list[str]] = {}
    for candidate in connection.execute(offered.order_by(task_candidates.c.name)):
        names.setdefault(candidate.task_id, []).append(candidate.name)
    return {
        row.token: _Open(
            diagram.elements[row.element],
            (row.assignee,) if row.assignee else tuple(names.get(row.id, ())),
            row.opened_at,
            feel.load(*orjson.loads(row.local)),
            row.id,
        )
        for row in rows
    }


def _scopes(diagram: Diagram, element: Element) -> list[str]:
    """The ids of the sub-processes around an element, the innermost first."""
    found, scope = [], element.scope
    while scope in diagram.elements:
        found.append(scope)
        scope = diagram.elements[scope].scope
    return found


def _task_context(task: _Open, due: datetime | None, now: datetime, case_id: str) -> dict[str, Any]:
    """What the outputs of a completed task see as `task`."""
    return {
        "id": task.task_id or case_id,
        "name": task.element.label,
        "opened": local(task.opened),
        "due": local(due) if due else None,
        "completed": local(now),
        "late": bool(due and now > due),
    }
