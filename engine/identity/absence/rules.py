"""Making, ending and listing the rules of absence. Nothing here moves a task, and nothing commits."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.clock import local
from engine.database import Moment, new_id
from engine.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from engine.identity.absence.backups import backup_of
from engine.identity.absence.keepers import Person, may_deputise, may_keep, person
from engine.identity.absence.periods import LONGEST
from engine.identity.actors import Actor
from engine.identity.tables import absences, accounts

HOW = ("move", "share")
REASON = 200  # characters
_absent, _deputy = accounts.alias("absent"), accounts.alias("deputy")


@dataclass(frozen=True)
class Absence:
    """A rule: while it holds, `deputy` takes, or may do, what arrives for `account`. Moments in UTC.

    It holds from `since_at` until before `until_at`, unless it was ended. `process` is '' for all.
    """

    id: str
    account: str
    deputy: str
    how: str  # move | share
    process: str
    since_at: datetime
    until_at: datetime
    reason: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None
    account_name: str = ""
    deputy_name: str = ""

    def state(self, now: datetime) -> str:
        """`coming`, `present` or `over` at this moment."""
        if self.ended_at is not None or now >= self.until_at:
            return "over"
        return "present" if now >= self.since_at else "coming"


_COLUMNS = tuple(name for name in Absence.__dataclass_fields__ if name in absences.c)


def make(
    connection: Connection,
    *,
    actor: Actor,
    account: str,
    since: datetime,
    until: datetime,
    how: str,
    now: datetime,
    deputy: str = "",
    process: str = "",
    reason: str = "",
) -> Absence:
    """Add a rule; without a `deputy` it names the person's stand-in (B 岗).

    NotAllowed: the person is not in the actor's charge. Invalid: a deputy who may not, a period that is
    over or longer than a year, one that overlaps another rule of the person; the problems name the fields.
    """
    who = person(connection, account)
    if not may_keep(actor, who):
        raise NotAllowed("identity.absence.not_keeper", name=who.name)
    # of two that are made at once the second finds the first
    connection.execute(sa.select(accounts.c.id).where(accounts.c.id == account).with_for_update())
    deputy = deputy or backup_of(connection, account) or ""
    problems = [
        *_wrong_deputy(connection, who, deputy),
        *_wrong_period(since, until, now),
        *_overlapping(connection, account, process, since, until),
    ]
    if how not in HOW:
        problems.append(Problem("identity.absence.how", "how"))
    if len(reason.strip()) > REASON:
        problems.append(Problem("identity.absence.reason", "reason", {"limit": REASON}))
    if problems:
        raise Invalid("identity.absence", problems=problems)
    rule = Absence(new_id(), account, deputy, how, process, since, until, reason.strip(), actor.id, now, None)
    connection.execute(absences.insert().values({name: getattr(rule, name) for name in _COLUMNS}))
    return read(connection, rule.id)


def _wrong_deputy(connection: Connection, who: Person, deputy: str) -> list[Problem]:
    if not deputy:
        return [Problem("identity.absence.no_deputy", "deputy", {"name": who.name})]
    if deputy == who.id:
        return [Problem("identity.absence.oneself", "deputy")]
    try:
        found = person(connection, deputy)
    except NotFound as missing:
        return [Problem(missing.code, "deputy")]
    if may_deputise(who, found):
        return []
    return [Problem("identity.absence.deputy", "deputy", {"deputy": found.name, "name": who.name})]


def _wrong_period(since: datetime, until: datetime, now: datetime) -> list[Problem]:
    if until <= since:
        return [Problem("identity.absence.backwards", "until")]
    if until <= now:
        return [Problem("identity.absence.over", "until")]
    if until - since > LONGEST:
        return [Problem("identity.absence.too_long", "until", {"days": LONGEST.days})]
    return []


def _overlapping(
    connection: Connection, account: str, process: str, since: datetime, until: datetime
) -> list[Problem]:
    """The rule of the same person that would hold at the same time for the same case, if there is one."""
    query = _listing().where(
        absences.c.account == account,
        absences.c.ended_at.is_(None),
        absences.c.since_at < until,
        absences.c.until_at > since,
    )
    if process:
        query = query.where(absences.c.process.in_(["", process]))
    found = connection.execute(query.order_by(absences.c.since_at).limit(1)).mappings().first()
    if found is None:
        return []
    facts = {
        "deputy": found["deputy_name"],
        "since": f"{local(found['since_at']):%Y-%m-%d %H:%M}",
        "until": f"{local(found['until_at']):%Y-%m-%d %H:%M}",
    }
    return [Problem("identity.absence.overlap", "since", facts)]


def end(connection: Connection, *, actor: Actor, absence_id: str, now: datetime) -> Absence:
    """End a rule now, before its time. One that has not begun never holds.

    NotFound; NotAllowed: not in the actor's charge; Conflict: it is over already.
    """
    rule = read(connection, absence_id)
    if not may_keep(actor, person(connection, rule.account)):
        raise NotAllowed("identity.absence.not_keeper", name=rule.account_name)
    changed = connection.execute(
        absences.update()
        .where(absences.c.id == absence_id, absences.c.ended_at.is_(None), absences.c.until_at > now)
        .values(ended_at=now, told_at=sa.func.coalesce(absences.c.told_at, sa.bindparam("at", now, Moment)))
    )
    if changed.rowcount != 1:
        raise Conflict("identity.absence.ended", name=rule.account_name)
    return read(connection, absence_id)


def _listing() -> sa.Select[tuple[object, ...]]:
    columns = [absences.c[name] for name in _COLUMNS]
    names = (_absent.c.name.label("account_name"), _deputy.c.name.label("deputy_name"))
    joined = absences.join(_absent, _absent.c.id == absences.c.account)
    return sa.select(*columns, *names).select_from(joined.join(_deputy, _deputy.c.id == absences.c.deputy))


def read(connection: Connection, absence_id: str) -> Absence:
    """The rule with that id. Raises NotFound."""
    row = connection.execute(_listing().where(absences.c.id == absence_id)).mappings().first()
    if row is None:
        raise NotFound("identity.absence.unknown")
    return Absence(**row)


def listed(
    connection: Connection,
    *,
    account: str | None = None,
    deputy: str | None = None,
    department: str | None = None,
    placeless: bool = False,
    after: datetime | None = None,
    before: datetime | None = None,
    limit: int = 500,
) -> list[Absence]:
    """Rules by their beginning: of a person, of whom somebody deputises for, of a department's people,
    or (`placeless`) of those who belong to none; that held or will hold between two moments (UTC)."""
    query = _listing()
    if account is not None:
        query = query.where(absences.c.account == account)
    if deputy is not None:
        query = query.where(absences.c.deputy == deputy)
    if department is not None:
        query = query.where(_absent.c.department == department)
    if placeless:
        query = query.where(_absent.c.department.is_(None))
    if after is not None:
        until = sa.func.coalesce(absences.c.ended_at, absences.c.until_at)
        query = query.where(
            absences.c.until_at > after, sa.type_coerce(until, absences.c.until_at.type) > after
        )
    if before is not None:
        query = query.where(absences.c.since_at < before)
    rows = connection.execute(query.order_by(absences.c.since_at, absences.c.id).limit(limit)).mappings()
    return [Absence(**row) for row in rows]


def to_tell(connection: Connection, now: datetime) -> list[Absence]:
    """The rules that have begun by now and of which nobody has been told."""
    query = _listing().where(absences.c.told_at.is_(None), absences.c.since_at <= now)
    rows = connection.execute(query.order_by(absences.c.since_at, absences.c.id)).mappings()
    return [Absence(**row) for row in rows]
