"""What people do with a task or a case besides filling in its form: each action has a page of its own."""

from flask import Flask

from . import ending, page
from . import messages as messages


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    for module in (page, ending):
        app.register_blueprint(module.pages)
