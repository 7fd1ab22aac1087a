"""Cases as pages and the API read them: the case, its tasks, its history, its notices."""

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine import history as chain
from engine import outbox
from engine.errors import NotAllowed, NotFound
from engine.identity import SYSTEM, Actor, may_see_case
from engine.identity.actors import SEE_ALL_CASES, SEE_NO_CASES
from engine.identity.tables import accounts, enterprises
from engine.repository.tables import definitions
from engine.runtime.queries.inbox import select_tasks, with_candidates
from engine.runtime.queries.rows import CaseRow, HistoryRow, NoticeRow, TaskRow
from engine.runtime.tables import IS_OPEN, case_departments, cases, task_candidates, tasks


def _select_cases() -> sa.Select[Any]:
    open_ = sa.and_(tasks.c.case_id == cases.c.id, IS_OPEN)
    due = sa.select(sa.func.min(tasks.c.due_at)).where(open_).scalar_subquery()
    provisional = sa.exists().where(open_, tasks.c.provisional)
    joined = cases.join(definitions, definitions.c.id == cases.c.definition_id).outerjoin(
        enterprises, enterprises.c.uscc == cases.c.enterprise
    )
    own = [c for c in cases.c if c.name not in ("history_seq", "history_hash")]
    return sa.select(
        *own,
        definitions.c.name.label("process_name"),
        definitions.c.version.label("definition_version"),
        sa.func.coalesce(enterprises.c.name, cases.c.enterprise).label("enterprise_name"),
        sa.type_coerce(due, tasks.c.due_at.type).label("due_at"),
        provisional.label("provisional"),
    ).select_from(joined)


def case(connection: Connection, case_id: str) -> CaseRow:
    """The case of that id. NotFound if there is none."""
    return _one(connection, cases.c.id == case_id)


def case_by_number(connection: Connection, number: str) -> CaseRow:
    """The case of that number, as people quote it. NotFound if there is none."""
    return _one(connection, cases.c.number == number)


def _one(connection: Connection, condition: sa.ColumnElement[bool]) -> CaseRow:
    row = connection.execute(_select_cases().where(condition)).mappings().first()
    if row is None:
        raise NotFound("runtime.no_case")
    return CaseRow(**row)


def cases_for(
    connection: Connection,
    actor: Actor,
    *,
    state: str | None = None,
    status: str | None = None,
    text: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[CaseRow]:
    """The cases this person may see, newest first. `text` is part of a number, title or enterprise's name."""
    query = _select_cases().where(_visible(actor), *_filters(state, status, text))
    rows = connection.execute(
        query.order_by(cases.c.started_at.desc(), cases.c.id).limit(limit).offset(offset)
    )
    return [CaseRow(**row) for row in rows.mappings()]


def count_cases(
    connection: Connection,
    actor: Actor,
    *,
    state: str | None = None,
    status: str | None = None,
    text: str = "",
) -> int:
    """How many cases `cases_for` would list without its limit."""
    joined = cases.outerjoin(enterprises, enterprises.c.uscc == cases.c.enterprise)
    query = sa.select(sa.func.count()).select_from(joined)
    return int(connection.execute(query.where(_visible(actor), *_filters(state, status, text))).scalar_one())


def _filters(state: str | None, status: str | None, text: str) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if state:
        found.append(cases.c.state == state)
    if status:
        found.append(cases.c.status == status)
    if text.strip():
        columns = (cases.c.number, cases.c.title, enterprises.c.name)
        found.append(sa.or_(*(c.contains(text.strip(), autoescape=True) for c in columns)))
    return found


def _visible(actor: Actor) -> sa.ColumnElement[bool]:
    """The rule of `identity.may_see_case` as a condition on rows."""
    if actor.kind == "system" or not actor.roles.isdisjoint(SEE_ALL_CASES):
        return sa.true()
    if actor.kind == "person" and actor.roles <= SEE_NO_CASES:
        return sa.false()
    taken = sa.select(tasks.c.case_id).where(
        sa.or_(tasks.c.assignee == actor.id, tasks.c.closed_by == actor.id)
    )
    offered = (
        sa.select(tasks.c.case_id)
        .join(task_candidates, task_candidates.c.task_id == tasks.c.id)
        .where(task_candidates.c.name.in_([*actor.groups, actor.id]), tasks.c.assignee.is_(None))
    )
    rules: list[sa.ColumnElement[bool]] = [cases.c.id.in_(taken), cases.c.id.in_(offered)]
    if actor.enterprise:
        rules.append(cases.c.enterprise == actor.enterprise)
    if actor.department and not actor.roles.isdisjoint({"admin", "handler"}):
        own = sa.select(case_departments.c.case_id).where(case_departments.c.department == actor.department)
        open_to = cases.c.id.in_(own)
        rules.append(open_to if "admin" in actor.roles else sa.and_(open_to, ~cases.c.confidential))
    return sa.or_(*rules)


def guard_case(connection: Connection, actor: Actor, row: CaseRow) -> None:
    """Raise NotAllowed unless this person may read the case."""
    departments = connection.execute(
        sa.select(case_departments.c.department).where(case_departments.c.case_id == row.id)
    ).scalars()
    own = connection.execute(sa.select(tasks.c.assignee, tasks.c.closed_by).where(tasks.c.case_id == row.id))
    people = {person for pair in own for person in pair if person}
    offered = connection.execute(
        sa.select(task_candidates.c.name)
        .join(tasks, tasks.c.id == task_candidates.c.task_id)
        .where(tasks.c.case_id == row.id, tasks.c.assignee.is_(None))  # a claimed task is offered to nobody
    ).scalars()
    if not may_see_case(
        actor,
        enterprise=row.enterprise,
        department=set(departments),
        confidential=row.confidential,
        participants=people | set(offered),
    ):
        raise NotAllowed("runtime.not_yours")


def task(connection: Connection, task_id: str) -> TaskRow:
    """The task of that id. NotFound if there is none."""
    found = _tasks(connection, tasks.c.id == task_id)
    if not found:
        raise NotFound("runtime.no_task")
    return found[0]


def tasks_of_case(connection: Connection, case_id: str) -> list[TaskRow]:
    """All tasks the case ever had, oldest first."""
    return _tasks(connection, tasks.c.case_id == case_id)


def open_tasks(connection: Connection, case_id: str) -> list[TaskRow]:
    """The tasks of the case that wait for somebody, oldest first."""
    return _tasks(connection, tasks.c.case_id == case_id, IS_OPEN)


def _tasks(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[TaskRow]:
    query = select_tasks().where(*conditions).order_by(tasks.c.opened_at, tasks.c.id)
    return with_candidates(connection, [TaskRow(**row) for row in connection.execute(query).mappings()])


def history(connection: Connection, case_id: str, elements: dict[str, str] | None = None) -> list[HistoryRow]:
    """What happened to the case, in order. `elements` gives the diagram's names by id."""
    rows = chain.of(connection, case_id)
    names = _names(connection, {row.actor for row in rows})
    return [
        HistoryRow(
            row.seq,
            row.at,
            row.actor,
            names.get(row.actor, row.actor),
            row.kind,
            row.element,
            (elements or {}).get(row.element, row.element),
            orjson.loads(row.data),
        )
        for row in rows
    ]


def _names(connection: Connection, ids: set[str]) -> dict[str, str]:
    query = sa.select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(ids))
    return {SYSTEM.id: SYSTEM.name, **{r.id: r.name for r in connection.execute(query)}}


def notices(connection: Connection, case_id: str, groups: Sequence[str] | None = None) -> list[NoticeRow]:
    """The notices of a case; only those to `groups` where they are given."""
    found = []
    for row in outbox.of_case(connection, case_id):
        if groups is None or row.recipient in groups:
            data = orjson.loads(row.data)
            found.append(
                NoticeRow(
                    row.created_at,
                    row.recipient,
                    row.template,
                    outbox.render(row.template, data),
                    outbox.render(row.template, data, "en"),
                    row.state,
                )
            )
    return found
