"""The ledger as pages and the API read it: who may read which rows, and how late each of them is by now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import worktime
from engine.clock import SHANGHAI
from engine.errors import NotFound
from engine.identity import Actor
from engine.identity.tables import accounts, departments
from engine.runtime.ledger.tables import assessments
from engine.runtime.tables import cases, deadlines, tasks

PLATFORM = "platform"
SEE_ALL = frozenset({"control-centre", "supervisor", "leader", "auditor"})
STATES = ("standing", "objected", "upheld", "revoked")


@dataclass(frozen=True)
class Assessment:
    """One fault on record. `late_days` are working days, up to the present while it is not done."""

    id: str
    case_id: str
    number: str
    title: str
    round: int | None
    kind: str
    answerable: str
    answerable_name: str
    person: str | None
    person_name: str | None
    element: str
    due_at: datetime | None
    done_at: datetime | None
    late_days: int
    at: datetime
    state: str
    objection: str | None
    objected_by: str | None
    objected_at: datetime | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is empty does not restrict. Days are days in Asia/Shanghai, both included."""

    kind: str = ""
    answerable: str = ""
    state: str = ""
    text: str = ""  # part of a case's number
    since: date | None = None
    until: date | None = None


def may_read(actor: Actor) -> bool:
    """Whether the ledger has anything for this person at all."""
    return actor.kind == "system" or bool(actor.roles & SEE_ALL) or bool(_own(actor))


def _own(actor: Actor) -> list[str]:
    """For what this person answers: a department as its administrator, the platform as its officer."""
    found = [actor.department] if actor.department and "admin" in actor.roles else []
    return [*found, PLATFORM] if PLATFORM in actor.roles else [*found]


def answers_for(actor: Actor, answerable: str) -> bool:
    """Whether this person speaks for who is answerable."""
    return actor.kind == "person" and answerable in _own(actor)


def speaker(answerable: str) -> str:
    """The group that speaks for who is answerable: the platform's officers, a department's administrators."""
    return PLATFORM if answerable == PLATFORM else f"admin@{answerable}"


def _readable(actor: Actor) -> sa.ColumnElement[bool]:
    if actor.kind == "enterprise":
        return sa.false()
    if actor.kind == "system" or actor.roles & SEE_ALL:
        return sa.true()
    return assessments.c.answerable.in_(_own(actor))


def _conditions(actor: Actor, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [_readable(actor)]
    for name in ("kind", "answerable", "state"):
        if getattr(wanted, name):
            found.append(assessments.c[name] == getattr(wanted, name))
    if wanted.text:
        found.append(assessments.c.number.contains(wanted.text, autoescape=True))
    if wanted.since:
        found.append(assessments.c.at >= _midnight(wanted.since))
    if wanted.until:
        found.append(assessments.c.at < _midnight(wanted.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def listed(
    connection: Connection,
    actor: Actor,
    wanted: Wanted,
    now: datetime,
    *,
    limit: int,
    offset: int = 0,
) -> list[Assessment]:
    """The assessments this person may read, newest first."""
    query = (
        _select()
        .where(*_conditions(actor, wanted))
        .order_by(assessments.c.at.desc(), assessments.c.id.desc())
    )
    return _filled(connection, connection.execute(query.limit(limit).offset(offset)).all(), now)


def counted(connection: Connection, actor: Actor, wanted: Wanted) -> int:
    """How many `listed` would give without its limit."""
    query = sa.select(sa.func.count()).select_from(assessments).where(*_conditions(actor, wanted))
    return int(connection.execute(query).scalar_one())


def kinds(connection: Connection) -> list[str]:
    """Every kind that is on record."""
    return list(
        connection.execute(sa.select(assessments.c.kind).distinct().order_by(assessments.c.kind)).scalars()
    )


def one(connection: Connection, actor: Actor, key: str, now: datetime) -> Assessment:
    """The assessment of that id. NotFound if there is none, or it is not this person's to read."""
    rows = connection.execute(_select().where(assessments.c.id == key, _readable(actor))).all()
    if not rows:
        raise NotFound("ledger.none")
    return _filled(connection, rows, now)[0]


def _select() -> sa.Select[Any]:
    person = accounts.alias()
    joined = (
        assessments.outerjoin(cases, cases.c.id == assessments.c.case_id)
        .outerjoin(departments, departments.c.code == assessments.c.answerable)
        .outerjoin(person, person.c.id == assessments.c.person)
    )
    return sa.select(
        *assessments.c,
        cases.c.title,
        cases.c.ended_at,
        departments.c.name.label("department_name"),
        person.c.name.label("person_name"),
    ).select_from(joined)


def _filled(connection: Connection, rows: Iterable[sa.Row[Any]], now: datetime) -> list[Assessment]:
    calendar, known = worktime.load(connection), list(rows)
    done = _done(connection, known)
    return [_assessment(row._mapping, done[row.id], calendar, now) for row in known]


def _assessment(
    row: Mapping[Any, Any], done: datetime | None, calendar: worktime.Calendar, now: datetime
) -> Assessment:
    due, days = row["due_at"], 0
    if due is not None:
        days = max(0, calendar.workdays_between(due, done or now))
    kept = {name: row[name] for name in Assessment.__dataclass_fields__ if name in row}
    return Assessment(
        **{
            **kept,
            "title": row["title"] or "",
            "answerable_name": row["department_name"] or row["answerable"],
            "done_at": done,
            "late_days": days,
        }
    )


def _done(connection: Connection, rows: list[sa.Row[Any]]) -> dict[str, datetime | None]:
    """When what was late was done: when its task or phase closed, or else the case; None: not yet."""
    late = {row.case_id for row in rows if row.due_at is not None}
    query = sa.union_all(
        sa.select(tasks.c.id, tasks.c.case_id, tasks.c.due_at, tasks.c.closed_at).where(
            tasks.c.case_id.in_(late), tasks.c.due_at.is_not(None), tasks.c.parent.is_(None)
        ),
        sa.select(deadlines.c.id, deadlines.c.case_id, deadlines.c.due_at, deadlines.c.closed_at).where(
            deadlines.c.case_id.in_(late)
        ),
    )
    by_case: dict[str, list[Any]] = {}
    for task in connection.execute(query) if late else ():
        by_case.setdefault(task.case_id, []).append(task)
    return {row.id: _done_of(row, by_case.get(row.case_id, [])) for row in rows}


def _done_of(row: sa.Row[Any], of_case: list[Any]) -> datetime | None:
    ended: datetime | None = row.ended_at
    if row.due_at is None:
        return None
    moments = [task.closed_at for task in of_case if task.id == row.task_id or task.due_at == row.due_at]
    return max(moments) if moments and None not in moments else ended
