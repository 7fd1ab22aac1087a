"""Which cases a person may see, as conditions on rows: the rule of `identity.may_see_case`.

Said in two ways. `visible` judges one case after the other, each by a look at an index. `ways` are the
lists that somebody who sees little may be answered from, so that nobody's list is looked for in all cases.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.identity import Actor
from engine.identity.actors import SEE_ALL_CASES, SEE_NO_CASES
from engine.runtime.desk.tables import copies
from engine.runtime.tables import IS_OPEN, case_departments, cases, task_candidates, tasks


@dataclass(frozen=True)
class Way:
    """One reason to see cases: the rows of `source` that fulfil `condition`, each with a case's id in `key`.

    `of_case` is what the case itself must fulfil besides. `once`: no case stands there twice.
    """

    key: sa.Column[Any]
    source: sa.FromClause
    condition: sa.ColumnElement[bool]
    of_case: sa.ColumnElement[bool] | None = None
    once: bool = False

    def holds(self) -> sa.ColumnElement[bool]:
        """Whether this is a reason to see the row of `cases` that is looked at."""
        found = sa.exists().select_from(self.source).where(self.key == cases.c.id, self.condition)
        found = found.correlate(cases)
        return found if self.of_case is None else sa.and_(found, self.of_case)


def sees_all(actor: Actor) -> bool:
    """Whether the person may see every case."""
    return actor.kind == "system" or not actor.roles.isdisjoint(SEE_ALL_CASES)


def sees_none(actor: Actor) -> bool:
    """Whether the person may see no case, whatever is done with it."""
    return actor.kind == "person" and actor.roles <= SEE_NO_CASES


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the person may see the row of `cases` that is looked at."""
    if sees_all(actor):
        return sa.true()
    if sees_none(actor):
        return sa.false()
    own = [cases.c.enterprise == actor.enterprise] if actor.enterprise else []
    return sa.or_(*own, *(way.holds() for way in ways(actor)))


def ways(actor: Actor) -> list[Way]:
    """Every reason for which somebody who does not see all cases may see one; of an enterprise's own, see
    `visible`: cases hold its code themselves."""
    names = sorted({*actor.groups, actor.id})
    offered = tasks.join(task_candidates, task_candidates.c.task_id == tasks.c.id)
    waits = sa.and_(task_candidates.c.name.in_(names), tasks.c.assignee.is_(None))
    return [
        *of_department(actor),
        Way(tasks.c.case_id, tasks, tasks.c.assignee == actor.id),
        Way(tasks.c.case_id, tasks, tasks.c.closed_by == actor.id),
        Way(tasks.c.case_id, tasks, sa.and_(IS_OPEN, tasks.c.delegated_by == actor.id)),
        Way(tasks.c.case_id, offered, waits),
        Way(copies.c.case_id, copies, copies.c.account == actor.id),
        *(of_shared(account, process) for account, process in sorted(actor.shares)),
    ]


def of_shared(account: str, process: str) -> Way:
    """The reason to see what waits on a desk that one shares, for all processes ('') or one."""
    held = sa.and_(IS_OPEN, tasks.c.assignee == account)
    return Way(tasks.c.case_id, tasks, held, cases.c.process == process if process else None)


def of_department(actor: Actor) -> list[Way]:
    """The reason to see what one's department has or had; 保密 cases only for its administrators."""
    if not actor.department or actor.roles.isdisjoint({"admin", "handler"}):
        return []
    open_to = case_departments.c.department == actor.department
    hidden = None if "admin" in actor.roles else ~cases.c.confidential
    return [Way(case_departments.c.case_id, case_departments, open_to, hidden, once=True)]
