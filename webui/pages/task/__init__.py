"""One task: its page, what is typed into it before it is sent, and who else has it open."""

from flask import Flask

from . import drafts, page, presence


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    for module in (page, drafts, presence):
        app.register_blueprint(module.pages)
