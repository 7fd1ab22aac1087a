"""The pages on which the control centre keeps the calendar and the rules of time, and others read them."""

from flask import Flask

from . import calendar, importing, rules
from . import messages as messages
from .words import FILTERS, weekdays


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["weekdays"] = weekdays
    for module in (calendar, importing, rules):
        app.register_blueprint(module.pages)
