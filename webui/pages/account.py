"""Signing in and out."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity
from webui import access
from webui.edge.language import language
from webui.edge.security import account_named, limiter
from webui.transaction import writing, zhiban

pages = Blueprint("account", __name__)


@pages.get("/sign-in")
@access.access("public")
def sign_in_page() -> Any:
    if access.current_actor() is not None:
        return redirect(url_for("home.home"))
    return render_template("sign_in.html", error="", username="")


@pages.post("/sign-in")
@access.access("public")
@limiter.limit("30 per minute")
@limiter.limit("20 per 5 minutes", key_func=account_named)
@writing()
def sign_in(connection: Connection) -> Any:
    """Sign in. A refusal is committed too: that is how the lock-out counts."""
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    tried = identity.attempt(connection, username, password, zhiban().clock.now())
    if tried.actor is None:
        refusal = tried.refusal.say(language()) if tried.refusal else ""
        return render_template("sign_in.html", error=refusal, username=username), 422
    (account,) = identity.list_accounts(connection, [tried.actor.id])
    access.sign_in(tried.actor, account.session_version, _place(connection, tried.actor))
    return redirect(_onward(request.args.get("next", "")), 303)


def _place(connection: Connection, actor: identity.Actor) -> str:
    if actor.enterprise:
        return identity.enterprise(connection, actor.enterprise).name
    return identity.department(connection, actor.department).name if actor.department else ""


@pages.post("/sign-out")
@access.access("public")
def sign_out() -> Any:
    access.sign_out()
    flash(_("您已退出登录。"), "ok")
    return redirect(url_for("account.sign_in_page"))


def _onward(wished: str) -> str:
    """A page of ours, or home: a link must not send a person who has just signed in elsewhere."""
    ours = wished.startswith("/") and not wished.startswith(("//", "/\\")) and "\n" not in wished
    return wished if ours else url_for("home.home")
