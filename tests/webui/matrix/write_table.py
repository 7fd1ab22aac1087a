"""Writes docs/access.md anew: `python run.py access`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from engine.database import open_database
from engine.migrations import upgrade
from tests.webui.matrix.answers import TABLE, ask_all, written
from tests.webui.matrix.world import build


def main() -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'matrix.db'}"
        database = open_database(url)
        upgrade(database)
        database.dispose()
        world = build(url)
        TABLE.write_text(written(ask_all(world)))
        world.engine.database.dispose()


if __name__ == "__main__":
    main()
