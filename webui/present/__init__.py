"""How rows of the engine are shown to a person: moments, deadlines, names, timelines, answers.

Only reads; what it returns is plain data for templates.
"""

from typing import Any

from flask import Flask, g, render_template
from flask_babel import get_locale
from sqlalchemy.engine import Connection

from engine import clock, worktime
from webui import once
from webui.edge.elder import elder, in_the_other_size
from webui.edge.language import in_the_other_language, language
from webui.transaction import zhiban

from .deadlines import deadline, tally
from .fields import input_type, narrow, refreshes, short, stacked
from .moments import day, machine, moment, near_moment, short_moment, weekday, workdays
from .people import (
    away_note,
    department_name,
    group_names,
    masked,
    may_start_something,
    open_incidents,
    reads_ledger,
    role_line,
    unread_notices,
)
from .words import dispute, fault, status_tone, stop_kind

FILTERS = {
    "moment": moment,
    "day": day,
    "weekday": weekday,
    "workdays": workdays,
    "short_moment": short_moment,
    "near_moment": near_moment,
    "shanghai": clock.local,
    "machine": machine,
    "masked": masked,
    "status_tone": status_tone,
    "stop_kind": stop_kind,
    "fault": fault,
    "dispute": dispute,
    "group_names": group_names,
    "role_line": role_line,
    "department_name": department_name,
}
FUNCTIONS = {
    "away_note": away_note,
    "deadline": deadline,
    "tally": tally,
    "may_start": may_start_something,
    "unread_notices": unread_notices,
    "open_incidents": open_incidents,
    "reads_ledger": reads_ledger,
    "once_token": once.token,
    "language": language,
    "in_the_other_language": in_the_other_language,
    "elder": elder,
    "in_the_other_size": in_the_other_size,
    "input_type": input_type,
    "narrow": narrow,
    "refreshes": refreshes,
    "short": short,
    "stacked": stacked,
}


def furnish(app: Flask) -> None:
    """Give the templates of `app` their filters and functions."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(FUNCTIONS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)


def show(connection: Connection, template: str, **values: Any) -> str:
    """Render `template` with the calendar and the moment that deadlines are measured by."""
    g.connection = connection
    g.calendar, g.now = worktime.load(connection), zhiban().clock.now()
    return render_template(template, **values)


def _common() -> dict[str, object]:
    return {"actor": g.get("actor"), "html_lang": str(get_locale() or "zh").replace("_", "-")}
