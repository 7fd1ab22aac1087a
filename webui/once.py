"""A form that is sent twice acts once.

Every form carries a token made when it was shown. Where it led is remembered under the token in the
same transaction; the same form sent again leads to the same place, a changed form under a used token
is a conflict, and is shown again under a token of its own.
"""

import hashlib
import secrets
from collections.abc import Callable

from flask import g, request
from sqlalchemy.engine import Connection

from engine import runtime
from engine.errors import Conflict

from .access import the_actor
from .transaction import zhiban

FIELD = "_once"
NOT_CONTENT = (FIELD, "csrf_token")


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
