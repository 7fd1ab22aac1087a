"""The officer's inbox: the lists, acting on several rows at once, filters by name, how one likes it."""

from flask import Flask

from . import bulk, copies, page, saved, settings


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    for module in (page, bulk, copies, saved, settings):
        app.register_blueprint(module.pages)
