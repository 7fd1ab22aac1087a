"""关注: the cases that somebody keeps an eye on, and telling them when the status changes."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.outbox import Notice
from engine.runtime.desk.tables import follows

_followers = Prepared(
    sa.select(follows.c.account).where(follows.c.case_id == bindparam("key")).order_by(follows.c.account)
)


def followers_told(connection: Connection, row: Mapping[str, Any]) -> list[Notice]:
    """A notice for each who follows the case, once a step; `row` is the case's as the step writes it."""
    return [
        Notice(account, "followed", f"{row['id']}:followed:{row['version']}:{account}")
        for (account,) in _followers(connection, key=row["id"])
    ]


def is_followed(connection: Connection, account_id: str, case_id: str) -> bool:
    """Whether this person follows the case."""
    return any(account == account_id for (account,) in _followers(connection, key=case_id))
