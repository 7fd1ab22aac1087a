"""Binds the engine's tables to Flask-SQLAlchemy, so that one pool and one set of migrations serve both.

Pages never use the ORM session: they get a connection from `webui.transaction`.
"""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Engine, make_url

from engine import database

MIGRATIONS = Path(database.__file__).parent / "migrations"

db = SQLAlchemy(metadata=database.metadata)
migrate = Migrate(directory=str(MIGRATIONS))


def connect(app: Flask, url: str) -> Engine:
    """Open the pool for `url` (SQLite or PostgreSQL) as part of `app`, with the engine's settings."""
    url = _absolute(database.driver_url(url))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # what people typed must not reach a log through an error's words
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**database.engine_options(url), "hide_parameters": True}
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        pool = db.engine
    database.configure(pool)
    return pool


def _absolute(url: str) -> str:
    """A SQLite path is relative to where the process stands, not to Flask's instance folder."""
    parsed = make_url(url)
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return url
    path = Path(name).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    return parsed.set(database=str(path)).render_as_string(hide_password=False)
