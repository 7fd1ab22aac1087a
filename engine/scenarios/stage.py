"""The stage on which a scenario is played: one engine, one clock, and who acts on which case.

Nothing is simulated but the time. Timers fire as they would while a platform runs: each at its own
due moment when the clock passes it, and at once when a step sets one that is due already.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import history, identity, runtime
from engine.clock import ControlledClock, local
from engine.errors import ZhibanError
from engine.runtime import queries
from engine.runtime.steps import fire
from engine.runtime.tables import timers
from engine.scenarios.reading import Account
from engine.scenarios.words import Step, hints


class Mistake(ZhibanError):
    """The scenario asks for what cannot be done: an unknown account, a task that is not open."""


class Stage:
    """Plays the steps of one scenario. It follows the case that was started last."""

    def __init__(
        self, engine: runtime.Engine, clock: ControlledClock, departments: Mapping[str, str]
    ) -> None:
        self.engine, self.clock = engine, clock
        self.actor: identity.Actor | None = None
        self.case_id: str | None = None
        self.seen_history = 0  # what the last `expect` looked at already
        self.seen_notices = 0
        with engine.writing() as connection:
            for code, name in departments.items():
                _add_department(connection, code, name, clock.now())
            accounts = identity.list_accounts(connection)
        self.ids = {account.username: account.id for account in accounts}
        self.usernames = {account.id: account.username for account in accounts}

    def play(self, step: Step) -> None:
        """Move the clock and act as the step says. ZhibanError if the platform, or the stage, refuses."""
        if step.at is not None:
            self.move_to(step.at)
        if step.actor is not None:
            self.actor = self.account(step.actor)
        if step.action:
            self._act(step)
            self.move_to(self.clock.now())

    def move_to(self, moment: datetime) -> None:
        """Move the clock on, firing every timer on the way at its own due moment."""
        now = self.clock.now()
        if moment < now:
            raise Mistake("scenarios.clock_back", now=shown(now), moment=shown(moment))
        while (due := self._next_due()) is not None and due <= moment:
            self.clock.move_to(max(due, self.clock.now()))
            runtime.fire_due(self.engine)
            self._check_timers()
        self.clock.move_to(moment)

    def _next_due(self) -> datetime | None:
        query = sa.select(sa.type_coerce(sa.func.min(timers.c.retry_at), timers.c.retry_at.type))
        with self.engine.reading() as connection:
            found: datetime | None = connection.execute(query.where(timers.c.state == "waiting")).scalar()
        return found

    def _check_timers(self) -> None:
        """A timer that failed would be tried again later; here it fails the scenario, with its reason."""
        query = sa.select(timers).where(timers.c.attempts > 0)
        with self.engine.reading() as connection:
            row = connection.execute(query.order_by(timers.c.due_at)).first()
        if row is None:
            return
        reason = "?"
        try:
            with self.engine.writing() as connection:
                fire(
                    self.engine,
                    connection,
                    case_id=row.case_id,
                    token=row.token,
                    element=row.element,
                    due=row.due_at,
                )
        except Exception as error:  # whatever it is, it is the reason we are asked for
            reason = broken(error)
        raise Mistake(
            "scenarios.timer_failed", name=self.label(row.element), due=shown(row.due_at), reason=reason
        )

    def account(self, username: str) -> identity.Actor:
        """The actor of that username; `system` is the platform itself."""
        if username == identity.SYSTEM.id:
            return identity.SYSTEM
        with self.engine.reading() as connection:
            return identity.load_actor(connection, self.id_of(username))

    def id_of(self, username: str) -> str:
        if username not in self.ids:
            raise Mistake("scenarios.no_account", word=username, **hints(username, self.ids))
        return self.ids[username]

    def case(self) -> str:
        """The id of the case that was started last."""
        if self.case_id is None:
            raise Mistake("scenarios.no_case")
        return self.case_id

    def resolved(self, value: Any) -> Any:
        """`value` with each `!account` replaced by the account's id."""
        if isinstance(value, Account):
            return self.id_of(value.username)
        if isinstance(value, dict):
            return {key: self.resolved(one) for key, one in value.items()}
        return [self.resolved(one) for one in value] if isinstance(value, list) else value

    def _act(self, step: Step) -> None:
        if self.actor is None:
            raise Mistake("scenarios.no_actor")
        engine, actor, values = self.engine, self.actor, self.resolved(step.values)
        with engine.writing() as connection:
            if step.action == "start":
                started = runtime.start_case(
                    engine, connection, actor=actor, process=step.target, values=values
                )
                self.case_id, self.seen_history, self.seen_notices = started.case_id, 0, 0
            elif step.action == "message":
                runtime.deliver(
                    engine, connection, actor=actor, case_id=self.case(), message=step.target, values=values
                )
            else:
                self._act_on_task(connection, actor, step, values)

    def _act_on_task(
        self, connection: Connection, actor: identity.Actor, step: Step, values: dict[str, Any]
    ) -> None:
        task = self._task(connection, step.target, step.of)
        if step.action == "claim":
            runtime.claim(self.engine, connection, actor=actor, task_id=task.id, version=task.version)
        elif step.action == "release":
            runtime.release(self.engine, connection, actor=actor, task_id=task.id, version=task.version)
        else:
            runtime.complete(
                self.engine, connection, actor=actor, task_id=task.id, values=values, version=task.version
            )

    def _task(self, connection: Connection, target: str, of: str) -> queries.TaskRow:
        """The open task of that name or element, with that department or assignee where several are."""
        waiting = queries.open_tasks(connection, self.case())
        found = [task for task in waiting if target in (task.name, task.element)]
        if of:
            found = [task for task in found if self._is_of(task, of)]
        if len(found) == 1:
            return found[0]
        if found:
            raise Mistake("scenarios.several_tasks", word=target, count=len(found))
        names = "、".join(task.name for task in waiting) or "—"
        raise Mistake("scenarios.no_task", word=target, of=f" ({of})" if of else "", tasks=names)

    def _is_of(self, task: queries.TaskRow, of: str) -> bool:
        owner = self.usernames.get(task.assignee or "", task.assignee)
        return of == owner or any(of in (group, group.partition("@")[2]) for group in task.candidates)

    def label(self, element: str) -> str:
        """What the diagram calls an element of the present case."""
        with self.engine.reading() as connection:
            case = queries.case(connection, self.case())
            found = runtime.definition(self.engine, connection, case.definition_id).diagram.elements
        return found[element].label if element in found else element

    def flows(self) -> frozenset[str]:
        """Every sequence flow that any case has passed so far."""
        with self.engine.reading() as connection:
            chains = connection.execute(sa.select(history.events.c.chain).distinct()).scalars()
            rows = [row for chain in chains for row in queries.history(connection, chain)]
        return frozenset(flow for row in rows if row.kind == "path" for flow in row.data["flows"])


def _add_department(connection: Connection, code: str, name: str, now: datetime) -> None:
    """A department with an administrator and a handler, named as those of the demonstration are."""
    identity.create_department(connection, code=code, name=name)
    for username, role in ((f"{code}-admin", "admin"), (f"{code}-1", "handler")):
        identity.create_account(
            connection, username=username, name=username, now=now, roles=[role], department=code
        )


def shown(moment: datetime | None) -> str:
    """A moment as scenarios write it; seconds only where there are any."""
    if moment is None:
        return "none"
    text = f"{local(moment):%Y-%m-%d %H:%M:%S}"
    return text.removesuffix(":00") if moment.second == 0 else text


def broken(error: BaseException) -> str:
    """An error in words: ours say it themselves; of others the kind, the text and the place."""
    if isinstance(error, ZhibanError):
        problems = getattr(error, "problems", ())
        return "；".join([error.say(), *(f"{p.where}: {p.say()}" for p in problems)])
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace is not None else ""
    return f"{type(error).__name__}: {error}{where}"
