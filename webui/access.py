"""Who is asking, and whether this route is for them.

Every route names its readers with `access`; one without a rule fails a test of the house. The
session holds an account's id and two moments; names and roles are read afresh each request, so
that a person who has left is out at once. An idle session ends, and so does a very long one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import NotAllowed, NotFound
from engine.identity import Actor, absence

from .edge.language import language
from .transaction import View, zhiban

KINDS = {"officer": "person", "enterprise": "enterprise"}


def access(*readers: str) -> Callable[[View], View]:
    """Let in only `readers`: "public", "signed-in", "officer", "enterprise", or a group's id."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if "public" in readers:
                return view(*args, **kwargs)
            if actor is None:
                return _ask_to_sign_in()
            if not any(_is(actor, reader) for reader in readers):
                raise NotAllowed("webui.not_for_you")
            return view(*args, **kwargs)

        guarded.access_rule = readers  # type: ignore[attr-defined]
        return guarded

    return decorate


def _is(actor: Actor, reader: str) -> bool:
    if reader == "signed-in":
        return True
    return actor.kind == KINDS[reader] if reader in KINDS else reader in actor.groups


def current_actor() -> Actor | None:
    """The person of this session, read from the database once a request; None where nobody is signed in."""
    if "actor" not in g:
        g.actor = _load()
    actor: Actor | None = g.actor
    return actor


def the_actor() -> Actor:
    """The person of this session, on a route that `access` has closed to strangers."""
    actor = current_actor()
    if actor is None:
        raise NotAllowed("webui.not_for_you")
    return actor


def shared_desks(connection: Connection) -> tuple[absence.Desk, ...]:
    """Whose tasks the person of this session may also do now, read once a request."""
    if "desks" not in g:
        g.desks = absence.desks(connection, the_actor().id, zhiban().clock.now())
    desks: tuple[absence.Desk, ...] = g.desks
    return desks


def principals(connection: Connection, process: str) -> frozenset[str]:
    """Those of them whose tasks in cases of `process` are meant."""
    return frozenset(desk.account for desk in shared_desks(connection) if desk.process in ("", process))


def sign_in(actor: Actor, version: int, place: str) -> None:
    """Begin a fresh session for `actor`; it ends when the account's session `version` moves on.

    `place` is the name of the actor's department or enterprise, for the head of every page.
    """
    moment = _now()
    session.clear()
    session.update(account=actor.id, version=version, place=place, since=moment, seen=moment)
    g.actor = actor


def sign_out() -> None:
    session.clear()
    g.actor = None


def _load() -> Actor | None:
    account = session.get("account")
    if account is None:
        return None
    if _expired():
        sign_out()
        flash(_("您有一段时间没有操作，为了安全已退出登录，请重新登录。"), "warn")
        return None
    try:
        with zhiban().reading() as connection:
            now = zhiban().clock.now()
            actor = identity.load_actor(connection, account, session.get("version"), now)
    except (NotFound, NotAllowed) as error:
        sign_out()
        flash(error.say(language()), "warn")
        return None
    if _now() - session["seen"] > 60:
        session["seen"] = _now()
    return actor


def _expired() -> bool:
    now, config = _now(), current_app.config
    idle = now - session.get("seen", 0)
    return bool(idle > config["SESSION_IDLE"] or now - session.get("since", 0) > config["SESSION_LONGEST"])


def _now() -> int:
    return int(zhiban().clock.now().timestamp())


def _ask_to_sign_in() -> Any:
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in_page", next=here))
