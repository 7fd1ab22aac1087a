"""The pages. A route reads its input, calls the engine, and shows; it decides nothing and commits nothing."""

from flask import Flask

from . import (
    absence,
    account,
    acting,
    analyst,
    case,
    cases,
    casework,
    control,
    files,
    home,
    inbox,
    start,
    task,
)
from .desk import assessments, incidents, notices


def register(app: Flask) -> None:
    """Hang every page on `app`."""
    for module in (account, home, start, case, cases, files, notices, assessments, incidents):
        app.register_blueprint(module.pages)
    for package in (inbox, task, acting, casework, absence, control, analyst):
        package.register(app)
