"""The migrations lead to the tables that the code describes, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Engine

from engine.migrations.schema import metadata
from engine.runtime.words.tables import INDEX


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether it is one of the metadata's tables: an index of words, and what FTS5 keeps for it, is not."""
    return not (kind == "table" and str(name).startswith(INDEX))


def test_what_the_migrations_make_is_what_the_code_describes(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": _is_ours}
        )
        assert compare_metadata(context, metadata) == []
