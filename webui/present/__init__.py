"""How rows of the engine are shown to a person: moments, deadlines, names, timelines, answers.

Only reads; what it returns is plain data for templates.
"""

from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, render_template, request
from flask_babel import get_locale
from sqlalchemy.engine import Connection

from engine import worktime
from webui import once
from webui.edge.language import LANGUAGES, language
from webui.transaction import zhiban

from .deadlines import deadline, tally
from .fields import input_type, narrow, refreshes, stacked
from .moments import day, duration, machine, moment, short_moment
from .people import department_name, group_names, masked, role_line
from .words import status_tone

FILTERS = {
    "moment": moment,
    "short_moment": short_moment,
    "machine": machine,
    "day": day,
    "duration": duration,
    "masked": masked,
    "status_tone": status_tone,
    "group_names": group_names,
    "role_line": role_line,
    "department_name": department_name,
}


def furnish(app: Flask) -> None:
    """Give the templates of `app` their filters and functions."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(input_type=input_type, narrow=narrow, refreshes=refreshes, stacked=stacked)
    app.jinja_env.globals.update(
        deadline=deadline, tally=tally, once_token=once.token, language=language, other_language_query=_query
    )
    app.context_processor(_common)


def show(connection: Connection, template: str, **values: Any) -> str:
    """Render `template` with the calendar and the moment that deadlines are measured by."""
    g.connection = connection
    g.calendar, g.now = worktime.load(connection), zhiban().clock.now()
    return render_template(template, now=g.now, **values)


def _query(wished: str) -> str:
    """This page's own query in another language."""
    return urlencode({**request.args.to_dict(flat=False), "lang": [wished]}, doseq=True)


def _common() -> dict[str, object]:
    locale = str(get_locale() or "zh")
    return {"actor": g.get("actor"), "languages": LANGUAGES, "html_lang": locale.replace("_", "-")}
