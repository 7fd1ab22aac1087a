"""Proving who one is: by password at sign-in, by token at the API.

Five wrong passwords in a row lock an account for fifteen minutes. The count must outlive the
refusal, so `attempt` returns a refusal instead of raising it: commit, then raise. Nothing here commits.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from engine import clock, errors
from engine.database import Prepared, new_id
from engine.identity import passwords
from engine.identity.accounts import load_actor, plain_username
from engine.identity.actors import Actor
from engine.identity.tables import accounts, api_tokens

ATTEMPTS = 5
LOCK = timedelta(minutes=15)
LONGEST_TOKEN = 366  # days
_NOTED_EVERY = timedelta(minutes=1)
_PREFIX = "zhiban_"  # so that a scanner of leaked secrets can recognise one

_KEPT = [column for column in api_tokens.c if column.name != "hash"]  # in the order of Token
_token = Prepared(sa.select(*_KEPT).where(api_tokens.c.hash == sa.bindparam("digest")))


@dataclass(frozen=True)
class Attempt:
    """How an attempt to sign in ended: the actor, or why not."""

    actor: Actor | None = None
    refusal: errors.NotAllowed | None = None


@dataclass(frozen=True)
class Token:
    """An API token as its owner sees it; the secret itself is kept nowhere. Moments in UTC."""

    id: str
    account_id: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used: datetime | None


def attempt(connection: Connection, username: str, password: str, now: datetime) -> Attempt:
    """Try to sign in. Commit also when it is refused: that is how the lock-out remembers.

    A username nobody has takes as long as a wrong password and gets the same sentence.
    """
    query = sa.select(accounts).where(accounts.c.username == plain_username(username))
    account = connection.execute(query).one_or_none()
    if account is not None and account.locked_until is not None and account.locked_until > now:
        until = f"{clock.local(account.locked_until):%H:%M:%S}"
        return Attempt(refusal=errors.NotAllowed("identity.locked", until=until))
    if not passwords.matches(password, account.password_hash if account is not None else None):
        if account is not None:
            _count_failure(connection, account.id, now)
        minutes = int(LOCK.total_seconds() // 60)
        return Attempt(refusal=errors.NotAllowed("identity.wrong_password", limit=ATTEMPTS, minutes=minutes))
    assert account is not None  # a password matches only where one is kept
    if not account.active:
        return Attempt(refusal=errors.NotAllowed("identity.inactive"))
    _welcome(connection, account, password)
    return Attempt(load_actor(connection, account.id))


def authenticate(connection: Connection, username: str, password: str, now: datetime) -> Actor:
    """Sign in, or raise NotAllowed. The caller must commit in both cases (see `attempt`)."""
    tried = attempt(connection, username, password, now)
    if tried.actor is None:
        raise tried.refusal or errors.NotAllowed("identity.wrong_password")
    return tried.actor


def _count_failure(connection: Connection, account_id: str, now: datetime) -> None:
    """Counted by the database in one statement, so that attempts side by side are all counted."""
    last = accounts.c.failed_attempts >= ATTEMPTS - 1
    values = {
        "failed_attempts": sa.case((last, 0), else_=accounts.c.failed_attempts + 1),
        "locked_until": sa.case((last, sa.bindparam("until", now + LOCK, accounts.c.locked_until.type))),
    }
    connection.execute(accounts.update().where(accounts.c.id == account_id).values(values))


def _welcome(connection: Connection, account: Row[tuple[object, ...]], password: str) -> None:
    values: dict[str, object] = {}
    if account.failed_attempts or account.locked_until is not None:
        values = {"failed_attempts": 0, "locked_until": None}
    if passwords.outdated(account.password_hash):
        values["password_hash"] = passwords.hashed(password)
    if values:
        connection.execute(accounts.update().where(accounts.c.id == account.id).values(values))


def issue_token(connection: Connection, account_id: str, label: str, now: datetime, days: int) -> str:
    """Make an API token valid for `days` calendar days and return its secret, which is shown only now."""
    if not 1 <= days <= LONGEST_TOKEN:
        raise errors.Invalid("identity.token_days", longest=LONGEST_TOKEN)
    if not label.strip():
        raise errors.Invalid("identity.name")
    load_actor(connection, account_id)
    secret = _PREFIX + secrets.token_urlsafe(32)
    values = {
        "id": new_id(),
        "account_id": account_id,
        "hash": _digest(secret),
        "label": label.strip()[:100],
        "created_at": now,
        "expires_at": now + timedelta(days=days),
    }
    connection.execute(api_tokens.insert().values(values))
    return secret


def actor_of_token(connection: Connection, secret: str, now: datetime) -> Actor:
    """The actor a token stands for. Raises NotAllowed when it is unknown, expired, revoked or stopped.

    Its last use is noted, to the minute, only in a transaction that may write.
    """
    rows = _token(connection, digest=_digest(secret))
    token = Token(*rows[0]) if rows else None
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        raise errors.NotAllowed("identity.token")
    actor = load_actor(connection, token.account_id, now=now)
    stale = token.last_used is None or now - token.last_used >= _NOTED_EVERY
    if stale and connection.get_execution_options().get("writing", False):
        used = api_tokens.update().where(api_tokens.c.id == token.id).values(last_used=now)
        connection.execute(used)
    return actor


def tokens_of(connection: Connection, account_id: str) -> list[Token]:
    """An account's tokens, the newest first, with those expired or revoked."""
    query = sa.select(*_KEPT).where(api_tokens.c.account_id == account_id)
    rows = connection.execute(query.order_by(api_tokens.c.created_at.desc(), api_tokens.c.id.desc()))
    return [Token(*row) for row in rows]


def revoke_token(connection: Connection, token_id: str, now: datetime) -> None:
    """Make a token worthless from now on. Revoking twice keeps the first moment. Raises NotFound."""
    moment = sa.literal(now, api_tokens.c.revoked_at.type)
    revoked = api_tokens.update().values(revoked_at=sa.func.coalesce(api_tokens.c.revoked_at, moment))
    changed = connection.execute(revoked.where(api_tokens.c.id == token_id))
    if changed.rowcount == 0:
        raise errors.NotFound("identity.no_token")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
