"""Whether a task offers an action to people: by its node, and by whose task it is."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.bpmn import desk
from engine.bpmn.model import Element
from engine.database import Prepared
from engine.errors import NotAllowed
from engine.identity.tables import accounts
from engine.runtime.deadlines.policies import ENTERPRISE
from engine.runtime.tables import task_candidates

_candidates = Prepared(sa.select(task_candidates.c.name).where(task_candidates.c.task_id == bindparam("key")))
_kind = Prepared(sa.select(accounts.c.kind).where(accounts.c.id == bindparam("account")))


def of_enterprise(connection: Connection, task: Mapping[str, Any]) -> bool:
    """Whether the task is an enterprise's: only enterprises are its candidates, or one of theirs has it."""
    names = [name for (name,) in _candidates(connection, key=task["id"])]
    if names:
        return all(name.startswith(ENTERPRISE) for name in names)
    found = _kind(connection, account=task["assignee"] or "")
    return bool(found) and found[0][0] == "enterprise"


def guard_offered(connection: Connection, task: Mapping[str, Any], element: Element, action: str) -> None:
    """Raise NotAllowed if the task's node does not offer the action."""
    if action not in desk.offered(element, of_enterprise(connection, task)):
        raise NotAllowed("runtime.not_offered", task=task["name"], action=desk.ACTIONS[action])
