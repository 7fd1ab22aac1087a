"""What people do with a running case besides its tasks: telling it something, stopping its clock."""

from flask import Flask

from . import messages, stopping


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    for module in (messages, stopping):
        app.register_blueprint(module.pages)
