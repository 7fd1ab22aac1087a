"""我的代理: one's own absences, whom one deputises for, and what a deputy has for somebody."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from engine import identity
from engine.errors import ZhibanError
from engine.identity import absence
from engine.runtime import deputies, handover
from webui.access import access, the_actor
from webui.once import led_before, once
from webui.present import show
from webui.transaction import reading, writing, zhiban

from . import asking

pages = Blueprint("absence", __name__, url_prefix="/absence")


@pages.get("")
@access("officer")
@reading
def mine(connection: Connection) -> Any:
    """One's rules, a form for another, and whose tasks one has."""
    return _page(connection)


def again(connection: Connection, error: ZhibanError, page: Callable[..., str], **more: Any) -> Any:
    """Where an equal request has led already, or the page with what was wrong."""
    led = led_before(connection)
    return redirect(led, 303) if led is not None else (page(connection, error, **more), error.status)


def _again(connection: Connection, error: ZhibanError, **address: str) -> Any:
    return again(connection, error, _page)


@pages.post("")
@access("officer")
@writing(again=_again)
def begin(connection: Connection) -> Any:
    """Make a rule for oneself."""

    def act() -> str:
        rule = asking.begin(connection, the_actor().id)
        flash(_("代理已设定：由%(name)s代理。", name=rule.deputy_name), "ok")
        return url_for("absence.mine")

    return redirect(once(connection, act), 303)


@pages.post("/<absence_id>/end")
@access("officer")
@writing(again=_again)
def end(connection: Connection, absence_id: str) -> Any:
    """End a rule now; back to where it was listed."""

    def act() -> str:
        rule = deputies.end_absence(zhiban(), connection, actor=the_actor(), absence_id=absence_id)
        flash(
            _("%(name)s的代理已结束。已转出的任务仍由代理人办理，可以收回或交还。", name=rule.account_name),
            "ok",
        )
        return url_for("absence.mine" if rule.account == the_actor().id else "department.department")

    return redirect(once(connection, act), 303)


@pages.post("/give-back/<task_id>")
@access("officer")
@writing(again=_again)
def give_back(connection: Connection, task_id: str) -> Any:
    """Give a task back to the person for whom one has it."""

    def act() -> str:
        handover.give_back(zhiban(), connection, actor=the_actor(), task_id=task_id)
        flash(_("任务已交还。"), "ok")
        return url_for("absence.mine")

    return redirect(once(connection, act), 303)


@pages.post("/take-home/<task_id>")
@access("officer")
@writing(again=_again)
def take_home(connection: Connection, task_id: str) -> Any:
    """Take back what a deputy has for oneself."""

    def act() -> str:
        handover.take_home(zhiban(), connection, actor=the_actor(), task_id=task_id)
        flash(_("任务已收回。"), "ok")
        return url_for("absence.mine")

    return redirect(once(connection, act), 303)


def _page(connection: Connection, error: ZhibanError | None = None) -> str:
    actor, now = the_actor(), zhiban().clock.now()
    own = absence.person(connection, actor.id)
    rules = absence.listed(connection, account=actor.id, after=now)
    backup = absence.backup_of(connection, actor.id)
    others = {one.id: one.name for one in absence.deputies_for(connection, own)}
    found = absence.standing(connection, actor.id, now)
    return show(
        connection,
        "absence.html",
        rules=asking.shown(connection, rules),
        deputising=asking.shown(connection, absence.listed(connection, deputy=actor.id, after=now)),
        standing=found,
        backup=backup,
        backup_name=identity.name_of(connection, backup) if backup else "",
        backing=[
            identity.name_of(connection, who)
            for who, other in absence.backups(connection, own.department).items()
            if other == actor.id
        ],
        for_others=handover.deputised(connection, holder=actor.id),
        with_others=handover.deputised(connection, person=actor.id),
        others=others,
        processes=deputies.processes(connection),
        keeper=keeps_somebody(actor),
        typed=asking.typed(),
        **asking.told(error),
    )


def keeps_somebody(actor: identity.Actor) -> bool:
    """Whether there are others whose absences this person keeps."""
    return not actor.roles.isdisjoint({"admin", "control-centre", "administrator"})
