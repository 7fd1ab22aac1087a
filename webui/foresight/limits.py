"""A changed limit as it is asked for and told: which row, which count, which month; numbers for who may see.

Analysts keep the processes, not the files: they read departments, types and moments, no case's number.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.engine import Connection

from engine.clock import local
from engine.errors import Invalid, NotFound
from engine.identity import Actor
from engine.identity.actors import SEE_ALL_CASES
from engine.outlook.limits import Effect, effect, month_of
from engine.worktime import rules
from engine.worktime.rules import Limit
from webui.transaction import zhiban


@dataclass(frozen=True)
class Asked:
    """What was chosen: the number of the row in the rules in force, the new count, the month as 2026-03."""

    row: int
    count: int
    month: str


def rows(connection: Connection) -> tuple[Limit, ...]:
    """The limits in force."""
    return rules.in_force(connection, zhiban().clock.now()).limits


def last_month() -> str:
    """The month before this one, as 2026-03."""
    first = local(zhiban().clock.now()).date().replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


def counted(connection: Connection, asked: Asked) -> Effect:
    """The effect of what was chosen. NotFound for a row that is not there, Invalid for no month."""
    limits, span = rows(connection), month_of(asked.month)
    if not 0 <= asked.row < len(limits):
        raise NotFound("outlook.no_limit")
    if span is None:
        raise Invalid("outlook.month")
    return effect(connection, limits[asked.row], asked.count, *span, zhiban().clock.now())


def may_see_numbers(actor: Actor) -> bool:
    """Whether the changed cases are told by number."""
    return not actor.roles.isdisjoint(SEE_ALL_CASES)
