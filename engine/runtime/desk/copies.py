"""Copies received (抄送): which of them have been read. Who sends them: engine.runtime.actions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.identity import Actor
from engine.runtime.desk.tables import copies


def mark_read(connection: Connection, actor: Actor, now: datetime, case_id: str = "") -> int:
    """Mark this person's copies of the case as read, or all without one; how many were not yet."""
    unread = [copies.c.account == actor.id, copies.c.read_at.is_(None)]
    if case_id:
        unread.append(copies.c.case_id == case_id)
    return connection.execute(sa.update(copies).where(*unread).values(read_at=now)).rowcount
