"""Run by Alembic. The connection comes from `engine.migrations.upgrade`, else from the default URL."""

from alembic import context

from engine.database import default_url, open_database
from engine.migrations.schema import metadata


def run(connection) -> None:  # type: ignore[no-untyped-def]
    """Migrate through `connection`, whose transaction the caller commits."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_database(default_url()).connect() as opened, opened.begin():
        run(opened)
