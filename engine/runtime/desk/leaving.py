"""What goes from the desks when a task is closed or changes hands."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.runtime.desk.tables import drafts, presences
from engine.runtime.tables import task_candidates

_candidates = Prepared(sa.delete(task_candidates).where(task_candidates.c.task_id == sa.bindparam("task")))
_drafts = Prepared(sa.delete(drafts).where(drafts.c.task_id == sa.bindparam("task")))
_presences = Prepared(sa.delete(presences).where(presences.c.task_id == sa.bindparam("task")))
_draft = Prepared(
    sa.delete(drafts).where(drafts.c.task_id == sa.bindparam("task"), drafts.c.account == sa.bindparam("who"))
)


def closed(connection: Connection, task_id: str) -> None:
    """A closed task waits for nobody any more: no candidates, no drafts, nobody who sits at it."""
    _candidates.count(connection, task=task_id)
    _drafts.count(connection, task=task_id)
    _presences.count(connection, task=task_id)


def discard(connection: Connection, account: str, task_id: str) -> bool:
    """Forget this account's draft of the task: it was thrown away, or the task is in other hands now.

    Whether there was one.
    """
    return _draft.count(connection, task=task_id, who=account) > 0


def lost(connection: Connection, task: Mapping[str, Any], to: str | None, by: str) -> str | None:
    """Forget the draft of whoever had the task, which is `to`'s now; who must be told that it is gone.

    That is whoever had one, where somebody else has taken the task from them.
    """
    had = task["assignee"] or by
    gone = had != to and discard(connection, had, task["id"])
    return had if gone and had != by else None
