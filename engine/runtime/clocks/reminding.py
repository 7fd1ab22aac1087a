"""Reminders that are due: one deadline a transaction, the newest word to each who is to hear.

No engine step is taken. What was due while nobody looked is not sent after the fact: of several steps of
a policy that have passed, each recipient hears only the last that concerns it, and the record names
the rest as dropped. What fails for a case's own sake is held by an incident. Two workers at one deadline
wait at the case's lock, and the second finds it done.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine import outbox, worktime
from engine.clock import local
from engine.database import Moment, Prepared
from engine.history import Event
from engine.outbox import Notice
from engine.runtime.casework.loading import keep, load
from engine.runtime.casework.mishaps import OF_CLOCK, attempt
from engine.runtime.casework.recount import ready
from engine.runtime.deadlines.recipients import recipients_of
from engine.runtime.deadlines.rows import following
from engine.runtime.deputies.telling import next_telling
from engine.runtime.engine import Engine
from engine.runtime.guards import record
from engine.runtime.operations import StepHost
from engine.runtime.tables import deadlines, incidents, timers
from engine.worktime.rules import ReminderStep

BATCH = 50
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_RUNNING = deadlines.c.state == sa.literal_column("'running'")
_UNHELD = ~sa.exists().where(incidents.c.case_id == deadlines.c.case_id, OF_CLOCK)
_due = Prepared(
    sa.select(deadlines.c.next_at, deadlines.c.id, deadlines.c.case_id, deadlines.c.element)
    .where(
        _RUNNING,
        deadlines.c.next_at.is_not(None),
        _UNHELD,
        deadlines.c.next_at <= bindparam("now", type_=Moment),
        sa.tuple_(deadlines.c.next_at, deadlines.c.id)
        > sa.tuple_(bindparam("last", type_=Moment), bindparam("at", type_=sa.String)),
    )
    .order_by(deadlines.c.next_at, deadlines.c.id)
    .limit(BATCH)
)
_COLUMNS = ("id", "element", "name", "due_at", "policy", "next_at", "task_id")
_read = Prepared(
    sa.select(*(deadlines.c[name] for name in _COLUMNS)).where(
        deadlines.c.id == bindparam("key"),
        _RUNNING,
        deadlines.c.next_at <= bindparam("now", type_=Moment),
    )
)
_set_next = Prepared(
    sa.update(deadlines)
    .where(deadlines.c.id == bindparam("key"))
    .values(next_at=bindparam("following", type_=Moment), next_step=bindparam("step"))
)


def next_moment(connection: Connection) -> datetime | None:
    """When something is due next by itself (UTC): a timer, a reminder, an absence; None if nothing waits."""
    fires = sa.select(sa.type_coerce(sa.func.min(timers.c.retry_at), Moment)).where(
        timers.c.state == "waiting"
    )
    awaited = sa.and_(_RUNNING, deadlines.c.next_at.is_not(None), _UNHELD)
    in_order = (deadlines.c.next_at, deadlines.c.id)  # as the index has them: its first entry is read
    reminds = sa.select(deadlines.c.next_at).where(awaited).order_by(*in_order).limit(1)
    found = [connection.execute(query).scalar() for query in (fires, reminds)]
    found.append(next_telling(connection))
    return min((moment for moment in found if moment is not None), default=None)


def remind_due(engine: Engine, most: int = 10_000) -> int:
    """Send the reminders that are due at this moment, oldest first; returns of how many deadlines.

    One that fails doesn't stop the others. What the database says is raised when they are done.
    """
    reminded, seen, last = 0, 0, (_BEGINNING, "")
    failed: sa.exc.SQLAlchemyError | None = None
    while seen < most:
        with engine.reading() as connection:
            found = _due(connection, now=engine.clock.now(), last=last[0], at=last[1])
        if not found:
            break
        seen += len(found)
        for moment, key, case_id, element in found:
            last = (moment, key)
            try:
                reminded += attempt(engine, case_id, element, partial(_remind_one, engine, key, case_id))
            except sa.exc.SQLAlchemyError as error:  # kept, and raised behind the others
                failed = failed or error
    if failed is not None:
        raise failed
    return reminded


def _remind_one(engine: Engine, key: str, case_id: str) -> int:
    with engine.writing() as connection:
        case = load(engine, connection, case_id)
        host = ready(engine, connection, case)
        keep(engine, case)
        found = _read(connection, key=key, now=host.now)
        if not found:
            return 0  # somebody else has sent it, or it ended, stopped or moved meanwhile
        deadline = _Deadline(*found[0])
        passed = worktime.reminders_between(
            host.counting.rules.policy(deadline.policy),
            deadline.due_at,
            deadline.next_at - _TICK,
            host.now,
            host.calendar,
        )
        next_at, step = following(host.counting, deadline.policy, deadline.due_at, host.now)
        _set_next(connection, key=key, following=next_at, step=step)
        if passed:
            _send(engine, host, deadline, passed)
    return 1


@dataclass(frozen=True)
class _Deadline:
    id: str
    element: str
    name: str
    due_at: datetime
    policy: str
    next_at: datetime
    task: str | None


_Passed = list[tuple[datetime, ReminderStep]]


def _send(engine: Engine, host: StepHost, deadline: _Deadline, passed: _Passed) -> None:
    """Queue what still counts; write down what was sent to whom, when it was due, and what was dropped."""
    connection, row = host.connection, host.row
    notices = _notices(host, deadline, passed)
    case = {"number": row["number"], "title": row["title"]}
    outbox.queue(connection, row["id"], notices.values(), case, host.now, channels=host.channels)
    newest = set(_newest(passed).values())
    moment, step = passed[-1]
    data: dict[str, Any] = {
        "deadline": deadline.id,
        "name": deadline.name,
        "step": step.name,
        "due": moment.isoformat(),
        "at": host.now.isoformat(),
        "sent": {group: notice.template for group, notice in notices.items()},
        "dropped": [{"step": s.name, "due": m.isoformat()} for m, s in passed if (m, s) not in newest],
    }
    record(engine, connection, row["id"], [Event("reminder.sent", deadline.element, data)], "system")


def _newest(passed: _Passed) -> dict[str, tuple[datetime, ReminderStep]]:
    """For each recipient word the last of the steps that are meant for it."""
    return {word: one for one in passed for word in one[1].to}


def _notices(host: StepHost, deadline: _Deadline, passed: _Passed) -> dict[str, Notice]:
    """One notice a recipient, by group or account: who is meant by several words hears the newest."""
    days = max(0, host.calendar.workdays_between(deadline.due_at, host.now))  # working days late
    said = {"due": local(deadline.due_at).isoformat(), "step": deadline.name}
    said_late = {**said, "days": days} if days else said
    element = host.definition.diagram.elements[deadline.element]
    found: dict[str, Notice] = {}
    newest = _newest(passed)
    for word, (moment, step) in sorted(newest.items(), key=lambda one: passed.index(one[1]), reverse=True):
        for group in recipients_of(
            host.connection, host.row, host.definition.diagram, element, [word], host.now, deadline.task
        ):
            dedupe = f"{deadline.id}:{step.name}:{moment.isoformat()}:{group}"
            found.setdefault(group, Notice(group, step.template, dedupe, said_late))
    return found
