"""Pages for whoever thinks about the processes rather than about one case."""

from flask import Flask

from . import whatif


def register(app: Flask) -> None:
    """Hang these pages on `app`."""
    app.jinja_env.filters.update(whatif.FILTERS)
    app.register_blueprint(whatif.pages)
