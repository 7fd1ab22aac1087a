"""Tasks that nobody can do: without candidates, of groups without people, or kept from all by four eyes.

An incident stands for each, from one look to another: whatever brought it about, a diagram, a directory or
who did what before, and whatever ends it. An enterprise's task is never counted among them: whether it has
an account is not the house's to mend.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.errors import say
from engine.history import Event
from engine.identity.actors import DEPARTMENT_ROLES
from engine.identity.tables import account_roles, accounts
from engine.runtime.casework.mishaps import OF_TASK, write_incident
from engine.runtime.desk.tables import task_exclusions
from engine.runtime.engine import Engine
from engine.runtime.guards import lock_case, record
from engine.runtime.tables import IS_OPEN, incidents, task_candidates, tasks

MOST = 1000  # tasks that one look takes in hand


def nobodys() -> sa.ColumnElement[bool]:
    """Whether an open task waits for nobody who is there and may do it."""
    members = _members()
    barred = sa.exists().where(
        task_exclusions.c.task_id == task_candidates.c.task_id,
        task_exclusions.c.account == members.c.account,
    )
    mine = task_candidates.c.task_id == tasks.c.id
    able = sa.exists().where(mine, members.c.name == task_candidates.c.name, ~barred)
    outside = sa.exists().where(mine, task_candidates.c.name.like("enterprise@%"))
    return sa.and_(IS_OPEN, tasks.c.assignee.is_(None), tasks.c.parent.is_(None), ~outside, ~able)


def is_nobodys(connection: Connection, task_id: str) -> bool:
    """Whether the task waits for nobody who is there and may do it."""
    found = sa.select(tasks.c.id).where(tasks.c.id == task_id, nobodys())
    return connection.execute(found).first() is not None


def _members() -> sa.CTE:
    """Every name that a task may wait for, with the active accounts behind it: groups, and themselves."""
    role, account = account_roles.c.role, accounts.c.id
    placed = sa.case((role.in_(sorted(DEPARTMENT_ROLES)), role + "@" + accounts.c.department), else_=role)
    of_groups = sa.select(placed.label("name"), account.label("account")).join_from(accounts, account_roles)
    alone = sa.select(account.label("name"), account.label("account"))
    return sa.union_all(of_groups.where(accounts.c.active), alone.where(accounts.c.active)).cte("members")


def attend(engine: Engine) -> int:
    """Raise an incident for each task that nobody can do, and close those of tasks that somebody can.

    Returns how many were raised and closed.
    """
    lost = sa.select(tasks.c.id, tasks.c.case_id).where(nobodys()).order_by(tasks.c.id).limit(MOST)
    with engine.reading() as connection:
        found = {row.id: row.case_id for row in connection.execute(lost)}
        held = sa.select(incidents.c.task_id, incidents.c.case_id).where(OF_TASK)
        known = {row.task_id: row.case_id for row in connection.execute(held)}
    changed = sorted(found.keys() ^ known.keys())
    return sum(_settle(engine, task, (found | known)[task]) for task in changed)


def _settle(engine: Engine, task_id: str, case_id: str) -> int:
    """Look again while the case is locked, and write what has changed."""
    with engine.writing() as connection:
        lock_case(connection, case_id)
        row = connection.execute(sa.select(tasks).where(tasks.c.id == task_id, nobodys())).first()
        open_ = connection.execute(
            sa.select(incidents).where(OF_TASK, incidents.c.task_id == task_id)
        ).first()
        if row is not None and open_ is None:
            message = say("runtime.nobodys_task", {"task": row.name})
            write_incident(engine, connection, case_id, row.element, message, task=task_id)
        elif row is None and open_ is not None:
            _close(engine, connection, open_)
        else:
            return 0
    return 1


def _close(engine: Engine, connection: Connection, incident: sa.Row[Any]) -> None:
    ended = {"resolved_at": engine.clock.now(), "resolved_by": "system"}
    connection.execute(sa.update(incidents).where(incidents.c.id == incident.id).values(ended))
    data = {"incident": incident.id, "task": incident.task_id}
    record(engine, connection, incident.case_id, [Event("incident.closed", incident.element, data)], "system")
