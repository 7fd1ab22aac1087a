"""The pages. A route reads its input, calls the engine, and shows; it decides nothing and commits nothing."""

from flask import Flask

from . import account, case, cases, files, home, inbox, start, task


def register(app: Flask) -> None:
    """Hang every page on `app`."""
    for module in (account, home, inbox, task, start, case, cases, files):
        app.register_blueprint(module.pages)
