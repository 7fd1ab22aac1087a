"""Bringing a database to the present schema. Every process may call `upgrade` at its start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

FOLDER = Path(__file__).parent


def config() -> Config:
    """Alembic's settings for the migrations in this folder; there is no alembic.ini."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    found.set_main_option("path_separator", "os")
    return found


def upgrade(database: Engine, revision: str = "head") -> None:
    """Apply the migrations that `database` lacks, in one transaction."""
    settings = config()
    with database.connect().execution_options(writing=True) as connection, connection.begin():
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def is_current(database: Engine) -> bool:
    """Whether `database` has every migration that this code knows."""
    with database.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(config()).get_current_head()
