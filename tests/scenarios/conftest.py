"""A copy of the appeal to write scenarios beside."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def write(tmp_path):
    """Write a scenario file beside a copy of the appeal; returns its path."""
    for process in ("appeal", "escalation"):  # which the appeal calls
        shutil.copytree(ROOT / "processes" / process, tmp_path / "processes" / process)
        shutil.copytree(ROOT / "forms" / process, tmp_path / "forms" / process)
    folder = tmp_path / "processes" / "appeal" / "scenarios"
    shutil.rmtree(tmp_path / "processes" / "escalation" / "scenarios")
    for shipped in folder.iterdir():
        shipped.unlink()

    def written(text, name="one.yaml"):
        file = folder / name
        file.write_text(text, encoding="utf-8")
        return file

    return written
