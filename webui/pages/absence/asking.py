"""The form of an absence: what it asks, what was typed into it, and what is wrong with that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy.engine import Connection

from engine import worktime
from engine.clock import local
from engine.errors import Invalid, ZhibanError
from engine.identity import absence
from engine.identity.absence import Absence
from engine.runtime import deputies
from webui.access import the_actor
from webui.edge.failures import sentence
from webui.edge.language import language
from webui.transaction import zhiban

ASKED = (
    "account",
    "since",
    "since_hour",
    "until",
    "until_hour",
    "how",
    "deputy",
    "process",
    "reason",
    "backup",
)


@dataclass(frozen=True)
class Shown:
    """A rule as a page tells it: its last day, the working days in it, and how it stands."""

    rule: Absence
    until: datetime  # the last minute that belongs to it, where it ends with a day; else its end
    workdays: int
    state: str  # coming | present | over
    process: str  # the process's name; '' for all


def begin(connection: Connection, account: str) -> Absence:
    """Make the rule that was sent, for `account`."""
    form = request.form
    since, until = (f"{form.get(n, '')} {form.get(f'{n}_hour', '')}".strip() for n in ("since", "until"))
    begins, ends = absence.period(since, until)
    return deputies.begin_absence(
        zhiban(),
        connection,
        actor=the_actor(),
        account=account,
        since=begins,
        until=ends,
        how=form.get("how", ""),
        deputy=form.get("deputy", ""),
        process=form.get("process", ""),
        reason=form.get("reason", ""),
    )


def typed() -> dict[str, str]:
    """What was sent, to be shown again; the period's first day is today, and what arrives moves, at first."""
    today = f"{local(zhiban().clock.now()):%Y-%m-%d}"
    first = {"since": today, "how": "move"}
    return {name: request.form.get(name, first.get(name, "")) for name in ASKED}


def told(error: ZhibanError | None) -> dict[str, Any]:
    """What is wrong, for the summary and beside each field."""
    problems = error.problems if isinstance(error, Invalid) else ()
    listed = [{"where": p.where, "message": p.say(language())} for p in problems]
    wrong = {one["where"]: one["message"] for one in listed}
    return {"problems": listed, "wrong": wrong, "said": sentence(error) if error and not listed else ""}


def shown(connection: Connection, rules: list[Absence]) -> list[Shown]:
    """The rules as pages tell them."""
    now, calendar, names = zhiban().clock.now(), worktime.load(connection), deputies.processes(connection)
    found = []
    for rule in rules:
        last = local(rule.until_at)
        if not (last.hour or last.minute):
            last -= timedelta(minutes=1)
        before = local(rule.since_at).date() - timedelta(days=1)
        days = calendar.workdays_between(before, last.date())
        name = names.get(rule.process, rule.process)
        found.append(Shown(rule, last, days, rule.state(now), name))
    return found
