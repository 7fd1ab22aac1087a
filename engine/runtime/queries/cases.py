"""Cases as pages and the API read them: the case and its tasks."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import NotAllowed, NotFound
from engine.identity import Actor, may_see_case
from engine.identity.tables import enterprises
from engine.repository.tables import definitions
from engine.runtime.casework.mishaps import OF_TASK
from engine.runtime.desk.tables import copies
from engine.runtime.queries.inbox import select_tasks, with_candidates
from engine.runtime.queries.rows import CaseRow, TaskRow
from engine.runtime.queries.visibility import visible
from engine.runtime.tables import IS_OPEN, case_departments, cases, incidents, task_candidates, tasks


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


def rows_of(connection: Connection, ids: Sequence[str]) -> list[CaseRow]:
    """These cases, in this order."""
    found = connection.execute(_select_cases().where(cases.c.id.in_(ids))).mappings() if ids else ()
    known = {row["id"]: CaseRow(**row) for row in found}
    return [known[key] for key in ids if key in known]


def titles(connection: Connection, actor: Actor, ids: Collection[str]) -> dict[str, str]:
    """Of these cases those that this person may read, each with its title."""
    known = sa.select(cases.c.id, cases.c.title).where(cases.c.id.in_(ids), visible(actor))
    return {row.id: row.title for row in connection.execute(known)}


def confidential(connection: Connection, ids: Collection[str]) -> list[CaseRow]:
    """Of these cases the confidential ones."""
    query = _select_cases().where(cases.c.id.in_(ids), cases.c.confidential)
    return [CaseRow(**row) for row in connection.execute(query).mappings()]


def guard_case(connection: Connection, actor: Actor, row: CaseRow, also: Collection[str] = ()) -> None:
    """Raise NotAllowed unless this person may read the case: for themselves, or as the deputy of `also`."""
    departments = connection.execute(
        sa.select(case_departments.c.department).where(case_departments.c.case_id == row.id)
    ).scalars()
    if not may_see_case(
        actor,
        enterprise=row.enterprise,
        department=set(departments),
        confidential=row.confidential,
        participants={actor.id} if _takes_part(connection, actor, row, also) else (),
    ):
        raise NotAllowed("runtime.not_yours")


def _takes_part(connection: Connection, actor: Actor, row: CaseRow, also: Collection[str]) -> bool:
    """Whether this person works or worked on the case, has delegated a task of it, shares the desk of who
    does (`also` names more of them), may take a task of it, or was sent a copy.

    Asked of this person alone: a case of several hundred rounds has thousands of tasks.
    """
    case_id, shared = row.id, sa.and_(IS_OPEN, tasks.c.assignee.in_(sorted(actor.hands(row.process))))
    delegated = sa.and_(IS_OPEN, tasks.c.delegated_by == actor.id)
    mine = sa.or_(tasks.c.assignee == actor.id, tasks.c.closed_by == actor.id, delegated, shared)
    own = sa.exists().where(tasks.c.case_id == case_id, mine)
    offered = sa.exists().where(
        task_candidates.c.task_id == tasks.c.id,
        task_candidates.c.name.in_([*actor.groups, actor.id]),
        tasks.c.case_id == case_id,
        tasks.c.assignee.is_(None),  # a claimed task is offered to nobody
    )
    copied = sa.exists().where(copies.c.case_id == case_id, copies.c.account == actor.id)
    found = [own, offered, copied]
    if also:
        found.append(sa.exists().where(tasks.c.case_id == case_id, IS_OPEN, tasks.c.assignee.in_(also)))
    return bool(connection.execute(sa.select(sa.or_(*found))).scalar())


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


def last_done(connection: Connection, case_id: str, account: str, most: int) -> list[TaskRow]:
    """The last `most` tasks of the case that this account has done, oldest first."""
    done = (tasks.c.case_id == case_id, tasks.c.closed_by == account, tasks.c.state == "done")
    newest = sa.select(tasks.c.id).where(*done).order_by(tasks.c.opened_at.desc(), tasks.c.id.desc())
    return _tasks(connection, tasks.c.id.in_(list(connection.execute(newest.limit(most)).scalars())))


def unattended(connection: Connection, most: int) -> list[TaskRow]:
    """Open tasks that nobody can do, oldest first: a mistake of a diagram or of a directory, or four eyes.

    Those without candidates at once, the others when an incident stands for them: to ask after everybody of
    every group takes too long for a page.
    """
    offered = sa.exists().where(task_candidates.c.task_id == tasks.c.id)
    lost = sa.or_(~offered, tasks.c.id.in_(sa.select(incidents.c.task_id).where(OF_TASK)))
    query = select_tasks().where(IS_OPEN, tasks.c.assignee.is_(None), lost)
    rows = connection.execute(query.order_by(tasks.c.opened_at, tasks.c.id).limit(most)).mappings()
    return [TaskRow(**row) for row in rows]


def _tasks(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[TaskRow]:
    query = select_tasks().where(*conditions).order_by(tasks.c.opened_at, tasks.c.id)
    return with_candidates(connection, [TaskRow(**row) for row in connection.execute(query).mappings()])
