"""How a person likes the desk: small JSON values by name, such as the columns of the inbox."""

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.database import Prepared
from engine.identity import Actor
from engine.runtime.desk.tables import preferences

_read = Prepared(
    sa.select(preferences.c.name, preferences.c.value).where(preferences.c.account == sa.bindparam("who"))
)
_write = Prepared(
    sa.text(
        "INSERT INTO preferences (account, name, value) VALUES (:who, :name, :value) "
        "ON CONFLICT (account, name) DO UPDATE SET value = excluded.value"
    )
)


def preferred(connection: Connection, actor: Actor) -> dict[str, Any]:
    """Everything this person has chosen, by name."""
    return {name: orjson.loads(value) for name, value in _read(connection, who=actor.id)}


def prefer(connection: Connection, actor: Actor, name: str, value: Any) -> None:
    """Keep one choice; the last one holds."""
    _write.count(connection, who=actor.id, name=name, value=orjson.dumps(value).decode())
