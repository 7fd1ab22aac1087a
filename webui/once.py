"""A form that is sent twice acts once.

Every form carries a token made when it was shown. Where it led is remembered under the token in the
same transaction; the same form sent again leads to the same place, a changed form under a used token
is refused by the runtime as a conflict.
"""

import hashlib
import secrets
from collections.abc import Callable

from flask import request
from sqlalchemy.engine import Connection

from engine import runtime

from .access import the_actor
from .transaction import zhiban

FIELD = "_once"
NOT_CONTENT = (FIELD, "csrf_token")


def token() -> str:
    """A token for a form about to be shown; the one it was sent with, where it is shown again."""
    return request.form.get(FIELD) or secrets.token_urlsafe(18)


def once(connection: Connection, act: Callable[[], str]) -> str:
    """The address that `act` leads to. It runs only if this form has not been acted upon before."""
    key, actor = request.form.get(FIELD, "")[:120], the_actor().id
    if not key:
        return act()
    digest, now = _digest(), zhiban().clock.now()
    known = runtime.once(connection, key=key, actor_id=actor, digest=digest, now=now)
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
