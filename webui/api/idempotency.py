"""A request acts once: one transaction, and the same answer again for the same `Idempotency-Key`.

The answer is remembered in the transaction of what it answers, so it is kept exactly if that is. Of two
equal requests at once one acts; the other waits, fails at what the first has done, and gets its answer.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from engine import runtime
from engine.database import is_duplicate
from engine.errors import Conflict, Invalid, Problem, ZhibanError
from engine.identity import Actor
from webui.api import access
from webui.transaction import zhiban

HEADER = "Idempotency-Key"
_PREFIX = "api:"  # pages keep their own keys beside ours

Act = Callable[[Connection, Actor], Any]


@dataclass(frozen=True)
class Reply:
    body: Any
    replayed: bool = False


def acting(act: Act, part: str = "") -> Reply:
    """What `act` answers, after its transaction was committed; or what it answered to this key before.

    `part` names one of several things that a request asks for, each in a transaction of its own.
    """
    key = _key()
    if key is None:
        return _attempt(act, None, "")
    digest = _digest()
    if part:
        key = _PREFIX + hashlib.sha256(f"{key} {part}".encode()).hexdigest()
    for attempts_left in (1, 0):
        try:
            return _attempt(act, key, digest)
        except (ZhibanError, IntegrityError) as error:
            stored = _stored(key, digest)
            if stored is not None:
                return stored
            if isinstance(error, ZhibanError):
                raise
            if not is_duplicate(error) or not attempts_left:
                raise
    raise Conflict("api.at_the_same_time")


def acting_each(acts: Mapping[str, Act]) -> dict[str, Reply | ZhibanError]:
    """What became of each of several things, by its name: what was answered, or why it could not be done.

    Each is done in a transaction of its own, and once for a key: the same request again does what is left.
    """
    acting(lambda _connection, _actor: {})  # the key is this request's: with another body it is refused
    found: dict[str, Reply | ZhibanError] = {}
    for part, act in acts.items():
        try:
            found[part] = acting(act, part)
        except ZhibanError as error:
            found[part] = error
    return found


def _attempt(act: Act, key: str | None, digest: str) -> Reply:
    with zhiban().writing() as connection:
        actor = access.caller(connection)
        if key is None:
            return Reply(act(connection, actor))
        known = _known(connection, actor, key, digest)
        if known is not None:
            return known
        body, now = act(connection, actor), zhiban().clock.now()
        runtime.remember(connection, key=key, actor_id=actor.id, digest=digest, answer=body, now=now)
        return Reply(body)


def _stored(key: str, digest: str) -> Reply | None:
    with zhiban().reading() as connection:
        return _known(connection, access.caller(connection), key, digest)


def _known(connection: Connection, actor: Actor, key: str, digest: str) -> Reply | None:
    now = zhiban().clock.now()
    body = runtime.once(connection, key=key, actor_id=actor.id, digest=digest, now=now)
    return None if body is None else Reply(body, replayed=True)


def _key() -> str | None:
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if not 1 <= len(given) <= 100 or any(not "!" <= c <= "~" for c in given):
        problems = [Problem("api.bad_key", HEADER)]
        raise Invalid("api.bad_key", problems=problems)
    return _PREFIX + given


def _digest() -> str:
    """A fingerprint of what was asked: method, address and content, whatever the boundary of its parts."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\0".encode())
    if request.mimetype != "multipart/form-data":
        digest.update(request.get_data(cache=True))
        return digest.hexdigest()
    for name, value in sorted(request.form.items(multi=True)):
        digest.update(f"\0{name}\0{value}".encode("utf-8", "replace"))
    for name, file in sorted(
        request.files.items(multi=True), key=lambda pair: (pair[0], pair[1].filename or "")
    ):
        digest.update(f"\0{name}\0{file.filename}\0".encode("utf-8", "replace"))
        while chunk := file.stream.read(65536):
            digest.update(hashlib.sha256(chunk).digest())
        file.stream.seek(0)
    return digest.hexdigest()
