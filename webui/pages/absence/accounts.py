"""People's accounts, for the administrator: what hangs on each, and stopping or starting one."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import Conflict, ZhibanError
from engine.runtime import handover
from webui.access import access, the_actor
from webui.edge.failures import sentence
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

pages = Blueprint("accounts", __name__, url_prefix="/accounts")


@pages.get("")
@access("administrator")
@reading
def accounts(connection: Connection) -> Any:
    """The accounts, with the number of open tasks of each."""
    return _page(connection)


def _again(connection: Connection, error: ZhibanError, account: str) -> Any:
    led = led_before(connection)
    if led is not None:
        return redirect(led, 303)
    hangs = isinstance(error, Conflict) and error.code == "runtime.handover.hanging"
    return _page(connection, sentence(error), account if hangs else ""), error.status


@pages.post("/<account>")
@access("administrator")
@writing(again=_again)
def change(connection: Connection, account: str) -> Any:
    """Stop or start an account, as the pressed button says; one with open tasks asks to hand them over."""

    def act() -> str:
        name = identity.name_of(connection, account)
        if "_start" in request.form:
            handover.start_account(connection, actor=the_actor(), account=account)
            flash(_("%(name)s的账号已启用。", name=name), "ok")
        else:
            handover.stop_account(zhiban(), connection, actor=the_actor(), account=account)
            flash(_("%(name)s的账号已停用。", name=name), "ok")
        return url_for("accounts.accounts")

    return redirect(once(connection, act), 303)


def _page(connection: Connection, said: str = "", hanging: str = "") -> str:
    size = current_app.config["PAGE_SIZE"]
    page = max(1, request.args.get("page", 1, type=int))
    rows = handover.accounts_with_tasks(connection, limit=size + 1, offset=(min(page, 10_000) - 1) * size)
    return show(
        connection,
        "accounts.html",
        rows=rows[:size],
        page=page,
        more=len(rows) > size,
        said=said,
        hanging=hanging,
    )
