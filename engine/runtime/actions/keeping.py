"""关注: what a person keeps an eye on. No case changes by it, and no history tells of it."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared
from engine.errors import NotAllowed
from engine.identity import Actor
from engine.runtime.desk.tables import follows
from engine.runtime.engine import Engine
from engine.runtime.queries.cases import case, guard_case

_follow = Prepared(
    sa.text(
        "INSERT INTO follows (account, case_id, at) VALUES (:account, :case_id, :at) ON CONFLICT DO NOTHING"
    ).bindparams(sa.bindparam("at", type_=Moment))
)


def follow(engine: Engine, connection: Connection, *, actor: Actor, case_id: str) -> None:
    """Keep an eye on a case that this officer may see: changes of its status are told. Twice is once.

    NotFound: no such case. NotAllowed: not open to this person, or an enterprise, which hears of its own.
    """
    guard_case(connection, actor, case(connection, case_id))
    if actor.kind == "enterprise":
        raise NotAllowed("runtime.no_following")
    _follow(connection, account=actor.id, case_id=case_id, at=engine.clock.now())


def unfollow(engine: Engine, connection: Connection, *, actor: Actor, case_id: str) -> None:
    """Keep an eye on the case no longer. No change if this person did not."""
    mine = sa.and_(follows.c.account == actor.id, follows.c.case_id == case_id)
    connection.execute(sa.delete(follows).where(mine))
