"""Tokens for scripts, and who one is."""

from datetime import timedelta
from typing import Any

from flask import Response, request
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import NotAllowed
from engine.identity import Actor, absence
from engine.runtime import queries
from engine.runtime.queries.inbox import kept
from webui.api import access
from webui.api.endpoint import Blueprint, Call, Told, describe, get, send
from webui.api.problems import explain
from webui.api.shapes.answers import Me, Token
from webui.api.shapes.bodies import TokenBody
from webui.edge.security import limiter
from webui.transaction import zhiban

routes = Blueprint("account-api", __name__, description="令牌与账号 · Tokens and accounts")
explain(routes)

NEW_TOKEN = Told(
    "用账号和密码换取令牌",
    "Exchange a user name and password for a token. The secret is shown only now and kept nowhere, so this "
    "is the one POST that remembers no answer: an Idempotency-Key has no effect. "
    "At most 30 calls a minute from one address, 10 in five minutes for one account.",
    errors=(401, 403),
)


def _account_named() -> str:
    """The key that slows down guesses at one account, wherever they come from."""
    body = request.get_json(silent=True, cache=True) if request.mimetype == "application/json" else None
    name = body.get("username") if isinstance(body, dict) else ""
    return f"account:{name.strip().lower()[:80] if isinstance(name, str) else ''}"


@describe(routes, "POST", "/token", NEW_TOKEN, access.PUBLIC)
@limiter.limit("30 per minute")
@limiter.limit("10 per 5 minutes", key_func=_account_named)
@routes.arguments(TokenBody)
@routes.response(201, Token, description=NEW_TOKEN.title)
def new_token(given: dict[str, Any]) -> Response:
    """A refused attempt is committed too: the count of failures must outlive the refusal."""
    now = zhiban().clock.now()
    with zhiban().writing() as connection:
        tried = identity.attempt(connection, given["username"], given["password"], now)
        secret = ""
        if tried.actor is not None:
            secret = identity.issue_token(connection, tried.actor.id, given["label"], now, given["days"])
    if tried.actor is None:
        raise tried.refusal or NotAllowed("identity.wrong_password")
    return send(Token().dump({"token": secret, "expires_at": now + timedelta(days=given["days"])}), 201)


REVOKE = Told("撤销本令牌", "Make the token of this request worthless from now on.")


@describe(routes, "DELETE", "/token", REVOKE, access.SIGNED_IN)
@routes.response(204, description=REVOKE.title)
def revoke_token() -> Response:
    with zhiban().writing() as connection:
        access.caller(connection)
        access.revoke_own(connection)
    return Response(status=204)


@get(routes, "/me", Told("我是谁", "The account of the token, and how many tasks it has."), answer=Me)
def me(call: Call) -> Any:
    actor = call.actor
    return {
        **{name: getattr(actor, name) for name in ("id", "name", "kind")},
        "roles": sorted(actor.roles),
        "groups": sorted(actor.groups),
        "department": _department(call.connection, actor),
        "enterprise": _enterprise(call.connection, actor),
        "counts": _counts(call.connection, actor),
    }


def _counts(connection: Connection, actor: Actor) -> dict[str, int]:
    """The number on each tab of the inbox: of copies, those that are unread."""
    found = queries.counts(connection, actor, absence.desks(connection, actor.id, zhiban().clock.now()))
    if actor.kind != "person":
        return found
    copied = kept.count_copied(connection, actor, unread=True)
    return {**found, "copied": copied, "followed": kept.count_followed(connection, actor)}


def _department(connection: Connection, actor: Actor) -> dict[str, str] | None:
    if actor.department is None:
        return None
    found = identity.department(connection, actor.department)
    return {"code": found.code, "name": found.name}


def _enterprise(connection: Connection, actor: Actor) -> dict[str, str] | None:
    if actor.enterprise is None:
        return None
    found = identity.enterprise(connection, actor.enterprise)
    return {"code": found.uscc, "name": found.name}
