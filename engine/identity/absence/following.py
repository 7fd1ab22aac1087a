"""Following the rules: to whom what arrives for somebody goes at a moment, and whose desk one shares.

Each question is one query, however long the chain of deputies. A chain goes on where the deputy is away
too (`move`) or has been stopped as an account; a deputy who merely shares with somebody is there. One that
comes back to somebody it has passed, reaches one who has gone to other work, or ends at a stopped account,
leads to nobody.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam
from sqlalchemy.engine import Connection

from engine.database import Moment, Prepared
from engine.identity.absence.rules import Absence
from engine.identity.actors import SEE_NO_CASES
from engine.identity.tables import absences, account_roles, accounts

DEEPEST = 12  # links of a chain that are followed

_who, _process = bindparam("who", type_=sa.String(32)), bindparam("process", type_=sa.String(80))
_now = bindparam("now", type_=Moment)
_RULE = tuple(name for name in Absence.__dataclass_fields__ if name in absences.c)
_text = sa.String(80)


def _holds(table: Any) -> tuple[Any, ...]:
    return table.c.ended_at.is_(None), table.c.since_at <= _now, table.c.until_at > _now


def _suits(who: Any, deputy: Any) -> sa.ColumnElement[bool]:
    """Whether an account may deputise for another now, as `keepers.may_deputise` asks it."""
    held, own = account_roles.alias("held"), account_roles.alias("own_role")
    works = (held.c.account_id == deputy.c.id, *(held.c.role != role for role in sorted(SEE_NO_CASES)))
    both = sa.exists().where(own.c.account_id == who.c.id, own.c.role == held.c.role)
    placed = who.c.department.is_not(None)
    same = sa.or_(deputy.c.department == who.c.department, sa.and_(~placed, deputy.c.department.is_(None)))
    return sa.and_(same, sa.exists().where(*works, sa.or_(placed, both)))


def _standing() -> sa.Select[Any]:
    """The person's account with each rule of the chain, in its order."""
    first, later = absences.alias("first"), absences.alias("later")
    begin = sa.select(sa.cast(sa.literal(0), sa.Integer).label("depth"), *(first.c[n] for n in _RULE))
    begin = begin.where(first.c.account == _who, *_holds(first), first.c.process.in_(["", _process]))
    chain = begin.cte("chain", recursive=True)
    further = sa.select(chain.c.depth + 1, *(later.c[n] for n in _RULE)).select_from(
        later.join(chain, later.c.account == chain.c.deputy)
    )
    further = further.where(*_holds(later), later.c.process.in_(["", _process]), chain.c.depth < DEEPEST)
    chain = chain.union_all(further)
    own, away, other = (accounts.alias(name) for name in ("own", "away", "other"))
    joined = own.outerjoin(chain, sa.true()).outerjoin(other, other.c.id == chain.c.deputy)
    joined = joined.outerjoin(away, away.c.id == chain.c.account)
    columns = (own.c.name, own.c.active, own.c.department, *(chain.c[n] for n in _RULE))
    said = (
        other.c.name.label("deputy_name"),
        other.c.active.label("there"),
        _suits(away, other).label("suits"),
    )
    query = sa.select(*columns, *said)
    return query.select_from(joined).where(own.c.id == _who).order_by(chain.c.depth)


def _desks() -> sa.Select[Any]:
    """(account, process) of whoever shares with the person, or with somebody whom the person replaces."""
    start = sa.select(
        sa.cast(_who, sa.String(32)).label("account"), sa.cast(sa.literal(""), _text).label("process")
    )
    reach = start.cte("reach", recursive=True)
    moved = absences.alias("moved")
    narrower = sa.cast(sa.case((reach.c.process == "", moved.c.process), else_=reach.c.process), _text)
    beyond = sa.select(moved.c.account, narrower).select_from(
        moved.join(reach, moved.c.deputy == reach.c.account)
    )
    reach = reach.union(
        beyond.where(moved.c.how == "move", *_holds(moved), _fits(moved, reach), _still(moved))
    )
    shared = absences.alias("shared")
    both = sa.cast(sa.case((reach.c.process == "", shared.c.process), else_=reach.c.process), _text)
    query = sa.select(shared.c.account, both.label("process")).distinct()
    query = query.select_from(shared.join(reach, shared.c.deputy == reach.c.account))
    query = query.where(_still(shared))
    return query.where(
        shared.c.how == "share", *_holds(shared), _fits(shared, reach), shared.c.account != _who
    )


def _still(rule: Any) -> sa.ColumnElement[bool]:
    """Whether the rule's deputy may still deputise."""
    away, other = accounts.alias(f"{rule.name}_away"), accounts.alias(f"{rule.name}_deputy")
    pair = (away.c.id == rule.c.account, other.c.id == rule.c.deputy)
    return sa.exists().where(*pair, _suits(away, other))


def _fits(rule: Any, reach: Any) -> sa.ColumnElement[bool]:
    return sa.or_(rule.c.process == "", reach.c.process == "", rule.c.process == reach.c.process)


_chain = Prepared(_standing())
_shared = Prepared(_desks())


@dataclass(frozen=True)
class Standing:
    """Where what arrives for a person goes at a moment.

    `rule` is the person's own that holds now, if one does; `deputy` the account at the end of the chain,
    None where there is no rule or the chain leads to nobody.
    """

    account: str
    name: str
    active: bool
    department: str | None
    rule: Absence | None = None
    deputy: str | None = None
    deputy_name: str = ""

    @property
    def holder(self) -> str:
        """Who is to have what arrives: the deputy it moves to, or the person."""
        moved = self.rule is not None and self.rule.how == "move" and self.deputy is not None
        return str(self.deputy) if moved else self.account

    @property
    def sharer(self) -> str | None:
        """Who may do it besides the person; None where nobody shares."""
        return self.deputy if self.rule is not None and self.rule.how == "share" else None

    @property
    def deserted(self) -> bool:
        """Whether the person is away and nobody is left to take what arrives."""
        return self.rule is not None and self.deputy is None


def standing(connection: Connection, account_id: str, now: datetime, process: str = "") -> Standing | None:
    """Where what arrives for this person goes now, in a case of `process`; None: there is no such account."""
    rows = _chain(connection, who=account_id, now=now, process=process)
    if not rows:
        return None
    name, active, department = rows[0][:3]
    own = Standing(account_id, name, bool(active), department)
    links = [_link(row, name if place == 0 else "") for place, row in enumerate(rows) if row[3]]
    if not links:
        return own
    last = _end(account_id, links)
    if last is None:
        return replace(own, rule=links[0].rule)
    return replace(own, rule=links[0].rule, deputy=last.deputy, deputy_name=last.deputy_name)


@dataclass(frozen=True)
class _Link:
    rule: Absence
    there: bool  # the deputy's account is active
    suits: bool  # the deputy is still of the same work


def _link(row: tuple[Any, ...], name: str) -> _Link:
    facts = dict(zip(_RULE, row[3:-3], strict=True))
    return _Link(Absence(**facts, account_name=name, deputy_name=row[-3] or ""), bool(row[-2]), bool(row[-1]))


def _end(account_id: str, links: list[_Link]) -> Absence | None:
    """The rule whose deputy is there; None if none is."""
    passed = {account_id}
    for place, link in enumerate(links):
        if link.rule.deputy in passed or not link.suits:
            return None
        passed.add(link.rule.deputy)
        away = place + 1 < len(links) and links[place + 1].rule.how == "move"
        if link.there and not away:
            return link.rule
    return None


def deputy_of(connection: Connection, account_id: str, now: datetime, process: str = "") -> Absence | None:
    """Who takes (or shares) what arrives for this person now: the rule, with the deputy at the chain's end.

    None where no rule holds, or nobody is left at its end.
    """
    found = standing(connection, account_id, now, process)
    if found is None or found.rule is None or found.deputy is None:
        return None
    return replace(found.rule, deputy=found.deputy, deputy_name=found.deputy_name)


@dataclass(frozen=True)
class Desk:
    """A desk that somebody shares: whose, and in cases of which process ('': all)."""

    account: str
    process: str


def desks(connection: Connection, account_id: str, now: datetime) -> tuple[Desk, ...]:
    """Whose tasks this person may also do now, and of which process."""
    return tuple(Desk(*row) for row in sorted(_shared(connection, who=account_id, now=now)))


def principals(
    connection: Connection, account_id: str, now: datetime, process: str | None = None
) -> frozenset[str]:
    """Whose tasks this person may also do now, in cases of `process`.

    Without a process: only those who share their whole desk.
    """
    found = desks(connection, account_id, now)
    return frozenset(desk.account for desk in found if desk.process in ("", process or ""))
