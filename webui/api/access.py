"""Who calls: the account a bearer token stands for, and whether an endpoint is for it.

Cookies are not read here, so that no other site can make a browser act for somebody. Every endpoint
carries its `access_rule`; one without fails a test.
"""

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from flask import g, request
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import Invalid, NotAllowed, NotFound, Problem
from engine.identity import ROLES, Actor
from engine.identity.tables import api_tokens
from webui.edge.characters import keepable
from webui.edge.language import language
from webui.transaction import zhiban

KINDS = {"officer": "person", "enterprise": "enterprise"}
PUBLIC = ("public",)
SIGNED_IN = ("signed-in",)
LONGEST_TOKEN = 200  # characters of the header's secret


def secret() -> str:
    """The token in the Authorization header. NotAllowed where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
        raise NotAllowed("api.no_token")
    return token


def caller(connection: Connection) -> Actor:
    """The account of this request's token, read afresh. NotAllowed where the token is worth nothing."""
    actor = identity.actor_of_token(connection, secret(), zhiban().clock.now())
    g.caller = actor
    return actor


def admit(readers: Sequence[str]) -> None:
    """Raise NotAllowed unless the caller is one of `readers`: "signed-in", "officer", "enterprise" or a role.

    Judged before the body is looked at.
    """
    _check_address()
    if tuple(readers) == PUBLIC:
        return
    with zhiban().reading() as connection:
        actor = caller(connection)
    if not any(_is(actor, reader) for reader in readers):
        raise NotAllowed("api.not_for_you", readers=_in_words(readers))


def _is(actor: Actor, reader: str) -> bool:
    if reader == "signed-in":
        return True
    return actor.kind == KINDS[reader] if reader in KINDS else reader in actor.roles


def _in_words(readers: Sequence[str]) -> str:
    words = {"officer": ("工作人员", "officer"), **ROLES}
    index = 1 if language() == "en" else 0
    return (", " if index else "、").join(words[r][index] for r in readers if r in words)


def _check_address() -> None:
    """Neither the address nor its parameters hold what no database can keep."""
    if not keepable(request.path):
        raise NotFound("api.404")
    wrong = [name for name, value in request.args.items(multi=True) if not keepable(name + value)]
    if wrong:
        problems = [Problem("api.bad_characters", printable(name)) for name in wrong]
        raise Invalid("api.rejected", problems=problems, count=len(problems))


def printable(text: str) -> str:
    """`text` as an answer can carry it."""
    return text[:80].encode("utf-8", "replace").decode().replace("\0", "␀")


def revoke_own(connection: Connection) -> None:
    """Make the token of this request worthless from now on."""
    digest = hashlib.sha256(secret().encode("utf-8", "replace")).hexdigest()  # all that is kept of it
    token_id = connection.execute(sa.select(api_tokens.c.id).where(api_tokens.c.hash == digest)).scalar_one()
    identity.revoke_token(connection, token_id, zhiban().clock.now())
