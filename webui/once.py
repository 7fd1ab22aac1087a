"""A form that is sent twice acts once.

Every form carries a token made when it was shown. Where it led is remembered under the token in the
same transaction; the same form sent again leads to the same place, a changed form under a used token
is a conflict, and is shown again under a token of its own. Who goes back gets a page with a new token:
what starts a case is therefore known by its content too, for a while.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from flask import flash, g, request
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Conflict

from .access import the_actor
from .transaction import zhiban

FIELD = "_once"
NOT_CONTENT = (FIELD, "csrf_token")
WHILE = 600  # seconds; the same content is known again for once to twice as long


def token() -> str:
    """A token for a form about to be shown; one shown again keeps its own, unless that is spent."""
    kept = "" if g.get("once_spent") else request.form.get(FIELD, "")
    return kept or secrets.token_urlsafe(18)


def once(connection: Connection, act: Callable[[], str]) -> str:
    """The address that `act` leads to. It runs only if this form has not been acted upon before."""
    key, actor = request.form.get(FIELD, "")[:120], the_actor().id
    if not key:
        return act()
    digest, now = _digest(), zhiban().clock.now()
    try:
        known = runtime.once(connection, key=key, actor_id=actor, digest=digest, now=now)
    except Conflict as error:
        g.once_spent = True
        raise Conflict("webui.sent_before") from error
    if known is not None:
        return known
    address = act()
    runtime.remember(connection, key=key, actor_id=actor, digest=digest, answer=address, now=now)
    return address


def once_each(connection: Connection, part: str, act: Callable[[], str]) -> str:
    """Like `once` for one of several things that a form asks for, each in a transaction of its own.

    What was done already is answered as it was then; what failed is tried again.
    """
    key, actor = request.form.get(FIELD, "")[:80], the_actor().id
    if not key:
        return act()
    key, digest, now = f"{key} {part}", hashlib.sha256(part.encode()).hexdigest(), zhiban().clock.now()
    known = runtime.once(connection, key=key, actor_id=actor, digest=digest, now=now)
    if known is not None:
        return str(known)
    answer = act()
    runtime.remember(connection, key=key, actor_id=actor, digest=digest, answer=answer, now=now)
    return answer


def led_before(connection: Connection) -> str | None:
    """Where this very form led, if an equal request at the same moment was faster; else None.

    To be asked in a transaction of its own: one that waited for the other may not see what that has kept.
    """
    key, actor, now = request.form.get(FIELD, "")[:120], the_actor().id, zhiban().clock.now()
    if not key:
        return None
    try:
        known = runtime.once(connection, key=key, actor_id=actor, digest=_digest(), now=now)
    except Conflict:  # other words under a used token
        return None
    return None if known is None else str(known)


def once_in_a_while(connection: Connection, act: Callable[[], str]) -> str:
    """Like `once`; besides, what this person has just sent in the same words leads to what came of it."""
    return once(connection, lambda: _unless_known(connection, act))


def _unless_known(connection: Connection, act: Callable[[], str]) -> str:
    actor, digest, now = the_actor().id, _digest(), zhiban().clock.now()
    present, before = _keys(digest, now)
    for key in (present, before):
        known = runtime.once(connection, key=key, actor_id=actor, digest=digest, now=now)
        if known is not None:
            flash(
                _(
                    "这份内容您刚才已经提交过，没有重复立案，下面就是那一件。确实要另提一件，请改动内容后提交。"
                ),
                "warn",
            )
            return str(known)
    address = act()
    runtime.remember(connection, key=present, actor_id=actor, digest=digest, answer=address, now=now)
    return address


def _keys(digest: str, now: datetime) -> tuple[str, str]:
    """What the content is remembered under now, and what it was a while ago."""
    number = int(now.timestamp()) // WHILE
    return f"content {digest} {number}", f"content {digest} {number - 1}"


def _digest() -> str:
    """A fingerprint of everything that was sent, files included."""
    digest = hashlib.sha256(request.path.encode())
    for name, value in sorted(request.form.items(multi=True)):
        if name not in NOT_CONTENT:
            digest.update(f"\0{name}\0{value}".encode())
    for name, file in request.files.items(multi=True):
        digest.update(f"\0{name}\0{file.filename}\0".encode())
        while chunk := file.stream.read(65536):
            digest.update(chunk)
        file.stream.seek(0)
    return digest.hexdigest()
