"""What a statement tells the planner of a database beside what it asks for."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles


class Mostly(sa.sql.expression.ColumnElement[bool]):
    """A condition that most rows which are looked at fulfil.

    SQLite takes any equality for a rare one, and would read all that fulfil it instead of the better index.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, condition: sa.ColumnElement[bool]) -> None:
        self.condition = condition

    def self_group(self, against: Any = None) -> "Mostly":
        """Itself, as a condition is: SQLAlchemy would compare it with 1, which hides it from the planner."""
        return self


@compiles(Mostly)
def _plain(element: Mostly, compiler: Any, **given: Any) -> str:
    return str(compiler.process(element.condition, **given))


@compiles(Mostly, "sqlite")
def _likely(element: Mostly, compiler: Any, **given: Any) -> str:
    return f"likelihood({compiler.process(element.condition, **given)}, 0.9)"
